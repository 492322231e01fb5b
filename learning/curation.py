"""Which captured turns a shop's model learns from, and why each other one is left out."""

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median
from typing import Final, TypeVar
from uuid import UUID

from config.settings import CurationSettings
from learning.duplicates import find_copies
from learning.errors import RowForeign
from learning.splits import Split, assign
from learning.volatile import templated
from text.privacy import Recogniser, scrub
from text.tokens import estimate

T = TypeVar("T")
POOL: Final = 20
"""So many times the rows wanted are looked at before older ones are not even read."""
LEAST_PER_CUSTOMER: Final = 3
"""A share of a small dataset is less than a row; this many a customer always may give."""
_SOBER, _WARM = 0.3, 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One answered turn as far as learning is concerned; `answer` is the corrected one if any."""

    id: UUID
    shop: UUID
    customer: UUID
    at: datetime
    question: str
    answer: str
    corrected: bool = False
    intent: str = "general"
    category: str = "general"
    product_name: str | None = None
    locale: str = "es"
    tone: str = "neutral"
    intensity: float = 0.5
    score: int | None = None
    successful: bool = False
    latency_ms: int = 0
    failed: bool = False
    rejected: bool = False
    no_training: bool = False
    scrubbed: bool = True
    names: tuple[str, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    """Kind and title of what the reply rested on."""

    @property
    def band(self) -> str:
        if self.intensity <= _SOBER:
            return "sober"
        return "warm" if self.intensity >= _WARM else "even"


@dataclass(frozen=True, slots=True)
class Kept:
    """`weight` is how many rows of its intent and intensity this one stands for."""

    example: Example
    split: Split
    weight: float
    cluster: int


@dataclass(frozen=True, slots=True)
class Curation:
    kept: tuple[Kept, ...]
    dropped: dict[str, int]
    read: int


class Sieve:
    """Takes a shop's rows one by one, so that those of no use are never held in memory."""

    def __init__(
        self, shop: UUID, settings: CurationSettings, recognisers: Sequence[Recogniser] = ()
    ) -> None:
        self.shop, self.settings, self.recognisers = shop, settings, tuple(recognisers)
        self.read = 0
        self.dropped: Counter[str] = Counter()
        self._candidates: list[Example] = []

    @property
    def full(self) -> bool:
        return len(self._candidates) >= POOL * self.settings.newest

    def add(self, example: Example) -> None:
        if example.shop != self.shop:
            raise RowForeign(
                f"Row {example.id} is not of shop {self.shop}",
                f"it belongs to {example.shop}",
                "Build each shop's dataset from its own rows",
            )
        self.read += 1
        reason = refusal(example, self.settings, self.recognisers)
        if reason is None:
            self._candidates.append(taught(example))
        else:
            self.dropped[reason] += 1

    def result(self) -> Curation:
        settings, dropped = self.settings, Counter(self.dropped)
        rows = _originals(sorted(self._candidates, key=preference), dropped)
        rows = _of_frequent_intents(rows, settings.top_intents, dropped)
        rows = _newest(rows, settings.newest, dropped)
        each = max(LEAST_PER_CUSTOMER, math.floor(len(rows) * settings.per_customer))
        rows = _at_most(each, rows, _customer, ("customer_cap", dropped))
        weighted = _balanced(rows, dropped)
        splits = assign([(row.customer, cluster) for row, cluster, _ in weighted])
        kept = [
            Kept(row, split, weight, cluster)
            for (row, cluster, weight), split in zip(weighted, splits, strict=True)
        ]
        kept.sort(key=lambda one: (one.example.at, one.example.id))
        return Curation(tuple(kept), dict(sorted(dropped.items())), self.read)


_Row = tuple[Example, int]


def curate(rows: Iterable[Example], shop: UUID, settings: CurationSettings) -> Curation:
    """The same rows give the same result in whatever order they come."""
    sieve = Sieve(shop, settings)
    for row in rows:
        sieve.add(row)
    return sieve.result()


