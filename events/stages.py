"""What a stage is to the consumer: a group, the kinds it handles, and how it wants them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from events.answers import Held
from events.effects import BatchHandler, Handler, Outcome
from events.happened import Happened

FencedHandler: TypeAlias = Callable[[Any, Held], Awaitable[Outcome]]
"""A handler that acts on the world under its partition's token: the sender."""


def never(_running: Happened, _arrived: Happened) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Lanes:
    """One event at a time per conversation, many conversations at once.

    `supersedes(running, arrived)` lets a newer event cancel the handling of an older one.
    """

    group: str
    handlers: Mapping[type[Happened], Handler[Any]] = field(default_factory=dict)
    fenced: Mapping[type[Happened], FencedHandler] = field(default_factory=dict)
    supersedes: Callable[[Happened, Happened], bool] = never

    @property
    def kinds(self) -> str:
        return _filter([*self.handlers, *self.fenced])

    async def handle(self, event: Happened, held: Held) -> Outcome:
        fenced = self.fenced.get(type(event))
        if fenced is not None:
            return await fenced(event, held)
        handler = self.handlers.get(type(event)) or self.handlers[Happened]
        return await handler(event)


@dataclass(frozen=True, slots=True)
class Batches:
    """Whatever has arrived, of all conversations, each conversation in order."""

    group: str
    accepts: frozenset[type[Happened]]
    handler: BatchHandler
    size: int = 300
    linger_s: float = 0.05

    @property
    def kinds(self) -> str:
        return _filter(list(self.accepts))


Stage: TypeAlias = Lanes | Batches


def _filter(kinds: list[type[Happened]]) -> str:
    return "*" if Happened in kinds else "," + ",".join(kind.__name__ for kind in kinds) + ","
