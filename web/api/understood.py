"""What a text was understood as."""

from typing import Any

from nlu.parse import Parsed
from web.api.shapes import Shown


class LikelyShown(Shown):
    intent: str
    confidence: float


class ParsedShown(Shown):
    """`by` is rules or classifier; `likely` are the likeliest intents, at most three."""

    intent: str
    category: str
    confidence: float
    slots: dict[str, Any]
    locale: str
    acts: list[str]
    by: str
    likely: list[LikelyShown]


def told(found: Parsed) -> ParsedShown:
    return ParsedShown(
        intent=found.intent,
        category=found.category,
        confidence=found.confidence,
        slots=found.slots,
        locale=found.locale,
        acts=list(found.acts),
        by=found.by,
        likely=[LikelyShown(intent=name, confidence=sure) for name, sure in found.likely],
    )