def taught(example: Example) -> Example:
    """Without what will not last."""
    return replace(example, answer=templated(example.answer))


def refusal(
    row: Example, settings: CurationSettings, recognisers: Sequence[Recogniser] = ()
) -> str | None:
    """Why a row may not be learned from. A correction makes up for the score, delay or failure."""
    if row.no_training:
        return "no_training"
    if row.rejected:
        return "rejected"
    if not row.corrected:
        reason = _poor(row, settings)
        if reason is not None:
            return reason
    if min(estimate(row.question), estimate(row.answer)) < settings.min_tokens:
        return "short"
    return None if _anonymous(row, recognisers) else "personal_data"


def _poor(row: Example, settings: CurationSettings) -> str | None:
    if row.failed:
        return "error"
    if row.score is None:
        return "unscored"
    if row.score < settings.min_score:
        return "low_score"
    return "slow" if row.latency_ms >= settings.max_latency_ms else None


def _anonymous(row: Example, recognisers: Sequence[Recogniser]) -> bool:
    """Masked already: looking again finds nothing more."""
    texts = (row.question, row.answer)
    found = (scrub(text, extra=recognisers, names=row.names).found for text in texts)
    return row.scrubbed and not any(found)


def preference(row: Example) -> tuple[bool, bool, int, float, str]:
    """The best first: corrected by a human, then a success, then the score, then the newest."""
    return not row.corrected, not row.successful, -(row.score or 0), -row.at.timestamp(), row.id.hex


def _customer(row: Example) -> UUID:
    return row.customer


def _group(row: Example) -> tuple[str, str]:
    return row.intent, row.band


def _originals(rows: Sequence[Example], dropped: Counter[str]) -> list[_Row]:
    found = find_copies([(row.question, row.answer) for row in rows])
    for copy in found.copy:
        if copy is not None:
            dropped[f"{copy}_duplicate"] += 1
    together = zip(rows, found.cluster, found.copy, strict=True)
    return [(row, cluster) for row, cluster, copy in together if copy is None]


def _of_frequent_intents(rows: list[_Row], most: int, dropped: Counter[str]) -> list[_Row]:
    counts = Counter(row.intent for row, _ in rows)
    ranked = sorted(counts, key=lambda intent: (-counts[intent], intent))
    kept = [one for one in rows if one[0].intent in ranked[:most]]
    return _counted(rows, kept, "rare_intent", dropped)


def _newest(rows: list[_Row], most: int, dropped: Counter[str]) -> list[_Row]:
    ordered = sorted(rows, key=lambda one: (one[0].at, one[0].id), reverse=True)
    chosen = {row.id for row, _ in ordered[:most]}
    return _counted(rows, [one for one in rows if one[0].id in chosen], "older", dropped)


def _at_most(
    most: int,
    rows: list[_Row],
    key: Callable[[Example], Hashable],
    tally: tuple[str, Counter[str]],
) -> list[_Row]:
    """The first of each kind: rows come the best first."""
    taken: Counter[Hashable] = Counter()
    kept = []
    for one in rows:
        taken[key(one[0])] += 1
        if taken[key(one[0])] <= most:
            kept.append(one)
    return _counted(rows, kept, *tally)


def _balanced(rows: list[_Row], dropped: Counter[str]) -> list[tuple[Example, int, float]]:
    """No intent at one intensity outgrows three times the usual; its rows then weigh more."""
    sizes = Counter(_group(row) for row, _ in rows)
    cap = int(3 * median(sizes.values())) if sizes else 0
    kept = _at_most(cap, rows, _group, ("balance", dropped))
    return [(row, cluster, round(max(1.0, sizes[_group(row)] / cap), 6)) for row, cluster in kept]


def _counted(rows: list[T], kept: list[T], reason: str, dropped: Counter[str]) -> list[T]:
    if len(kept) < len(rows):
        dropped[reason] += len(rows) - len(kept)
    return kept
