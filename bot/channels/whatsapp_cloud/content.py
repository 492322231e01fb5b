"""What a message of the Cloud API says: its kind, its text, its media."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeAlias

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

LARGEST, LARGEST_DOCUMENT = 16_000_000, 100_000_000


def said(message: dict[str, Any]) -> Said:
    """By its type, or by what is there when the type is one we do not know."""
    kind = words(message.get("type"), 64) or ""
    for known in (kind, *(name for name in _READERS if name in message)):
        found = _READERS[known](message) if known in _READERS else None
        if found is not None:
            return replace(found, flags=found.flags | _context_flags(message))
    inner = words(table(message.get("unsupported")).get("type"), 64)
    flags = {inner or kind, *error_flags(entries(message.get("errors")))}
    return Said("unsupported", flags=frozenset(filter(None, flags)) | _context_flags(message))


def edited_text(message: dict[str, Any]) -> str:
    """The text, or the caption, of the message an edit carries."""
    return said(message).text


def error_flags(errors: Iterable[dict[str, Any]]) -> frozenset[str]:
    codes = (name_of(error.get("code")) for error in errors)
    return frozenset(f"error:{code}" for code in codes if code is not None)


def _context_flags(message: dict[str, Any]) -> frozenset[str]:
    context = table(message.get("context"))
    often = bool(context.get("frequently_forwarded"))
    signs = {"frequently_forwarded": often, "forwarded": often or bool(context.get("forwarded"))}
    return frozenset(name for name, present in signs.items() if present)


def _text(message: dict[str, Any]) -> Said | None:
    body = table(message.get("text")).get("body")
    text, flags = cleaned(body)
    return Said("text", text, flags=flags) if isinstance(body, str) else None


def _file(kind: str, content: Content) -> "_Reader":
    def read(message: dict[str, Any]) -> Said | None:
        file = table(message.get(kind))
        ref = name_of(file.get("id"))
        if ref is None:
            return None
        sort: Content = "voice" if kind == "audio" and file.get("voice") is True else content
        size = whole(file.get("file_size"))
        text, flags = cleaned(file.get("caption"))
        largest = LARGEST_DOCUMENT if content == "document" else LARGEST
        signs = {"too_big": (size or 0) > largest, "animated": file.get("animated") is True}
        mime, name = words(file.get("mime_type")), words(file.get("filename"))
        media = Media(kind=sort, ref=ref, mime=mime, size=size, name=name)
        flags |= {sign for sign, present in signs.items() if present}
        return Said(sort, text, media=(media,), flags=flags)

    return read


def _location(message: dict[str, Any]) -> Said | None:
    place = table(message.get("location"))
    ref = geo(place.get("latitude"), place.get("longitude"))
    if ref is None:
        return None
    name = words(place.get("name")) or words(place.get("address"))
    return Said("location", media=(Media(kind="location", ref=ref, name=name),))


def _contacts(message: dict[str, Any]) -> Said | None:
    """Cards of anybody: they prove nothing about who sends them."""
    cards = entries(message.get("contacts"))
    media = [
        Media(kind="contact", ref=number, name=_name_on(card))
        for card in cards
        for phone in entries(card.get("phones"))
        if (number := words(phone.get("phone")) or name_of(phone.get("wa_id"))) is not None
    ]
    return Said("contact", media=tuple(media)) if cards else None


def _name_on(card: dict[str, Any]) -> str | None:
    name = table(card.get("name"))
    parts = (words(name.get("first_name")), words(name.get("last_name")))
    return words(name.get("formatted_name")) or " ".join(filter(None, parts)) or None


def _interactive(message: dict[str, Any]) -> Said | None:
    """A button, a row of a list, a form that was filled in."""
    answer = table(message.get("interactive"))
    chosen = table(answer.get(words(answer.get("type")) or ""))
    action = name_of(chosen.get("id")) or words(chosen.get("response_json"), TEXT_LIMIT)
    title = words(chosen.get("title")) or words(chosen.get("body")) or ""
    return None if action is None else Said("action", title, action)


def _button(message: dict[str, Any]) -> Said | None:
    """The button of a template."""
    button = table(message.get("button"))
    title = words(button.get("text"))
    action = name_of(button.get("payload")) or title
    return None if action is None else Said("action", title or "", action)


def _order(message: dict[str, Any]) -> Said | None:
    order = table(message.get("order"))
    lines = [
        f"{name_of(item.get('quantity')) or '1'} × {product}"
        for item in entries(order.get("product_items"))
        if (product := name_of(item.get("product_retailer_id"))) is not None
    ]
    note, _ = cleaned(order.get("text"))
    text, flags = cleaned("\n".join(filter(None, (note, *lines))))
    return Said("action", text, "order", flags=flags | {"order"}) if lines else None


def _system(message: dict[str, Any]) -> Said:
    told = table(message.get("system"))
    text, flags = cleaned(told.get("body"))
    kind = words(told.get("type"), 64)
    return Said("service", text, flags=flags | ({kind} if kind is not None else set()))


def _welcome(_: dict[str, Any]) -> Said:
    """Somebody opened the chat for the first time, and has not said anything yet."""
    return Said("service", start="")


_Reader: TypeAlias = Callable[[dict[str, Any]], Said | None]
_READERS: dict[str, _Reader] = {
    "text": _text,
    "image": _file("image", "photo"),
    "video": _file("video", "video"),
    "audio": _file("audio", "audio"),
    "voice": _file("voice", "voice"),
    "document": _file("document", "document"),
    "sticker": _file("sticker", "sticker"),
    "location": _location,
    "contacts": _contacts,
    "interactive": _interactive,
    "button": _button,
    "order": _order,
    "system": _system,
    "request_welcome": _welcome,
}
