"""Turns what WhatsApp said into events: pure, total, and the same ids for the same message.

It reads plain fields, so it needs no library; milliseconds in messages, seconds elsewhere.
"""

from datetime import UTC, datetime
from typing import Any

from bot.channels.fields import BACKLOG, moment, part_in, table, words
from bot.channels.whatsapp.content import (
    NOTICES,
    context_of,
    kind_of,
    said,
    snippet,
    unwrapped,
)
from bot.channels.whatsapp.health import RECEIPT, TYPING, UNREADABLE
from bot.channels.whatsapp.news import News
from bot.channels.whatsapp.people import Place, addressed, place_of, sender_of
from events.happened import Happened
from events.manners import CustomerTyping
from events.vocabulary import (
    DeliveryUpdated,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    ReactionChanged,
    UpdateUnsupported,
)

STATES = {"DELIVERED": "delivered", "READ": "read", "PLAYED": "read"}
FLAGS = {
    "IsEphemeral": "ephemeral", "IsViewOnce": "view_once", "IsViewOnceV2": "view_once",
    "IsViewOnceV2Extension": "view_once",
}  # fmt: skip
TYPING_MS = 10_000
"""Phones repeat the sign while somebody goes on writing, and tell when they stop."""


def normalise(news: News) -> tuple[Happened, ...]:
    place, code = place_of(news.body), news.body.get("code")
    if place is None:
        return _unsupported(news, None, "malformed")
    if place.aside:
        return ()
    if code in (RECEIPT, TYPING):
        return _receipt(news, place) if code == RECEIPT else _typing(news, place)
    if news.id is None:
        return _unsupported(news, place, "malformed")
    if news.id in news.ours or table(news.body.get("Info")).get("Category") == "peer":
        return ()
    return _unreadable(news, place) if code == UNREADABLE else _message(news, place, news.id)


def _typing(news: News, place: Place) -> tuple[Happened, ...]:
    """Whoever records a voice note is writing too; people of ours make nobody wait."""
    if place.from_me or place.group:
        return ()
    envelope = news.envelope(place, "typing", str(news.heard_at.timestamp()), at=news.heard_at)
    del envelope["raw"]
    stopped = news.body.get("State") == "PAUSED"
    return (CustomerTyping(**envelope, lasts_ms=0 if stopped else TYPING_MS),)


def ids_of(body: dict[str, Any]) -> list[str]:
    """The messages an event speaks of; some may be ours."""
    several = body.get("MessageIDs")
    names = several if isinstance(several, list) else [table(body.get("Info")).get("ID")]
    message, _ = unwrapped(table(body.get("Message")))
    changed = target_of(table(message.get("protocolMessage")))
    return [name for name in (*map(words, names), changed) if name is not None]


def target_of(change: dict[str, Any]) -> str | None:
    return words(table(change.get("key")).get("ID"))


def _unsupported(news: News, place: Place | None, reason: str) -> tuple[Happened, ...]:
    key = news.id or f"{news.heard_at.timestamp()}:{news.number}"
    envelope = news.envelope(place, reason, key, at=news.heard_at)
    chat = place.chat if place else None
    return (UpdateUnsupported(**envelope, reason=reason, chat=chat),)


def _message(news: News, place: Place, id_: str) -> tuple[Happened, ...]:
    message, wrapped = unwrapped(table(news.body.get("Message")))
    kind = kind_of(message)
    if kind == "protocolMessage":
        return _protocol(news, place, table(message[kind]))
    if kind == "reactionMessage":
        return _reaction(news, place, table(message[kind]))
    if kind in NOTICES:
        return _unsupported(news, place, kind)
    if not kind and message:
        return ()  # a group's key: WhatsApp's programs need it, people said nothing
    if news.body.get("IsEdit") is True or "edited" in wrapped:
        return _edited(news, place, id_, message)
    return (_received(news, place, id_, message, wrapped),)


