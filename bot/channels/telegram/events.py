"""One reader for each kind of update: what it means in our own words."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bot.channels.fields import BACKLOG, entries, moment, name_of, table, words
from bot.channels.telegram.content import button_title, quoted, replied, said
from bot.channels.telegram.people import (
    Account,
    Place,
    addressed,
    author_of,
    customer_of,
    flags_of,
    person_of,
    place_of,
    sender_of,
)
from events.happened import Happened, named
from events.vocabulary import (
    ChatMigrated,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    ReachabilityChanged,
    ReactionChanged,
    UpdateUnsupported,
)

_START = re.compile(r"/start(?:@\w+)?(?:\s+(\S{1,64}))?\s*$")


@dataclass(frozen=True, slots=True)
class Update:
    """One kind of content of an update; `key` is the same however often it arrives."""

    account: Account
    kind: str
    key: str
    received_at: datetime
    raw: str | None
    body: dict[str, Any]

    def envelope(
        self,
        conversation: UUID,
        *parts: str,
        at: datetime | None = None,
        identity: UUID | None = None,
    ) -> dict[str, Any]:
        id_ = identity or named(self.account.key, self.kind, self.key, *parts)
        return {
            "id": id_,
            "shop": self.account.shop,
            "account": self.account.key,
            "conversation": conversation,
            "request_id": id_,
            "at": at or moment(self.body.get("date"), self.received_at),
            "received_at": self.received_at,
            "raw": self.raw,
        }

    def unsupported(self, reason: str) -> tuple[Happened, ...]:
        place = place_of(self.body) or place_of(table(self.body.get("message")))
        chat = place.chat if place else name_of(table(self.body.get("from")).get("id"))
        conversation = self.account.conversation(chat or "")
        envelope = self.envelope(conversation)
        return (UpdateUnsupported(**envelope, reason=reason, chat=chat),)


def other(update: Update) -> tuple[Happened, ...]:
    return update.unsupported(update.kind)


def message(update: Update) -> tuple[Happened, ...]:
    message = update.body
    place, number = place_of(message), name_of(message.get("message_id"))
    if place is None or number is None:
        return update.unsupported("malformed")
    if "migrate_to_chat_id" in message or "migrate_from_chat_id" in message:
        return _migrated(update, place)
    sender = sender_of(message, place.chat)
    content = said(message)
    at = moment(message.get("date"), update.received_at)
    author = author_of(message, place, update.account)
    heard = addressed(message, place, update.account, content.text)
    start = _START.match(content.text) if content.content == "text" else None
    flags = set(content.flags | flags_of(message, place))
    flags |= {"backlog"} if update.received_at - at > BACKLOG else set()
    flags |= {"raw_dropped"} if update.raw is None else set()
    return (
        MessageReceived(
            **update.envelope(
                place.conversation(update.account, sender.id), place.chat, number, at=at
            ),
            customer=update.account.customer(place.chat if author != "customer" else sender.id),
            chat=place.chat,
            thread=place.thread,
            platform_id=number,
            sender=customer_of(message, sender, author),
            author=author,
            content=content.content,
            text=content.text,
            action=content.action,
            media=content.media,
            reply_to=name_of(replied(message).get("message_id")),
            quote=quoted(message),
            album=name_of(message.get("media_group_id")),
            start=None if start is None else start[1] or "",
            flags=frozenset(flags),
            addressed=heard and author == "customer" and content.content != "service",
        ),
    )


def _migrated(update: Update, place: Place) -> tuple[Happened, ...]:
    """Both chats announce it; the two announcements are one event."""
    to, origin = (name_of(update.body.get(f"migrate_{way}_chat_id")) for way in ("to", "from"))
    old, new = (origin, place.chat) if to is None else (place.chat, to)
    if old is None:
        return update.unsupported("malformed")
    identity = named(update.account.key, "migrated", old, new)
    envelope = update.envelope(update.account.conversation(old, "", old), identity=identity)
    return (ChatMigrated(**envelope, chat=old, new_chat=new),)


def edited(update: Update) -> tuple[Happened, ...]:
    message = update.body
    place, number = place_of(message), name_of(message.get("message_id"))
    if place is None or number is None:
        return update.unsupported("malformed")
    if "location" in message:
        return update.unsupported("live_location")
    conversation = place.conversation(update.account, sender_of(message, place.chat).id)
    at = moment(message.get("edit_date"), update.received_at)
    envelope = update.envelope(conversation, place.chat, number, at=at)
    text = said(message).text
    return (MessageEdited(**envelope, chat=place.chat, platform_id=number, text=text),)


def deleted(update: Update) -> tuple[Happened, ...]:
    place, numbers = place_of(update.body), update.body.get("message_ids")
    names = [name_of(number) for number in numbers] if isinstance(numbers, list) else []
    if place is None or not any(names):
        return update.unsupported("malformed")
    found: list[Happened] = []
    for number in filter(None, names):
        envelope = update.envelope(place.conversation(update.account, ""), place.chat, number)
        envelope["raw"] = envelope["raw"] if not found else None
        found.append(MessageDeleted(**envelope, chat=place.chat, platform_id=number))
    return tuple(found)


def pressed(update: Update) -> tuple[Happened, ...]:
    """A button. Its message may be too old to be shown, or belong to a chat we are not in."""
    query = update.body
    message = table(query.get("message"))
    sender = person_of(table(query.get("from")), "")
    place = place_of(message) or (Place(sender.id, "private", None) if sender.id else None)
    number = name_of(query.get("id"))
    if place is None or number is None:
        return update.unsupported("malformed")
    action = words(query.get("data")) or words(query.get("game_short_name"))
    return (
        MessageReceived(
            **update.envelope(
                place.conversation(update.account, sender.id), number, at=update.received_at
            ),
            customer=update.account.customer(sender.id),
            chat=place.chat,
            thread=place.thread,
            platform_id=f"callback:{number}",
            sender=sender,
            content="unsupported" if action is None else "action",
            text=button_title(message, words(query.get("data"))),
            action=action,
            reply_to=name_of(message.get("message_id")),
            flags=frozenset() if message else frozenset({"inline"}),
            addressed=bool(message) and place.kind != "channel",
        ),
    )


def reacted(update: Update) -> tuple[Happened, ...]:
    place, number = place_of(update.body), name_of(update.body.get("message_id"))
    if place is None or number is None:
        return update.unsupported("malformed")
    person = table(update.body.get("user")) or table(update.body.get("actor_chat"))
    sender = person_of(person, place.chat)
    conversation = place.conversation(update.account, sender.id)
    envelope = update.envelope(conversation, place.chat, number)
    emoji = _newest(update.body)
    return (
        ReactionChanged(
            **envelope, chat=place.chat, platform_id=number, sender=sender, emoji=emoji
        ),
    )


def _newest(change: dict[str, Any]) -> str | None:
    """Some may put several; the one that was added speaks, else the last that stayed."""
    before, after = (
        [_emoji(one) for one in entries(change.get(f"{age}_reaction"))] for age in ("old", "new")
    )
    added = [emoji for emoji in after if emoji not in before]
    return (added or after or [None])[-1]


def _emoji(reaction: dict[str, Any]) -> str | None:
    fields = ("emoji", "custom_emoji_id", "type")
    return next(filter(None, (words(reaction.get(field)) for field in fields)), None)


def membership(update: Update) -> tuple[Happened, ...]:
    place = place_of(update.body)
    member = table(update.body.get("new_chat_member"))
    status = words(member.get("status"))
    if place is None or status is None:
        return update.unsupported("malformed")
    sender = name_of(table(update.body.get("from")).get("id")) or place.chat
    envelope = update.envelope(place.conversation(update.account, sender), place.chat)
    muted = member.get("can_send_messages") is False or member.get("is_member") is False
    reachable = status not in ("kicked", "left") and not (status == "restricted" and muted)
    return (ReachabilityChanged(**envelope, chat=place.chat, reachable=reachable),)


def connection(update: Update) -> tuple[Happened, ...]:
    """A shop's owner let us into the business account, or out of it. In which of its chats we may
    answer from now on Telegram does not say; a send that is refused will."""
    rights = table(update.body.get("rights"))
    if update.body.get("is_enabled") is False:
        return update.unsupported("business_connection:disabled")
    allowed = (rights.get("can_reply"), update.body.get("can_reply"))
    can_reply = any(one is True for one in allowed)
    return update.unsupported(f"business_connection:{'ready' if can_reply else 'cannot_reply'}")
