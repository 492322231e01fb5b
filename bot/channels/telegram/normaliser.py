"""Turns whatever Telegram sends into events: pure, total, and the same ids for the same update."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeAlias

from bot.channels.fields import dumped, kept, table, whole, words
from bot.channels.telegram import events as read
from bot.channels.telegram.people import Account
from events.happened import Happened

__all__ = ["ALLOWED_UPDATES", "Account", "normalise"]

_Reader: TypeAlias = Callable[[read.Update], tuple[Happened, ...]]
_READERS: dict[str, _Reader] = {
    "message": read.message,
    "edited_message": read.edited,
    "channel_post": read.message,
    "edited_channel_post": read.edited,
    "business_message": read.message,
    "edited_business_message": read.edited,
    "deleted_business_messages": read.deleted,
    "callback_query": read.pressed,
    "message_reaction": read.reacted,
    "my_chat_member": read.membership,
    "business_connection": read.connection,
}
ALLOWED_UPDATES = (
    *_READERS,
    "guest_message", "message_reaction_count", "inline_query",
    "chosen_inline_result", "shipping_query", "pre_checkout_query", "purchased_paid_media", "poll",
    "poll_answer", "chat_member", "chat_join_request", "chat_boost", "removed_chat_boost",
    "managed_bot",
)  # fmt: skip
"""Telegram remembers the last list it was given, and leaves some kinds out of its own default."""


def normalise(update: object, *, account: Account, received_at: datetime) -> tuple[Happened, ...]:
    text = dumped(update)
    contents = table(update)
    number = whole(contents.get("update_id"))
    key = str(number) if number is not None else sha256((text or "").encode()).hexdigest()
    found: list[Happened] = []
    for kind in _kinds(contents):
        body = contents.get(kind)
        part = read.Update(account, words(kind) or "", key, received_at, kept(text), table(body))
        if isinstance(body, dict):
            found += _READERS.get(kind, read.other)(part)
        else:
            found += part.unsupported("malformed")
    return tuple(found)


def _kinds(contents: dict[str, Any]) -> list[str]:
    """An update carries one kind of content; if ever more, we take all that we know."""
    kinds = [kind for kind in contents if isinstance(kind, str) and kind != "update_id"]
    return [kind for kind in kinds if kind in _READERS] or kinds[:1] or [""]
