"""What the Graph API takes: a part of ours as the message, or messages, that carry it.

A part is one message, the one that carries its key. Only what cannot be said in one goes ahead of
it as plain text: a caption that is too long or has no place, a text that leaves no room for its
numbered options.
"""

import mimetypes
from collections.abc import Sequence
from typing import Any, TypeAlias

from bot.channels.base import Part
from events.contents import Attachment, Choice, Reaction, Template
from text.splitting import utf16_length

Body: TypeAlias = dict[str, Any]

TEXT, INTERACTIVE, CAPTION = 4096, 1024, 1024
BUTTONS, BUTTON_TITLE = 3, 20
ROWS, ROW_TITLE, ROW_DESCRIPTION = 10, 24, 72
MENU = "Menu"
KINDS = {"photo": "image", "voice": "audio"}
CAPTIONED = frozenset({"image", "video", "document"})
TAKEN = {
    "image": frozenset({"image/jpeg", "image/png"}),
    "video": frozenset({"video/mp4", "video/3gpp", "video/3gp"}),
    "audio": frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}),
    "sticker": frozenset({"image/webp"}),
}
"""What each kind may be; anything else still arrives as a document."""
ALIKE = {"audio/opus": "audio/ogg", "audio/x-m4a": "audio/mp4", "image/jpg": "image/jpeg"}
USUAL = {
    "photo": "image/jpeg", "video": "video/mp4", "audio": "audio/mpeg", "voice": "audio/ogg",
    "sticker": "image/webp",
}  # fmt: skip


class Unsendable(Exception):
    """No message of WhatsApp's can say this."""


def messages_of(part: Part, file: str | None = None) -> tuple[Body, ...]:
    """In the order of sending, the part's own one last. `file` is the id of an uploaded file."""
    head = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **recipient(part.chat),
    }
    ahead, body = _said(part, file)
    own = {**head, **_context(part), "biz_opaque_callback_data": part.key, **body}
    return (*({**head, **_text(one)} for one in ahead), own)


def receipt(platform_id: str) -> Body:
    """The customer sees blue ticks and, for up to 25 seconds, that somebody is writing."""
    return {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": platform_id,
        "typing_indicator": {"type": "text"},
    }


def recipient(chat: str) -> Body:
    """A customer without a phone is reached by the id that is theirs in our business."""
    digits = chat.removeprefix("+")
    return {"to": digits} if digits.isascii() and digits.isdecimal() else {"recipient": chat}


def uploaded(attachment: Attachment) -> tuple[str, str]:
    """The name and type under which its contents are uploaded."""
    mime = _mime_of(attachment) or USUAL.get(attachment.kind, "application/octet-stream")
    return attachment.name or f"file{mimetypes.guess_extension(mime) or ''}", mime


def _mime_of(attachment: Attachment) -> str | None:
    """As far as anybody has said, or its name tells."""
    named = mimetypes.guess_type(attachment.name or attachment.url or "")[0]
    mime = (attachment.mime or named or "").partition(";")[0].strip().lower()
    return ALIKE.get(mime, mime) or None


def _context(part: Part) -> Body:
    """Only a message of WhatsApp's can be answered; a reaction names its own."""
    if isinstance(part.extra, Reaction) or not (part.reply_to or "").startswith("wamid."):
        return {}
    return {"context": {"message_id": part.reply_to}}


def _said(part: Part, file: str | None) -> tuple[Sequence[str], Body]:
    match part.extra:
        case None:
            return _written(part)
        case Attachment():
            return _attached(part.extra, file)
        case Reaction(target=target, emoji=emoji):
            return (), _of("reaction", {"message_id": target, "emoji": emoji or ""})
        case Template():
            return (), _of("template", _template(part.extra))


def _of(kind: str, content: Body) -> Body:
    return {"type": kind, kind: content}


def _text(text: str) -> Body:
    return _of("text", {"body": text, "preview_url": False})


def _template(template: Template) -> Body:
    """A parameter may hold no line break and no run of spaces."""
    said: Body = {
        "name": template.name,
        "language": {"code": template.language, "policy": "deterministic"},
    }
    if template.parameters:
        texts = [" ".join(parameter.split()) for parameter in template.parameters]
        parameters = [{"type": "text", "text": text} for text in texts]
        said["components"] = [{"type": "body", "parameters": parameters}]
    return said


# Texts and choices


