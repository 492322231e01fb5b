"""What a shop's own reply handler is given, and how it is asked."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from events.vocabulary import TurnReady
from knowledge.products import Index, Product
from llm.base import Message
from nlu.parse import Parsed


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a customer as it was understood."""

    event: TurnReady
    text: str
    parsed: Parsed
    mentioned: tuple[Product, ...]
    catalogue: Index
    history: tuple[Message, ...]

    @property
    def intent(self) -> str:
        return self.parsed.intent

    @property
    def locale(self) -> str:
        return self.parsed.locale

    @property
    def slots(self) -> Mapping[str, Any]:
        return self.parsed.slots

    @property
    def customer(self) -> UUID:
        return self.event.customer

    def products(self, text: str | None = None) -> tuple[Product, ...]:
        """The products this turn is about, or those that another text names."""
        if text is None:
            return self.mentioned
        return tuple(match.product for match in self.catalogue.find(text))


Predicate: TypeAlias = Callable[[Turn], bool]
Answer: TypeAlias = Callable[[Turn], Awaitable[str | None]]


@dataclass(frozen=True, slots=True)
class Custom:
    """Asked before the default reply; an answer of None declines."""

    when: Predicate
    then: Answer


async def answered(handlers: tuple[Custom, ...], turn: Turn) -> str | None:
    """The first answer anybody gives."""
    for handler in handlers:
        if handler.when(turn):
            text = await handler.then(turn)
            if text is not None:
                return text
    return None
