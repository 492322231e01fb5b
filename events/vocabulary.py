"""What can happen, in the past tense: the only words the stages share.

Field order, defaults and names are the wire format: add, never rename.
"""

from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from events.contents import (
    Choice,
    Content,
    Extra,
    Generation,
    Mark,
    Media,
    MediaReading,
    Sender,
    TurnMessage,
)
from events.happened import Happened
from events.manners import HandedOver  # noqa: F401  the rest of the vocabulary comes with it

Author: TypeAlias = Literal["customer", "bot", "human"]
Purpose: TypeAlias = Literal[
    "answer", "notice", "order", "follow_up", "broadcast", "identity", "csat", "thanks", "right"
]
"""An answer is learned from; a notice goes to the shop's own people; from what is said to find out
who somebody is nothing is learned, nor from the question how content they are (`csat`) and what is
said to its answer (`thanks`). What the law owes them (`right`) leaves whoever has the word."""
Withheld: TypeAlias = Literal[
    "silenced", "paused", "stale", "window", "unreachable", "flood", "answered", "opted_out"
]


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
    """The customer has finished speaking; `turn` names the turn, `revision` counts what joined it.

    `pending` files are still being read, and it could wait for them no longer.
    """

    customer: UUID
    chat: str
    thread: str | None = None
    locale: str | None = None
    revision: int
    messages: tuple[TurnMessage, ...]
    readings: tuple[MediaReading, ...] = ()
    pending: int = 0


class Drafted(Happened, frozen=True, kw_only=True, omit_defaults=True):
    """What a reply is, before and after it has left.

    `parts` are the messages it travels in and `marks` how each looks; `choices` go under the last
    part, each of `extras` is one more message after it.

    `needs` is a token that must still stand in the conversation when it leaves: it falls with the
    next word of the customer or of a person. After it the bot is silent for `then_silent_ms`, and
    `notes` are remembered: of a reply that never leaves they are not.
    """

    customer: UUID
    chat: str
    thread: str | None = None
    author: Literal["bot", "human"] = "bot"
    by: str = ""
    revision: int = 1
    text: str
    parts: tuple[str, ...]
    question: str = ""
    answers: tuple[UUID, ...] = ()
    asked_at: datetime | None = None
    reply_to: str | None = None
    sensitive: bool = False
    marks: tuple[tuple[Mark, ...], ...] = ()
    choices: tuple[Choice, ...] = ()
    menu: str = ""
    extras: tuple[Extra, ...] = ()
    purpose: Purpose = "answer"
    needs: str = ""
    then_silent_ms: int = 0
    order: UUID | None = None
    notes: dict[str, str] = {}
    generation: Generation = Generation()


class ReplyDrafted(Drafted, frozen=True, kw_only=True, omit_defaults=True):
    """A reply wants to leave. Its id is the reply's id; the sender sees that it leaves once."""


class ReplyDispatched(Drafted, frozen=True, kw_only=True, omit_defaults=True):
    """The claim was granted and the network call is about to begin; `reply` is the draft's id."""

    reply: UUID


class ReplySent(Happened, frozen=True, kw_only=True, omit_defaults=True):
    """`state` is "accepted" where the network tells later whether it really sent the message."""

    reply: UUID
    state: Literal["accepted", "sent"] = "sent"
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
    """Not sent on purpose: a person spoke; the customer went on writing; the network's time for
    free answers is over; the customer has blocked us; too many answers within a minute; what was to
    be written first is answered already, or unwelcome."""

    reply: UUID
    reason: Withheld


class DeliveryUpdated(Happened, frozen=True, kw_only=True, omit_defaults=True):
    """The network tells how far one message of ours got; it may tell out of order.

    `reply` and `part` are known where the network repeats the key we sent along.
    """

    chat: str
    platform_id: str
    state: Literal["sent", "delivered", "read", "failed"]
    reply: UUID | None = None
    part: int | None = None
    reason: str | None = None
    raw: str | None = None


class ChannelChanged(Happened, frozen=True, kw_only=True, omit_defaults=True):
    """A channel's account as a whole: `pairing` waits for a person to scan `qr` or type `code`."""

    state: Literal["pairing", "ready", "unwell", "refused", "stopped"]
    detail: str = ""
    qr: str | None = None
    code: str | None = None


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
