"""What a chat line looks like: links and photos in the bot's words, nothing in the customer's."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from bot.channels.web import Line
from web.chatting import Side

WAITING_S = 10
LINK = re.compile(
    r"(?:https?://[^\s/]+)?/(?:photos|fotos)/([\w-]+)\.svg\b|https?://[^\s<>\"]+[^\s<>\".,;:!?)]"
)
PhotoName: TypeAlias = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Piece:
    """`target` is the address of a link, or the sku of a photo."""

    kind: Literal["text", "link", "photo"]
    text: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Bubble:
    """`patience` is how long the customer may still expect an answer, in seconds; `thumb` is what
    they think of this one. `human`: a person of the shop wrote it, whose first name is `by`;
    `attended`: a person, not the bot, is who answers it."""

    id: str
    author: Literal["customer", "bot"]
    pieces: tuple[Piece, ...]
    at: datetime
    patience: int
    cites: tuple[str, ...] = ()
    thumb: Side | None = None
    human: bool = False
    by: str = ""
    attended: bool = False


def bubble(
    entry: str,
    line: Line,
    at: datetime,
    photo_name: PhotoName,
    thumb: Side | None = None,
    *,
    attended: bool = False,
) -> Bubble:
    said = datetime.fromtimestamp(line.at / 1000, UTC)
    waited = (at - said).total_seconds()
    mine = line.author == "customer"
    return Bubble(
        id=entry,
        author=line.author,
        pieces=(Piece("text", line.text),) if mine else tuple(pieces(line.text, photo_name)),
        at=said,
        patience=max(0, min(WAITING_S, round(WAITING_S - waited))) if mine and not attended else 0,
        cites=line.cites,
        thumb=thumb,
        human=line.human,
        by=line.by,
        attended=mine and attended,
    )


def pieces(text: str, photo_name: PhotoName) -> Iterator[Piece]:
    """A photo is one of our own pictures by its sku; any other address is a link."""
    end = 0
    for found in LINK.finditer(text):
        sku = found[1]
        name = photo_name(sku) if sku else None
        if sku and name is None and not found[0].startswith("http"):
            continue
        if found.start() > end:
            yield Piece("text", text[end : found.start()])
        yield Piece("photo", name, sku) if name else Piece("link", found[0], found[0])
        end = found.end()
    if end < len(text):
        yield Piece("text", text[end:])
