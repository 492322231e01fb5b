"""How a borrower stands, worked out from rows that were read: nothing here reads or words it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from knowledge.lookups import Filter, Lookup

LOANS: Final = Lookup(
    "loan",
    ("number", "principal", "balance", "rate", "state", "opened_on"),
    order=("opened_on", "number"),
)
OPEN: Final = Lookup(
    "instalment",
    ("loan", "number", "due_on", "amount", "paid_amount", "state"),
    filters=(Filter("state", "is_not", "paid"),),
    order=("due_on", "loan", "number"),
)
PAYMENTS: Final = Lookup(
    "payment",
    ("loan", "reference", "amount", "paid_on", "method"),
    order=("paid_on", "reference"),
    newest=True,
)
LISTED: Final = 12
"""Of the instalments of one loan, no more are told one by one."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a look-up gave, of how many rows that there are."""

    lookup: Lookup
    rows: Sequence[Mapping[str, Any]]
    count: int


@dataclass(frozen=True, slots=True)
class Loan:
    id: UUID
    number: str
    principal: int
    balance: int
    rate: Decimal
    state: str
    opened_on: date


@dataclass(frozen=True, slots=True)
class Instalment:
    id: UUID
    loan: str
    number: int
    due_on: date
    amount: int
    paid_amount: int
    state: str

    @property
    def left(self) -> int:
        return self.amount - self.paid_amount


@dataclass(frozen=True, slots=True)
class Payment:
    id: UUID
    loan: str
    reference: str
    amount: int
    paid_on: date
    method: str


@dataclass(frozen=True, slots=True)
class Left:
    """Of one loan: how many instalments are not paid and how much that is; how many and how much of
    them are late, and since when. Due today is not late yet."""

    loan: str
    count: int
    amount: int
    late: int
    late_amount: int
    since: date | None


@dataclass(frozen=True, slots=True)
class Owed:
    """Of all loans, listed or not."""

    count: int
    owing: int
    balance: int


@dataclass(frozen=True, slots=True)
class Standing:
    """`open` are the first instalments of each loan that are not paid, the oldest first, and those
    that were asked for by their place; `upcoming` is the next one of each, `payments` the newest of
    each, the newest first. What is counted and summed is so over all rows, listed or not."""

    today: date
    loans: tuple[Loan, ...] = ()
    open: tuple[Instalment, ...] = ()
    upcoming: tuple[Instalment, ...] = ()
    payments: tuple[Payment, ...] = ()
    left: tuple[Left, ...] = ()
    owed: Owed = Owed(0, 0, 0)

    @property
    def owing(self) -> tuple[Loan, ...]:
        return tuple(loan for loan in self.loans if loan.balance)

    @property
    def overdue(self) -> tuple[Instalment, ...]:
        """Those of the listed that are late."""
        return tuple(one for one in self.open if one.due_on < self.today)

    @property
    def late(self) -> Left | None:
        """Of all loans together; None where nothing is late."""
        late = [one for one in self.left if one.since is not None]
        if not late:
            return None
        since = min(one.since for one in late if one.since is not None)
        return Left("", 0, 0, _sum(late, "late"), _sum(late, "late_amount"), since)

    @property
    def pending(self) -> tuple[int, int]:
        """How many instalments are left, and how much."""
        return _sum(self.left, "count"), _sum(self.left, "amount")

    def of(self, loan: str) -> "Standing":
        """Of one loan alone."""
        loans = tuple(one for one in self.loans if one.number == loan)
        balance = sum(one.balance for one in loans)
        return Standing(
            self.today,
            loans,
            tuple(one for one in self.open if one.loan == loan),
            tuple(one for one in self.upcoming if one.loan == loan),
            tuple(one for one in self.payments if one.loan == loan),
            tuple(one for one in self.left if one.loan == loan),
            Owed(len(loans), sum(1 for one in loans if one.balance), balance),
        )


def _sum(rows: Sequence[Left], name: str) -> int:
    return sum(getattr(row, name) for row in rows)


def of_loan(lookup: Lookup, loan: str | None, *more: Filter) -> Lookup:
    """The same look-up, of one loan alone where one is named."""
    name = "number" if lookup.table == "loan" else "loan"
    only = () if loan is None else (Filter(name, "is", loan),)
    return replace(lookup, filters=(*lookup.filters, *only, *more))
