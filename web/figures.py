"""What some hours of a shop came to, with what follows from the sums."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

from store.histograms import LATENCY_MS, WAIT_MS, percentile


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums of analytics.hour_fact; every share is None where there is nothing to share."""

    replies: int = 0
    scored: int = 0
    score_sum: int = 0
    successes: int = 0
    no_answers: int = 0
    local: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost_micros: int = 0
    errors: int = 0
    fallbacks: int = 0
    conversations: int = 0
    resolved: int = 0
    hand_overs: int = 0
    csat_asked: int = 0
    csat_answered: int = 0
    csat_sum: int = 0
    csat_good: int = 0
    thumbs_up: int = 0
    thumbs_down: int = 0
    orders: int = 0
    orders_sum: int = 0
    paid: int = 0
    paid_sum: int = 0
    paid_led: int = 0
    paid_led_sum: int = 0
    corrections: int = 0
    latency: tuple[int, ...] = ()
    wait: tuple[int, ...] = ()

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        known: dict[str, Any] = {one.name: row[one.name] for one in fields(cls) if one.name in row}
        for name in ("latency", "wait"):
            known[name] = tuple(known.get(name, ()))
        return cls(**known)

    @classmethod
    def total(cls, parts: Iterable[Self]) -> Self:
        listed = list(parts)
        sums: dict[str, Any] = {}
        for one in fields(cls):
            values = [getattr(part, one.name) for part in listed]
            sums[one.name] = _added(values) if one.name in {"latency", "wait"} else sum(values)
        return cls(**sums)

    @property
    def mean_score(self) -> float | None:
        """1 to 5."""
        return _part(self.score_sum, self.scored)

    @property
    def quality(self) -> float | None:
        """The mean score as a part of one: 5 is 1, 1 is 0."""
        mean = self.mean_score
        return None if mean is None else (mean - 1) / 4

    @property
    def resolved_share(self) -> float | None:
        return _part(self.resolved, self.conversations)

    @property
    def handed_share(self) -> float | None:
        return _part(self.hand_overs, self.replies)

    @property
    def error_share(self) -> float | None:
        return _part(self.errors, self.replies)

    @property
    def local_share(self) -> float | None:
        return _part(self.local, self.replies)

    @property
    def csat(self) -> float | None:
        """Stars, 1 to 5."""
        return _part(self.csat_sum, self.csat_answered)

    @property
    def liked_share(self) -> float | None:
        return _part(self.thumbs_up, self.thumbs_up + self.thumbs_down)

    @property
    def p50_ms(self) -> float | None:
        return percentile(self.latency, LATENCY_MS, 0.5)

    @property
    def p95_ms(self) -> float | None:
        return percentile(self.latency, LATENCY_MS, 0.95)

    @property
    def wait_ms(self) -> float | None:
        """Half of the conversations of a day waited no longer for their first answer."""
        return percentile(self.wait, WAIT_MS, 0.5)


def _part(amount: float, of: int) -> float | None:
    return amount / of if of else None


def _added(histograms: Sequence[Sequence[int]]) -> tuple[int, ...]:
    filled = [one for one in histograms if one]
    return tuple(sum(places) for places in zip(*filled, strict=True))
