"""A customer's own money: what they confirm is written down once, what they ask is counted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from config.packs import Pack
from events.contents import Choice
from events.happened import caused_by
from handlers.bookkeeping import (
    NOTE,
    Pending,
    Removal,
    Wish,
    buttons,
    categories,
    lacking,
    pending_in,
    tapped,
    together,
)
from handlers.drafting import Answer
from handlers.reading import spoken
from handlers.rows import ids_of, rows_of
from handlers.steps import Asked, Decision, NotYet
from handlers.tally import SAVINGS, Teller, span_of_budget
from handlers.wishes import REMOVES, Words, amended, answer_to, money_of, wished
from llm.base import Completion
from nlu.parse import Parsed
from nlu.spans import is_counted, span_of
from store import ledger, movements
from store.base import DanglingReference
from store.ledger import Owner, Sum
from store.session import Store

SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Ledger:
    """`zone` is where its customers' days begin."""

    pack: Pack
    store: Store
    zone: ZoneInfo

    async def before(self, asked: Asked) -> Decision | None:
        """A yes or a no to what was proposed, its correction, a new wish, or a question."""
        pending = pending_in(asked.situation.notes, asked.at)
        tap = tapped(asked.action)
        if tap is not None:
            told = pending if pending is not None and str(pending.id) == tap[1] else None
            return await self._settled(asked, told, agreed=tap[0])
        words = Words(asked.reading.text, self.pack, self._said_on(asked))
        parsed = words.parsed()
        if pending is not None:
            agreed = answer_to(pending, words, parsed)
            if agreed is not None:
                return await self._settled(asked, pending, agreed=agreed)
        wish = amended(pending, words, parsed) if pending is not None else None
        left = wish is None
        parsed = _understood(asked, parsed)
        if wish is None and (new := wished(words, parsed)) is not None:
            wish = together(pending, new)
            left = wish is new
        if wish is not None:
            return await self._instead(asked, pending, wish, left=left)
        if parsed.intent == REMOVES:
            return await self._removal(asked, words, parsed)
        return await self._told(asked, words, parsed) if not asked.reading.parts else None

    async def instead(self, asked: Asked) -> Decision | None:
        """A question beside others: what they want to know of their own money, and of the rest."""
        words = Words(asked.reading.text, self.pack, self._said_on(asked))
        if words.text == spoken(asked.turn):  # nothing else was asked, and `before` has looked
            return None
        return await self._told(asked, words, _understood(asked, words.parsed()))

    async def _instead(
        self, asked: Asked, pending: Pending | None, wish: Wish, *, left: bool
    ) -> Decision:
        """Of what was proposed before it is said when it is `left` behind."""
        if pending is None:
            return self._proposed(asked, wish)
        await self._withdraw(asked, pending)
        behind = left and not lacking(pending.wish)
        return self._proposed(asked, wish, first="ledger_left" if behind else "")

    def _proposed(self, asked: Asked, wish: Wish, *, first: str = "") -> Decision:
        """Nothing is written before the customer's own yes."""
        turn = asked.turn.turn or asked.turn.id
        pending = Pending(caused_by(turn, f"ledger:{asked.turn.revision}"), turn, asked.at, wish)
        teller = self._teller(asked)
        lacks = lacking(wish)
        name, text = teller.missing(pending, lacks) if lacks else teller.proposal(pending)
        if first:
            text = f"{teller.say(first)} {text}"
        choices = () if lacks else buttons(pending, asked.reading.parsed.locale)
        return self._decision(name, text, choices=choices, note=pending.written())

    async def _settled(self, asked: Asked, pending: Pending | None, *, agreed: bool) -> Decision:
        """What is no longer waiting was settled before."""
        teller = self._teller(asked)
        if pending is None:
            return self._decision("ledger_closed", teller.say("ledger_closed"))
        if not agreed:
            await self._withdraw(asked, pending)
            return self._decision("ledger_dropped", teller.say("ledger_dropped"))
        if lacking(pending.wish):
            return self._proposed(asked, pending.wish)
        await self._write(asked, pending)
        name, text = teller.saved(pending)
        standing = await self._standing(asked, categories(pending.wish))
        return self._decision(name, "\n".join([text, *standing]))

    async def _write(self, asked: Asked, pending: Pending) -> None:
        owner, wish = _owner(asked), pending.wish
        try:
            async with self.store.transaction() as session:
                if isinstance(wish, Removal):
                    await ledger.cancel(session, owner, wish.entry, asked.at)
                else:
                    table, rows = rows_of(wish, pending, owner, self._said_on(asked))
                    await ledger.add(session, table, rows)
        except DanglingReference as early:
            raise NotYet(f"customer {asked.turn.customer}") from early

    async def _withdraw(self, asked: Asked, pending: Pending) -> None:
        """A yes may be written down already, its answer overtaken by the customer's next words."""
        async with self.store.transaction() as session:
            if isinstance(pending.wish, Removal):
                await ledger.restore(session, _owner(asked), pending.wish.entry)
            else:
                await ledger.withdraw(session, _owner(asked), ids_of(pending), asked.at)

    async def _removal(self, asked: Asked, words: Words, parsed: Parsed) -> Decision:
        """Of what was written down, the last that fits what is said of it."""
        amount, currency = money_of(parsed.slots, words.peso)
        wanted: dict[str, str | int | date] = {}
        if amount:
            wanted |= {"amount": amount, "currency": currency}
        if "category" in parsed.slots:
            wanted["category"] = parsed.slots["category"]
        if "date" in parsed.slots:
            wanted["on_day"] = date.fromisoformat(parsed.slots["date"])
        if (kind := words.kind_named()) is not None:
            wanted["kind"] = kind
        async with self.store.reading() as session:
            rows = await movements.latest(session, _owner(asked), 1, **wanted)
        teller = self._teller(asked)
        if not rows:
            note = asked.situation.notes.get(NOTE, "")
            name = "ledger_not_found"
            return self._decision(name, teller.say(name), note=note)
        return self._proposed(asked, Removal(rows[0].id, teller.line(rows[0])))

    async def _told(self, asked: Asked, words: Words, parsed: Parsed) -> Decision | None:
        """None where there is nothing to count: the pack's own answer says what can be done."""
        category = parsed.slots.get("category", "")
        match parsed.intent:
            case "consultar_presupuesto":
                text = await self._adherence(asked, category)
            case "saldo":
                text = await self._counted(asked, words, None)
            case "resumen_gastos":
                text = await self._counted(asked, words, category)
            case "ultimos_movimientos" if is_counted(words.text):
                text = await self._counted(asked, words, category)
            case "ultimos_movimientos":
                async with self.store.reading() as session:
                    rows = await movements.latest(session, _owner(asked), SHOWN)
                text = self._teller(asked).movements(rows)
            case "consultar_meta":
                text = await self._goals(asked)
            case _:
                return None
        if not text:
            return None
        return self._decision(parsed.intent, text, note=asked.situation.notes.get(NOTE, ""))

    async def _counted(self, asked: Asked, words: Words, category: str | None) -> str:
        """What was spent, on all or in a category; None asks what came in and went out."""
        teller, span = self._teller(asked), span_of(words.text, words.today)
        if span is None:
            return teller.say("ledger_span")
        found = await self._sums(asked, span)
        if category is None:
            return teller.balance(found, span, words.peso)
        return teller.summary(found, span, category)

    async def _adherence(self, asked: Asked, category: str) -> str:
        sentences = await self._standing(asked, {category} if category else None)
        if sentences or not category:
            return "\n".join(sentences)
        found = await self._sums(asked, span_of_budget("month", self._today(asked)))
        return self._teller(asked).unbudgeted(category, found)

    async def _standing(self, asked: Asked, categories: Iterable[str] | None) -> list[str]:
        """How each budget stands, of these categories or of all."""
        owner, teller = _owner(asked), self._teller(asked)
        wanted = None if categories is None else set(categories)
        async with self.store.reading() as session:
            rows = await ledger.budgets(session, owner) if wanted != set() else ()
        chosen = [row for row in rows if wanted is None or row.category in wanted]
        spans = {row.period: span_of_budget(row.period, teller.today) for row in chosen}
        found = {period: await self._sums(asked, span) for period, span in spans.items()}
        return [teller.adherence(row, found[row.period]) for row in chosen]

    async def _goals(self, asked: Asked) -> str:
        async with self.store.reading() as session:
            rows = await ledger.goals(session, _owner(asked), SHOWN)
        if not rows:
            return ""
        begun = rows[-1].created_at.astimezone(self.zone).date()
        found = await self._sums(asked, (begun, max(begun, self._today(asked))))
        return self._teller(asked).goals(rows, [one for one in found if one.category == SAVINGS])

    async def _sums(self, asked: Asked, span: tuple[date, date]) -> Sequence[Sum]:
        async with self.store.reading() as session:
            return await ledger.sums(session, _owner(asked), *span)

    def _said_on(self, asked: Asked) -> date:
        """The day of what was said, which may have waited: `hoy` is not when it is handled."""
        said = asked.turn.messages[-1].at if asked.turn.messages else asked.turn.at
        return min(said, asked.at).astimezone(self.zone).date()

    def _today(self, asked: Asked) -> date:
        """The day on which an answer is read."""
        return asked.at.astimezone(self.zone).date()

    def _teller(self, asked: Asked) -> Teller:
        return Teller(self.pack, asked.reading.parsed.locale, self._today(asked))

    def _decision(
        self, name: str, text: str, *, choices: tuple[Choice, ...] = (), note: str = ""
    ) -> Decision:
        said = Completion(text, "pack", self.pack.name, used=(name,))
        return Decision(Answer(said, choices=choices), heard={NOTE: note})


def _understood(asked: Asked, parsed: Parsed) -> Parsed:
    """What is wanted as the turn was read; what is named, seen from the customer's own day."""
    read = asked.reading.parsed
    return parsed if read.by == "rules" else replace(read, slots=parsed.slots)


def _owner(asked: Asked) -> Owner:
    return Owner(asked.turn.shop, asked.turn.customer)
