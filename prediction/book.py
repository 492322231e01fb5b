"""A lender's book as columns: what was lent, what falls due and what came in, each with its day.

Days are counted from 1970, amounts are whole units of the smallest coin. Nothing here says how
things stand today: that is worked out from the payments, so that it can be for any day of the past.
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from prediction.table import Numbers, Places

Flags: TypeAlias = NDArray[np.bool_]
METHODS: Final = ("transfer", "card", "cash", "automatic")
NEVER: Final = np.iinfo(np.int64).max // 2
"""The day on which what is open is paid in full."""
EPOCH: Final = date(1970, 1, 1)


@dataclass(frozen=True, eq=False)
class Loans:
    """`client` is the place of who has it; `rate` percent a year; `told` False where a loan was
    refinanced: of that nobody wrote down the day, so no past is made up from it."""

    client: Places
    principal: Numbers
    rate: Numbers
    opened: Places
    told: Flags


@dataclass(frozen=True, eq=False)
class Instalments:
    """Ordered by loan, and within one by number."""

    loan: Places
    number: Places
    due: Places
    amount: Numbers


@dataclass(frozen=True, eq=False)
class Payments:
    """`instalment` is -1 for what came in for the loan as a whole; `method` a place in METHODS."""

    loan: Places
    instalment: Places
    amount: Numbers
    on: Places
    method: Places


@dataclass(frozen=True, eq=False)
class Book:
    loans: Loans
    instalments: Instalments
    payments: Payments

    @cached_property
    def settled(self) -> Payments:
        """Each payment with its instalment, in the order of their days."""
        return _settled(self)

    @cached_property
    def done(self) -> Places:
        """The day on which each instalment was paid in full."""
        paid = self.settled
        order = np.lexsort((paid.on, paid.instalment))
        whose, amounts = paid.instalment[order], paid.amount[order]
        total = np.cumsum(amounts)
        before = np.append(0.0, total)[np.searchsorted(whose, whose, side="left")]
        enough = total - before >= self.instalments.amount[whose]
        done = np.full(len(self.instalments.due), NEVER, np.int64)
        np.minimum.at(done, whose[enough], paid.on[order][enough])
        return done

    def until(self, day: int) -> "Book":
        """What was known in the evening of that day."""
        return replace(
            self,
            instalments=_some(self.instalments, self.loans.opened[self.instalments.loan] <= day),
            payments=_known(self, day),
        )


def day_of(when: date) -> int:
    return (when - EPOCH).days


def _some(given: Instalments, keep: Flags) -> Instalments:
    return Instalments(given.loan[keep], given.number[keep], given.due[keep], given.amount[keep])


def _known(book: Book, day: int) -> Payments:
    """Plans of loans that were not yet opened are gone, so the places of the others move up."""
    kept = book.loans.opened[book.instalments.loan] <= day
    moved = np.append(np.cumsum(kept) - 1, -1)
    paid = book.payments
    there = (paid.on <= day) & (book.loans.opened[paid.loan] <= day)
    return Payments(
        paid.loan[there],
        moved[paid.instalment[there]],
        paid.amount[there],
        paid.on[there],
        paid.method[there],
    )


def _settled(book: Book) -> Payments:
    """What came in for a loan as a whole pays what is oldest on that day; what is left over is
    nobody's. What comes in later changes nothing of it."""
    paid = book.payments
    named = np.flatnonzero(~np.isin(paid.loan, paid.loan[paid.instalment < 0]))
    pieces = _shared(book)
    which = np.append(named, np.array([one[0] for one in pieces], np.int64))
    instalment = np.append(paid.instalment[named], np.array([one[1] for one in pieces], np.int64))
    amount = np.append(paid.amount[named], np.array([one[2] for one in pieces], float))
    order = np.lexsort((instalment, paid.on[which]))
    which = which[order]
    return Payments(
        paid.loan[which], instalment[order], amount[order], paid.on[which], paid.method[which]
    )


def _shared(book: Book) -> list[tuple[int, int, float]]:
    """Payment, instalment and amount of all that came in for those loans. Of one day, what names
    its instalment counts first."""
    paid = book.payments
    order = np.lexsort((paid.instalment, paid.amount, paid.instalment < 0, paid.on, paid.loan))
    whose = paid.loan[order]
    pieces: list[tuple[int, int, float]] = []
    for loan in np.unique(paid.loan[paid.instalment < 0]).tolist():
        first, last = np.searchsorted(book.instalments.loan, [loan, loan + 1]).tolist()
        left = book.instalments.amount[first:last].tolist()
        begin, end = np.searchsorted(whose, [loan, loan + 1]).tolist()
        for one in order[begin:end].tolist():
            pieces += _pieces(one, float(paid.amount[one]), int(paid.instalment[one]), first, left)
    return pieces


def _pieces(
    one: int, amount: float, named: int, first: int, left: list[float]
) -> list[tuple[int, int, float]]:
    if named >= 0:
        left[named - first] -= amount
        return [(one, named, amount)]
    pieces: list[tuple[int, int, float]] = []
    for at, missing in enumerate(left):
        part = min(amount, missing)
        if part > 0:
            left[at] -= part
            amount -= part
            pieces.append((one, first + at, part))
    return pieces
