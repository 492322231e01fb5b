"""How a part is sent that Telegram does not take as it is: in pieces, or plainer, but all of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import msgspec

from bot.channels.base import Part
from bot.composing import LIMIT, composed
from bot.markup import read
from events.contents import Attachment, Mark
from text.splitting import split, utf16_length

LONGEST_CAPTION: Final = 1024


def pieces_of(part: Part) -> tuple[Part, ...]:
    """The words of a caption go before its file where they are too many, or would not be shown."""
    file = part.extra
    if not isinstance(file, Attachment) or not file.caption:
        return (part,)
    if file.kind != "sticker" and utf16_length(read(file.caption).text) <= LONGEST_CAPTION:
        return (part,)
    return _caption_first(part, file)


def instead_of(part: Part, reason: str) -> tuple[Part, ...] | None:
    """What to send after Telegram refused a part; each is simpler, so there is an end to it."""
    said = reason.lower()
    for sign, simpler in _SIMPLER:
        if sign in said and (instead := simpler(part)) is not None:
            return instead
    return None


def _shorter(part: Part) -> tuple[Part, ...] | None:
    if isinstance(part.extra, Attachment) and part.extra.caption:
        return _caption_first(part, part.extra)
    length = utf16_length(part.text)
    limit = LIMIT if length > LIMIT else (length + 1) // 2
    texts = split(_plain(part.text, part.marks), limit) if limit > 1 else ()
    if part.extra is not None or len(texts) < 2:  # noqa: PLR2004  one is no shorter
        return None
    first, *others = (replace(part, text=text, marks=(), choices=(), menu="") for text in texts)
    pieces = [first, *(replace(other, reply_to=None) for other in others)]
    return (*pieces[:-1], replace(pieces[-1], choices=part.choices, menu=part.menu))


def _unmarked(part: Part) -> tuple[Part, ...] | None:
    if isinstance(part.extra, Attachment) and part.extra.caption:
        before, *rest = _caption_first(part, part.extra)
        return (replace(before, text=_plain(before.text, before.marks), marks=()), *rest)
    if not part.marks:
        return None
    return (replace(part, text=_plain(part.text, part.marks), marks=()),)


def _unbuttoned(part: Part) -> tuple[Part, ...] | None:
    if not part.choices:
        return None
    titles = [f"• {one.title} {one.url or ''}".rstrip() for one in part.choices]
    return (replace(part, text="\n".join((part.text, "", *titles)), choices=(), menu=""),)


def _addressed(part: Part) -> tuple[Part, ...] | None:
    """Telegram fetches no file from there, or not of this kind; the customer can."""
    file = part.extra
    if not isinstance(file, Attachment) or not file.url:
        return None
    return (replace(part, text=f"{file.caption}\n{file.url}".strip(), extra=None),)


_SIMPLER: Final[Sequence[tuple[str, Callable[[Part], tuple[Part, ...] | None]]]] = (
    ("too long", _shorter),
    ("too_long", _shorter),
    ("button", _unbuttoned),
    ("entit", _unmarked),
    ("url", _addressed),
    ("web page content", _addressed),
)


def _caption_first(part: Part, file: Attachment) -> tuple[Part, ...]:
    said = composed(file.caption)
    marks = said.marks or ((),) * len(said.parts)
    texts = [
        replace(part, text=text, marks=looks, extra=None)
        for text, looks in zip(said.parts, marks, strict=True)
    ]
    bare = msgspec.structs.replace(file, caption="")
    files = [replace(part, extra=extra) for extra in (*said.extras, bare)]
    first, *others = (*texts, *files)
    return (first, *(replace(other, reply_to=None) for other in others))


def _plain(text: str, marks: Sequence[Mark]) -> str:
    """With the addresses of its links, which nobody would see otherwise."""
    units = text.encode("utf-16-le", "replace")
    for mark in sorted(marks, key=lambda one: one.offset, reverse=True):
        if mark.kind == "link" and mark.value:
            end = 2 * (mark.offset + mark.length)
            units = units[:end] + f" ({mark.value})".encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le", "replace")
