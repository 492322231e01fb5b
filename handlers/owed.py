"""Puts how a borrower stands into words: the same rows always in the same ones."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from config.packs import Pack
from handlers.record_wishes import Wish
from handlers.told import Told, Values, day, joined, percent, record, worked_out
from knowledge.lookups import Lookup
from knowledge.standing import LISTED, Instalment, Loan, Read, Standing

SHOWN: Final = LISTED
NAMES: Final = frozenset({"loan", "number", "reference"})
"""What tells one row from another is said beside every value of it."""


@dataclass(frozen=True, slots=True)
class Teller:
    pack: Pack
    labels: Mapping[tuple[str, str], str]
    locale: str = "es"

    @property
    def values(self) -> Values:
        return Values(self.pack.identity.currency, self.locale)

    def tell(self, wish: Wish, everything: Standing) -> Told:
        number = wish.loan or _counted(wish, everything)
        asked = everything if number is None else everything.of(number)
        if number is not None and not asked.loans:
            return self._unknown(wish)
        match wish.kind:
            case "balance":
                told = joined(self._balance(asked), self._next(asked))
            case "next":
                told = self._due(asked, wish.instalment)
            case "pending":
                told = self._pending(asked)
            case "payment":
                told = self._payment(asked)
            case "overdue":
                told = self._late(asked)
            case _:
                told = self._loans(asked)
        return told

    def fields(self, read: Iterable[Read]) -> Told:
        """Rows as they stand, a line for each field that was asked for."""
        told = [joined(*self._rows(one)) for one in read if one.rows]
        return joined(*told) if told else self._said("record_none")

    def _rows(self, read: Read) -> Iterator[Told]:
        for row in read.rows[:SHOWN]:
            yield self._row(read.lookup, row)
        if read.count > SHOWN:
            yield self._cut(read.count)

    def _cut(self, count: int) -> Told:
        said = self._said("record_cut", shown=SHOWN, count=count)
        return replace(said, sources=(worked_out("cuántos hay", f"{SHOWN} de {count}"),))

    def for_staff(self, everything: Standing) -> str:
        """All there is of a client, and no advice."""
        on_time = None if everything.overdue else self._said("record_on_time")
        parts = (
            self._loans(everything),
            on_time,
            self._next(everything),
            self._payment(everything),
        )
        return joined(*parts).text

    def _row(self, lookup: Lookup, row: Mapping[str, Any]) -> Told:
        table = lookup.table
        of = f"{self.values.word(table)} {row.get('reference') or row['number']}"
        if "loan" in row and "reference" not in row:
            of += f", {self.values.word('loan')} {row['loan']}"
        asked = [name for name in lookup.fields if name not in NAMES] or ["number"]
        lines = [
            self._said(
                "record_field",
                label=self.labels.get((table, name), name),
                of=of,
                value=self.values.value(name, row[name]),
            )
            for name in asked
        ]
        said = joined(*lines)
        return replace(said, sources=(record(table, row["id"], of, said.text),))

    def _unknown(self, wish: Wish) -> Told:
        """A loan that is not theirs is one that is not there."""
        slots = {"loan": wish.loan} if wish.loan is not None else {}
        said = self._said("record_unknown", **slots)
        return replace(said, sources=(worked_out("lo que se preguntó", wish.loan or ""),))

    def _loans(self, asked: Standing) -> Told:
        if not asked.loans:
            return self._said("record_none")
        cut = self._cut(asked.owed.count) if asked.owed.count > SHOWN else None
        return joined(*map(self._loan, asked.loans[:SHOWN]), cut, self._overdue(asked))

    def _balance(self, asked: Standing) -> Told:
        owing, money = asked.owing[:SHOWN], self.values.money
        sources = tuple(map(self.values.loan, owing))
        if not sources:
            return self._said("record_none")
        if len(sources) == 1:
            loan = owing[0]
            said = self._said("record_balance", loan=loan.number, balance=money(loan.balance))
            return replace(said, sources=sources)
        lines = (
            self._said("record_balance_line", loan=one.number, balance=money(one.balance)).text
            for one in owing
        )
        total = money(asked.owed.balance)
        said = self._said("record_balance", balance=total, lines="\n".join(lines))
        said = replace(said, sources=(*sources, worked_out("saldo total", total)))
        return joined(said, self._cut(asked.owed.owing) if asked.owed.owing > SHOWN else None)

    def _due(self, asked: Standing, number: int | None) -> Told:
        """The next one of each loan, or the one that was named by its place."""
        if number is None and not asked.open:
            return self._said("record_none")
        if number is None:
            return joined(self._overdue(asked), self._next(asked))
        found = [one for one in asked.open if one.number == number]
        if not found:
            return self._said("record_unknown", number=number)
        late = asked.overdue
        return joined(
            *(
                self._instalment(f"record_instalment{'_late' if one in late else ''}", one)
                for one in found
            )
        )

    def _next(self, asked: Standing) -> Told | None:
        told = [self._instalment("record_next", one) for one in asked.upcoming]
        return joined(*told) if told else None

    def _pending(self, asked: Standing) -> Told:
        if not asked.open:
            return self._said("record_none")
        shown, late, (count, amount) = asked.open[:SHOWN], asked.overdue, asked.pending
        lines = [
            self._instalment("record_late_line" if one in late else "record_pending_line", one)
            for one in shown
        ]
        total = self.values.money(amount)
        slots: dict[str, object] = {"total": total, "lines": joined(*lines).text}
        slots |= {"count": count} if count > 1 else {}
        slots |= {"shown": SHOWN} if count > SHOWN else {}
        said = self._said("record_pending", **slots)
        left = worked_out("cuotas pendientes", f"queda una, quedan {count} cuotas: {total}")
        return replace(said, sources=(*joined(*lines).sources, left))

    def _overdue(self, asked: Standing) -> Told | None:
        late = asked.late
        if late is None or late.since is None:
            return None
        amount = self.values.money(late.late_amount)
        slots: dict[str, object] = {"count": late.late} if late.late > 1 else {}
        days = self.values.days((asked.today - late.since).days)
        slots |= {"due": day(late.since), "days": days}
        said = self._said("record_overdue", amount=amount, **slots)
        sources = tuple(map(self.values.instalment, asked.overdue))
        return replace(
            said, sources=(*sources, worked_out("vencido", f"{late.late} cuotas: {amount}"))
        )

    def _late(self, asked: Standing) -> Told:
        late = self._overdue(asked)
        if late is None:
            return joined(self._said("record_on_time"), self._next(asked))
        return joined(late, self._said("record_what_to_do"))

    def _payment(self, asked: Standing) -> Told:
        if not asked.payments:
            return self._said("record_no_payment")
        last, values = asked.payments[0], self.values
        said = self._said(
            "record_payment",
            amount=values.money(last.amount),
            due=day(last.paid_on),
            method=values.word(last.method),
            loan=last.loan,
        )
        return replace(said, sources=(values.payment(last),))

    def _loan(self, loan: Loan) -> Told:
        said = self._said(
            "record_loan",
            loan=loan.number,
            state=self.values.word(loan.state),
            principal=self.values.money(loan.principal),
            due=day(loan.opened_on),
            rate=percent(loan.rate),
            balance=self.values.money(loan.balance),
        )
        return replace(said, sources=(self.values.loan(loan),))

    def _instalment(self, name: str, one: Instalment) -> Told:
        said = self._said(
            name,
            number=one.number,
            loan=one.loan,
            amount=self.values.money(one.left),
            due=day(one.due_on),
        )
        return replace(said, sources=(self.values.instalment(one),))

    def _said(self, name: str, **slots: object) -> Told:
        return Told(self.pack.answers[name].say(self.locale, slots), (name,))


def _counted(wish: Wish, everything: Standing) -> str | None:
    """`mi segundo préstamo`, the oldest first; "" is one too many."""
    if wish.ordinal is None or wish.kind in {"payment", "next"}:
        return None
    places = dict(enumerate(everything.loans, 1))
    return places[wish.ordinal].number if wish.ordinal in places else ""
