"""How a reply looks on WhatsApp, whichever road it takes there: the signs its apps understand."""

from typing import Final

from bot.composing import composed
from bot.marked import Marked, Span
from events.contents import Composed

_SIGNS: Final = {"bold": "*", "italic": "_", "strike": "~", "code": "```", "pre": "```"}
_OF_LINES: Final = frozenset({"bold", "italic", "strike"})
_BEGINS, _ENDS = 1, 0


def compose(text: str) -> Composed:
    """Markdown as models write it becomes what WhatsApp shows; links stand behind their words."""
    return composed(text, as_written=rendered)


def rendered(marked: Marked) -> str:
    """Apps read a sign only at the edge of a word and on one line; others would be seen."""
    text = marked.text
    signs: list[tuple[int, int, int, str]] = []
    for depth, span in enumerate(marked.spans, 1):
        if span.kind == "quote":
            signs += [(line.start, _BEGINS, 0, "> ") for line in _lines(text, span)]
            continue
        sign = _SIGNS.get(span.kind)
        for piece in _lines(text, span) if span.kind in _OF_LINES else [span]:
            if sign is not None and _fits(text, piece, sign):
                signs.append((piece.start, _BEGINS, depth, sign))
                signs.append((piece.end, _ENDS, -depth, sign))
    pieces: list[str] = []
    at = 0
    for place, _, _, sign in sorted(signs):
        pieces += (text[at:place], sign)
        at = place
    return "".join((*pieces, text[at:]))


def _lines(text: str, span: Span) -> list[Span]:
    found, start = [], span.start
    for line in text[span.start : span.end].split("\n"):
        bare = line.strip()
        if bare:
            first = start + line.index(bare)
            found.append(span.at(first, first + len(bare)))
        start += len(line) + 1
    return found


def _fits(text: str, span: Span, sign: str) -> bool:
    if sign in text[span.start : span.end]:
        return False
    before, after = text[max(span.start - 1, 0) : span.start], text[span.end : span.end + 1]
    return not before.isalnum() and not after.isalnum()
