"""What rules make of models: how they were measured, whether they were taken back, their age."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from evaluation.alerts import Looked
from evaluation.seen import Bounds, Seen

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ASKED: Final = 3 * DAY
FORTNIGHT: Final = 14 * DAY


def f1(seen: Seen, moments: Sequence[datetime]) -> list[Looked]:
    """Told only where the two cannot be the same: their bounds do not meet."""
    found: list[Looked] = []
    for at in moments:
        known = [one for one in seen.measured if one.at <= at]
        now = known[-1] if known else None
        before = [one for one in known[:-1] if now is not None and one.cases == now.cases]
        if now is None or not before:
            found.append(Looked(None))
            continue
        best = max(before, key=lambda one: one.f1)
        sure = best.low > now.high
        found.append(Looked(best.f1 - now.f1 if sure else 0.0))
    return found


def withdrawn(seen: Seen, moments: Sequence[datetime]) -> list[Looked]:
    return [Looked(float(sum(at - HOUR <= one < at for one in seen.withdrawn))) for at in moments]


def expiry(seen: Seen, moments: Sequence[datetime]) -> list[Looked]:
    """As the provider was asked last; who is not asked any more is told nothing."""
    found: list[Looked] = []
    for at in moments:
        known = [float(count) for asked, count in seen.ending if at - ASKED < asked <= at]
        found.append(Looked(known[-1] if known else None))
    return found


def moved(seen: Seen, moments: Sequence[datetime]) -> list[Looked]:
    """What was measured last, for a fortnight."""
    found: list[Looked] = []
    for at in moments:
        known = [value for day, value in seen.moved if at - FORTNIGHT < day <= at]
        found.append(Looked(known[-1] if known else None))
    return found


def aged(seen: Seen, moments: Sequence[datetime]) -> list[Looked]:
    """Of the oldest model in use."""
    found: list[Looked] = []
    for at in moments:
        ages = [(at - one) / DAY for one in seen.learned if one <= at]
        found.append(Looked(max(ages, default=None)))
    return found


def f1_live(seen: Seen, moments: Sequence[datetime]) -> list[Looked]:
    """Of turns that were drawn by chance and reviewed, against what the model in use promised."""
    found = [seen.fallen.get(at) for at in moments]
    return [Looked(None) if one is None else _fall(one.macro) for one in found]


def f1_intent(seen: Seen, moments: Sequence[datetime]) -> list[Looked]:
    """Of the intent that fell furthest; one of which that is sure goes before the others."""
    found: list[Looked] = []
    for at in moments:
        fallen = seen.fallen.get(at)
        each = [_fall(one) for one in fallen.intents.values()] if fallen is not None else []
        sure = [one for one in each if one.sure]
        found.append(max(sure or each, default=Looked(None)))
    return found


def _fall(bounds: Bounds) -> Looked:
    """Sure where its bounds leave out that nothing fell."""
    value, low, _ = bounds
    return Looked(max(0.0, value), sure=low > 0)
