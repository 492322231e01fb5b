"""One reader for each kind of item: what it means in our own words."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal, TypeAlias
from uuid import UUID

from bot.channels.fields import (
    BACKLOG,
    dumped,
    entries,
    moment,
    name_of,
    part_in,
    table,
    words,
)
from bot.channels.whatsapp_cloud.content import edited_text, error_flags, said
from bot.channels.whatsapp_cloud.items import Item
from bot.channels.whatsapp_cloud.people import CloudAccount, Person
from events.contents import Sender
from events.happened import Happened, caused_by, named
from events.vocabulary import (
    DeliveryUpdated,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    ReachabilityChanged,
    ReactionChanged,
    UpdateUnsupported,
)

_SECONDS = re.compile(r"\d{1,12}")
STATES: dict[str, Literal["sent", "delivered", "read", "failed"]] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "read",
    "failed": "failed",
}
CLOSED = {"131026", "131050"}
"""Failures by which a customer turns out not to be reachable: no WhatsApp, or blocked."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One item with what is known about it. `known_as` is the customer's name for ever."""

    account: CloudAccount
    item: Item
    person: Person
    group: str | None
    known_as: str
    received_at: datetime
    raw: str | None

    @property
    def chat(self) -> str:
        return self.group or self.person.address

    @property
    def conversation(self) -> UUID:
        if self.group is not None:
            return self.account.conversation(self.group, "", self.known_as)
        return self.account.conversation(self.known_as)

    @property
    def at(self) -> datetime:
        """Times of messages are seconds in letters; those of accounts are numbers."""
        told = self.item.data.get("timestamp", self.item.time)
        if isinstance(told, str) and _SECONDS.fullmatch(told):
            told = int(told)
        return moment(told, self.received_at)

    def envelope(self, *key: str) -> dict[str, Any]:
        id_ = named(self.account.key, *key)
        return {
            "id": id_,
            "shop": self.account.shop,
            "account": self.account.key,
            "conversation": self.conversation,
            "request_id": id_,
            "at": self.at,
            "received_at": self.received_at,
            "raw": self.raw,
        }

    def unsupported(self, reason: str) -> tuple[Happened, ...]:
        key = sha256((dumped(self.item.whole) or "").encode()).hexdigest()
        envelope = self.envelope("x", key)
        return (UpdateUnsupported(**envelope, reason=reason, chat=self.chat or None),)


def malformed(heard: Heard) -> tuple[Happened, ...]:
    return heard.unsupported("malformed")


def changed(heard: Heard) -> tuple[Happened, ...]:
    if heard.item.errors:
        return heard.unsupported(f"error:{_reason(heard.item.errors)}")
    return heard.unsupported(f"field:{heard.item.field}")


def message(heard: Heard) -> tuple[Happened, ...]:
    message = heard.item.data
    number, kind = words(message.get("id")), words(message.get("type")) or ""
    if number is None or not heard.person.address:
        return heard.unsupported("malformed")
    if kind == "reaction" and heard.item.kind == "echo":
        # As a ReactionChanged it would count as the customer's, who alone opens the window.
        return heard.unsupported("echo:reaction")
    about = _ABOUT.get(kind)
    if about is None:
        return (_received(heard, number),)
    field, read = about
    target = words(table(message.get(kind)).get(field))
    return heard.unsupported("malformed") if target is None else (read(heard, number, target),)


