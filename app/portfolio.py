"""A lender's records as files: clients, loans, instalments, payments, each a CSV with a header.

Every mistake is found at once, and told with its file, its line, what is wrong, why, and what to
write instead. `D-20` and `D+14` are days counted from the day the files are read: for samples.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

from app import cells
from app.cells import Refused, Row
from store.portfolio import ClientRow, InstalmentRow, LoanRow, PaymentRow, Portfolio

T = TypeVar("T")

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "clients.csv": ("number", "name", "national_id", "born_on", "phone"),
    "loans.csv": ("number", "client", "principal", "balance", "rate", "state", "opened_on"),
    "instalments.csv": ("loan", "number", "due_on", "amount", "paid_amount", "state"),
    "payments.csv": ("reference", "loan", "instalment", "amount", "paid_on", "method"),
}
LOAN_STATES: Final = ("current", "overdue", "refinanced", "written_off", "paid")
INSTALMENT_STATES: Final = ("pending", "partial", "paid")
METHODS: Final = ("transfer", "card", "cash", "automatic")
_RELATIVE: Final = re.compile(r"D([+-]\d{1,4})")


@dataclass(frozen=True, slots=True)
class Fault:
    file: str
    line: int
    what: str
    why: str
    next: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the database holds already, so that rows may refer to it."""

    clients: frozenset[str] = frozenset()
    loans: frozenset[str] = frozenset()
    instalments: frozenset[tuple[str, int]] = frozenset()


@dataclass(slots=True)
class Reader:
    """Reads a folder; `faults` are empty where everything could be read."""

    folder: Path
    today: date
    known: Known = Known()
    faults: list[Fault] = field(default_factory=list)

    def read(self) -> Portfolio:
        clients = self._rows("clients.csv", self._client, lambda one: one.number)
        names = self.known.clients | {one.number for one in clients}
        loans = self._rows("loans.csv", lambda row: self._loan(row, names), lambda one: one.number)
        lent = self.known.loans | {one.number for one in loans}
        plan = self._rows(
            "instalments.csv",
            lambda row: self._instalment(row, lent),
            lambda one: (one.loan, one.number),
        )
        places = self.known.instalments | {(one.loan, one.number) for one in plan}
        payments = self._rows(
            "payments.csv",
            lambda row: self._payment(row, lent, places),
            lambda one: one.reference,
        )
        return Portfolio(clients, loans, plan, payments)

    def _rows(self, name: str, made: Callable[[Row], T], key: Callable[[T], object]) -> list[T]:
        """A file that is not there holds nothing."""
        found: list[T] = []
        seen: dict[object, int] = {}
        for line, row in self._lines(name):
            try:
                one = made(row)
            except Refused as refused:
                self.faults.append(Fault(name, line, *map(str, refused.args)))
                continue
            if key(one) in seen:
                why = f"line {seen[key(one)]} has the same key"
                self.faults.append(Fault(name, line, "stands twice", why, "keep one of the two"))
            seen.setdefault(key(one), line)
            found.append(one)
        return found

    def _lines(self, name: str) -> Iterator[tuple[int, Row]]:
        path = self.folder / name
        if not path.exists():
            return
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file)
                if missing := set(COLUMNS[name]) - set(reader.fieldnames or ()):
                    why = f"the first line names no {', '.join(sorted(missing))}"
                    header = ",".join(COLUMNS[name])
                    self.faults.append(
                        Fault(name, 1, "columns missing", why, f"begin with {header}")
                    )
                    return
                for row in reader:
                    given = {column: (row.get(column) or "").strip() for column in COLUMNS[name]}
                    yield reader.line_num, given
        except (UnicodeDecodeError, csv.Error) as error:
            self.faults.append(Fault(name, 1, "unreadable", str(error), "save it as CSV in UTF-8"))

    def _client(self, row: Row) -> ClientRow:
        return ClientRow(
            number=cells.text(row, "number"),
            name=cells.text(row, "name"),
            id_tail=cells.tail(row["national_id"]) if row["national_id"] else None,
            born_on=self._day(row, "born_on") if row["born_on"] else None,
            phone=cells.phone(row["phone"]) if row["phone"] else None,
        )

    def _loan(self, row: Row, clients: frozenset[str] | set[str]) -> LoanRow:
        return LoanRow(
            number=cells.text(row, "number"),
            client=cells.among(row, "client", clients, "clients.csv"),
            principal=cells.amount(row, "principal", least=1),
            balance=cells.amount(row, "balance"),
            rate=cells.rate(row["rate"]),
            state=cells.one_of(row, "state", LOAN_STATES),
            opened_on=self._day(row, "opened_on"),
        )

    def _instalment(self, row: Row, loans: frozenset[str] | set[str]) -> InstalmentRow:
        amount, paid = cells.amount(row, "amount", least=1), cells.amount(row, "paid_amount")
        if paid > amount:
            why = f"{paid} is more than the instalment's {amount}"
            raise Refused("paid_amount", why, "write at most its amount")
        return InstalmentRow(
            loan=cells.among(row, "loan", loans, "loans.csv"),
            number=cells.amount(row, "number", least=1, most=cells.MOST),
            due_on=self._day(row, "due_on"),
            amount=amount,
            paid_amount=paid,
            state=cells.one_of(row, "state", INSTALMENT_STATES),
        )

    def _payment(
        self,
        row: Row,
        loans: frozenset[str] | set[str],
        places: frozenset[tuple[str, int]] | set[tuple[str, int]],
    ) -> PaymentRow:
        loan = cells.among(row, "loan", loans, "loans.csv")
        number = cells.amount(row, "instalment", least=1) if row["instalment"] else None
        if number is not None and (loan, number) not in places:
            why = f"loan {loan} has no instalment {number}"
            raise Refused("instalment", why, "write one of instalments.csv, or leave it empty")
        return PaymentRow(
            reference=cells.text(row, "reference"),
            loan=loan,
            instalment=number,
            amount=cells.amount(row, "amount", least=1),
            paid_on=self._day(row, "paid_on"),
            method=cells.one_of(row, "method", METHODS),
        )

    def _day(self, row: Row, column: str) -> date:
        said = row[column]
        if counted := _RELATIVE.fullmatch(said):
            return self.today + timedelta(days=int(counted[1]))
        try:
            return date.fromisoformat(said)
        except ValueError:
            raise Refused(column, f"{said!r} is no day", "write it like 2026-03-31") from None


def rows_in(given: Portfolio) -> dict[str, Any]:
    """How many of each."""
    return {
        "clients": len(given.clients),
        "loans": len(given.loans),
        "instalments": len(given.instalments),
        "payments": len(given.payments),
    }
