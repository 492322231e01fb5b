"""Tells open pages what was written down: a few lines for a batch, after it is committed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from events.effects import BatchHandler, Delivered, Outcome, Retry
from events.happened import Happened
from events.manners import HandedOver, OrderChanged, SilenceChanged
from events.vocabulary import FollowUpCaptured
from services.news import News

MOST: Final = 20
"""Conversations that a line names; a page that looks at one asks anew all the same."""
KINDS: Final[Mapping[type[Happened], str]] = {
    HandedOver: "handoff",
    SilenceChanged: "handoff",
    OrderChanged: "order",
    FollowUpCaptured: "review",
}
"""All else is part of what was said."""


@dataclass(frozen=True, slots=True)
class Heralded:
    """A stage's handler, whose batches are told of. What has to be tried again is not."""

    handle: BatchHandler
    news: Callable[[UUID], News]

    async def on_batch(self, deliveries: Sequence[Delivered]) -> Sequence[Outcome]:
        outcomes = await self.handle(deliveries)
        done = [
            one.event
            for one, outcome in zip(deliveries, outcomes, strict=True)
            if not isinstance(outcome, Retry)
        ]
        for (shop, kind), talks in told(done).items():
            ids = " ".join(map(str, talks[:MOST]))
            await self.news(shop).tell(kind, conversations=ids)
        return outcomes


def told(events: Sequence[Happened]) -> Mapping[tuple[UUID, str], Sequence[UUID]]:
    """The conversations of each kind of news, each once, in the order of their events."""
    found: dict[tuple[UUID, str], dict[UUID, None]] = {}
    for event in events:
        kind = KINDS.get(type(event), "message")
        found.setdefault((event.shop, kind), {})[event.conversation] = None
    return {key: list(talks) for key, talks in found.items()}
