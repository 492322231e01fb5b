"""What a part is in the words of the Bot API."""

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot.channels.base import Part, Permanent
from bot.channels.telegram.transport import Files
from bot.markup import read
from events.contents import Attachment, Choice, Mark, Reaction, Template

MOST_ENTITIES: Final = 100
LARGEST_DATA: Final = 256_000
PLACES: Final = {"business": "business_connection_id", "direct": "direct_messages_topic_id"}
LOOKS: Final = {"strike": "strikethrough", "quote": "blockquote", "link": "text_link"}
SHORT, MIDDLE, WIDEST = 10, 22, 3
_REACTIONS: Final = """
❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤\u200d🔥
🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨\u200d💻 👀 🎃 🙈 😇
😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷\u200d♂ 🤷 🤷\u200d♀ 😡
"""
REACTIONS: Final = frozenset(_REACTIONS.split())
"""The only ones Telegram takes."""


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    params: dict[str, Any]
    files: Files = field(default_factory=dict)


def request_for(chat: str, part: Part) -> Request | Permanent:
    """Permanent where no call could ever send it."""
    match part.extra:
        case None:
            return Request("sendMessage", message_to(chat, part))
        case Attachment() as file:
            return _file(chat, part, file)
        case Reaction() as reaction:
            return _reaction(chat, part, reaction)
        case Template():
            return Permanent("templates belong to WhatsApp")


def message_to(chat: str, part: Part) -> dict[str, Any]:
    """Text and entities: markup in the text that Telegram cannot parse would be refused."""
    params = _place(chat, part) | {"text": part.text.encode("utf-8", "replace").decode()}
    if part.marks:
        params["entities"] = entities(part.marks)
    if part.choices:
        params["reply_markup"] = {"inline_keyboard": keyboard(part.choices)}
    return params


def _place(chat: str, part: Part) -> dict[str, Any]:
    params: dict[str, Any] = {"chat_id": chat}
    if part.thread is not None:
        kind, _, name = part.thread.partition(":")
        params[PLACES.get(kind, "message_thread_id")] = name or part.thread
    if part.reply_to is not None and part.reply_to.isdecimal():
        params["reply_parameters"] = {
            "message_id": int(part.reply_to),
            "allow_sending_without_reply": True,
        }
    return params


def entities(marks: Sequence[Mark]) -> list[dict[str, Any]]:
    """Telegram leaves out all but a hundred of a message: of those, addresses matter most."""
    kept = set(sorted(marks, key=lambda mark: mark.kind != "link")[:MOST_ENTITIES])
    found = []
    for mark in (one for one in marks if one in kept):
        entity: dict[str, Any] = {"type": LOOKS.get(mark.kind, mark.kind)}
        entity |= {"offset": mark.offset, "length": mark.length}
        if mark.value and mark.kind in {"link", "pre"}:
            entity["url" if mark.kind == "link" else "language"] = mark.value
        found.append(entity)
    return found


def keyboard(choices: Sequence[Choice]) -> list[list[dict[str, str]]]:
    """Short titles side by side, long ones below each other."""
    buttons = [_button(choice) for choice in choices]
    longest = max(len(button["text"]) for button in buttons)
    wide = WIDEST if longest <= SHORT else 2 if longest <= MIDDLE else 1
    return [buttons[place : place + wide] for place in range(0, len(buttons), wide)]


def _button(choice: Choice) -> dict[str, str]:
    text = f"{choice.title} · {choice.description}" if choice.description else choice.title
    return {"text": text} | ({"url": choice.url} if choice.url else {"callback_data": choice.id})


def _file(chat: str, part: Part, file: Attachment) -> Request | Permanent:
    params = _place(chat, part)
    files: dict[str, tuple[str, bytes]] = {}
    if file.data is not None:
        if len(file.data) > LARGEST_DATA:
            return Permanent(f"a file may be sent with at most {LARGEST_DATA:,} bytes of its own")
        kind = mimetypes.guess_extension(file.mime or "") or ""
        files[file.kind] = (file.name or f"{file.kind}{kind}", file.data)
    elif file.url or file.ref:
        params[file.kind] = file.url or file.ref
    else:
        return Permanent("a file needs an address, contents or an id")
    if file.caption:
        caption = read(file.caption)
        params["caption"] = caption.text
        if marks := caption.marks():
            params["caption_entities"] = entities(marks)
    return Request(f"send{file.kind.capitalize()}", params, files)


def _reaction(chat: str, part: Part, reaction: Reaction) -> Request | Permanent:
    emoji = reaction.emoji and reaction.emoji.replace("\ufe0f", "")
    if emoji and emoji not in REACTIONS:
        return Permanent(f"Telegram takes no {emoji} as a reaction")
    if not reaction.target.isdecimal() or (part.thread or "").startswith("business:"):
        return Permanent("there is no message here a bot may react to")
    params = {
        "chat_id": chat,
        "message_id": int(reaction.target),
        "reaction": [{"type": "emoji", "emoji": emoji}] if emoji else [],
    }
    return Request("setMessageReaction", params)
