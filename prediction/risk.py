"""A loan: will it be 90 days late at any time within a year?"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from prediction import features, snapshots
from prediction.book import Book
from prediction.features import Seen
from prediction.table import Feature, Places, Table

SUBJECT: Final = "que un préstamo llegue a 90 días de atraso dentro de 12 meses"
FEATURES: Final[tuple[Feature, ...]] = features.LOAN
LATE: Final = 90
YEAR: Final = 365


def now(book: Book, day: int) -> Seen:
    """The loans that can be asked about: open, and not as late already."""
    seen = features.of_loans(book, day)
    kept = seen.columns["days_late"] < LATE
    return Seen(seen.places[kept], {name: one[kept] for name, one in seen.columns.items()})


def cases(book: Book, today: int, *, most: int = snapshots.CASES, seed: int = 0) -> Table:
    """What was known on the first of each month of which a year has passed, and what came of it.
    Its outcome counts as known at the end of that year, however early it was plain: if bad ones
    were known sooner than good ones, the past would look worse than it was."""
    past = snapshots.days(book, today - YEAR)
    each = max(1, most // max(1, len(past)))
    return snapshots.joined(_cases(book, day, each, seed) for day in past)


def _cases(book: Book, day: int, most: int, seed: int) -> Table:
    seen = now(book, day)
    kept = np.flatnonzero(book.loans.told[seen.places])
    kept = snapshots.drawn(kept, most, seed, day)
    places = seen.places[kept]
    return Table(
        {name: one[kept] for name, one in seen.columns.items()},
        target=_fell(book, day)[places],
        dates=np.full(len(kept), day).astype("datetime64[D]"),
        known=np.full(len(kept), day + YEAR).astype("datetime64[D]"),
        groups=book.loans.client[places],
    )


def _fell(book: Book, day: int) -> NDArray[np.int8]:
    """Whether an instalment of the loan reached that age unpaid after the day, within the year."""
    plan = book.instalments
    aged: Places = plan.due + LATE
    bad = (aged > day) & (aged <= day + YEAR) & (book.done > aged)
    return (np.bincount(plan.loan, bad, minlength=len(book.loans.rate)) > 0).astype(np.int8)
