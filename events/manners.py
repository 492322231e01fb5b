"""What happens around the replies: who has the word, what was heard in a file, what was ordered."""

from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

import msgspec

from events.contents import Content, Media, MediaReading, MediaUse
from events.happened import Happened

HandOverReason: TypeAlias = Literal["asked", "complaint", "doubt", "policy"]
OrderState: TypeAlias = Literal[
    "draft", "confirmed", "receipt", "paid", "rejected", "cancelled", "expired"
]


class MediaWanted(Happened, frozen=True, kw_only=True, omit_defaults=True):
    """A customer sent a file, and its turn waits until somebody has read it."""

    customer: UUID
    chat: str
    thread: str | None = None
    locale: str | None = None
    message: UUID
    platform_id: str
    content: Content
    media: Media
    flags: frozenset[str] = frozenset()


class MediaRead(Happened, frozen=True, kw_only=True, omit_defaults=True):
    """Every file a customer sends ends here, read or not: its turn waits for this.

    `path` is where the file is kept, below the folder of files; None where it is not. `use` is what
    a model took for it, where one was asked, whatever it said.
    """

    customer: UUID
    chat: str
    thread: str | None = None
    locale: str | None = None
    message_at: datetime
    platform_id: str
    reading: MediaReading
    sha256: str | None = None
    path: str | None = None
    mime: str | None = None
    size: int | None = None
    seconds: int | None = None
    use: MediaUse | None = None


class CustomerTyping(Happened, frozen=True, kw_only=True, omit_defaults=True):
    """The customer is writing, for `lasts_ms` unless it is told again; 0 is that they stopped.

    A sign that passes: no log keeps it, an open turn waits for it.
    """

    lasts_ms: int


class SilenceChanged(Happened, frozen=True, kw_only=True, omit_defaults=True):
    """A person took the conversation over, or the bot may speak again.

    `until` is None while the silence has no end of its own. `by` names the person where we know.
    """

    silenced: bool
    until: datetime | None = None
    reason: Literal["spoke", "command", "page", "api", "hand_over"]
    by: str = ""


class HandedOver(Happened, frozen=True, kw_only=True, omit_defaults=True):
    """A person is needed. `summary` is for that person: a line each."""

    customer: UUID
    chat: str
    reason: HandOverReason
    question: str
    summary: tuple[str, ...] = ()
    name: str | None = None


class OrderLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`price` is of one, in the currency's smallest unit, as it was when the line was written."""

    sku: str
    name: str
    quantity: int
    price: int


class OrderChanged(Happened, frozen=True, kw_only=True, omit_defaults=True):
    """`reply` is the answer that led to it; `receipt` the customer's message with the proof."""

    order: UUID
    customer: UUID
    chat: str
    state: OrderState
    total: int
    currency: str
    lines: tuple[OrderLine, ...] = ()
    reply: UUID | None = None
    receipt: UUID | None = None
    by: str = ""


class OrderDue(Happened, frozen=True, kw_only=True, omit_defaults=True):
    """An order has waited for its payment as long as it may."""

    order: UUID
    customer: UUID
    chat: str
    thread: str | None = None
    locale: str | None = None


class FollowUpDue(Happened, frozen=True, kw_only=True, omit_defaults=True):
    """The customer has been quiet since `reply`. `token` is what must still hold to write first."""

    customer: UUID
    chat: str
    thread: str | None = None
    locale: str | None = None
    reply: UUID
    token: str
    question: str = ""
    product: str = ""


class SatisfactionDue(Happened, frozen=True, kw_only=True, omit_defaults=True):
    """Nothing was said since `reply`: the moment to ask how content the customer is. `token` is
    what must still hold, `asked_at` when the customer spoke last."""

    customer: UUID
    chat: str
    thread: str | None = None
    locale: str | None = None
    reply: UUID
    token: str
    asked_at: datetime


class SatisfactionGiven(Happened, frozen=True, kw_only=True, omit_defaults=True):
    """A customer said how content they are, in 1 to 5 stars, in words, or both. `question` is the
    message that asked."""

    customer: UUID
    question: UUID
    stars: int | None = None
    comment: str = ""


class ConsentChanged(Happened, frozen=True, kw_only=True, omit_defaults=True):
    """Whether we may write first. `word` is what the customer said."""

    customer: UUID
    chat: str
    opted_out: bool
    word: str = ""
