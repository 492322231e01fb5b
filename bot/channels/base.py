"""What a channel is, and how sending may end.

A send ends as a value, never as an exception:
Accepted     the network has it
RetryAfter   the network asked us to wait; it was not delivered
Permanent    it can never be delivered (blocked, chat gone, refused)
Ambiguous    the answer was lost; it may have been delivered

ChannelError
├── ChannelRefused      wrong token, revoked account: stop this channel, the others go on
├── ChannelUnavailable  the network cannot be reached: try again later
└── NotStored           `ingest` could not keep an event now: offer it again, acknowledge nothing
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias
from uuid import UUID

from events.vocabulary import Happened


class ChannelError(Exception):
    """Something is wrong with a channel as a whole."""


class ChannelRefused(ChannelError):
    """The network does not accept our credentials."""


class ChannelUnavailable(ChannelError):
    """The network cannot be reached."""


class NotStored(ChannelError):
    """Nothing was made durable; the same event may be offered again at any time."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message to send. `key` is the same on every attempt, for networks that can use it."""

    key: str
    conversation: UUID
    chat: str
    text: str
    thread: str | None = None
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    platform_id: str


@dataclass(frozen=True, slots=True)
class RetryAfter:
    seconds: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Permanent:
    reason: str
    unreachable: bool = False


@dataclass(frozen=True, slots=True)
class Ambiguous:
    reason: str


SendResult: TypeAlias = Accepted | RetryAfter | Permanent | Ambiguous
Ingest: TypeAlias = Callable[[Happened], Awaitable[bool]]
"""Returns once the event is durable: True when new, False when it was already known.

Raises NotStored when that has to wait; a channel then keeps the event and offers it again.
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """A network's limit: `burst` at once, then one every `every_ms`. `of` names whom it counts."""

    of: str
    every_ms: int
    burst: int


class Channel(Protocol):
    """One account on one network.

    `account` is its key everywhere ("telegram:main"). `idempotent` says that sending a part twice
    with one key delivers it once. `limit` is the longest text in UTF-16 units. `dedupe_s` is how
    long the network may repeat a message.
    """

    @property
    def account(self) -> str: ...

    @property
    def idempotent(self) -> bool: ...

    @property
    def limit(self) -> int: ...

    @property
    def dedupe_s(self) -> int: ...

    async def receive(self, ingest: Ingest) -> None:
        """Run until cancelled. A message is acknowledged to its network only after `ingest`.

        Raises ChannelRefused when the credentials are wrong; waits through everything else.
        """
        ...

    async def send(self, part: Part) -> SendResult: ...

    def rates(self, part: Part) -> Sequence[Rate]:
        """What the gate charges for a send: first the account's own rate, then the chat's."""
        ...

    async def close(self) -> None: ...
