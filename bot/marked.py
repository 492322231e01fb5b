"""A text, and apart from it how its stretches look: no sign of a text can be misread as markup."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, Literal, TypeAlias
from urllib.parse import urlsplit

from events.contents import Mark

Kind: TypeAlias = Literal["bold", "italic", "strike", "code", "pre", "quote", "link"]
Edit: TypeAlias = tuple[int, int, str]
"""From, to, and what stands there instead."""

_SHAPES: Final = frozenset({"bold", "italic", "strike"})
_RANK: Final = ("quote", "link", "bold", "italic", "strike", "pre", "code")
_LAST_SINGLE: Final = "\uffff"


@dataclass(frozen=True, slots=True)
class Span:
    """`start` and `end` are counted in characters; `value` is a link's address or a language."""

    kind: Kind
    start: int
    end: int
    value: str | None = None

    def at(self, start: int, end: int) -> "Span":
        return Span(self.kind, start, end, self.value)


@dataclass(frozen=True, slots=True)
class Marked:
    """`spans` lie in order, one inside another or apart, as networks want them."""

    text: str
    spans: tuple[Span, ...] = ()

    def between(self, start: int, end: int) -> "Marked":
        """A stretch of it without the white space at its ends; a span that is cut goes on there."""
        piece = self.text[start:end]
        start += len(piece) - len(piece.lstrip())
        piece = piece.strip()
        end = start + len(piece)
        cut = [
            span.at(max(span.start, start) - start, min(span.end, end) - start)
            for span in self.spans
            if span.start < end and span.end > start
        ]
        return Marked(piece, _trimmed(piece, cut))

    def written(self) -> "Marked":
        """With the address of each link behind it, for those who show no links."""
        links = [span for span in self.spans if span.kind == "link"]
        if not links:
            return self
        addresses = [
            (span.end, span.end, f" ({span.value})")
            for span in links
            if not _says(self.text[span.start : span.end], span.value or "")
        ]
        return edited(self.text, addresses, [span for span in self.spans if span.kind != "link"])

    def marks(self) -> tuple[Mark, ...]:
        """Counted in UTF-16 units, as networks do."""
        spans = self.spans
        if spans and max(self.text) > _LAST_SINGLE:
            units = [0, *accumulate(2 if sign > _LAST_SINGLE else 1 for sign in self.text)]
            spans = tuple(one.at(units[one.start], units[one.end]) for one in spans)
        return tuple(
            Mark(kind=span.kind, offset=span.start, length=span.end - span.start, value=span.value)
            for span in spans
        )


def linkable(target: str) -> bool:
    """Networks refuse a page without a host; anything but these might run code."""
    try:
        address = urlsplit(target)
    except ValueError:
        return False
    if address.scheme in {"tel", "mailto"}:
        return bool(address.path)
    return address.scheme in {"http", "https"} and "." in (address.hostname or "")


def _says(label: str, address: str) -> bool:
    """`tienda.cl` says where `https://tienda.cl/` leads."""
    return address.partition("://")[2].rstrip("/") in label


def edited(text: str, edits: Iterable[Edit], spans: Iterable[Span]) -> Marked:
    """The text after all edits, and its spans where they now lie.

    What is put in where a span ends, or before it begins, is none of the span's.
    """
    pieces: list[str] = []
    starts, ends, shifts = [], [], [0]
    at = 0
    for start, end, instead in sorted(edits):
        if start < at:
            continue
        pieces += (text[at:start], instead)
        starts.append(start)
        ends.append(end)
        shifts.append(shifts[-1] + len(instead) - (end - start))
        at = end
    pieces.append(text[at:])

    def moved(place: int, *, begins: bool) -> int:
        passed = bisect_right(ends, place)
        while passed and not begins and starts[passed - 1] == place:
            passed -= 1
        torn = passed < len(starts) and starts[passed] < place
        return (starts[passed] if torn else place) + shifts[passed]

    result = "".join(pieces)
    found = [
        span.at(moved(span.start, begins=True), moved(span.end, begins=False)) for span in spans
    ]
    return Marked(result, _trimmed(result, found))


def _trimmed(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Networks refuse empty stretches, and move the ends of those that end in white space."""
    kept = []
    for span in spans:
        start, end = span.start, span.end
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start < end:
            kept.append(span.at(start, end))
    return tuple(kept)


def orderly(marked: Marked) -> Marked:
    """Without what networks cannot show: anything inside code, a thing inside of its like, code in
    a link; a bold line goes on behind the code in it."""
    found: list[Span] = []
    holes: dict[int, list[Span]] = {}
    around: list[int] = []
    for span in sorted(marked.spans, key=_outer_first):
        while around and found[around[-1]].end <= span.start:
            around.pop()
        outer = {found[place].kind for place in around}
        if outer & {"pre", "code", span.kind} or (span.kind == "code" and "link" in outer):
            continue
        inner = span.at(span.start, min(span.end, found[around[-1]].end)) if around else span
        if inner.kind in {"code", "pre"}:
            for place in around:
                holes.setdefault(place, []).append(inner)
        around.append(len(found))
        found.append(inner)
    spans = [
        part
        for place, span in enumerate(found)
        for part in (_around(span, holes.get(place, [])) if span.kind in _SHAPES else [span])
    ]
    return Marked(marked.text, tuple(sorted(_trimmed(marked.text, spans), key=_outer_first)))


def _outer_first(span: Span) -> tuple[int, int, int]:
    return span.start, -span.end, _RANK.index(span.kind)


def _around(span: Span, holes: list[Span]) -> list[Span]:
    starts = [span.start, *(hole.end for hole in holes)]
    ends = [*(hole.start for hole in holes), span.end]
    return [span.at(start, end) for start, end in zip(starts, ends, strict=True)]
