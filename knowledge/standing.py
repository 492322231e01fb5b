"""How a borrower stands, worked out from rows that were read: nothing here reads or words it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    limit=24,
)


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
class Standing:
    """`open` are instalments that are not paid, the oldest first; the newest payment is first."""

    today: date
    loans: tuple[Loan, ...] = ()
    open: tuple[Instalment, ...] = ()
    payments: tuple[Payment, ...] = ()

    @property
    def owing(self) -> tuple[Loan, ...]:
        return tuple(loan for loan in self.loans if loan.balance)

    @property
    def balance(self) -> int:
        return sum(loan.balance for loan in self.loans)

    @property
    def overdue(self) -> tuple[Instalment, ...]:
        """Due today is not late yet."""
        return tuple(one for one in self.open if one.due_on < self.today)

    @property
    def upcoming(self) -> tuple[Instalment, ...]:
        """The next one of each loan."""
        found: dict[str, Instalment] = {}
        for one in self.open:
            if one.due_on >= self.today:
                found.setdefault(one.loan, one)
        return tuple(found.values())

    @property
    def days_late(self) -> int:
        return (self.today - self.overdue[0].due_on).days if self.overdue else 0

    def of(self, loan: str) -> "Standing":
        """Of one loan alone."""
        return Standing(
            self.today,
            tuple(one for one in self.loans if one.number == loan),
            tuple(one for one in self.open if one.loan == loan),
            tuple(one for one in self.payments if one.loan == loan),
        )


def standing(
    today: date,
    loans: Sequence[Mapping[str, Any]],
    instalments: Sequence[Mapping[str, Any]],
    payments: Sequence[Mapping[str, Any]],
) -> Standing:
    return Standing(
        today,
        tuple(Loan(**row) for row in loans),
        tuple(Instalment(**row) for row in instalments),
        tuple(Payment(**row) for row in payments),
    )
