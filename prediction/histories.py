"""How each instalment of a book stood on a day, and sums of that by loan."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prediction.book import NEVER, Book, Flags, Payments
from prediction.table import Numbers, Places


@dataclass(frozen=True, eq=False)
class History:
    """Of each instalment: whether it was `due`, whether it was `open`, how many days `late` it was
    (paid, or still open), what was `missing` of its `amount`, and how many fell due after it until
    then (`back`). All is 0 for what nobody had lent yet; `there` are the loans that were.
    """

    loan: Places
    loans: int
    there: Flags
    first: Flags
    due: Flags
    open: Flags
    late: Numbers
    amount: Numbers
    missing: Numbers
    due_on: Places
    done: Places
    back: Places
    payments: Payments

    def sum(self, values: NDArray[Any]) -> Numbers:
        found = np.bincount(self.loan, values.astype(np.float64), minlength=self.loans)
        return found.astype(np.float64)

    def most(self, values: NDArray[Any]) -> Numbers:
        """Of values that are never below 0."""
        found = np.zeros(self.loans)
        np.maximum.at(found, self.loan, values)
        return found

    @property
    def count(self) -> Numbers:
        return self.sum(self.amount > 0)

    @property
    def due_count(self) -> Numbers:
        return self.sum(self.due)

    @property
    def open_count(self) -> Numbers:
        return self.sum(self.open)


def history(book: Book, day: int) -> History:
    plan, loans = book.instalments, book.loans
    there = loans.opened <= day
    lent = there[plan.loan]
    done = np.where(lent & (book.done <= day), book.done, NEVER)
    due = lent & (plan.due <= day)
    late = np.where(due, np.maximum(np.minimum(done, day) - plan.due, 0), 0).astype(float)
    paid = _until(book.settled, day, lent)
    so_far = np.bincount(paid.instalment, paid.amount, minlength=len(plan.due))
    amount = np.where(lent, plan.amount, 0.0)
    return History(
        loan=plan.loan,
        loans=len(loans.rate),
        there=there,
        first=np.append(True, np.diff(plan.loan) > 0)[: len(plan.loan)],
        due=due,
        open=lent & (done == NEVER),
        late=late,
        amount=amount,
        missing=np.maximum(amount - so_far, 0.0),
        due_on=plan.due,
        done=done,
        back=_back(plan.loan, due, len(loans.rate)),
        payments=paid,
    )


def _until(paid: Payments, day: int, lent: Flags) -> Payments:
    kept = (paid.on <= day) & lent[paid.instalment]
    return Payments(
        paid.loan[kept], paid.instalment[kept], paid.amount[kept], paid.on[kept], paid.method[kept]
    )


def _back(loan: Places, due: Flags, loans: int) -> Places:
    """0 is the last that fell due. Of a plan the numbers follow the dates."""
    total = np.bincount(loan, due, minlength=loans).astype(np.int64)
    so_far = np.cumsum(due)
    before = np.append(0, so_far)[np.searchsorted(loan, loan)]
    found: Places = total[loan] - (so_far - before)
    return found