def _received(
    news: News, place: Place, id_: str, message: dict[str, Any], wrapped: frozenset[str]
) -> MessageReceived:
    envelope = news.envelope(place, "message", id_, at=news.at)
    context, found = context_of(message), said(message, news.body.get("file"))
    names = news.body.get("ours")
    ours = frozenset(map(str, names)) if isinstance(names, list) else frozenset()
    to_us = addressed(place, context, ours)
    parent = table(table(table(message.get("messageContextInfo")).get("messageAssociation")))
    header = found.content == "service" and "album" in found.flags
    flags = found.flags | wrapped | _flags(news, place, raw=envelope["raw"], to_us=to_us)
    return MessageReceived(
        **envelope,
        customer=news.account.customer(news.person),
        chat=place.chat,
        platform_id=id_,
        sender=sender_of(news.body, place, news.person),
        author="human" if place.from_me else "customer",
        content=found.content,
        text=found.text,
        action=found.action,
        media=() if "view_once" in flags else found.media,
        reply_to=words(context.get("stanzaID")),
        quote=snippet(table(context.get("quotedMessage"))),
        album=id_ if header else words(table(parent.get("parentMessageKey")).get("ID")),
        flags=flags,
        # Unasked answers to what is long past are what numbers are banned for.
        addressed=to_us and found.content != "service" and "backlog" not in flags,
    )


def _flags(news: News, place: Place, *, raw: str | None, to_us: bool) -> frozenset[str]:
    """A message may come late without being old: then it is answered."""
    signs = {
        "backlog": news.now - news.at > BACKLOG,
        "offline": news.offline,
        "raw_dropped": raw is None,
        "is_bot": place.machine,
        "group": place.group,
        "mentioned": place.group and to_us,
    }
    told = {flag for name, flag in FLAGS.items() if news.body.get(name) is True}
    return frozenset(told | {name for name, present in signs.items() if present})


def _protocol(news: News, place: Place, change: dict[str, Any]) -> tuple[Happened, ...]:
    kind, target = words(change.get("type")) or "", target_of(change)
    if target in news.ours and not place.from_me:
        # Nobody checks it on the way: a customer must not put words into our mouth.
        return _unsupported(news, place, "not theirs")
    if kind == "MESSAGE_EDIT" and target is not None:
        inner, _ = unwrapped(table(change.get("editedMessage")))
        return _edited(news, place, target, inner)
    if kind == "REVOKE" and target is not None:
        envelope = news.envelope(place, "deleted", target, at=news.at)
        return (MessageDeleted(**envelope, chat=place.chat, platform_id=target),)
    return _unsupported(news, place, f"protocol:{kind.lower()}")


def _edited(news: News, place: Place, target: str, message: dict[str, Any]) -> tuple[Happened, ...]:
    envelope = news.envelope(place, "edited", target, news.id or "", at=news.at)
    text = said(message).text
    return (MessageEdited(**envelope, chat=place.chat, platform_id=target, text=text),)


def _reaction(news: News, place: Place, reaction: dict[str, Any]) -> tuple[Happened, ...]:
    target = words(table(reaction.get("key")).get("ID"))
    if target is None:
        return _unsupported(news, place, "malformed")
    return (
        ReactionChanged(
            **news.envelope(place, "reaction", target, news.id or "", at=news.at),
            chat=place.chat,
            platform_id=target,
            sender=sender_of(news.body, place, news.person),
            emoji=words(reaction.get("text"), 16),
        ),
    )


def _unreadable(news: News, place: Place) -> tuple[Happened, ...]:
    """Nobody could decrypt it, and its sender did not send it again in time. Should it come after
    all, it is another event."""
    if news.body.get("DecryptFailMode") == "DECRYPT_FAIL_HIDE" or place.from_me:
        return ()
    envelope = news.envelope(place, "unreadable", news.id or "", at=news.at)
    flags = _flags(news, place, raw=envelope["raw"], to_us=not place.group)
    return (
        MessageReceived(
            **envelope,
            customer=news.account.customer(news.person),
            chat=place.chat,
            platform_id=news.id or "",
            sender=sender_of(news.body, place, news.person),
            content="unsupported",
            flags=flags | {"undecryptable"},
            addressed=not place.group and not place.machine,
        ),
    )


def _receipt(news: News, place: Place) -> tuple[Happened, ...]:
    """How far messages of ours got; those the shop sent from its phone are not ours to follow."""
    state = STATES.get(words(news.body.get("Type")) or "")
    if state is None or place.from_me:
        return ()
    at = moment(news.body.get("Timestamp"), news.heard_at)
    found = []
    for id_ in ids_of(news.body):
        if id_ in news.ours:
            reply, part = part_in(news.ours[id_])
            envelope = news.envelope(place, "receipt", id_, state, at=at)
            known: dict[str, Any] = {"reply": reply, "part": part, "state": state}
            found.append(DeliveryUpdated(**envelope, chat=place.chat, platform_id=id_, **known))
    return tuple(found)


def heard_at(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)
