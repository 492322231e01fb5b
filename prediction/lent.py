"""The invented lender's records, as any lender would bring them: some clients at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Final

import numpy as np

from prediction.book import EPOCH, METHODS, NEVER
from prediction.histories import History, history
from prediction.lender import Lender
from prediction.table import Numbers, Places
from store.portfolio import ClientRow, InstalmentRow, LoanRow, PaymentRow, Portfolio

CHUNK: Final = 1_000
GIVEN_UP: Final = 180
FIRST: Final = (
    "Valeria", "Pablo", "Irene", "Nicolás", "Teresa", "Jorge", "Sofía", "Diego", "Paula", "Andrés",
    "Carla", "Tomás", "Elena", "Raúl", "Lucía", "Hugo", "Rosa", "Iván", "Marta", "Óscar",
)  # fmt: skip
LAST: Final = (
    "Rojas", "Soto", "Muñoz", "Pérez", "Vargas", "Díaz", "Castro", "Silva", "Fuentes", "Molina",
    "Araya", "Tapia", "Reyes", "Godoy", "Vera", "Lagos", "Pinto",
)  # fmt: skip
MINORS: Final = 18 * 365


@dataclass(frozen=True, eq=False)
class Records:
    """What stands in the tables: `LS-` numbers are nobody's, and so are phones of nought."""

    lender: Lender

    def chunks(self, size: int = CHUNK) -> Iterator[Portfolio]:
        client = self.lender.book.loans.client
        for first in range(0, int(client.max(initial=-1)) + 1, size):
            loans = np.flatnonzero((client >= first) & (client < first + size))
            names = range(first, min(first + size, int(client.max()) + 1))
            plan = np.flatnonzero(np.isin(self.lender.book.instalments.loan, loans))
            paid = np.flatnonzero(np.isin(self.lender.book.payments.loan, loans))
            yield Portfolio(
                clients=[self._client(one) for one in names],
                loans=[self._loan(one) for one in loans.tolist()],
                instalments=[self._instalment(one) for one in plan.tolist()],
                payments=[self._payment(one) for one in paid.tolist()],
            )

    @cached_property
    def _today(self) -> History:
        return history(self.lender.book, self.lender.today)

    @cached_property
    def _missing(self) -> Numbers:
        return self._today.sum(self._today.missing)

    @cached_property
    def _late(self) -> Numbers:
        return self._today.most(np.where(self._today.due & self._today.open, self._today.late, 0))

    @cached_property
    def _of_client(self) -> Places:
        """How long each client's first loan is old."""
        loans = self.lender.book.loans
        first = np.full(int(loans.client.max(initial=-1)) + 1, NEVER, np.int64)
        np.minimum.at(first, loans.client, loans.opened)
        return first

    def _client(self, place: int) -> ClientRow:
        random = np.random.default_rng([place, 18])
        born = int(self._of_client[place]) - MINORS - int(random.integers(0, 45 * 365))
        name = f"{FIRST[int(random.integers(len(FIRST)))]} {LAST[int(random.integers(len(LAST)))]}"
        tail, phone = f"{place * 7919 % 10_000:04}", f"5690{place:07}"
        return ClientRow(f"LS-{place + 1:05}", name, tail, _date(born), phone)

    def _loan(self, place: int) -> LoanRow:
        loans, missing = self.lender.book.loans, int(self._missing[place])
        return LoanRow(
            number=_loan(place),
            client=f"LS-{int(loans.client[place]) + 1:05}",
            principal=int(loans.principal[place]),
            balance=missing,
            rate=Decimal(f"{loans.rate[place]:.2f}"),
            state=self._state(place, missing),
            opened_on=_date(int(loans.opened[place])),
        )

    def _state(self, place: int, missing: int) -> str:
        late = float(self._late[place])
        if not missing:
            return "paid"
        if late >= GIVEN_UP:
            return "written_off"
        return "overdue" if late else "current"

    def _instalment(self, place: int) -> InstalmentRow:
        plan = self.lender.book.instalments
        amount, missing = int(plan.amount[place]), int(self._today.missing[place])
        partial = "partial" if missing < amount else "pending"
        return InstalmentRow(
            loan=_loan(int(plan.loan[place])),
            number=int(plan.number[place]),
            due_on=_date(int(plan.due[place])),
            amount=amount,
            paid_amount=amount - missing,
            state=partial if missing else "paid",
        )

    def _payment(self, place: int) -> PaymentRow:
        paid = self.lender.book.payments
        of, loan = int(paid.instalment[place]), int(paid.loan[place])
        number = int(self.lender.book.instalments.number[of]) if of >= 0 else None
        return PaymentRow(
            reference=f"LS-R{place + 1:07}",
            loan=_loan(loan),
            instalment=number,
            amount=int(paid.amount[place]),
            paid_on=_date(int(paid.on[place])),
            method=METHODS[int(paid.method[place])],
        )


def _loan(place: int) -> str:
    return f"LS-P{place + 1:06}"


def _date(day: int) -> date:
    return EPOCH + timedelta(day)
