"""A batch of deliveries by what they are; the order within a conversation is kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from capture.deliveries import Told
from events.effects import Delivered
from events.happened import Happened
from events.manners import (
    ConsentChanged,
    HandedOver,
    MediaRead,
    OrderChanged,
    SatisfactionGiven,
    SilenceChanged,
)
from events.vocabulary import (
    DeliveryUpdated,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    ReachabilityChanged,
    ReactionChanged,
    ReplyDispatched,
    ReplyFailed,
    ReplySent,
    ReplyUncertain,
    ReplyWithheld,
    UpdateUnsupported,
)

EventT = TypeVar("EventT", bound=Happened)
Placed: TypeAlias = tuple[EventT, int]
Dealing: TypeAlias = (
    SilenceChanged | HandedOver | OrderChanged | MediaRead | ConsentChanged | SatisfactionGiven
)
Changed: TypeAlias = MessageEdited | MessageDeleted


@dataclass(frozen=True, slots=True)
class Batch:
    """`spoken` is in the order of arrival, whoever spoke."""

    spoken: list[MessageReceived | ReplyDispatched] = field(default_factory=list)
    received: list[Placed[MessageReceived]] = field(default_factory=list)
    replies: list[Placed[ReplyDispatched]] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    changed: list[Placed[Changed]] = field(default_factory=list)
    statuses: list[Placed[DeliveryUpdated]] = field(default_factory=list)
    withheld: list[Placed[ReplyWithheld]] = field(default_factory=list)
    reactions: list[Placed[ReactionChanged]] = field(default_factory=list)
    reached: list[Placed[ReachabilityChanged]] = field(default_factory=list)
    unsupported: list[Placed[UpdateUnsupported]] = field(default_factory=list)
    dealings: list[Placed[Dealing]] = field(default_factory=list)

    @property
    def asides(self) -> Iterator[Placed[Happened]]:
        """What belongs to a conversation that somebody else must have begun."""
        for placed in (
            self.statuses, self.withheld, self.reactions, self.reached, self.unsupported,
            self.dealings,
        ):  # fmt: skip
            yield from placed

    @classmethod
    def of(cls, deliveries: Sequence[Delivered]) -> "Batch":
        batch = cls()
        for delivered in deliveries:
            batch._take(delivered.event, delivered.position)
        return batch

    def _take(self, event: Happened, position: int) -> None:
        match event:
            case MessageReceived():
                self.received.append((event, position))
                self.spoken.append(event)
            case ReplyDispatched():
                self.replies.append((event, position))
                self.told.append(event)
                self.spoken.append(event)
            case ReplySent() | ReplyUncertain() | ReplyFailed():
                self.told.append(event)
            case MessageEdited() | MessageDeleted():
                self.changed.append((event, position))
            case _:
                self._take_aside(event, position)

    def _take_aside(self, event: Happened, position: int) -> None:
        match event:
            case DeliveryUpdated():
                self.statuses.append((event, position))
            case ReplyWithheld():
                self.withheld.append((event, position))
                self.told.append(event)
            case ReactionChanged():
                self.reactions.append((event, position))
            case ReachabilityChanged():
                self.reached.append((event, position))
            case UpdateUnsupported():
                self.unsupported.append((event, position))
            case SilenceChanged() | HandedOver() | OrderChanged() | MediaRead():
                self.dealings.append((event, position))
            case ConsentChanged() | SatisfactionGiven():
                self.dealings.append((event, position))
            case _:
                pass
