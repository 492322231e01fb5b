"""What programs may have done that needs more than the store: handed in by who composes the bot."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from config.settings import Settings
from events.vocabulary import ReplyDrafted
from jobs.schedule import Run
from knowledge.ingest import Ingest
from llm.base import LanguageModel

Offer: TypeAlias = Callable[[Run], Awaitable[object]]
"""To a worker; where none can be told now, the schedule tells it later."""
Ask: TypeAlias = Callable[[str], Awaitable[ReplyDrafted | None]]
"""A question answered as a customer would be, and sent to nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """`hosted` reads prompts; None where no provider has a key. `patience_s` is how long a
    request that has to wait for a job does so."""

    settings: Settings
    ingest: Ingest
    offer: Offer
    ask: Ask
    hosted: LanguageModel | None = None
    patience_s: float = 20.0
