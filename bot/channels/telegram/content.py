"""What a Telegram message says: its kind, its text, its media."""

import re
from typing import Any

from bot.channels.fields import (
    TEXT_LIMIT,
    cleaned,
    entries,
    geo,
    name_of,
    table,
    whole,
    words,
)
from bot.channels.said import Said
from events.contents import Content, Media

QUOTE_LIMIT = 200
LARGEST_FILE = 20 * 1024**2
"""What Telegram's own servers give to a bot."""
SHORTEST_PHONE = 7

# In this order: an animation also carries a document, a venue also a location.
FILES: tuple[tuple[str, Content], ...] = (
    ("voice", "voice"),
    ("audio", "audio"),
    ("video_note", "video"),
    ("video", "video"),
    ("animation", "video"),
    ("live_photo", "photo"),
    ("document", "document"),
    ("sticker", "sticker"),
)
UNSUPPORTED = (
    "poll", "dice", "game", "story", "invoice", "checklist", "paid_media", "giveaway",
)  # fmt: skip
RICH_WORDS = ("label", "text", "alternative_text", "expression", "summary")
RICH_BLOCKS = ("blocks", "items", "cells", "caption", "credit")
DEEPEST = 30
SERVICE = frozenset({
    "new_chat_members", "left_chat_member", "chat_owner_left", "chat_owner_changed",
    "new_chat_title", "new_chat_photo", "delete_chat_photo", "group_chat_created",
    "supergroup_chat_created", "channel_chat_created", "message_auto_delete_timer_changed",
    "pinned_message", "successful_payment", "refunded_payment", "users_shared", "chat_shared",
    "gift", "unique_gift", "gift_upgrade_sent", "connected_website", "write_access_allowed",
    "passport_data", "proximity_alert_triggered", "boost_added", "chat_background_set",
    "checklist_tasks_done", "checklist_tasks_added", "direct_message_price_changed",
    "forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened",
    "general_forum_topic_hidden", "general_forum_topic_unhidden", "giveaway_created",
    "giveaway_winners", "giveaway_completed", "managed_bot_created",
    "paid_message_price_changed", "poll_option_added", "poll_option_deleted",
    "suggested_post_approved", "suggested_post_approval_failed", "suggested_post_declined",
    "suggested_post_paid", "suggested_post_refunded", "video_chat_scheduled",
    "video_chat_started", "video_chat_ended", "video_chat_participants_invited",
})  # fmt: skip


def said(message: dict[str, Any]) -> Said:
    text, flags = cleaned(message.get("text") or message.get("caption"))
    for read in (_button, _file, _photo, _place, _contact):
        found = read(message)
        if found is not None:
            joined = found.flags | flags
            return Said(found.content, text or found.text, found.action, found.media, joined)
    if isinstance(message.get("text"), str):
        return Said("text", text, flags=flags)
    rich, flags = cleaned(_rich(table(message.get("rich_message"))))
    if rich:
        return Said("text", rich, flags=flags)
    if not SERVICE.isdisjoint(message):
        return Said("service")
    return Said("unsupported", text, flags=flags | {n for n in UNSUPPORTED if n in message})


def _rich(value: object, join: str = "\n", depth: int = 0) -> str:
    """The words of a formatted message: a line for each of its blocks."""
    if isinstance(value, str) or depth > DEEPEST:
        return value if isinstance(value, str) else ""
    if isinstance(value, list):
        return join.join(filter(None, (_rich(one, join, depth + 1) for one in value)))
    told = table(value)
    within = (_rich(told[name], "", depth + 1) for name in RICH_WORDS if name in told)
    below = (_rich(told[name], "\n", depth + 1) for name in RICH_BLOCKS if name in told)
    return "\n".join(filter(None, (*within, *below)))


def _button(message: dict[str, Any]) -> Said | None:
    pressed = table(message.get("web_app_data"))
    action = words(pressed.get("data"), TEXT_LIMIT)
    title = words(pressed.get("button_text")) or ""
    return None if action is None else Said("action", title, action)


def _file(message: dict[str, Any]) -> Said | None:
    for kind, content in FILES:
        file = table(message.get(kind))
        ref = words(file.get("file_id"))
        if ref is not None:
            emoji = words(file.get("emoji"), 16) if kind == "sticker" else None
            return _sent(content, _media(kind, ref, file), emoji or "")
    return None


def _sent(content: Content, media: Media, text: str = "") -> Said:
    too_big = (media.size or 0) > LARGEST_FILE
    flags = frozenset({"too_big"}) if too_big else frozenset[str]()
    return Said(content, text, media=(media,), flags=flags)


def _media(kind: str, ref: str, file: dict[str, Any]) -> Media:
    return Media(
        kind=kind,
        ref=ref,
        mime=words(file.get("mime_type")),
        size=whole(file.get("file_size")),
        seconds=whole(file.get("duration")),
        name=words(file.get("file_name")) or words(file.get("title")),
    )


def _photo(message: dict[str, Any]) -> Said | None:
    """Telegram lists the sizes of one picture; the last is the largest."""
    sizes = [size for size in entries(message.get("photo")) if words(size.get("file_id"))]
    if not sizes:
        return None
    ref = words(sizes[-1].get("file_id")) or ""
    return _sent("photo", _media("photo", ref, sizes[-1]))


def _place(message: dict[str, Any]) -> Said | None:
    venue = table(message.get("venue"))
    place = table(message.get("location")) or table(venue.get("location"))
    ref = geo(place.get("latitude"), place.get("longitude"))
    if ref is None:
        return None
    return Said(
        "location", media=(Media(kind="location", ref=ref, name=words(venue.get("title"))),)
    )


def _contact(message: dict[str, Any]) -> Said | None:
    card = table(message.get("contact"))
    phone = words(card.get("phone_number"))
    if phone is None:
        return None
    flags = frozenset({"own_contact"}) if own_phone(message) else frozenset[str]()
    media = Media(kind="contact", ref=phone, name=full_name(card))
    return Said("contact", media=(media,), flags=flags)


def own_phone(message: dict[str, Any]) -> str | None:
    """In digits: only a contact that belongs to its sender proves anything about the sender."""
    card = table(message.get("contact"))
    owner = name_of(card.get("user_id"))
    if owner is None or owner != name_of(table(message.get("from")).get("id")):
        return None
    digits = re.sub(r"[^0-9]", "", words(card.get("phone_number")) or "")
    return digits if len(digits) >= SHORTEST_PHONE else None


def replied(message: dict[str, Any]) -> dict[str, Any]:
    """The message this one answers. Everything in a topic "answers" the topic's beginning."""
    answered = table(message.get("reply_to_message"))
    return {} if "forum_topic_created" in answered else answered


def quoted(message: dict[str, Any]) -> str | None:
    """The passage the customer chose, else how the answered message begins."""
    answered = replied(message)
    chosen = table(message.get("quote")).get("text")
    said = chosen or answered.get("text") or answered.get("caption")
    return words(said, QUOTE_LIMIT)


def full_name(person: dict[str, Any]) -> str | None:
    names = (words(person.get("first_name")), words(person.get("last_name")))
    return " ".join(filter(None, names)) or words(person.get("title"))


def button_title(message: dict[str, Any], data: str | None) -> str:
    """What the pressed button said; Telegram only repeats it as part of the old message."""
    keyboard = table(message.get("reply_markup")).get("inline_keyboard")
    for row in keyboard if isinstance(keyboard, list) else ():
        for button in entries(row):
            if data is not None and button.get("callback_data") == data:
                return words(button.get("text")) or ""
    return ""
