"""An instalment: will it still be unpaid 30 days after it falls due?"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from prediction import features, snapshots
from prediction.book import Book
from prediction.features import FAR, Seen
from prediction.table import Feature, Places, Table

SUBJECT: Final = "que una cuota siga sin pagarse 30 días después de su vencimiento"
FEATURES: Final[tuple[Feature, ...]] = features.INSTALMENT
LATE: Final = 30
IN_DEFAULT: Final = 90
"""Days after which a loan is with the collectors: what comes of the rest of it is plain."""
AHEAD: Final = 61
"""Of each day the next two instalments are known at least, or the last days would hold none but
those that were late already."""


def now(book: Book, day: int) -> Seen:
    """The instalments that can be asked about: open, not as late already, of a loan that is not
    given up."""
    seen = features.of_instalments(book, day)
    asked = book.instalments.due[seen.places] + LATE > day
    return _some(seen, np.flatnonzero(asked & (seen.columns["days_late"] < IN_DEFAULT)))


def cases(book: Book, today: int, *, most: int = snapshots.CASES, seed: int = 0) -> Table:
    """What was known on the first of each month of the instalments of the next year, and whether
    they were paid; those of which that is not known yet are left out."""
    past = snapshots.days(book, today - LATE - AHEAD)
    each = max(1, most // max(1, len(past)))
    return snapshots.joined(_cases(book, (day, today), each, seed) for day in past)


def _cases(book: Book, days: tuple[int, int], most: int, seed: int) -> Table:
    day, today = days
    plan = book.instalments
    seen = now(book, day)
    due = plan.due[seen.places]
    told = book.loans.told[plan.loan[seen.places]]
    kept = np.flatnonzero((due <= day + FAR) & (due + LATE <= today) & told)
    chosen = _some(seen, snapshots.drawn(kept, most, seed, day))
    places = chosen.places
    return Table(
        chosen.columns,
        target=(book.done[places] > plan.due[places] + LATE).astype(np.int8),
        dates=np.full(len(places), day).astype("datetime64[D]"),
        known=(plan.due[places] + LATE).astype("datetime64[D]"),
        groups=book.loans.client[plan.loan[places]],
    )


def _some(seen: Seen, kept: Places) -> Seen:
    columns: Mapping[str, NDArray[Any]] = seen.columns
    return Seen(seen.places[kept], {name: one[kept] for name, one in columns.items()})
