"""What the Graph API takes: a part of ours as the message, or messages, that carry it.

A part is one message, the one that carries its key. Only what cannot be said in one goes ahead of
it as plain text: a caption that is too long or has no place, a text that leaves no room for its
numbered options.
"""

from collections.abc import Sequence

from bot.channels.base import Part
from bot.channels.whatsapp_cloud.files import TEXT, Body, Unsendable, attached, content_of
from bot.channels.whatsapp_cloud.people import is_bsuid
from events.contents import Attachment, Choice, Reaction, Template
from text.splitting import utf16_length

INTERACTIVE = 1024
BUTTONS, BUTTON_TITLE = 3, 20
ROWS, ROW_TITLE, ROW_DESCRIPTION = 10, 24, 72
MENU = "Menu"


def messages_of(part: Part, file: str | None = None) -> tuple[Body, ...]:
    """In the order of sending, the part's own one last. `file` is the id of an uploaded file."""
    head = {
        "messaging_product": "whatsapp",
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
    if is_group(chat):
        return {"recipient_type": "group", "to": chat}
    whom = {"recipient": chat} if is_bsuid(chat) else {"to": chat.removeprefix("+")}
    return {"recipient_type": "individual", **whom}


def is_group(chat: str) -> bool:
    digits = chat.removeprefix("+")
    return not is_bsuid(chat) and not (digits.isascii() and digits.isdecimal())


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
            return attached(part.extra, file)
        case Reaction(target=target, emoji=emoji):
            return (), content_of("reaction", {"message_id": target, "emoji": emoji or ""})
        case Template():
            return (), content_of("template", _template(part.extra))


def _text(text: str) -> Body:
    return content_of("text", {"body": text, "preview_url": False})


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
    choices = _distinct(part.choices)
    if not part.text.strip() and not choices:
        raise Unsendable("the message is empty")
    if utf16_length(part.text) > TEXT:
        raise Unsendable(f"the message is longer than {TEXT} characters")
    replies = [choice for choice in choices if choice.url is None]
    pages = [choice for choice in choices if choice.url is not None]
    buttons = not is_group(part.chat)
    if buttons and len(pages) == 1 and not replies and _fits(part.text):
        return (), _interactive(part, part.text, _page(pages[0]))
    text = "\n".join([part.text, *(f"{page.title}: {page.url}" for page in pages)]).strip()
    if buttons and replies and len(replies) <= ROWS and _fits(text):
        return (), _interactive(part, text, _offered(part.menu, replies))
    return _numbered(text, part.text, replies)


def _fits(text: str) -> bool:
    return utf16_length(text) <= INTERACTIVE


def _numbered(text: str, alone: str, replies: Sequence[Choice]) -> tuple[Sequence[str], Body]:
    """What no buttons can carry, or no group shows, is listed; the customer answers by writing."""
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


def _interactive(part: Part, text: str, shape: Body) -> Body:
    """It cannot do without a text."""
    said = text if text.strip() else part.menu or MENU
    return content_of("interactive", {"body": {"text": said}, **shape})


def _page(choice: Choice) -> Body:
    parameters = {"display_text": clipped(choice.title.strip(), BUTTON_TITLE), "url": choice.url}
    return {"type": "cta_url", "action": {"name": "cta_url", "parameters": parameters}}


def _offered(menu: str, replies: Sequence[Choice]) -> Body:
    titles = {" ".join(choice.title.split()) for choice in replies}
    short = all(utf16_length(title) <= BUTTON_TITLE for title in titles)
    plain = not any(choice.description for choice in replies)
    if short and plain and len(titles) == len(replies) <= BUTTONS:
        buttons = [{"type": "reply", "reply": _id_and_title(one, BUTTON_TITLE)} for one in replies]
        return {"type": "button", "action": {"buttons": buttons}}
    rows = [_row(choice) for choice in replies]
    action = {"button": clipped(menu or MENU, BUTTON_TITLE), "sections": [{"rows": rows}]}
    return {"type": "list", "action": action}


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
