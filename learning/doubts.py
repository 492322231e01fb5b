"""Which messages of customers were hardly understood, the most frequent first. Pure."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from learning.labels import same
from nlu.parse import Parser

MANNERS: Final = frozenset({"greet", "thank", "leave", "agree", "decline", "help"})
LEAST_WORDS: Final = 2


@dataclass(frozen=True, slots=True)
class Heard:
    """A masked message, and what was made of it when it was answered."""

    training: UUID
    text: str
    intent: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Doubt:
    """`count` messages say the same; `training` is the newest of them."""

    text: str
    intent: str
    confidence: float
    training: UUID
    count: int


def doubts(
    heard: Iterable[Heard],
    parser: Parser,
    annotated: Collection[UUID],
    named: Callable[[str], UUID],
) -> list[Doubt]:
    """`heard` are the newest first; `named` tells by which id a person would have said what a text
    means. Greetings and thanks mean no business, and need no label."""
    together: dict[str, list[Heard]] = defaultdict(list)
    for one in heard:
        together[same(one.text)].append(one)
    found = [
        Doubt(
            text=lines[0].text,
            intent=lines[0].intent,
            confidence=min(line.confidence for line in lines),
            training=lines[0].training,
            count=len(lines),
        )
        for text, lines in together.items()
        if named(text) not in annotated and _means_business(lines[0].text, parser)
    ]
    return sorted(found, key=lambda one: (-one.count, one.confidence, one.text))


def _means_business(text: str, parser: Parser) -> bool:
    if len(text.split()) < LEAST_WORDS:
        return False
    acts = set(parser.parse(text).acts)
    return not acts or not acts <= MANNERS
