"""Cuts a reply into messages a channel accepts, at the most natural place that fits."""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

Stretch: TypeAlias = tuple[int, int]

_ASTRAL: Final = 0xFFFF
_BREAKS: Final = ("\n\n", "\n", ". ", " ")
_JOINER: Final = "\u200d"
_JOINED: Final = frozenset(
    "\u200c\u200d\ufe0e\ufe0f\u20e3\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
)
_FLAGS: Final = ("\U0001f1e6", "\U0001f1ff")
_TAGS: Final = ("\U000e0020", "\U000e007f")
_FURTHEST: Final = 64


def utf16_length(text: str) -> int:
    """Length in UTF-16 units: what Telegram and WhatsApp count."""
    if text.isascii():
        return len(text)
    return len(text) + sum(ord(sign) > _ASTRAL for sign in text)


def split(text: str, limit: int) -> tuple[str, ...]:
    """Parts of at most `limit` UTF-16 units, none of them blank."""
    return tuple(_parts(text.strip(), limit))


def _parts(text: str, limit: int) -> Iterator[str]:
    while text:
        end = cut(text, limit)
        part = text[:end].rstrip()
        if part:
            yield part
        text = text[end:].lstrip()


def cut(text: str, limit: int, apart: Sequence[Stretch] = ()) -> int:
    """Where a first part of at most `limit` UTF-16 units ends: best at a paragraph, a line, a
    sentence or a word, and inside none of the stretches (ordered, disjoint) unless it must."""
    if 2 * len(text) <= limit:
        return len(text)
    end = _fitting(text, max(limit, 2))
    if end == len(text):
        return end
    near = [stretch for stretch in apart if stretch[0] < end]
    if near and (place := _break(text, end, near, end / 4)):
        return place
    return _break(text, end, (), end / 2) or _forced(text, end)


def _fitting(text: str, limit: int) -> int:
    """How many characters fit into the limit."""
    if text.isascii():
        return min(len(text), limit)
    units = 0
    for place, sign in enumerate(text):
        units += 2 if ord(sign) > _ASTRAL else 1
        if units > limit:
            return place
    return len(text)


def _break(text: str, end: int, apart: Sequence[Stretch], least: float) -> int:
    """The last paragraph, line, sentence or word that ends at `least` there; 0 without one."""
    for mark in _BREAKS:
        kept = len(mark.rstrip(" \n"))
        place = text.rfind(mark, 0, end + len(mark) - kept)
        while place > 0 and (around := _around(place + kept, apart)) is not None:
            place = text.rfind(mark, 0, around + len(mark) - kept)
        if place > 0 and place >= least:
            return place + kept
    return 0


def _around(place: int, apart: Sequence[Stretch]) -> int | None:
    """The start of the stretch that would be torn there."""
    return next((start for start, end in apart if start < place < end), None)


def _forced(text: str, end: int) -> int:
    """Any word at all; else inside one, but not inside a character of several signs."""
    place = max(text.rfind(" ", 0, end + 1), text.rfind("\n", 0, end + 1))
    if place > 0:
        return place
    whole = end
    while whole > max(1, end - _FURTHEST) and _torn(text, whole):
        whole -= 1
    return end if _torn(text, whole) else whole


def _torn(text: str, place: int) -> bool:
    sign, before = text[place], text[place - 1]
    if sign in _JOINED or before == _JOINER or unicodedata.combining(sign):
        return True
    if _TAGS[0] <= sign <= _TAGS[1]:
        return True
    if not _FLAGS[0] <= sign <= _FLAGS[1]:
        return False
    start = place
    while start > 0 and _FLAGS[0] <= text[start - 1] <= _FLAGS[1]:
        start -= 1
    return (place - start) % 2 == 1
