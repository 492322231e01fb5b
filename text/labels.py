"""What others wrote, made fit to stand among our own words: one line, no markup, no orders.

Names of contacts and products enter prompts, notices and orders; whoever wrote them must not be
able to begin a line there, to end a block, or to send people elsewhere.
"""

import re
from functools import lru_cache
from typing import Final

from text import links
from text.folding import clean
from text.injection import suspicions

NAME: Final = 80
_MARKUP: Final = re.compile(r"[<>‹›`\\{}«»]+|-{3,}|={3,}")
_SENTENCE: Final = re.compile(r"[^\n.!?…]*(?:[.!?…](?!\s|$)[^\n.!?…]*)*[.!?…]*[ \t]*\n*")


@lru_cache(maxsize=20_000)
def label(text: str, limit: int = NAME) -> str:
    """A name, and nothing but a name."""
    plain = clean(text, limit=4 * limit)
    plain = _MARKUP.sub(" ", links.without(plain))
    return clean(" ".join(plain.split()), limit=limit).strip()


@lru_cache(maxsize=20_000)
def harmless(text: str, sites: tuple[str, ...] = ()) -> str:
    """A text without the sentences that give a model orders, and without strangers' links."""
    text = clean(text, limit=len(text))
    if suspicions(text):
        kept = (one for one in _SENTENCE.findall(text) if not suspicions(one))
        text = "".join(kept)
        text = "" if suspicions(text) else text
    return links.without(text, sites)
