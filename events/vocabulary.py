"""What can happen, in the past tense: the only words the stages share.

Ids derive from their cause (`caused_by`), so a redelivered cause yields the same event again and
nothing is done twice. Field order, defaults and names are the wire format: add, never rename.
"""

from datetime import datetime
from typing import ClassVar, Literal, TypeAlias, TypedDict
from uuid import UUID, uuid5

import msgspec

from events.contents import Content, Generation, Media, Sender, TurnMessage

Author: TypeAlias = Literal["customer", "bot", "human"]

NAMESPACE = UUID("a94e1d35-0b7c-5c0e-9c7e-61d27c1bd0a1")


class Happened(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The envelope every event carries; `at` is the platform's time, `received_at` ours."""

    v: ClassVar[int] = 1

    id: UUID
    shop: UUID
    account: str
    conversation: UUID
    request_id: UUID
    turn: UUID | None = None
    at: datetime
    received_at: datetime


class MessageReceived(Happened, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody wrote. `text` holds captions and button titles too; `action` the button's id."""

    customer: UUID
    chat: str
    thread: str | None = None
    platform_id: str
    sender: Sender
    author: Author = "customer"
    content: Content = "text"
    text: str = ""
    action: str | None = None
    media: tuple[Media, ...] = ()
    reply_to: str | None = None
    quote: str | None = None
    album: str | None = None
    start: str | None = None
    flags: frozenset[str] = frozenset()
    addressed: bool = True
    raw: str | None = None


class MessageEdited(Happened, frozen=True, kw_only=True, omit_defaults=True):
    chat: str
    platform_id: str
    text: str
    raw: str | None = None


class MessageDeleted(Happened, frozen=True, kw_only=True, omit_defaults=True):
    chat: str
    platform_id: str
    raw: str | None = None


class ReactionChanged(Happened, frozen=True, kw_only=True, omit_defaults=True):
    """`emoji` is None when the reaction was taken back."""

    chat: str
    platform_id: str
    sender: Sender
    emoji: str | None = None
    raw: str | None = None


class ReachabilityChanged(Happened, frozen=True, kw_only=True, omit_defaults=True):
    """The customer blocked the bot, or let it back in."""

    chat: str
    reachable: bool
    raw: str | None = None


class ChatMigrated(Happened, frozen=True, kw_only=True, omit_defaults=True):
    """A group got a new platform id; the conversation keeps ours."""

    chat: str
    new_chat: str
    raw: str | None = None


class UpdateUnsupported(Happened, frozen=True, kw_only=True, omit_defaults=True):
    """The network sent what we do not understand; it is kept and harms nobody."""

    reason: str
    chat: str | None = None
    raw: str | None = None


class TurnReady(Happened, frozen=True, kw_only=True, omit_defaults=True):
    """The customer has finished speaking; `turn` names the turn, `revision` counts its messages."""

    customer: UUID
    chat: str
    thread: str | None = None
    locale: str | None = None
    revision: int
    messages: tuple[TurnMessage, ...]


class Drafted(Happened, frozen=True, kw_only=True, omit_defaults=True):
    """What a reply is, before and after it has left. `parts` are the messages it travels in."""

    customer: UUID
    chat: str
    thread: str | None = None
    author: Literal["bot", "human"] = "bot"
    revision: int = 1
    text: str
    parts: tuple[str, ...]
    question: str = ""
    answers: tuple[UUID, ...] = ()
    asked_at: datetime | None = None
    reply_to: str | None = None
    sensitive: bool = False
    generation: Generation = Generation()


class ReplyDrafted(Drafted, frozen=True, kw_only=True, omit_defaults=True):
    """A reply wants to leave. Its id is the reply's id; the sender sees that it leaves once."""


class ReplyDispatched(Drafted, frozen=True, kw_only=True, omit_defaults=True):
    """The claim was granted and the network call is about to begin; `reply` is the draft's id."""

    reply: UUID


class ReplySent(Happened, frozen=True, kw_only=True, omit_defaults=True):
    reply: UUID
    author: Literal["bot", "human"] = "bot"
    platform_ids: tuple[str, ...] = ()


class ReplyUncertain(Happened, frozen=True, kw_only=True, omit_defaults=True):
    """The network may or may not have delivered; nobody may send it again by themselves."""

    reply: UUID
    reason: str


class ReplyFailed(Happened, frozen=True, kw_only=True, omit_defaults=True):
    reply: UUID
    reason: str


class ReplyWithheld(Happened, frozen=True, kw_only=True, omit_defaults=True):
    """Not sent on purpose: a person spoke, or the customer went on writing."""

    reply: UUID
    reason: Literal["silenced", "stale"]


class FollowUpCaptured(Happened, frozen=True, kw_only=True, omit_defaults=True):
    """The customer's next message was paired with the reply before it. Texts carry no PII."""

    training_id: UUID
    follow_up: UUID
    question: str
    reply_text: str
    text: str
    content: Content = "text"


class ReplyScored(Happened, frozen=True, kw_only=True, omit_defaults=True):
    training_id: UUID
    score: int | None
    label: str
    confidence: float
    successful: bool
    evidence: tuple[str, ...] = ()


def kinds() -> dict[str, type[Happened]]:
    """Every event by its name on the wire, which is the name of its class."""
    found: dict[str, type[Happened]] = {}
    waiting = [Happened]
    while waiting:
        for event in waiting.pop().__subclasses__():
            waiting.append(event)
            if event is not Drafted:
                found[event.__name__] = event
    return found


def caused_by(cause: UUID, name: str) -> UUID:
    """The id of what follows from a cause. Redelivery yields the same id, so it changes nothing."""
    return uuid5(cause, name)


class Envelope(TypedDict):
    """The fields every event carries, ready to be passed on."""

    id: UUID
    shop: UUID
    account: str
    conversation: UUID
    request_id: UUID
    turn: UUID | None
    at: datetime
    received_at: datetime


def following(cause: Happened, name: str, at: datetime, *, of: UUID | None = None) -> Envelope:
    """The envelope of what follows from an event; its id derives from `of`, or the event's own."""
    return Envelope(
        id=caused_by(of or cause.id, name),
        shop=cause.shop,
        account=cause.account,
        conversation=cause.conversation,
        request_id=cause.request_id,
        turn=cause.turn,
        at=at,
        received_at=at,
    )


def named(*parts: str) -> UUID:
    """The id of something the outside world names: an account's chat, a platform's message."""
    return uuid5(NAMESPACE, "\x1f".join(parts))
