"""Finds words that customers use and the bot does not know, in what was really said. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from text.folding import tokenise
from text.stemming import stem

LEAST: Final = 3
"""Conversations in which a word has to occur."""
SHORTEST: Final = 4
SHOWN: Final = 3
EXAMPLE: Final = 200
POOR: Final = 2
"""From this score down an answer did not help."""
MOST: Final = 100
_MASK: Final = re.compile(r"\[[A-Z][A-Z_]{0,30}_[0-9]{1,6}\]|https?://\S+|\S+@\S+")


@dataclass(frozen=True, slots=True)
class Said:
    """A masked message and whether its answer helped: `lost` when not, None when nobody knows."""

    conversation: UUID
    text: str
    at: datetime
    lost: bool | None


@dataclass(frozen=True, slots=True)
class Mined:
    """`lost` is the part of the judged turns with this word whose answer did not help."""

    word: str
    conversations: int
    lost: float
    messages: tuple[str, ...]
    first: datetime
    last: datetime


@dataclass(slots=True)
class _Seen:
    spellings: Counter[str] = field(default_factory=Counter)
    conversations: set[UUID] = field(default_factory=set)
    turns: list[Said] = field(default_factory=list)


def mine(said: Iterable[Said], known: Callable[[str], bool], *, least: int = LEAST) -> list[Mined]:
    """Words by stem that are unknown, occur in several conversations, and stand more often than
    others where the answer did not help. The most frequent first."""
    seen: dict[str, _Seen] = defaultdict(_Seen)
    judged: list[bool] = []
    for one in said:
        if one.lost is not None:
            judged.append(one.lost)
        for word in _words(one.text):
            _note(seen[stem(word)], word, one)
    usual = sum(judged) / len(judged) if judged else 0.0
    mined = [
        _told(found)
        for stemmed, found in seen.items()
        if len(found.conversations) >= least and not known(stemmed)
    ]
    kept = [one for one in mined if one.lost > usual or one.lost == 1.0]
    return sorted(kept, key=lambda one: (-one.conversations, -one.lost, one.word))[:MOST]


def was_lost(score: int | None, confidence: float, *, about_product: bool) -> bool | None:
    """A poor score, or an answer to something that was not understood."""
    if score is not None:
        return score <= POOR
    return True if confidence == 0 and not about_product else None


def _words(text: str) -> set[str]:
    tokens = tokenise(_MASK.sub(" ", text))
    return {token for token in tokens if len(token) >= SHORTEST and token.isalpha()}


def _note(found: _Seen, word: str, one: Said) -> None:
    found.spellings[word] += 1
    found.conversations.add(one.conversation)
    found.turns.append(one)


def _told(found: _Seen) -> Mined:
    judged = [one.lost for one in found.turns if one.lost is not None]
    moments = [one.at for one in found.turns]
    return Mined(
        word=min(found.spellings, key=lambda word: (-found.spellings[word], word)),
        conversations=len(found.conversations),
        lost=sum(judged) / len(judged) if judged else 0.0,
        messages=_examples(found.turns),
        first=min(moments),
        last=max(moments),
    )


def _examples(turns: Sequence[Said]) -> tuple[str, ...]:
    """Of different conversations, the newest first, those that were lost before the others."""
    ranked = sorted(turns, key=lambda one: (not one.lost, -one.at.timestamp()))
    chosen: dict[UUID, str] = {}
    for one in ranked:
        chosen.setdefault(one.conversation, " ".join(one.text.split())[:EXAMPLE])
    return tuple(dict.fromkeys(chosen.values()))[:SHOWN]
