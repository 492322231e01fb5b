"""A batch of deliveries by what they are; the order within a conversation is kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from capture.deliveries import Told
from events.effects import Delivered
from events.happened import Happened
from events.vocabulary import (
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    ReplyDispatched,
    ReplyFailed,
    ReplySent,
    ReplyUncertain,
    UpdateUnsupported,
)

EventT = TypeVar("EventT", bound=Happened)
Placed: TypeAlias = tuple[EventT, int]


@dataclass(frozen=True, slots=True)
class Batch:
    received: list[Placed[MessageReceived]]
    edited: list[Placed[MessageEdited]]
    deleted: list[Placed[MessageDeleted]]
    unsupported: list[Placed[UpdateUnsupported]]
    replies: list[Placed[ReplyDispatched]]
    told: list[Told]

    @property
    def spoken(self) -> Iterator[MessageReceived | ReplyDispatched]:
        yield from (event for event, _ in self.received)
        yield from (event for event, _ in self.replies)

    @classmethod
    def of(cls, deliveries: Sequence[Delivered]) -> "Batch":
        batch = cls([], [], [], [], [], [])
        for delivered in deliveries:
            batch._take(delivered.event, delivered.position)
        return batch

    def _take(self, event: Happened, position: int) -> None:
        match event:
            case MessageReceived():
                self.received.append((event, position))
            case ReplyDispatched():
                self.replies.append((event, position))
                self.told.append(event)
            case ReplySent() | ReplyUncertain() | ReplyFailed():
                self.told.append(event)
            case MessageEdited():
                self.edited.append((event, position))
            case MessageDeleted():
                self.deleted.append((event, position))
            case UpdateUnsupported():
                self.unsupported.append((event, position))
            case _:
                pass
