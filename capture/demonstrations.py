"""Which question of a customer a person of the shop answered: pure decisions over what was said.

A person answers what nobody had answered, the bot's "I do not know" and "a person will see to it"
included; what they quote; or, soon after the bot, what the bot got wrong. What they write without
having been asked teaches nothing. Several messages in a row are one answer: people greet first and
say the price second.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise, takewhile
from typing import Final, TypeAlias
from uuid import UUID

from events.happened import caused_by
from events.vocabulary import MessageDeleted, MessageEdited
from text.verdicts import stars

WAITED: Final = timedelta(days=3)
"""A weekend."""
CORRECTED: Final = timedelta(minutes=15)
ONE_ANSWER: Final = timedelta(hours=1)
LINES: Final = 24
"""How far back is looked."""
UNSPOKEN: Final = frozenset({"service", "unsupported"})
ASIDE: Final = frozenset({"notice", "csat", "thanks", "right"})
"""What the bot says to no question."""
NO_ANSWER: Final = (
    "unknown", "media_unreadable", "hand_over", "hand_over_closed", "hand_over_complaint",
    "hand_over_complaint_closed",
)  # fmt: skip
"""The pack's words for it, by which a reply's origin tells that the question is still open."""
Change: TypeAlias = tuple[MessageEdited | MessageDeleted, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One message, perhaps taken back (`gone`). `taught` is how far the training row goes that
    began with it, `changed` the place of its newest edit, `masks` the tags known in it. With
    `left_open` it was the bot's, and answered nothing."""

    id: UUID
    position: int
    author: str
    content: str
    text: str
    at: datetime
    turn: UUID | None = None
    platform_id: str | None = None
    purpose: str = "answer"
    masks: Mapping[str, str] | None = None
    changed: int = 0
    gone: bool = False
    left_open: bool = False
    taught: int | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """What a person of the shop said."""

    id: UUID
    position: int
    text: str
    at: datetime
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Lesson:
    """A row that begins with these words; both lists are the oldest first."""

    question: tuple[Line, ...]
    turn: UUID
    before: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class More:
    """The words go on with the answer that began with `line`."""

    line: Line


def taught(words: Words, said: Sequence[Line]) -> Lesson | More | None:
    """`said` is what was said before the words, the newest first."""
    graded = {line.id for line, asked in pairwise(said) if _grades(line, asked)}
    said = [line for line in said if _counts(line) and line.id not in graded]
    waiting = list(takewhile(_by_customer, said))
    quoted = _quoted(words, said)
    if quoted is not None and quoted not in waiting:
        return _lesson([quoted], said[said.index(quoted) + 1 :], None)
    if waiting:
        fresh = words.at - waiting[0].at <= WAITED
        return _lesson(waiting, said[len(waiting) :], None) if fresh else None
    if not said:
        return None
    if said[0].author == "human":
        return _more(words, said)
    if words.at - said[0].at > CORRECTED:
        return None
    asked = list(takewhile(_by_customer, said[1:]))
    return _lesson(asked, said[1 + len(asked) :], said[0].turn)


def as_it_stood(line: Line, changes: Iterable[Change], position: int) -> Line:
    """With the changes that are not written down yet and came before `position`."""
    for change, place in changes:
        known = line.gone or place <= max(line.position, line.changed) or place >= position
        if known or change.platform_id != line.platform_id:
            continue
        if isinstance(change, MessageEdited):
            line = replace(line, text=change.text, changed=place)
        else:
            line = replace(line, text="", gone=True)
    return line


def _grades(line: Line, asked: Line) -> bool:
    """The customer's answer to how content they are."""
    return asked.purpose == "csat" and _by_customer(line) and stars(line.text) is not None


def _counts(line: Line) -> bool:
    if line.author == "human":
        return line.content != "service" and (bool(line.text) or line.taught is not None)
    return line.content not in UNSPOKEN and line.purpose not in ASIDE and not line.left_open


def _by_customer(line: Line) -> bool:
    return line.author == "customer"


def _quoted(words: Words, said: Sequence[Line]) -> Line | None:
    if words.reply_to is None:
        return None
    found = (line for line in said if line.platform_id == words.reply_to)
    return next(filter(_by_customer, found), None)


def _more(words: Words, said: Sequence[Line]) -> More | None:
    own = takewhile(lambda line: line.author == "human", said)
    first = next((line for line in own if line.taught is not None), None)
    if first is None or words.at - first.at > ONE_ANSWER:
        return None
    return More(first)


def _lesson(asked: Sequence[Line], before: Sequence[Line], turn: UUID | None) -> Lesson | None:
    """A turn is called after the message that began it."""
    if not any(line.text for line in asked):
        return None
    question = tuple(reversed(asked))
    known = turn or caused_by(question[0].id, "turn")
    return Lesson(question, known, tuple(reversed(before)))
