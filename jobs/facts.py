"""The day is counted, and the fortnight reported: reading takes long, what is kept is one step."""

from datetime import timedelta
from typing import Final

from config.opening import zone_of
from config.settings import Settings
from jobs.attempts import Attempt
from jobs.cadences import days_of
from learning.facts import Facts, facts_of
from learning.weeks import WEEK, end_of
from store import facts

DAY: Final = timedelta(days=1)
SETTLE_D: Final = 3
"""A score may come days after its reply: so many earlier days are counted again."""


async def take_facts(attempt: Attempt, settings: Settings) -> None:
    """Counts the day of the period, and those before it whose replies were judged since."""
    of = await _facts(attempt, settings)
    day, _ = days_of(attempt.run.period)
    rows = [await of.day(day - timedelta(back)) for back in range(SETTLE_D, -1, -1)]
    rows = [row for row in rows if row["day"] == day or row["replies"]]
    async with attempt.store.transaction() as session:
        await facts.keep_days(session, rows)
        await attempt.end(session, {"days": len(rows), "replies": rows[-1]["replies"]})


async def write_report(attempt: Attempt, settings: Settings) -> None:
    """What running bots then tell; days that nobody has counted are counted first."""
    of = await _facts(attempt, settings)
    first, last = days_of(attempt.run.period)
    await of.keep([await of.day(day) for day in await of.missing(first, last)])
    figures = await of.figures(first, last)
    async with attempt.store.transaction() as session:
        kept, run = figures.kept(), attempt.run
        is_new = await facts.keep_report(session, run.shop, run.period, figures=kept)
        await attempt.end(session, {"replies": figures.replies, "new": is_new})


async def write_week(attempt: Attempt, settings: Settings) -> None:
    """What running bots then tell those who want to hear it, beside the score of the week
    before."""
    of = await _facts(attempt, settings)
    run, last = attempt.run, end_of(attempt.run.period).date() - DAY
    first = last - WEEK + DAY
    await of.keep([await of.day(day) for day in await of.missing(first, last)])
    figures = await of.figures(first, last)
    async with attempt.store.transaction() as session:
        earlier = await facts.days(session, run.shop, first - WEEK, first - DAY)
        scored = sum(day.scored for day in earlier)
        before = sum(day.score_sum for day in earlier) / scored if scored else None
        kept = figures.kept() | {"before": before}
        is_new = await facts.keep_report(session, run.shop, run.period, figures=kept)
        await attempt.end(session, {"replies": figures.replies, "new": is_new})


async def _facts(attempt: Attempt, settings: Settings) -> Facts:
    zone = zone_of(settings.hours.timezone)
    return await facts_of(attempt.store, attempt.run.shop, zone, settings.curation)
