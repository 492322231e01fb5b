"""What somebody wants written down of their money, decided from what was understood."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from msgspec import structs

from config.packs import Pack
from handlers.bookkeeping import (
    Entries,
    Entry,
    Kind,
    Limit,
    Pending,
    Removal,
    Target,
    Wish,
    lacking,
)
from nlu.dates import day_of
from nlu.goals import purpose
from nlu.items import parts, without_amounts
from nlu.money import vague
from nlu.parse import Parsed, parse
from text.folding import fold
from text.prices import rounded

KINDS: Final[Mapping[str, Kind]] = {
    "registrar_gasto": "expense",
    "registrar_ingreso": "income",
}
LONGEST_NOTE: Final = 120
MOST: Final = 10_000_000_000
"""Nobody notes more by chat; in the smallest unit of any currency."""
_CORRECTS: Final = re.compile(
    r"[\s¿¡]*(?:nop?o?\b|eran?\b|fue(?:ron)?\b|en realidad\b|perdon\b|corrige\b|cambia(?:lo)?\b"
    r"|mejor\b|son\b|digo\b|ups\b|actually\b)"
)
_BRIEF: Final = 5
_LEAD: Final = 2
_ASKS_OR_COUNTS: Final = re.compile(r"[?0-9]")
REMOVES: Final = "borrar_movimiento"
_AMENDS: Final = frozenset({"amount", "category", "date", "account"})
_SMALL: Final = re.compile(r"(?<![\w.,/:-])([1-9][0-9]{0,2})(?![\w/:-]|[.,][0-9]| de [a-z])")
SAVINGS: Final = "ahorro"


@dataclass(frozen=True, slots=True)
class Words:
    """A text, in the pack whose words it is in, on the day it was written."""

    text: str
    pack: Pack
    today: date

    @property
    def peso(self) -> str:
        return self.pack.identity.currency

    def kind_named(self) -> Kind | None:
        """Whether it speaks of expenses or of income, where it says which."""
        named = fold(self.text)
        if "ingreso" in named:
            return "income"
        return "expense" if "gasto" in named else None

    def parsed(self, text: str | None = None) -> Parsed:
        return parse(self.text if text is None else text, self.pack, self.today)


def answer_to(pending: Pending, words: Words, parsed: Parsed) -> bool | None:
    """`borra eso` is a no to what is not yet written down."""
    if parsed.intent == REMOVES and not parsed.slots and not isinstance(pending.wish, Removal):
        return False
    return verdict(words, parsed)


def verdict(words: Words, parsed: Parsed) -> bool | None:
    """A yes or a no that a text begins with, where nothing else is said: `no, eran 6` is more than
    a no, and a question that ends in `ya` is no yes."""
    if parsed.slots or "answer" in parsed.acts or _ASKS_OR_COUNTS.search(words.text):
        return None
    said = words.text.split()
    lead = words.parsed(" ".join(said[:_LEAD])).acts
    acts = {*lead, *parsed.acts} if len(said) <= _LEAD else {*lead}
    if "decline" in acts:
        return False
    return True if "agree" in acts else None


def wished(words: Words, parsed: Parsed) -> Wish | None:
    """What a text asks to be written down, complete or not."""
    if parsed.intent in KINDS:
        return Entries(entries_of(words, KINDS[parsed.intent]))
    amount, currency = money_of(parsed.slots, words.peso)
    category: str = parsed.slots.get("category", "")
    if parsed.intent == "crear_presupuesto":
        weekly = parsed.slots.get("period") == "semana"
        return Limit(
            amount=amount,
            currency=currency,
            category=category,
            period="week" if weekly else "month",
        )
    if parsed.intent == "crear_meta":
        by = day_of(words.text, words.today)
        return Target(
            amount=amount, currency=currency, name=purpose(words.text) or category or SAVINGS, by=by
        )
    return None


def entries_of(words: Words, kind: Kind) -> tuple[Entry, ...]:
    """One for each amount; what is said once of day and account holds for all."""
    whole = words.parsed().slots
    if vague(words.text):
        return (_entry(words, kind, whole, words.text),)
    found: list[Entry] = []
    for part in parts(words.text, words.peso, lambda said: "category" in words.parsed(said).slots):
        spoken = words.parsed(without_amounts(part, words.peso)).intent
        kind = KINDS.get(spoken, kind)
        slots = {name: whole[name] for name in ("date", "account") if name in whole}
        found.append(_entry(words, kind, slots | words.parsed(part).slots, part))
    if len(found) == 1:
        return (_entry(words, kind, whole, words.text),)
    return tuple(found) or (_entry(words, kind, whole, words.text),)


def amended(pending: Pending, words: Words, parsed: Parsed) -> Wish | None:
    """What was proposed with what is said now in its place; None where something else is meant."""
    slots = dict(parsed.slots) if "amount" in parsed.slots else _lucas(words) | parsed.slots
    if not _AMENDS & slots.keys() or not _means_the_same(pending.wish, words):
        return None
    amount, currency = money_of(slots, words.peso)
    match pending.wish:
        case Entries(items):
            return Entries(_replaced(items, slots))
        case Limit() as limit:
            limit = structs.replace(limit, category=slots.get("category", limit.category))
            return structs.replace(limit, amount=amount, currency=currency) if amount else limit
        case Target() as goal:
            goal = structs.replace(goal, by=day_of(words.text, words.today) or goal.by)
            return structs.replace(goal, amount=amount, currency=currency) if amount else goal
        case _:
            return None


def money_of(slots: Mapping[str, Any], peso: str) -> tuple[int | None, str]:
    """In the smallest unit; what nobody has is no amount."""
    if "amount" not in slots:
        return None, peso
    value = rounded(slots["amount"], slots["currency"])
    return (value if 0 < value < MOST else None), slots["currency"]


def _entry(words: Words, kind: Kind, slots: Mapping[str, Any], said: str) -> Entry:
    amount, currency = money_of(slots, words.peso)
    return Entry(
        kind=kind,
        amount=amount,
        currency=currency,
        category=slots.get("category", ""),
        account=slots.get("account", ""),
        on=date.fromisoformat(slots["date"]) if "date" in slots else words.today,
        note=" ".join(said.split())[:LONGEST_NOTE],
    )


def _lucas(words: Words) -> dict[str, Any]:
    """`no, eran 6`, where an amount was spoken of: in Chile a small number is of thousands."""
    found = _SMALL.findall(fold(words.text))
    if len(found) != 1 or words.peso != "CLP":
        return {}
    return {"amount": int(found[0]) * 1_000, "currency": words.peso}


def _means_the_same(wish: Wish, words: Words) -> bool:
    if isinstance(wish, Removal):
        return False
    if _CORRECTS.match(fold(words.text)):
        return True
    spoken = words.parsed(without_amounts(fold(words.text), words.peso))
    if "answer" in spoken.acts:
        return False
    return lacking(wish) != "" or len(words.text.split()) <= _BRIEF


def _replaced(items: tuple[Entry, ...], slots: Mapping[str, Any]) -> tuple[Entry, ...]:
    """Of several, the one of the category that is named, else the last."""
    category = slots.get("category")
    place = next((at for at, item in enumerate(items) if item.category == category), len(items) - 1)
    item = items[place]
    amount, currency = money_of(slots, item.currency)
    changed = structs.replace(
        item,
        category=category or item.category,
        account=slots.get("account", item.account),
        on=date.fromisoformat(slots["date"]) if "date" in slots else item.on,
    )
    if amount:
        changed = structs.replace(changed, amount=amount, currency=currency)
    return (*items[:place], changed, *items[place + 1 :])
