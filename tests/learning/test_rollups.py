"""What pages add up is what happened, however often and in whatever order it is counted."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text, update

from learning.rollups import Progress, Rollups, due
from store import reckoning, spending
from store.app import Customer
from store.reckoning import Scope
from store.session import Store
from tests.fixtures.store import add_shop
from tests.learning.rollups import (
    FIRST,
    ZONE,
    Reply,
    add,
    add_people,
    by_hand,
    kept,
    person,
    reply_id,
)

PEOPLE = 4
NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
REPLIES = st.builds(
    Reply,
    minute=st.integers(0, 3 * 24 * 60 - 1),
    who=st.integers(0, PEOPLE - 1),
    score=st.none() | st.integers(1, 5),
    latency_ms=st.integers(0, 40_000),
    waited_s=st.integers(-5, 90_000),
    intent=st.sampled_from(["consulta_precio", "consulta_envio", ""]),
    provider=st.sampled_from(["offline", "groq"]),
    cost=st.integers(0, 10_000),
    human=st.booleans(),
    handed=st.booleans(),
    thumb=st.sampled_from([None, 1, -1]),
    stars=st.sampled_from([None, 0, 3, 5]),
    paid=st.none() | st.integers(0, 10**9),
    led=st.booleans(),
    failed=st.booleans(),
)


async def test_an_hour_is_what_was_counted_by_hand(store: Store, shop: UUID) -> None:
    replies = [
        Reply(600, score=5, paid=24_990, led=True, thumb=1),
        Reply(601, score=2, handed=True),
        Reply(610, who=1, provider="groq", cost=900, stars=4),
        Reply(24 * 60 + 30, who=1, human=True),
        Reply(24 * 60 + 29, who=1),
    ]
    await add_people(store, shop, PEOPLE)
    await add(store, shop, replies)
    days = await Rollups(store, shop, ZONE).refresh(NOW)

    assert days == [FIRST, date(2026, 11, 19), date(2026, 11, 20)]
    found = await kept(store, shop)
    assert found == by_hand(replies)
    ten, web = datetime(2026, 11, 18, 13, tzinfo=UTC), "web"
    assert found[ten, web]["paid_led_sum"] == 24_990
    assert (found[ten, web]["conversations"], found[ten, web]["resolved"]) == (1, 0)
    assert found[ten, "whatsapp_cloud"]["resolved"] == 1


@settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    first=st.lists(REPLIES, max_size=12),
    late=st.lists(REPLIES, max_size=6),
    again=st.integers(1, 2),
)
async def test_replays_and_late_rows_count_once(
    store: Store, first: list[Reply], late: list[Reply], again: int
) -> None:
    """Any replies of three days, counted while some of them were not written yet."""
    shop = await add_shop(store, f"shop {datetime.now(UTC).timestamp()}")
    await add_people(store, shop, PEOPLE)
    mine = Rollups(store, shop, ZONE)
    await add(store, shop, first)
    for _ in range(again):
        await mine.refresh(NOW)
    await add(store, shop, late, after=len(first))
    for hours in (1, 24):
        await mine.refresh(NOW + timedelta(hours=hours))

    assert await kept(store, shop) == by_hand([*first, *late])


async def test_days_and_customers_add_up_to_the_same_and_each_shop_has_its_own(
    store: Store, shop: UUID
) -> None:
    other = await add_shop(store, "other")
    mine = [Reply(60 * hour, who=hour % 3, provider="groq", cost=hour) for hour in range(40)]
    for each, replies in ((shop, mine), (other, [Reply(5, cost=7)])):
        await add_people(store, each, PEOPLE)
        await add(store, each, replies)
        await Rollups(store, each, ZONE).refresh(NOW)
    async with store.tenant(shop) as session:
        costs = await session.scalar(text("SELECT sum(cost_micros) FROM analytics.tokens_cost"))
        people = (
            await session.execute(
                text(
                    "SELECT customer_id, sessions, days, replies, cost_micros, first_day, last_day"
                    " FROM analytics.user_health"
                )
            )
        ).all()
        days = await session.scalar(text("SELECT sum(cost_micros) FROM analytics.day_fact"))
    assert costs == days == sum(one.cost for one in mine)
    told = {row[0]: tuple(row[1:]) for row in people}
    assert told.keys() == {person(shop, who) for who in range(3)}
    assert told[person(shop, 0)] == (2, 2, 14, sum(range(0, 40, 3)), FIRST, date(2026, 11, 19))


async def test_customers_of_the_days_until_now_are_the_same_however_they_are_found(
    store: Store, shop: UUID
) -> None:
    await add_people(store, shop, PEOPLE)
    came = [(0, 0), (0, 1), (1, 1), (1, 2), (2, 2), (2, 3)]
    await add(store, shop, [Reply(day * 24 * 60 + 600, who=who) for day, who in came])
    await Rollups(store, shop, ZONE).refresh(NOW)
    last, found = FIRST + timedelta(2), []
    async with store.tenant(shop) as session:
        for day in range(3):
            scope = Scope(shop, FIRST + timedelta(day), last, NOW, NOW, ZONE.key)
            walked = await reckoning.people(session, scope)
            assert await reckoning.people(session, scope, counted=last) == walked
            found.append(walked)
    assert found == [(4, 0), (3, 1), (2, 1)]


async def test_a_customer_who_was_merged_costs_as_who_they_turned_out_to_be(
    store: Store, shop: UUID
) -> None:
    await add_people(store, shop, PEOPLE)
    spent = [(0, 300), (1, 250), (2, 100), (0, 40)]
    await add(store, shop, [Reply(60 + who, who=who, provider="groq", cost=c) for who, c in spent])
    await Rollups(store, shop, ZONE).refresh(NOW)
    async with store.transaction() as session:
        one = update(Customer).where(Customer.shop_id == shop)
        await session.execute(one.where(Customer.id == person(shop, 0)).values(name="Ana"))
        await session.execute(
            one.where(Customer.id == person(shop, 2)).values(merged_into=person(shop, 1))
        )
    scope = Scope(shop, FIRST, FIRST, NOW, NOW, ZONE.key)
    async with store.tenant(shop) as session:
        dearest = await spending.costs(session, scope, "customer", 1)
        every = await spending.costs(session, scope, "customer", 9)
    told = [(row["name"], row["called"], row["cost_micros"], row["replies"]) for row in every]
    other, ana = str(person(shop, 1)), str(person(shop, 0))
    assert told == [(other, None, 350, 2), (ana, "Ana", 340, 2)]
    assert [(row["name"], row["rows"], row["all_cost_micros"]) for row in dearest] == [
        (other, 2, 690)
    ]


async def test_what_was_taken_back_is_gone_from_every_roll_up(store: Store, shop: UUID) -> None:
    await add_people(store, shop, PEOPLE)
    replies = [Reply(600), Reply(3 * 24 * 60 - 600, who=2)]
    await add(store, shop, replies)
    mine = Rollups(store, shop, ZONE)
    await mine.refresh(NOW)
    async with store.transaction() as session:
        for table in ("app.event_log", "ml.training_data"):
            last = "reply_id" if table == "app.event_log" else "id"
            query = f"DELETE FROM {table} WHERE {last} = :reply"  # noqa: S608  our own names
            await session.execute(text(query), {"reply": reply_id(shop, 1)})
    await mine.refresh(NOW)
    assert await kept(store, shop) == by_hand(replies[:1])
    async with store.reading() as session:
        for table in (
            "hour_fact",
            "day_fact",
            "hour_tally",
            "day_tally",
            "tokens_cost",
            "customer_day",
            "user_health",
        ):
            left = await session.scalar(text(f"SELECT count(*) FROM analytics.{table}"))  # noqa: S608
            assert (table, left) == (table, 1)


@pytest.mark.parametrize(
    ("progress", "first", "days"),
    [
        (None, None, []),
        (None, date(2026, 11, 20), [20]),
        (None, date(2026, 11, 17), [17, 18, 19, 20]),
        (Progress(date(2026, 11, 20), date(2026, 11, 20)), date(2026, 1, 1), [20]),
        (Progress(date(2026, 11, 19), date(2026, 11, 19)), date(2026, 1, 1), [16, 17, 18, 19, 20]),
        (Progress(date(2026, 11, 19), date(2026, 11, 19)), date(2026, 11, 18), [18, 19, 20]),
        (Progress(date(2026, 11, 10), date(2026, 11, 20)), date(2026, 1, 1), list(range(10, 21))),
    ],
)  # fmt: skip
def test_what_is_due(progress: Progress | None, first: date | None, days: list[int]) -> None:
    """From where it was left; once a day the days before it too."""
    assert [day.day for day in due(progress, first, date(2026, 11, 20))] == days
