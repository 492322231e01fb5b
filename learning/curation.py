"""Which captured turns a shop's model may learn from, and why each other one is left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, TypeAlias
from uuid import UUID

import msgspec

from config.settings import CurationSettings
from knowledge.style import SOBER, WARM
from learning.personal import found
from learning.splits import Split
from learning.volatile import templated
from llm.base import Finding
from text.privacy import Recogniser
from text.tokens import reaches

Fact: TypeAlias = tuple[str, str, str]
"""Kind and title of what a reply rested on, and its role among the facts."""
Said: TypeAlias = tuple[str, str]
"""Who said it (`user` or `assistant`), and what."""
BANDS: Final = ("sober", "even", "warm")
BLAMED: Final = 2
_REMEMBERED: Final = 20_000
changed: Final = msgspec.structs.replace


class Example(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """One answered turn as far as learning is concerned; `answer` is the corrected one if any.

    `original` is what the bot had said before it was corrected. `demonstrated` answers were given
    by a person in the bot's place; `accepted` is what a person said of the row, None is nothing.
    """

    id: UUID
    shop: UUID
    customer: UUID
    at: datetime
    question: str
    answer: str
    original: str | None = None
    corrected: bool = False
    demonstrated: bool = False
    accepted: bool | None = None
    brought: bool = False
    intent: str = "general"
    category: str = "general"
    product_name: str | None = None
    locale: str = "es"
    tone: str = "neutral"
    intensity: float = 0.5
    score: int | None = None
    successful: bool = False
    latency_ms: int = 0
    failed: bool = False
    rejected: bool = False
    no_training: bool = False
    scrubbed: bool = True
    names: tuple[str, ...] = ()
    sources: tuple[Fact, ...] = ()
    history: tuple[Said, ...] = ()
    state: tuple[str, ...] = ()
    finding: Finding = "found"

    @property
    def band(self) -> str:
        if self.intensity <= SOBER:
            return "sober"
        return "warm" if self.intensity >= WARM else "even"

    @property
    def human(self) -> bool:
        """A person answered for it, in their own words."""
        return self.corrected or self.demonstrated


@dataclass(frozen=True, slots=True)
class Kept:
    """`weight` is how many rows of its intent and intensity this one stands for."""

    example: Example
    split: Split
    weight: float
    cluster: int


@dataclass(frozen=True, slots=True)
class Terms:
    """By what a shop's rows are judged; with `demands` a person has to allow each of them. Of
    what came after `settled` it is not known yet how it went on."""

    settings: CurationSettings
    recognisers: tuple[Recogniser, ...] = ()
    demands: bool = False
    settled: datetime | None = None


def settled(settings: CurationSettings, moment: datetime) -> datetime | None:
    """By a whole hour, so that a dataset of the same rows is the same for as long."""
    if not settings.settle_h:
        return None
    whole = moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return whole - timedelta(hours=settings.settle_h)


def taught(example: Example) -> Example:
    """Without what will not last."""
    history = tuple((who, _lasting(who, text)) for who, text in example.history)
    original = None if example.original is None else _templated(example.original)
    answer = _templated(example.answer)
    return changed(example, answer=answer, original=original, history=history)


def _lasting(who: str, text: str) -> str:
    return text if who == "user" else _templated(text)


_templated = lru_cache(_REMEMBERED)(templated)


def refusal(row: Example, terms: Terms) -> str | None:
    """Why a row may not be learned from. A person's answer makes up for delay or failure, and for
    the score of what they put right."""
    settings = terms.settings
    if row.no_training:
        return "no_training"
    if row.rejected or row.accepted is False:
        return "rejected"
    reason = _unwanted(row, settings) or _poor(row, settings)
    if reason is not None:
        return reason
    if not all(reaches(text, settings.min_tokens) for text in (row.question, row.answer)):
        return "short"
    if not anonymous(row, terms.recognisers):
        return "personal_data"
    vouched = row.accepted or (row.human and not row.brought)
    return None if vouched else _unsure(row, terms)


def _unwanted(row: Example, settings: CurationSettings) -> str | None:
    if settings.since is not None and row.at.date() < settings.since:
        return "too_old"
    if settings.sold and not row.successful:
        return "not_sold"
    return "other_intent" if settings.intents and row.intent not in settings.intents else None


def _poor(row: Example, settings: CurationSettings) -> str | None:
    low = row.score is not None and row.score < settings.min_score
    if row.human:
        return "low_score" if low and not row.corrected else None
    if row.failed:
        return "error"
    if row.score is None:
        return "unscored"
    if low:
        return "low_score"
    return "slow" if row.latency_ms >= settings.max_latency_ms else None


def _unsure(row: Example, terms: Terms) -> str | None:
    if terms.demands or row.brought:
        return "unaccepted"
    return "too_fresh" if terms.settled and row.at > terms.settled else None


def anonymous(row: Example, recognisers: Sequence[Recogniser]) -> bool:
    """Masked already: looking again finds nothing more."""
    texts = (row.question, row.answer)
    return row.scrubbed and not any(found(text, recognisers, row.names) for text in texts)


def blamed(row: Example, terms: Terms) -> bool:
    """Whether its answer shows how not to answer, beside one to the same question that is good."""
    poor = row.score is not None and row.score <= BLAMED and not row.human
    left = row.no_training or row.rejected or row.failed or row.accepted is False
    long = reaches(row.question, terms.settings.min_tokens) and bool(row.answer.strip())
    return poor and not left and long and anonymous(row, terms.recognisers)
