"""The two questions that are asked of a lender's book."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from prediction import default, risk
from prediction.book import Book
from prediction.features import Seen
from prediction.table import Feature, Table
from store.predicting import Of


class Now(Protocol):
    def __call__(self, book: Book, day: int) -> Seen: ...


class Cases(Protocol):
    def __call__(self, book: Book, today: int, *, most: int = ..., seed: int = ...) -> Table: ...


@dataclass(frozen=True, slots=True)
class Target:
    """`now` are those that can be asked about on a day, `cases` those of the past whose outcome is
    known."""

    of: Of
    subject: str
    features: tuple[Feature, ...]
    now: Now
    cases: Cases


TARGETS: Final[Mapping[Of, Target]] = {
    "loan": Target("loan", risk.SUBJECT, risk.FEATURES, risk.now, risk.cases),
    "instalment": Target(
        "instalment", default.SUBJECT, default.FEATURES, default.now, default.cases
    ),
}
