"""The rules there are: what each looks at, and what it makes of it: history in, points out."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Final, TypeAlias

from evaluation.alert_models import aged, expiry, f1, f1_intent, f1_live, moved, withdrawn
from evaluation.alerts import Looked, Point, Rule
from evaluation.seen import Hour, Minute, Seen

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WEEK: Final = 7
WINDOW: Final = 5
"""Minutes that are looked at together."""
LEAST_TURNS, LEAST_ERRORS, LEAST_ASKED = 20, 5, 100
LEAST_MICROS: Final = 10_000
TIMES_SLOWER: Final = 2
HARDLY: Final = 7 * DAY
"""What is left of a request's days when somebody is told."""
QUIET_M: Final = 30
"""Nobody is told of a silence that is shorter."""

RULES: Final = {
    rule.kind: rule
    for rule in (
        Rule("latency", 1.5),
        Rule("errors", 0.05, fires_after=2),
        Rule("budget", 0.8, fires_after=1),
        Rule("cost", 3.0),
        Rule("drift", 0.2, fires_after=2, calms_after=2, every_m=60),
        Rule("silence", 5.0, fires_after=1, calms_after=1),
        Rule("webhooks", 6.0, fires_after=1),
        Rule("channel", 1.0, fires_after=2, calms_after=1),
        Rule("queue", 30.0, fires_after=2),
        Rule("jobs", 1.0, fires_after=2, calms_after=1),
        Rule("approval", 1.0, fires_after=1, calms_after=1),
        Rule("f1", 0.03, fires_after=1, calms_after=1, every_m=5),
        Rule("canary", 1.0, fires_after=1, calms_after=1),
        Rule("expiry", 1.0, fires_after=1, calms_after=1, every_m=60),
        Rule("risk-drift", 0.25, fires_after=1, calms_after=1, every_m=60),
        Rule("risk-aged", 365.0, fires_after=1, calms_after=1, every_m=60),
        Rule("privacy", 1.0, fires_after=1, calms_after=1, every_m=5),
        Rule("f1-live", 0.03, fires_after=1, calms_after=1, every_m=360),
        Rule("f1-intent", 0.1, fires_after=1, calms_after=1, every_m=360),
    )
}
"""Thresholds are seconds of the 95th percentile (and never below twice what is usual), a share of
turns, a share of the day's budget, how many times last week's cost, a stability index, usual gaps,
calls, channels, seconds, jobs, models, points of macro F1, steps back, a stability index, days,
requests, points of macro F1, and points of an intent's F1."""
COUNTS: Final = frozenset(
    {"webhooks", "channel", "jobs", "approval", "canary", "expiry", "risk-aged", "privacy"}
)
"""What is of whole calls, channels, jobs, models, steps, days and requests."""
PRESENT: Final = frozenset({"channel", "jobs", "approval"})
"""What is looked at as it is now leaves no history to try a rule on."""


Look: TypeAlias = Callable[[Seen, Sequence[datetime]], list[Looked]]


def measurable(kind: str, threshold: float | None) -> bool:
    """Whether the rule can ever reach just this: half a job is none."""
    return threshold is None or kind not in COUNTS or threshold.is_integer()


def points(rule: Rule, threshold: float, seen: Seen, moments: Sequence[datetime]) -> list[Point]:
    looked = LOOKS[rule.kind](seen, moments)
    return [
        Point(at, one.value, max(threshold, one.least), one.sure)
        for at, one in zip(moments, looked, strict=True)
    ]


