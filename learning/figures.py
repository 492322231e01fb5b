"""What some days of a shop came to: its daily facts added up."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Final, Protocol, Self
from uuid import UUID

ADDED: Final = (
    "replies", "conversations", "scored", "score_sum", "successes", "no_answers", "local",
    "cost_micros", "orders", "orders_sum", "paid", "paid_sum", "paid_led", "paid_led_sum",
    "hand_overs", "ratings", "bad_ratings", "corrections", "good",
)  # fmt: skip


class Day(Protocol):
    """A daily fact."""

    costs: dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums over the days from `first` to `last`, `days` of which were counted. `costs` are of each
    provider; `unanswered` are rows, with how many people asked the same; `saved_micros` is what the
    `local` answers would have cost, None where no hosted answer ever cost anything. The cost of
    `unpriced_files`, voice notes and pictures, nobody can tell."""

    first: str
    last: str
    days: int
    replies: int
    conversations: int
    scored: int
    score_sum: int
    successes: int
    no_answers: int
    local: int
    cost_micros: int
    orders: int
    orders_sum: int
    paid: int
    paid_sum: int
    paid_led: int
    paid_led_sum: int
    hand_overs: int
    ratings: int
    bad_ratings: int
    corrections: int
    good: int
    costs: dict[str, dict[str, int]]
    trainings: int
    training_micros: int
    shadow_micros: int
    evaluation_micros: int
    judge_micros: int
    versions: list[str]
    unanswered: list[tuple[str, int]]
    saved_micros: int | None
    voice_micros: int = 0
    image_micros: int = 0
    unpriced_files: int = 0

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """As a report keeps them; what an older release did not count is 0."""
        known = {one.name: kept.get(one.name, 0) for one in fields(cls)}
        pairs = [(str(row), int(count)) for row, count in known["unanswered"] or []]
        return cls(**known | {"unanswered": pairs})

    def kept(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def total_micros(self) -> int:
        return self.cost_micros + self.sense_micros + self.learning_micros

    @property
    def sense_micros(self) -> int:
        """What was heard and looked at."""
        return self.voice_micros + self.image_micros

    @property
    def learning_micros(self) -> int:
        """Beside what was answered."""
        tried = self.shadow_micros + self.evaluation_micros
        return self.training_micros + tried + self.judge_micros

    @property
    def mean_score(self) -> float | None:
        return self.score_sum / self.scored if self.scored else None


def summed(
    period: tuple[date, date],
    days: Sequence[Day],
    trained: Mapping[str, Any],
    asked: Sequence[tuple[UUID, int]],
    price: float | None,
) -> Figures:
    """`price` is what a hosted answer cost last, in millionths of a dollar."""
    totals = {name: sum(getattr(day, name) for day in days) for name in ADDED}
    costs: dict[str, dict[str, int]] = {}
    for day in days:
        for provider, of in day.costs.items():
            into = costs.setdefault(provider, {"replies": 0, "micros": 0})
            for name in into:
                into[name] += of[name]
    return Figures(
        first=period[0].isoformat(),
        last=period[1].isoformat(),
        days=len(days),
        **totals,
        **trained,
        costs=costs,
        unanswered=[(str(row), count) for row, count in asked],
        saved_micros=None if price is None else round(price * totals["local"]),
    )
