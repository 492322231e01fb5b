"""Whether the business's own answer is told, what its documents say, or one beside the other. Pure.

A passage may hold a question's words and be about something else: `¿dónde queda la tienda?` stands
in what the shop says of payments. So it takes the place of an answer that somebody wrote for this
very wish only where it means about the same as the question, and the answer has none of its words.
"""

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from llm.base import Source
from text.lexemes import lexemes

Telling: TypeAlias = Literal["own", "passage", "both"]
SURE: Final = 0.5
"""A passage that holds this part of a question says what was asked for."""


def telling(question: str, told: str, sources: Sequence[Source]) -> Telling:
    """`told` is what the rows of the catalogue and the business's answers say."""
    passage = next((one for one in sources if one.kind == "passage"), None)
    if passage is None or not _says_more(passage, told):
        return "own"
    answers = [one for one in sources if one.kind == "answer"]
    if not answers:
        return "passage"
    asked = set(lexemes(question))
    bearing = [one for one in answers if asked.intersection(lexemes(f"{one.title} {one.text}"))]
    if passage.data["near"]:
        return "both" if bearing else "passage"
    return "both" if len(bearing) == len(answers) else "own"


def _says_more(passage: Source, told: str) -> bool:
    """Whether it holds much of the question, and of that something that is not told yet."""
    if not passage.data["excerpt"] or passage.data["coverage"] < SURE:
        return False
    return not set(passage.data["says"]) <= set(lexemes(told))