def _written(part: Part) -> tuple[Sequence[str], Body]:
    if not part.text.strip() and not part.choices:
        raise Unsendable("the message is empty")
    if utf16_length(part.text) > TEXT:
        raise Unsendable(f"the message is longer than {TEXT} characters")
    choices = _distinct(part.choices)
    replies = [choice for choice in choices if choice.url is None]
    pages = [choice for choice in choices if choice.url is not None]
    if len(pages) == 1 and not replies and _fits(part.text):
        return (), _of("interactive", _page(part.text or part.menu or MENU, pages[0]))
    text = "\n".join([part.text, *(f"{page.title}: {page.url}" for page in pages)]).strip()
    if replies and len(replies) <= ROWS and _fits(text):
        return (), _of("interactive", _offered(text or part.menu or MENU, part.menu, replies))
    return _numbered(text, part.text, replies)


def _fits(text: str) -> bool:
    return utf16_length(text) <= INTERACTIVE


def _numbered(text: str, alone: str, replies: Sequence[Choice]) -> tuple[Sequence[str], Body]:
    """What no buttons can carry is listed; the customer answers by writing."""
    options = "\n".join(f"{n}. {_line(choice)}" for n, choice in enumerate(replies, 1))
    whole = f"{text}\n\n{options}".strip()
    if utf16_length(whole) <= TEXT:
        return (), _text(whole)
    rest = whole.removeprefix(alone).strip()
    if utf16_length(rest) > TEXT:
        raise Unsendable("there are too many choices for one message")
    return (alone,), _text(rest)


def _line(choice: Choice) -> str:
    return f"{choice.title} ({choice.description})" if choice.description else choice.title


def _distinct(choices: Sequence[Choice]) -> list[Choice]:
    """Without those that say nothing, and the first of those that would answer alike."""
    found: dict[str, Choice] = {}
    for choice in choices:
        if choice.id.strip() and choice.title.strip():
            found.setdefault(choice.id.strip(), choice)
    return list(found.values())


def _page(text: str, choice: Choice) -> Body:
    parameters = {"display_text": clipped(choice.title.strip(), BUTTON_TITLE), "url": choice.url}
    action = {"name": "cta_url", "parameters": parameters}
    return {"type": "cta_url", "body": {"text": text}, "action": action}


def _offered(text: str, menu: str, replies: Sequence[Choice]) -> Body:
    titles = {" ".join(choice.title.split()) for choice in replies}
    short = all(utf16_length(title) <= BUTTON_TITLE for title in titles)
    plain = not any(choice.description for choice in replies)
    if short and plain and len(titles) == len(replies) <= BUTTONS:
        buttons = [{"type": "reply", "reply": _id_and_title(one, BUTTON_TITLE)} for one in replies]
        return {"type": "button", "body": {"text": text}, "action": {"buttons": buttons}}
    action = {
        "button": clipped(menu or MENU, BUTTON_TITLE),
        "sections": [{"rows": [_row(choice) for choice in replies]}],
    }
    return {"type": "list", "body": {"text": text}, "action": action}


def _row(choice: Choice) -> Body:
    """A title that is too long is told in full below itself."""
    row = _id_and_title(choice, ROW_TITLE)
    long = utf16_length(choice.title) > ROW_TITLE
    described = choice.description or (choice.title if long else "")
    return row | ({"description": clipped(described, ROW_DESCRIPTION)} if described else {})


def _id_and_title(choice: Choice, limit: int) -> Body:
    return {"id": choice.id.strip(), "title": clipped(" ".join(choice.title.split()), limit)}


def clipped(text: str, limit: int) -> str:
    """At most so many UTF-16 units, with a sign that something is missing."""
    if utf16_length(text) <= limit:
        return text
    kept = text[: limit - 1]
    while utf16_length(kept) > limit - 1:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


# Files


def _attached(attachment: Attachment, file: str | None) -> tuple[Sequence[str], Body]:
    kind, mime = KINDS.get(attachment.kind, attachment.kind), _mime_of(attachment)
    if mime is not None and mime not in TAKEN.get(kind, ()):
        kind = "document"
    content = _source(attachment, file)
    if kind == "document" and attachment.name:
        content["filename"] = attachment.name
    if attachment.kind == "voice" and mime == "audio/ogg":
        content["voice"] = True
    caption = attachment.caption.strip()
    if not caption:
        return (), _of(kind, content)
    if kind in CAPTIONED and utf16_length(caption) <= CAPTION:
        return (), _of(kind, {**content, "caption": caption})
    if utf16_length(caption) > TEXT:
        raise Unsendable(f"the caption is longer than {TEXT} characters")
    return (caption,), _of(kind, content)


def _source(attachment: Attachment, file: str | None) -> Body:
    if known := file or attachment.ref:
        return {"id": known}
    if attachment.url:
        return {"link": attachment.url}
    raise Unsendable("the file has neither contents nor an address")