def usual(seen: Seen, at: datetime) -> list[Hour]:
    """The same hour of the seven days before."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    return [
        seen.hours[there] for d in range(1, WEEK + 1) if (there := hour - d * DAY) in seen.hours
    ]


def _latency(seen: Seen, moments: Sequence[datetime]) -> list[Looked]:
    found: list[Looked] = []
    for at in moments:
        ms, answers = seen.p95_ms.get(at, (0.0, 0))
        known = [hour.median_ms for hour in usual(seen, at)]
        least = TIMES_SLOWER * median(known) / 1000 if known else 0.0
        found.append(Looked(ms / 1000 if answers >= LEAST_TURNS else None, least))
    return found


def _errors(seen: Seen, moments: Sequence[datetime]) -> list[Looked]:
    found: list[Looked] = []
    for at in moments:
        window = [seen.minutes.get(at - n * MINUTE, Minute()) for n in range(1, WINDOW + 1)]
        turns, errors = sum(one.turns for one in window), sum(one.errors for one in window)
        share = errors / max(turns, errors) if turns or errors else None
        found.append(Looked(share if errors >= LEAST_ERRORS or share is None else 0.0))
    return found


def _budget(seen: Seen, moments: Sequence[datetime]) -> list[Looked]:
    if not seen.budget_micros:
        return [Looked(None)] * len(moments)
    sums = _since_the_day_began(seen, moments)
    return [Looked(spent / seen.budget_micros) for spent in sums]


def _since_the_day_began(seen: Seen, moments: Sequence[datetime]) -> list[int]:
    """One walk over the minutes, however many moments there are."""
    spent = sorted(seen.micros.items())
    place, total, day = 0, 0, seen.day_of(moments[0]) if moments else None
    sums: list[int] = []
    for at in moments:
        if (begins := seen.day_of(at)) != day:
            day, total = begins, 0
        while place < len(spent) and spent[place][0] < at:
            total += spent[place][1] if day is not None and spent[place][0] >= day else 0
            place += 1
        sums.append(total)
    return sums


def _cost(seen: Seen, moments: Sequence[datetime]) -> list[Looked]:
    found: list[Looked] = []
    for at in moments:
        now, then = (_micros(seen, at - back) for back in (0 * DAY, WEEK * DAY))
        found.append(Looked(now / then if then and now >= LEAST_MICROS else None))
    return found


def _micros(seen: Seen, at: datetime) -> int:
    return sum(seen.micros.get(at - n * MINUTE, 0) for n in range(1, 61))


def _drift(seen: Seen, moments: Sequence[datetime]) -> list[Looked]:
    found: list[Looked] = []
    for at in moments:
        day = _asked(seen, at - DAY, at)
        week = _asked(seen, at - (WEEK + 1) * DAY, at - DAY)
        enough = min(day.total(), week.total()) >= LEAST_ASKED
        found.append(Looked(stability(week, day) if enough else None))
    return found


def _asked(seen: Seen, since: datetime, until: datetime) -> Counter[str]:
    found: Counter[str] = Counter()
    hours = round((until - since) / HOUR)
    for n in range(hours):
        found.update(seen.intents.get(since + n * HOUR, {}))
    return found


def stability(before: Mapping[str, int], after: Mapping[str, int]) -> float:
    """The population stability index of two counts: 0 is the same, over 0.2 is another public.
    What was seen on one side alone counts as half a case on the other."""
    all_before, all_after = sum(before.values()), sum(after.values())
    index = 0.0
    for name in before.keys() | after.keys():
        was = max(before.get(name, 0), 0.5) / all_before
        is_ = max(after.get(name, 0), 0.5) / all_after
        index += (is_ - was) * math.log(is_ / was)
    return index


def _silence(seen: Seen, moments: Sequence[datetime]) -> list[Looked]:
    """How many usual gaps it has been quiet, while the shop is open."""
    said = sorted(at for at, count in seen.answers.items() if count)
    place, last = 0, None
    found: list[Looked] = []
    for at in moments:
        while place < len(said) and said[place] < at:
            last, place = said[place], place + 1
        known = usual(seen, at)
        an_hour = sum(hour.turns for hour in known) / WEEK
        if last is None or an_hour < 1 or not seen.is_open(at):
            found.append(Looked(None))
            continue
        quiet = (at - last) / MINUTE
        found.append(Looked(quiet * an_hour / 60 if quiet >= QUIET_M else 0.0))
    return found


def _webhooks(seen: Seen, moments: Sequence[datetime]) -> list[Looked]:
    def rejected(at: datetime) -> int:
        window = (seen.minutes.get(at - n * MINUTE, Minute()) for n in range(1, WINDOW + 1))
        return sum(one.rejected for one in window)

    return [Looked(float(rejected(at))) for at in moments]


def _queue(seen: Seen, moments: Sequence[datetime]) -> list[Looked]:
    last = (seen.minutes.get(at - MINUTE) for at in moments)
    return [Looked(None if one is None else one.waited_us / 1e6) for one in last]


def _channel(seen: Seen, moments: Sequence[datetime]) -> list[Looked]:
    return [Looked(float(seen.refused))] * len(moments)


def _jobs(seen: Seen, moments: Sequence[datetime]) -> list[Looked]:
    return [Looked(float(seen.stale))] * len(moments)


def _approval(seen: Seen, moments: Sequence[datetime]) -> list[Looked]:
    return [Looked(float(seen.awaiting))] * len(moments)


def _privacy(seen: Seen, moments: Sequence[datetime]) -> list[Looked]:
    """Requests with hardly a week left, until they are done."""
    return [Looked(float(sum(one.rings_at(at, HARDLY) for one in seen.requests))) for at in moments]


LOOKS: Final[Mapping[str, Look]] = {
    "latency": _latency, "errors": _errors, "budget": _budget, "cost": _cost, "drift": _drift,
    "silence": _silence, "webhooks": _webhooks, "queue": _queue, "jobs": _jobs, "f1": f1,
    "channel": _channel, "approval": _approval, "canary": withdrawn, "expiry": expiry,
    "risk-drift": moved, "risk-aged": aged, "privacy": _privacy, "f1-live": f1_live,
    "f1-intent": f1_intent,
}  # fmt: skip
