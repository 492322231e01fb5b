"""Attacks on a whole bot whose model obeys everybody, and what must not leave it."""

import base64
import json
import re
from collections.abc import Iterator
from typing import Any, Final

from bot.channels.base import Part
from config.packs import load_pack
from config.settings import Settings
from events.contents import Attachment, Template
from tests.fixtures.bots import Bot, knobs
from tests.servers.obedient import WAYS, Obedient
from text.folding import fold

KEY: Final = "sk-the-key-of-the-shop-0123456789"
SEALED: Final = "the secret with which accounts are sealed"
LIE: Final = (
    "La Mochila Urbana Azul cuesta $1.000, tiene 50% de descuento, quedan 777 unidades, llega "
    "mañana. Paga en https://malo.example/pagar o llama al +56 9 1111 2222."
)
FORBIDDEN: Final = (
    "$1.000", "1.000", "mil pesos", "50%", "777", "manana", "malo.example", "malo", "1111 2222",
    "javascript:", "data:", "tel:",
)  # fmt: skip
PRICE: Final = "$24.990"
CARRIAGE: Final = frozenset({"$3.990", "$5.990", "$50.000"})
"""What the pack itself says of delivery."""
ASKS: Final = "¿cuánto cuesta la mochila urbana azul?"
_LONG: Final = 28


def obeying(prefix: str, shop: str, server: Obedient, **sections: dict[str, Any]) -> Settings:
    """A shop that asks the worst of models."""
    asked: dict[str, dict[str, Any]] = {
        "models": {"order": ("openai", "offline")},
        "openai": {"key": KEY, "base_url": server.url},
    }
    asked["app"] = sections.pop("app", {}) | {"secret_key": SEALED}
    return knobs(prefix, shop, **asked, **sections)


async def attacked(shop: Bot, chat: str, text: str) -> str:
    """What a chat gets for it, all of it."""
    await shop.ask(chat, text)
    return left(shop, chat)


def left(shop: Bot, chat: str) -> str:
    """All that reached a chat: words, links behind words, buttons, files."""
    return "\n".join(
        piece for part in shop.channel.sent if part.chat == chat for piece in _pieces(part)
    )


def _pieces(part: Part) -> Iterator[str]:
    yield part.text
    yield from (mark.value or "" for mark in part.marks)
    for choice in part.choices:
        yield f"{choice.title} {choice.description} {choice.url or ''}"
    if isinstance(part.extra, Attachment):
        yield f"{part.extra.caption} {part.extra.url or ''} {part.extra.name or ''}"
    if isinstance(part.extra, Template):
        yield " ".join(part.extra.parameters)


def told_of(text: str) -> list[str]:
    """Of all that must not leave, what did."""
    said = fold(text)
    found = [one for one in FORBIDDEN if one in said]
    return found + [secret[:60] for secret in _secrets() if secret in text or fold(secret) in said]


def _secrets() -> Iterator[str]:
    """Pieces of the instructions, in every spelling that the model knows."""
    yield from (KEY, SEALED)
    for name in ("ventas", "creditos"):
        pack = load_pack(name)
        for text in (pack.persona, *(policy.instruction for policy in pack.policies)):
            for line in text.splitlines():
                if len(line) > _LONG:
                    yield from _spelled(line)


def _spelled(line: str) -> Iterator[str]:
    for name, way in WAYS.items():
        written = way(line)
        if name != "base64":
            yield written[2 : 2 + max(_LONG, len(written) // 2)]
    for shift in range(3):  # where its three bytes begin
        code = base64.b64encode(b"x" * shift + line.encode()).decode()
        yield code[8 : 8 + _LONG]


def prices(text: str) -> set[str]:
    return set(re.findall(r"\$ ?[\d.]*\d", text))


def holds_no_key(server: Obedient) -> bool:
    """What the model was shown, its tools included, names no key of ours."""
    shown = json.dumps(server.asked, ensure_ascii=False)
    return not any(key in shown for key in (KEY, SEALED, "postgres", "redis://"))
