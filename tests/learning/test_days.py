"""What a day says is what its hours say: pages read whichever of the two is less."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from learning.rollups import Rollups
from store import reckoning
from store.migrations import migrate
from store.reckoning import Scope
from store.session import Store, open_connection
from tests.learning.rollups import FIRST, ZONE, Reply, add, add_people
from web.ranges import midnight

PEOPLE = 3
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)


async def test_days_say_what_their_hours_say(store: Store, shop: UUID) -> None:
    """All hours of the week are asked of hours, a whole week of days."""
    await _two_days(store, shop)
    for first, last in ((0, 2), (1, 1)):
        days = FIRST + timedelta(first), FIRST + timedelta(last)
        edges = midnight(days[0], ZONE), midnight(days[1] + timedelta(1), ZONE)
        whole = Scope(shop, *days, *edges, ZONE.key)
        hourly = replace(whole, open=tuple(range(7 * 24)))
        async with store.tenant(shop) as session:
            week = await reckoning.week(session, whole)
            told = await reckoning.tallies(session, whole, ("intent",), 9)
            assert week == await reckoning.week(session, hourly)
            assert told == await reckoning.tallies(session, hourly, ("intent",), 9)
        assert sum(map(sum, week)) == told["intent"][0][1] > 0


async def test_days_of_before_are_put_together_by_the_migration(
    store: Store, shop: UUID, database_url: str
) -> None:
    await _two_days(store, shop)
    known = await _days(database_url)
    await migrate(database_url, "0046")
    await migrate(database_url)
    assert await _days(database_url) == known
    assert len(known) > 2 * 24


async def _two_days(store: Store, shop: UUID) -> None:
    await add_people(store, shop, PEOPLE)
    await add(store, shop, [Reply(70 * step, who=step % 3) for step in range(40)])
    await Rollups(store, shop, ZONE).refresh(NOW)


async def _days(url: str) -> list[object]:
    connection = await open_connection(url)
    hours = "SELECT day, channel, unnest(by_hour) FROM analytics.day_fact ORDER BY day, channel"
    tallied = "SELECT kind, day, channel, name, count FROM analytics.day_tally ORDER BY 1, 2, 3, 4"
    try:
        return [tuple(row) for query in (hours, tallied) for row in await connection.fetch(query)]
    finally:
        await connection.close()
