"""How far a reply got: what the events about it add up to. States only move forward."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeAlias
from uuid import UUID

from events.vocabulary import (
    DeliveryUpdated,
    ReplyDispatched,
    ReplyFailed,
    ReplySent,
    ReplyUncertain,
    ReplyWithheld,
)

STATES = ("dispatched", "uncertain", "withheld", "failed", "accepted", "sent")
"""What our own sender may say of a reply; the further one counts."""
ARRIVED = ("delivered", "read")
"""Once the network has said so, the message can no longer fail."""

Told: TypeAlias = ReplyDispatched | ReplySent | ReplyUncertain | ReplyFailed | ReplyWithheld
Reply: TypeAlias = tuple[UUID, UUID, UUID]
Sent: TypeAlias = tuple[UUID, UUID, str]


class Progress(NamedTuple):
    """`parts` is known from the moment of dispatch."""

    state: str
    at: datetime
    reason: str | None = None
    platform_ids: tuple[str, ...] = ()
    parts: int = 1

    def then(self, later: "Progress") -> "Progress":
        """Where two disagree the further one counts; two sent parts are both sent."""
        ahead = later if STATES.index(later.state) > STATES.index(self.state) else self
        parts = max(self.parts, later.parts)
        if not self.platform_ids:
            return Progress(ahead.state, ahead.at, ahead.reason, later.platform_ids, parts)
        news = tuple(id_ for id_ in later.platform_ids if id_ not in self.platform_ids)
        return Progress(ahead.state, ahead.at, ahead.reason, self.platform_ids + news, parts)


def progress(event: Told) -> Progress:
    match event:
        case ReplyDispatched():
            parts = max(len(event.parts) + len(event.extras), 1)
            return Progress("dispatched", event.at, parts=parts)
        case ReplySent():
            return Progress(event.state, event.at, None, event.platform_ids)
        case ReplyUncertain():
            return Progress("uncertain", event.at, event.reason)
        case ReplyWithheld():
            return Progress("withheld", event.at, event.reason)
        case ReplyFailed():
            return Progress("failed", event.at, event.reason)


def summed(events: Iterable[Told]) -> dict[Reply, Progress]:
    """One state per reply, by shop, conversation and reply id."""
    found: dict[Reply, Progress] = {}
    for event in events:
        key = event.shop, event.conversation, event.reply
        news, before = progress(event), found.get(key)
        found[key] = before.then(news) if before else news
    return found


@dataclass(frozen=True, slots=True)
class Status:
    """What the network said of one message of ours.

    `arrived` is the furthest it said of its arrival, whether or not that still counts: for a
    message that was known to have arrived before, a failure in between means nothing.
    """

    state: str
    at: datetime
    reason: str | None = None
    arrived: str | None = None
    arrived_at: datetime | None = None
    reply: UUID | None = None
    part: int | None = None

    @classmethod
    def of(cls, event: DeliveryUpdated) -> "Status":
        arrived = event.state if event.state in ARRIVED else None
        reason = event.reason if event.state == "failed" else None
        return cls(
            event.state, event.at, reason, arrived, event.at if arrived else None, event.reply,
            event.part,
        )  # fmt: skip

    def then(self, later: "Status") -> "Status":
        """Forward only: sent, delivered, read. A failure is final, unless it came too late."""
        moves = self.state == "sent" != later.state or (self.state, later.state) == ARRIVED
        counts = later if moves else self
        farther = self.arrived is None or (self.arrived, later.arrived) == ARRIVED
        arrival = later if farther and later.arrived else self
        return Status(
            counts.state,
            counts.at,
            counts.reason,
            arrival.arrived,
            arrival.arrived_at,
            self.reply or later.reply,
            self.part if self.part is not None else later.part,
        )


def statuses(events: Iterable[DeliveryUpdated]) -> dict[Sent, Status]:
    """One status per message of ours, by shop, conversation and platform id."""
    found: dict[Sent, Status] = {}
    for event in events:
        key = event.shop, event.conversation, event.platform_id
        news = Status.of(event)
        found[key] = found[key].then(news) if key in found else news
    return found
