"""What the words of a customer's next message say, to everyone here who reads words."""

import hashlib
import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from evaluation.combining import LEXICON, TRAINED
from evaluation.scoring import NO_SIGNAL, Judgement, Signal, score_follow_up
from evaluation.trained import TrainedScorer

WORDLESS: Final = frozenset({"sticker", "location", "contact", "service", "unsupported"})
LEXICON_VERSION: Final = 1
"""Grows with every change of the rules; older judgements stay beside newer ones. A shop's own
signals come and go within one: whoever judges again puts what they say now in its place."""


@dataclass(frozen=True, slots=True)
class Learned:
    """A shop's trained scorer that is in use, and its version."""

    version: int
    scorer: TrainedScorer


@dataclass(frozen=True, slots=True)
class Voice:
    scorer: str
    version: int
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Said:
    """A message and the reply it follows. `content` is the kind of message."""

    text: str
    reply: str | None = None
    content: str = "text"


def fingerprint(signals: Sequence[Signal]) -> str:
    """Of what is heard besides the lexicon; another one when a signal comes, goes or changes."""
    return hashlib.sha256("\n".join(map(_read, signals)).encode()).hexdigest()[:12]


def _read(signal: Signal) -> str:
    """As it is written; a callable that is no function says of itself what it is."""
    try:
        return inspect.getsource(signal)
    except (OSError, TypeError):
        return repr(signal)


def voices(said: Said, signals: Sequence[Signal], learned: Learned | None) -> tuple[Voice, ...]:
    """The lexicon's, and that of the trained scorer where there is one."""
    if said.content in WORDLESS:
        return (Voice(LEXICON, LEXICON_VERSION, NO_SIGNAL),)
    lexicon = score_follow_up(said.text, reply=said.reply, extra=signals)
    own = Voice(LEXICON, LEXICON_VERSION, lexicon)
    if learned is None:
        return (own,)
    return own, Voice(TRAINED, learned.version, learned.scorer.judge(said.text, lexicon))
