"""How far a reply got: what the events about it add up to. States only move forward."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from events.vocabulary import ReplyDispatched, ReplyFailed, ReplySent, ReplyUncertain

STATES = ("dispatched", "uncertain", "failed", "sent")

Told: TypeAlias = ReplyDispatched | ReplySent | ReplyUncertain | ReplyFailed


@dataclass(frozen=True, slots=True)
class Progress:
    state: str
    at: datetime
    reason: str | None = None
    platform_ids: tuple[str, ...] = ()

    def then(self, later: "Progress") -> "Progress":
        """Where two disagree the further one counts; two sent parts are both sent."""
        if STATES.index(later.state) > STATES.index(self.state):
            return later
        if self.state == later.state == "sent":
            news = tuple(id_ for id_ in later.platform_ids if id_ not in self.platform_ids)
            return Progress("sent", self.at, None, self.platform_ids + news)
        return self


def progress(event: Told) -> Progress:
    match event:
        case ReplyDispatched():
            return Progress("dispatched", event.at)
        case ReplySent():
            return Progress("sent", event.at, None, event.platform_ids)
        case ReplyUncertain():
            return Progress("uncertain", event.at, event.reason)
        case ReplyFailed():
            return Progress("failed", event.at, event.reason)


def summed(events: Iterable[Told]) -> dict[tuple[UUID, UUID], Progress]:
    """One state per reply, by shop and reply id."""
    found: dict[tuple[UUID, UUID], Progress] = {}
    for event in events:
        key = event.shop, event.reply
        news = progress(event)
        found[key] = found[key].then(news) if key in found else news
    return found
