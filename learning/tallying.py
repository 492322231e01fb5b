"""What the manifest says of the rows of a dataset all together."""

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Any, Protocol

from learning.curation import Example
from learning.splits import SPLITS, Split


class Written(Protocol):
    @property
    def split(self) -> Split: ...

    @property
    def pair(self) -> bytes | None: ...


@dataclass(slots=True)
class Tally:
    rows: int = 0
    pairs: int = 0
    successful: int = 0
    corrected: int = 0
    demonstrated: int = 0
    personal: int = 0
    split: Counter[str] = field(default_factory=Counter)
    category: Counter[str] = field(default_factory=Counter)
    intent: Counter[str] = field(default_factory=Counter)
    intensity: Counter[str] = field(default_factory=Counter)
    score: Counter[str] = field(default_factory=Counter)

    def count(self, example: Example, done: Written, personal: int) -> None:
        self.rows += 1
        self.pairs += done.pair is not None
        self.successful += example.successful
        self.corrected += example.corrected
        self.demonstrated += example.demonstrated
        self.personal += personal
        self.split[done.split] += 1
        self.category[example.category] += 1
        self.intent[example.intent] += 1
        self.intensity[example.band] += 1
        self.score[str(example.score or "none")] += 1

    def add(self, other: "Tally") -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    @property
    def counts(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "pairs": self.pairs,
            "split": {split: self.split[split] for split in SPLITS},
            "category": dict(sorted(self.category.items())),
            "intent": dict(sorted(self.intent.items())),
            "intensity": dict(sorted(self.intensity.items())),
            "score": dict(sorted(self.score.items())),
            "successful": self.successful,
            "corrected": self.corrected,
            "demonstrated": self.demonstrated,
        }
