"""What a shop's own reply handler is given, and how it is asked."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from uuid import UUID

from events.contents import Choice, Extra
from events.vocabulary import TurnReady
from knowledge.products import Index, Product
from llm.base import Message
from nlu.parse import Parsed

LONGEST_ID: Final = 64


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
    def action(self) -> str:
        """The id of the choice the customer tapped last; "" when they wrote."""
        return (self.event.messages[-1].action or "") if self.event.messages else ""

    @property
    def customer(self) -> UUID:
        return self.event.customer

    def products(self, text: str | None = None) -> tuple[Product, ...]:
        """The products this turn is about, or those that another text names."""
        if text is None:
            return self.mentioned
        return tuple(match.product for match in self.catalogue.find(text))


@dataclass(frozen=True, slots=True)
class Say:
    """An answer that is more than a text.

    `choices` go under the text as buttons, or as a list that `menu` names where they are many;
    each of `extras` (a file, a reaction, a template) is one more message after it.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    menu: str = ""
    extras: tuple[Extra, ...] = ()

    def __post_init__(self) -> None:
        """Where it is written is the place to hear what no network would take."""
        ids = [choice.id for choice in self.choices]
        if len(set(ids)) < len(ids):
            raise ValueError("two choices have one id")
        if any(not 0 < len(one.encode()) <= LONGEST_ID for one in ids):
            raise ValueError(f"the id of a choice has 1 to {LONGEST_ID} bytes")
        if not all(choice.title.strip() for choice in self.choices):
            raise ValueError("a choice needs a title")
        if self.choices and not self.text.strip():
            raise ValueError("choices need a text above them")


Predicate: TypeAlias = Callable[[Turn], bool]
Answer: TypeAlias = Callable[[Turn], Awaitable[str | Say | None]]


@dataclass(frozen=True, slots=True)
class Custom:
    """Asked before the default reply; an answer of None declines."""

    when: Predicate
    then: Answer


async def answered(handlers: tuple[Custom, ...], turn: Turn) -> Say | None:
    """The first answer anybody gives; one that says nothing leaves it to the default reply."""
    for handler in handlers:
        if handler.when(turn):
            answer = await handler.then(turn)
            if answer is not None:
                said = Say(answer) if isinstance(answer, str) else answer
                return said if said.text.strip() or said.extras else None
    return None
