"""What a channel is, and how sending may end.

A send ends as a value, never as an exception:
Accepted     the network has it
RetryAfter   the network asked us to wait; it was not delivered
Permanent    it can never be delivered (blocked, chat gone, refused)
Ambiguous    the answer was lost; it may have been delivered

ChannelError
├── ChannelRefused      wrong token, revoked account: stop this channel, the others go on
├── ChannelUnavailable  the network cannot be reached: try again later
├── NotStored           `ingest` could not keep an event now: offer it again, acknowledge nothing
└── MediaError          a customer's file cannot be had
    ├── MediaTooLarge   it is larger than we take
    └── MediaGone       the network no longer has it
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, runtime_checkable
from uuid import UUID

from events.contents import Choice, Composed, Extra, Mark
from events.happened import Happened


class ChannelError(Exception):
    """Something is wrong with a channel as a whole."""


class ChannelRefused(ChannelError):
    """The network does not accept our credentials."""


class ChannelUnavailable(ChannelError):
    """The network cannot be reached."""


class NotStored(ChannelError):
    """Nothing was made durable; the same event may be offered again at any time."""


class MediaError(ChannelError):
    """A file cannot be had."""


class MediaTooLarge(MediaError):
    """It is larger than we take."""


class MediaGone(MediaError):
    """The network no longer has it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message to send: a text, or an `extra` (then `text` is empty).

    `key` ("<reply>:<part>") is the same on every attempt, for networks that can use it. `menu`
    names a list of choices that is too long for buttons. Who sends by a plain text alone may leave
    `marks` out, and must add the choices' titles to the text. `cites` are the documents it rests
    on, and `human` and `by` who of the
    shop wrote it, for those who have a place to show them.
    """

    key: str
    conversation: UUID
    chat: str
    text: str
    thread: str | None = None
    reply_to: str | None = None
    marks: tuple[Mark, ...] = ()
    choices: tuple[Choice, ...] = ()
    menu: str = ""
    extra: Extra | None = None
    cites: tuple[str, ...] = ()
    human: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    platform_id: str


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """`alone` when the network said that it is about this chat and no other."""

    seconds: float
    reason: str = ""
    alone: bool = False


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


# What a channel may offer besides; those that cannot simply lack the method.


@dataclass(frozen=True, slots=True)
class Call:
    """What a network sent to our address, as it came; header names are in lower case."""

    method: str
    body: bytes
    headers: Mapping[str, str]
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    text: str = ""


Hook: TypeAlias = Callable[[Call], Awaitable[Answer]]
"""Takes one call of the network. Says 200 only of what is stored; when it raises, which is a bug of
ours, the network hears 500 and comes again."""


@runtime_checkable
class Called(Protocol):
    """Its network calls us. `path` ("/telegram/…") is None while it does not, as when it polls."""

    @property
    def path(self) -> str | None: ...

    def webhook(self, ingest: Ingest) -> Hook: ...


@runtime_checkable
class Composing(Protocol):
    """Writes texts in its network's own way; others get plain text, split at `limit`."""

    def compose(self, text: str) -> Composed: ...


@runtime_checkable
class Attentive(Protocol):
    """Can show that the message was read and an answer is being written."""

    async def attend(self, chat: str, thread: str | None, platform_id: str | None) -> None:
        """Best effort: never raises, gives up within seconds."""
        ...


@runtime_checkable
class Downloading(Protocol):
    """Fetches the files customers send."""

    def download(self, ref: str, limit: int) -> AsyncIterator[bytes]:
        """Chunks of the file `Media.ref` names. Raises MediaTooLarge before more than `limit`
        bytes were given, MediaGone when the network no longer has it, ChannelUnavailable."""
        ...


@runtime_checkable
class Windowed(Protocol):
    """Free answers only within `window_s` of the customer's last message; afterwards a template."""

    @property
    def window_s(self) -> int: ...


@runtime_checkable
class Paced(Protocol):
    """Writes no faster than a person: networks watch for those who do."""

    def pause_s(self, part: Part) -> float:
        """How long a person would take to write it; the same at every attempt."""
        ...


@runtime_checkable
class Tracked(Protocol):
    """How to treat a send whose answer was lost.

    `repeats`: "never" sends no part twice; "after_status" waits `status_s` for the network to tell
    by itself, and sends again only when it does not. Without this trait a part goes once more.
    """

    @property
    def repeats(self) -> Literal["never", "after_status"]: ...

    @property
    def status_s(self) -> float: ...
