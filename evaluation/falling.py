"""Whether customers are understood less than the model in use promised: turns that were drawn by
chance and reviewed, against its own figures."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from evaluation.seen import Bounds, Fallen
from learning.measuring import Bounded
from learning.quality import Judged, fell
from store import watching
from store.session import BatchConnection

WITHIN: Final = timedelta(days=30)
"""As far back as the page of quality looks when nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The F1 of each intent on messages that a model had not seen, and since when it is in use."""

    since: datetime | None
    f1: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A drawn turn, and when a person said what it means."""

    at: datetime
    decided_at: datetime
    judged: Judged


async def falls(
    connection: BatchConnection,
    shop: UUID,
    moments: Sequence[datetime],
    brought: Mapping[str, float],
) -> dict[datetime, Fallen | None]:
    """By each moment; `brought` is the baseline of a shop that has trained nothing yet."""
    rows = await watching.reviewed(connection, shop, moments[0] - WITHIN, moments[-1])
    taught = await watching.taught(connection, shop)
    return await asyncio.to_thread(lambda: dict(_each(rows, taught, moments, brought)))


def _each(
    rows: Sequence[Mapping[str, Any]],
    taught: Sequence[tuple[datetime, bool, Mapping[str, Any]]],
    moments: Sequence[datetime],
    brought: Mapping[str, float],
) -> Iterator[tuple[datetime, Fallen | None]]:
    """Measured again only where a moment knows of other turns than the one before."""
    cases = [_reviewed(row) for row in rows]
    before: tuple[Baseline, list[Reviewed]] | None = None
    found: Fallen | None = None
    for at in moments:
        baseline = _baseline(taught, at, brought)
        since = max(at - WITHIN, baseline.since or at - WITHIN)
        known = [one for one in cases if since <= one.at < at and one.decided_at <= at]
        if (baseline, known) != before:
            before = baseline, known
            found = _fallen([one.judged for one in known], baseline.f1)
        yield at, found


def _baseline(
    taught: Sequence[tuple[datetime, bool, Mapping[str, Any]]],
    at: datetime,
    brought: Mapping[str, float],
) -> Baseline:
    """Of the model that is in use if it was there already, else of the newest there was."""
    there = [one for one in taught if one[0] <= at]
    if not there:
        return Baseline(None, brought)
    since, _, f1 = next((one for one in there if one[1]), there[0])
    return Baseline(since, {name: float(told["value"]) for name, told in f1.items()})


def _reviewed(row: Mapping[str, Any]) -> Reviewed:
    judged = Judged(row["text"], row["wanted"], row["found"], row["likely"])
    return Reviewed(row["at"], row["decided_at"], judged)


def _fallen(judged: Sequence[Judged], before: Mapping[str, float]) -> Fallen | None:
    found = fell(judged, before)
    if found is None:
        return None
    macro, intents = found
    return Fallen(_bounds(macro), {name: _bounds(one) for name, one in intents.items()})


def _bounds(one: Bounded) -> Bounds:
    return one.value, one.low, one.high
