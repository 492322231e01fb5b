"""Turns passages into sources of a reply: what a model reads of them, and what is quoted."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Final
from urllib.parse import urlsplit

from knowledge.chunking import sentences
from knowledge.search import Hit
from llm.base import Source
from text.injection import links
from text.lexemes import lexemes

QUOTED: Final = 420
"""Characters of a quotation; a customer reads it on a phone."""
CHUNK_TOKENS: Final = 2_400
"""What may be read of the documents in one prompt; beyond it, of a chunk only its passage."""
_SPACE: Final = re.compile(r"\s+")


def cited(hits: Sequence[Hit], question: str, allowed: Collection[str] = ()) -> list[Source]:
    """The best first. Links to sites that are not `allowed` are left out."""
    sources = []
    left = CHUNK_TOKENS
    for hit in hits:
        whole = hit.told.tokens <= left
        left -= hit.told.tokens if whole else 0
        text = _unlinked(hit.told.chunk if whole else hit.told.text, allowed)
        excerpt = quoted(_unlinked(hit.told.text, allowed), question)
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
            "cosine": None if hit.cosine is None else round(hit.cosine, 3),
            "score": round(hit.score, 5),
        },
    )


def quoted(text: str, question: str) -> str:
    """All of a short text, else from the sentence on that says most of what was asked."""
    asked = set(lexemes(question))
    said = [_SPACE.sub(" ", sentence) for sentence in sentences(text)]
    if _length(said) <= QUOTED:
        return " ".join(said)
    told = [asked.intersection(lexemes(sentence)) for sentence in said]
    best = max(range(len(said)), key=lambda place: (len(told[place]), -place))
    first = last = best
    while last + 1 < len(said) and _length(said[first : last + 2]) <= QUOTED:
        last += 1
    return _clipped(" ".join(said[first : last + 1]))


def _length(said: Iterable[str]) -> int:
    return sum(len(sentence) + 1 for sentence in said)


def _clipped(text: str) -> str:
    if len(text) <= QUOTED:
        return text
    end = text.rfind(" ", 0, QUOTED)
    return text[: end if end > 0 else QUOTED].rstrip(",;:") + "…"


def _unlinked(text: str, allowed: Collection[str]) -> str:
    for link in sorted(links(text), key=len, reverse=True):
        site = _site(link)
        if not any(site == one or site.endswith(f".{one}") for one in allowed):
            text = text.replace(link, "")
    return text


def _site(link: str) -> str:
    """Empty for what leads who knows where: browsers take `\\` for `/`, and we do not."""
    if "\\" in link:
        return ""
    try:
        return urlsplit(link if "//" in link else f"//{link}").hostname or ""
    except ValueError:
        return ""
