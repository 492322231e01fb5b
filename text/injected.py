"""Words that were put where facts belong: orders to a model, links to elsewhere."""

import re
from typing import Final

from text.folding import fold

_LINK: Final = re.compile(
    r"https?://|www\.|\b[\w-]+\.(?:com|net|org|cl|mx|co|ar|io|ly)\b", re.IGNORECASE
)
_ORDER: Final = re.compile(
    r"\bignor(?:a|e|en)\b.{0,30}\b(?:instruc|regla|anterior|previous|rules|above|all)"
    r"|\b(?:olvida|forget|disregard)\b.{0,30}\b(?:instruc|regla|anterior|previous|rules)"
    r"|\b(?:system|sistema)\s*(?:prompt|:)|\bprompt\b|<\|\w+\|>"
    r"|</?(?:system|sistema|datos|user|usuario|assistant|inst|sys)\b"
    r"|\b(?:a partir de ahora|from now on|actua como|act as|you are now|eres un asistente)\b"
    r"|\b(?:responde|contesta|di|dile|answer|reply|tell)\b.{0,20}"
    r"\b(?:siempre|always|a todos|al cliente|the customer|every)\b"
    r"|\b(?:asistente|assistant|bot)\s*:"
)


def links(text: str) -> bool:
    return _LINK.search(text) is not None


def orders(text: str) -> bool:
    """Whether a text speaks to a language model instead of to people: by rules, so not always."""
    return _ORDER.search(fold(text)) is not None
