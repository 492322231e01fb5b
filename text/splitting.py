"""Cuts a reply into messages a channel accepts, at the most natural place that fits."""

from collections.abc import Iterator
from typing import Final

_ASTRAL: Final = 0xFFFF
_BREAKS: Final = ("\n\n", "\n", ". ", " ")
_JOINED: Final = ("\u200d", "\ufe0f")


def utf16_length(text: str) -> int:
    """Length in UTF-16 units: what Telegram and WhatsApp count."""
    return len(text) + sum(ord(sign) > _ASTRAL for sign in text)


def split(text: str, limit: int) -> tuple[str, ...]:
    """Parts of at most `limit` UTF-16 units, none of them blank."""
    return tuple(_parts(text.strip(), max(limit, 2)))


def _parts(text: str, limit: int) -> Iterator[str]:
    while text:
        if 2 * len(text) <= limit or utf16_length(text) <= limit:
            yield text
            return
        end = _cut(text, _fitting(text, limit))
        part = text[:end].rstrip()
        if part:
            yield part
        text = text[end:].lstrip()


def _fitting(text: str, limit: int) -> int:
    """How many characters fit into the limit."""
    units = 0
    for place, sign in enumerate(text):
        units += 2 if ord(sign) > _ASTRAL else 1
        if units > limit:
            return place
    return len(text)


def _cut(text: str, end: int) -> int:
    """The last paragraph, line, sentence or word that ends before `end`; else inside a word."""
    for mark in _BREAKS:
        place = text.rfind(mark, 0, end + len(mark))
        if place > 0 and place + len(mark.rstrip(" \n")) <= end and place * 2 >= end:
            return place + len(mark.rstrip(" \n"))
    place = max(text.rfind(" ", 0, end + 1), text.rfind("\n", 0, end + 1))
    if place > 0:
        return place
    while end > 1 and (text[end] in _JOINED or text[end - 1] == _JOINED[0]):
        end -= 1
    return end
