"""What every event carries, and where its id comes from.

Ids derive from their cause (`caused_by`), so a redelivered cause yields the same event again and
nothing is done twice.
"""

from datetime import datetime
from typing import ClassVar, TypedDict
from uuid import UUID, uuid5

import msgspec

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
