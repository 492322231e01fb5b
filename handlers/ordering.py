"""What a customer wants of an order, decided from what was understood and nothing else."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Literal, TypeAlias, cast
from uuid import UUID

from config.packs import Pack
from events.contents import Choice
from events.manners import OrderLine, OrderState
from events.vocabulary import TurnReady
from handlers.steps import Asked
from knowledge.products import Index, Product
from knowledge.retrieval import YES
from nlu.parse import Parsed
from store.orders import Standing
from text.folding import fold
from text.prices import written

Verb: TypeAlias = Literal["confirm", "cancel", "pick", "paid", "reject"]
MOST: Final = 999
"""Nobody orders more of one product by chat."""
OFFERED: Final = 6
WRITTEN_WITHIN: Final = timedelta(minutes=1)
NAMED: Final = "pedido"
PROOFS: Final = frozenset({"photo", "document"})
_AGREES: Final = (
    r"(?:si|dale|ok|okay|ya|listo|perfecto|claro|de acuerdo|vale|por favor|yes|bueno|please)"
)
_CONFIRMED: Final = (
    r"(?:(?:lo |la |te |le )?confirm[oa](?:do)?(?: (?:el|mi) pedido)?|asi esta bien|correcto"
    r"|esta bien|confirm(?:ed)?)"
)
_POLITELY: Final = r"(?:[\s,.!]*(?:gracias|por favor|please))?"
_CONFIRMS: Final = re.compile(
    rf"(?:{_AGREES}[\s,.!]*)+(?:{_CONFIRMED})?{_POLITELY}|{_CONFIRMED}{_POLITELY}"
)
_CANCELS: Final = re.compile(
    r"(?:no|nop|mejor no|no gracias|cancel(?:a|ar|o|alo|ala)?(?: (?:el|mi) pedido)?"
    r"|ya no(?: lo| la)?(?: quiero)?|anul(?:a|ar|alo)(?: (?:el|mi) pedido)?|no lo quiero"
    rf"|no la quiero){_POLITELY}"
)


@dataclass(frozen=True, slots=True)
class Note:
    """Which order a conversation has open, as it is remembered between two turns."""

    order: UUID
    state: str

    @classmethod
    def read(cls, notes: Mapping[str, str]) -> "Note | None":
        found, _, state = notes.get("order", "").partition(":")
        try:
            return cls(UUID(found), state)
        except ValueError:
            return None

    def written(self) -> str:
        return f"{self.order}:{self.state}"


def tapped(action: str) -> tuple[Verb, str] | None:
    """`order:confirm:<id>`; what follows the verb is the customer's word, not yet to be trusted."""
    name, _, rest = action.partition(":")
    verb, _, target = rest.partition(":")
    match verb:
        case "confirm" | "cancel" | "pick" | "paid" | "reject" if name == "order" and target:
            return verb, target
        case _:
            return None


def wanted(
    text: str, note: Note | None, *, interrupted: bool = False
) -> Literal["confirm", "cancel"] | None:
    """In words, and only while a draft waits for them; where a person has spoken since it was
    proposed, in words that name it."""
    plain = fold(text).strip(" .!¡")
    if note is None or note.state != "draft" or not plain:
        return None
    if interrupted and NAMED not in plain.split():
        return None
    if _CONFIRMS.fullmatch(plain):
        return "confirm"
    return "cancel" if _CANCELS.fullmatch(plain) else None


def assents(text: str) -> bool:
    """Whether a text says yes and nothing else."""
    return _CONFIRMS.fullmatch(fold(text).strip(" .!¡")) is not None


def basket(
    parsed: Parsed, products: Sequence[Product], heard: Sequence[Product]
) -> tuple[Product, ...]:
    """The products somebody asks to buy; none where they only ask about them. A bare yes buys the
    one that they `heard` of last: `¿Quieres hacer el pedido?` is not asked again and again."""
    agrees = parsed.acts == YES and len(products) == 1 and tuple(products) == tuple(heard)
    buys = "buy" in parsed.acts or agrees
    counted = "product" in parsed.acts and "quantity" in parsed.slots and len(products) == 1
    return tuple(products[:OFFERED]) if buys or counted else ()


def quantity(slots: Mapping[str, Any]) -> int:
    said = slots.get("quantity", 1)
    return said if isinstance(said, int) and 1 <= said <= MOST else 1


def proposed(arguments: Mapping[str, Any], index: Index) -> tuple[tuple[Product, int], ...] | None:
    """What a model proposes, as far as the catalogue knows it; None where any of it is nonsense.
    A price among the arguments is not looked at."""
    items = arguments.get("items")
    if not isinstance(items, list) or not 1 <= len(items) <= OFFERED:
        return None
    named = {fold(product.name): product for product in index.products}
    named |= {fold(product.sku): product for product in index.products}
    found: dict[str, tuple[Product, int]] = {}
    for item in items:
        given = item if isinstance(item, dict) else {}
        count = given.get("quantity", 1)
        product = named.get(fold(str(given.get("product", ""))))
        if product is None or isinstance(count, bool) or not isinstance(count, int):
            return None
        if not 1 <= count <= MOST or product.sku in found:
            return None
        found[product.sku] = product, count
    return tuple(found.values())


def told(lines: Sequence[OrderLine], currency: str) -> str:
    return "\n".join(
        f"• {line.quantity} × {line.name}: {written(line.quantity * line.price, currency)}"
        for line in lines
    )


def buttons(order: UUID, locale: str) -> tuple[Choice, ...]:
    titles = ("Confirm", "Cancel") if locale == "en" else ("Confirmar pedido", "Cancelar")
    return (
        Choice(id=f"order:confirm:{order}", title=titles[0]),
        Choice(id=f"order:cancel:{order}", title=titles[1]),
    )


def picks(products: Sequence[Product], pack: Pack) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            id=f"order:pick:{product.sku}"[:64],
            title=product.name[:20],
            description=f"{product.name}, {written(product.price, pack.identity.currency)}"[:72],
        )
        for product in products
    )


def is_being_written(asked: Asked, order: UUID) -> bool:
    """Whether its customer has just been shown it; a minute later it never will be written."""
    note = Note.read(asked.situation.notes)
    fresh = asked.at - asked.turn.received_at < WRITTEN_WITHIN
    return note is not None and note.order == order and fresh


def proof_in(turn: TurnReady) -> UUID | None:
    """The message with the picture of a receipt, whatever the picture really shows."""
    return next((one.id for one in turn.messages if one.content in PROOFS), None)


def state_of(one: Standing) -> OrderState:
    return cast("OrderState", one.order.state)


def lines_of(one: Standing) -> tuple[OrderLine, ...]:
    return tuple(
        OrderLine(sku=line.sku, name=line.name, quantity=line.quantity, price=line.price)
        for line in one.lines
    )
