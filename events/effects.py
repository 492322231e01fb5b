"""What a handler gives back: effects to apply with the acknowledgement, or a wish to wait."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, TypeVar
from uuid import UUID

from events.contents import MediaReading
from events.happened import Happened
from events.vocabulary import TurnReady

EventT = TypeVar("EventT", bound=Happened)


@dataclass(frozen=True, slots=True)
class Timer:
    """An event that is appended `after_ms` from now, unless the same key is set again first."""

    key: str
    after_ms: int
    event: Happened


@dataclass(frozen=True, slots=True)
class Join:
    """Put this message into the conversation's open turn and (re)start the turn's timer.

    `ready` is the TurnReady of a turn that begins with this message; the finishing script puts the
    turn's id, revision and messages in its place when a turn is already open; one that holds a
    `question` already waits `after_question_ms` instead of `wait_ms`. Messages together
    never wait longer than `longest_ms`; a turn with a `pending` file waits for what is in it, at
    most `media_ms`. A `reading` joins the turn that has its message; where that turn is over, words
    begin one of their own and a problem is dropped.
    `wanted` is one more event, appended with it.
    """

    ready: TurnReady
    wait_ms: int
    after_question_ms: int = 0
    question: bool = False
    longest_ms: int = 60_000
    media_ms: int = 60_000
    pending: bool = False
    reading: MediaReading | None = None
    wanted: Happened | None = None


@dataclass(frozen=True, slots=True)
class Effects:
    """Applied by the finishing script atomically with the acknowledgement.

    `closes` ends a turn that gets no reply, or whichever is open, before it is ready; `forget`
    drops the claims of drafts that are settled.
    `notes` is what is remembered of the conversation for 30 days; an empty value is forgotten.
    """

    events: Sequence[Happened] = ()
    timers: Sequence[Timer] = ()
    join: Join | None = None
    closes: UUID | Literal["open"] | None = None
    forget: Sequence[UUID] = ()
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Retry:
    """A dependency is down: wait and try again. It never counts as a delivery."""

    after: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Delivered:
    """An event with its place in the stream: larger is later, within one conversation."""

    event: Happened
    position: int


NOTHING = Effects()
Outcome: TypeAlias = Effects | Retry
Handler: TypeAlias = Callable[[EventT], Awaitable[Outcome]]
BatchHandler: TypeAlias = Callable[[Sequence[Delivered]], Awaitable[Sequence[Outcome]]]
"""Gets events of many conversations, each conversation in order; answers one outcome for each."""
