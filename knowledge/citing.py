"""Turns passages into sources of a reply: what a model reads of them, and what is quoted."""

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from typing import Final

from knowledge.blocks import CELLS
from knowledge.chunking import sentences
from knowledge.pricing import Shelf
from knowledge.search import Hit
from llm.base import Source
from text.labels import harmless
from text.lexemes import lexemes

QUOTED: Final = 420
"""Characters of a quotation; a customer reads it on a phone."""
CHUNK_TOKENS: Final = 2_400
"""What may be read of the documents in one prompt; beyond it, of a chunk only its passage."""
_ITEM: Final = re.compile(r"[-*•·–] |\d{1,2}[.)] ")
_SPACE: Final = re.compile(r"\s+")


def cited(
    hits: Sequence[Hit],
    question: str,
    allowed: Collection[str] = (),
    shelf: Shelf | None = None,
) -> list[Source]:
    """The best first. Links to sites that are not `allowed` are left out, and so are orders to a
    model, and what a document says that a product of the `shelf` costs."""
    sources = []
    left = CHUNK_TOKENS
    for hit in hits:
        whole = hit.told.tokens <= left
        left -= hit.told.tokens if whole else 0
        text = _fit(hit.told.chunk if whole else hit.told.text, allowed, shelf)
        excerpt = quoted(_fit(hit.told.text, allowed, shelf), question)
        sources.append(_source(hit, question, text, excerpt))
    return sources


def placed(hit: Hit) -> str:
    """Where it stands: its document, and the headings above it."""
    title, heading = hit.told.title, hit.told.heading
    if not heading or heading == title:
        return title
    return heading if heading.startswith(f"{title} › ") else f"{title} › {heading}"


def _source(hit: Hit, question: str, text: str, excerpt: str) -> Source:
    return Source(
        kind="passage",
        id=str(hit.told.id),
        title=placed(hit),
        text=text,
        data={
            "excerpt": excerpt,
            "says": sorted(set(lexemes(question)).intersection(lexemes(hit.told.text))),
            "document": hit.told.title,
            "coverage": round(hit.coverage, 3),
            "near": hit.near,
            "cosine": None if hit.cosine is None else round(hit.cosine, 3),
            "score": round(hit.score, 5),
        },
    )


def quoted(text: str, question: str) -> str:
    """All of a short text, else from the sentence on that says most of what was asked."""
    asked = set(lexemes(question))
    said = [_SPACE.sub(" ", sentence) for sentence in sentences(text)]
    if _length(said) <= QUOTED:
        return _together(said)
    told = [asked.intersection(lexemes(sentence)) for sentence in said]
    best = max(range(len(said)), key=lambda place: (len(told[place]), -place))
    first = last = best
    while last + 1 < len(said) and _length(said[first : last + 2]) <= QUOTED:
        last += 1
    return _clipped(_together(said[first : last + 1]))


def _together(said: Sequence[str]) -> str:
    """One after the other; the items of a list and the rows of a table each on their line."""
    text = said[0] if said else ""
    for before, sentence in pairwise(said):
        apart = _ITEM.match(sentence) or CELLS in before or CELLS in sentence
        text += ("\n" if apart else " ") + sentence
    return text


def _length(said: Iterable[str]) -> int:
    return sum(len(sentence) + 1 for sentence in said)


def _clipped(text: str) -> str:
    if len(text) <= QUOTED:
        return text
    end = text.rfind(" ", 0, QUOTED)
    return text[: end if end > 0 else QUOTED].rstrip(",;:") + "…"


def _fit(text: str, allowed: Collection[str], shelf: Shelf | None) -> str:
    """Without what a document may not say: orders, strangers' links, a product's price."""
    text = harmless(text, tuple(allowed))
    return text if shelf is None else shelf.unpriced(text)
