"""Words for the values of records, and the sources that a reply about them rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from knowledge.standing import Instalment, Loan, Payment
from llm.base import Source
from text.prices import written

MONEY: Final = frozenset({"principal", "balance", "amount", "paid_amount"})
SPOKEN: Final[Mapping[str, tuple[str, str]]] = {
    "current": ("al día", "up to date"),
    "overdue": ("con atraso", "overdue"),
    "refinanced": ("repactado", "rescheduled"),
    "written_off": ("castigado", "written off"),
    "pending": ("pendiente", "pending"),
    "partial": ("pagada en parte", "partly paid"),
    "paid": ("pagado", "paid"),
    "transfer": ("transferencia", "bank transfer"),
    "card": ("tarjeta", "card"),
    "cash": ("efectivo", "cash"),
    "automatic": ("cargo automático", "automatic charge"),
    "client": ("cliente", "client"),
    "loan": ("préstamo", "loan"),
    "instalment": ("cuota", "instalment"),
    "payment": ("pago", "payment"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """`names` are the answers of the pack that were said."""

    text: str
    names: tuple[str, ...]
    sources: tuple[Source, ...] = ()


def joined(*parts: Told | None) -> Told:
    said = [part for part in parts if part is not None]
    sources = {source.id: source for part in said for source in part.sources}
    names = dict.fromkeys(name for part in said for name in part.names)
    return Told("\n".join(part.text for part in said), tuple(names), tuple(sources.values()))


@dataclass(frozen=True, slots=True)
class Values:
    """How values are written for one reader."""

    currency: str
    locale: str

    def value(self, name: str, raw: Any) -> str:  # noqa: ANN401  a column of any type
        match raw:
            case bool():
                return str(raw)
            case int() if name in MONEY:
                return self.money(raw)
            case date():
                return day(raw)
            case Decimal():
                return percent(raw)
            case str() if raw in SPOKEN:
                return self.word(raw)
            case _:
                return str(raw)

    def money(self, amount: int) -> str:
        return written(amount, self.currency)

    def word(self, name: str) -> str:
        spanish, english = SPOKEN.get(name, (name, name))
        return english if self.locale == "en" else spanish

    def days(self, count: int) -> str:
        one, many = ("day", "days") if self.locale == "en" else ("día", "días")
        return f"{count} {one if count == 1 else many}"

    def loan(self, one: Loan) -> Source:
        text = (
            f"préstamo {one.number}: monto {self.money(one.principal)}, saldo"
            f" {self.money(one.balance)}, tasa {percent(one.rate)}, desde {day(one.opened_on)},"
            f" {one.state}"
        )
        return record("loan", one.id, f"préstamo {one.number}", text)

    def instalment(self, one: Instalment) -> Source:
        text = (
            f"cuota {one.number} del préstamo {one.loan}: {self.money(one.amount)}, faltan"
            f" {self.money(one.left)}, vence {day(one.due_on)}, {one.state}"
        )
        return record("instalment", one.id, f"cuota {one.number} del préstamo {one.loan}", text)

    def payment(self, one: Payment) -> Source:
        text = f"{self.money(one.amount)}, {day(one.paid_on)}, {one.method}, préstamo {one.loan}"
        return record("payment", one.id, f"pago {one.reference}", text)


def record(table: str, row: object, title: str, text: str) -> Source:
    return Source(kind="record", id=f"{table}/{row}", title=title, text=text)


def worked_out(what: str, text: str) -> Source:
    """What was counted or added up from the rows beside it."""
    return record("worked-out", what, what, text)


def day(one: date) -> str:
    return f"{one:%d-%m-%Y}"


def percent(rate: Decimal) -> str:
    return f"{rate.normalize():f}%".replace(".", ",")