def _received(heard: Heard, number: str) -> Happened:
    message, item, person = heard.item.data, heard.item, heard.person
    content = said(message)
    human = item.kind == "echo"
    signs = {
        "backlog": heard.received_at - heard.at > BACKLOG,
        "raw_dropped": heard.raw is None,
        "echo": human,
        "group": heard.group is not None,
    }
    flags = content.flags | {sign for sign, present in signs.items() if present}
    if content.content == "unsupported":
        flags |= error_flags(item.errors)
    context, referral = table(message.get("context")), table(message.get("referral"))
    start = words(referral.get("source_id")) or words(referral.get("source_url")) or ""
    to_us = heard.group is None or _answers_us(heard, context)
    return MessageReceived(
        **heard.envelope("m", number),
        customer=heard.account.customer(heard.known_as),
        chat=heard.chat,
        platform_id=number,
        sender=Sender(id=item.line or heard.account.phone_id) if human else person.sender,
        author="human" if human else "customer",
        content=content.content,
        text=content.text,
        action=content.action,
        media=content.media,
        reply_to=words(context.get("id")),
        quote=name_of(table(context.get("referred_product")).get("product_retailer_id")),
        start=start if referral else content.start,
        flags=flags,
        addressed=to_us and not human and content.content != "service",
    )


def _answers_us(heard: Heard, context: dict[str, Any]) -> bool:
    """In a group we answer to replies to us alone."""
    ours = {heard.item.line, heard.account.phone_id} - {None, ""}
    return name_of(context.get("from")) in ours


def _reacted(heard: Heard, number: str, target: str) -> Happened:
    emoji = words(table(heard.item.data.get("reaction")).get("emoji"))
    sender = heard.person.sender
    envelope = heard.envelope("m", number)
    return ReactionChanged(
        **envelope, chat=heard.chat, platform_id=target, sender=sender, emoji=emoji
    )


def _edited(heard: Heard, number: str, target: str) -> Happened:
    text = edited_text(table(table(heard.item.data.get("edit")).get("message")))
    envelope = heard.envelope("m", number)
    return MessageEdited(**envelope, chat=heard.chat, platform_id=target, text=text)


def _revoked(heard: Heard, number: str, target: str) -> Happened:
    return MessageDeleted(**heard.envelope("m", number), chat=heard.chat, platform_id=target)


def status(heard: Heard) -> tuple[Happened, ...]:
    status = heard.item.data
    number, told = words(status.get("id")), words(status.get("status")) or ""
    kind = words(status.get("type")) or "message"
    if number is None or not heard.chat:
        return heard.unsupported("malformed")
    if told not in STATES or kind != "message":
        return heard.unsupported(f"status:{told if kind == 'message' else kind}")
    errors = entries(status.get("errors"))
    reply, part = part_in(words(status.get("biz_opaque_callback_data")))
    updated = DeliveryUpdated(
        **heard.envelope("s", number, told, *_whose(heard)),
        chat=heard.chat,
        platform_id=number,
        state=STATES[told],
        reply=reply,
        part=part,
        reason=_reason(errors) or None,
    )
    codes = {name_of(error.get("code")) for error in errors}
    if told != "failed" or heard.group is not None or codes.isdisjoint(CLOSED):
        return (updated,)
    closed = heard.envelope() | {"id": caused_by(updated.id, "closed"), "raw": None}
    closed["request_id"] = closed["id"]
    return (updated, ReachabilityChanged(**closed, chat=heard.chat, reachable=False))


def _whose(heard: Heard) -> Iterable[str]:
    """Of a group the whole, or one who is in it."""
    return dict.fromkeys(filter(None, (heard.chat, heard.person.address)))


def _reason(errors: Iterable[dict[str, Any]]) -> str:
    told = []
    for error in errors:
        details = words(table(error.get("error_data")).get("details"))
        title = words(error.get("title")) or words(error.get("message"))
        said_twice = details is not None and details == title
        told.append(" ".join(filter(None, (name_of(error.get("code")), title))))
        told[-1] += f": {details}" if details and not said_twice else ""
    return "; ".join(told)[:500]


_Reader: TypeAlias = Callable[[Heard, str, str], Happened]
_ABOUT: dict[str, tuple[str, _Reader]] = {
    "reaction": ("message_id", _reacted),
    "edit": ("original_message_id", _edited),
    "revoke": ("original_message_id", _revoked),
}
"""What is said about another message, and the field that names it."""
