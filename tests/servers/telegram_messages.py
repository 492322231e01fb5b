"""What the Bot API on this machine does with messages: takes them as the real one would."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate
from typing import Any, TypeAlias

from tests.servers.telegram_faults import Fault, refused

ME = {"id": 42, "is_bot": True, "first_name": "Tienda", "username": "TiendaBot"}
Method: TypeAlias = Callable[[dict[str, Any]], Awaitable[Any]]

LOOKS = {
    "bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "code", "pre",
    "text_link",
}  # fmt: skip
ALONE = {"code", "pre"}
A_FILE: dict[str, Any] = {"file_id": "AgAD-1", "file_unique_id": "AQAD1"}
A_PICTURE: dict[str, Any] = A_FILE | {"width": 90, "height": 90}
FILES: dict[str, Any] = {
    "photo": [A_PICTURE],
    "video": A_PICTURE | {"duration": 1},
    "audio": A_FILE | {"duration": 1},
    "voice": A_FILE | {"duration": 1},
    "document": A_FILE,
    "sticker": A_PICTURE | {"type": "regular", "is_animated": False, "is_video": False},
}


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@dataclass
class Messages:
    """`sent` holds every message as the customer got it; `heard` is the customers' last one."""

    clock: Callable[[], float]
    heard: Callable[[], int]
    sent: list[dict[str, Any]] = field(default_factory=list)
    reactions: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def methods(self) -> dict[str, Method]:
        files = {f"send{kind.capitalize()}": partial(self._file, kind) for kind in FILES}
        return {"sendMessage": self._text, "setMessageReaction": self._react, **files}

    async def _text(self, params: dict[str, Any]) -> dict[str, Any] | Fault:
        text = params.get("text", "")
        if not text.strip():
            return refused(400, "Bad Request: message text is empty")
        if units(text) > 4096:
            return refused(400, "Bad Request: message is too long")
        return self._take(params, self._marked("text", "entities", params))

    async def _file(self, kind: str, params: dict[str, Any]) -> dict[str, Any] | Fault:
        given = params.get(kind)
        if not given:
            return refused(400, f"Bad Request: there is no {kind} in the request")
        if isinstance(given, str) and given.startswith("http") and "unreachable" in given:
            return refused(400, "Bad Request: failed to get HTTP URL content")
        if units(params.get("caption", "")) > 1024:
            return refused(400, "Bad Request: message caption is too long")
        body = self._marked("caption", "caption_entities", params)
        return self._take(params, body if isinstance(body, Fault) else body | {kind: FILES[kind]})

    async def _react(self, params: dict[str, Any]) -> bool | Fault:
        target, emojis = int(params["message_id"]), json.loads(params.get("reaction") or "[]")
        if any(one["emoji"] not in "❤👍👎🔥🥰👏😁🤔🎉🤩🙏👌" for one in emojis):
            return refused(400, "Bad Request: REACTION_INVALID")
        if target > self.heard() and target not in {one["message_id"] for one in self.sent}:
            return refused(400, "Bad Request: message to react not found")
        self.reactions[target] = emojis
        return True

    def _marked(self, name: str, looks: str, params: dict[str, Any]) -> dict[str, Any] | Fault:
        text, marks = params.get(name, ""), json.loads(params.get(looks) or "[]")
        if "parse_mode" in params or not well_marked(text, marks):
            return refused(400, "Bad Request: can't parse entities: they do not fit the text")
        return {name: text} | ({looks: marks} if marks else {}) if text else {}

    def _take(self, params: dict[str, Any], body: dict[str, Any] | Fault) -> dict[str, Any] | Fault:
        if isinstance(body, Fault):
            return body
        reply = json.loads(params.get("reply_parameters") or "{}")
        target = reply.get("message_id", 0)
        exists = target <= self.heard() or target in {one["message_id"] for one in self.sent}
        if not exists and not reply.get("allow_sending_without_reply"):
            return refused(400, "Bad Request: message to be replied not found")
        keyboard = json.loads(params.get("reply_markup") or "{}")
        if (wrong := bad_button(keyboard)) is not None:
            return refused(400, f"Bad Request: {wrong}")
        chat = int(params["chat_id"])
        message = {
            "message_id": 10**6 + len(self.sent) + 1,
            "date": int(self.clock()),
            "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup"},
            "from": ME,
            **body,
            **({"reply_markup": keyboard} if keyboard else {}),
        }
        self.sent.append(message)
        return message


def well_marked(text: str, marks: list[dict[str, Any]]) -> bool:
    """Stricter than the real one, which mends or leaves out some of what this refuses."""
    inside = {0, *accumulate(units(sign) for sign in text)}
    ends = [(one["offset"], one["offset"] + one["length"], one["type"]) for one in marks]
    if any(kind not in LOOKS or not a < b or not {a, b} <= inside for a, b, kind in ends):
        return False
    return all(
        b <= c or (a <= c and d <= b and kind not in ALONE and kind != other)
        for number, (a, b, kind) in enumerate(ends)
        for c, d, other in ends[number + 1 :]
    )


def bad_button(keyboard: dict[str, Any]) -> str | None:
    for row in keyboard.get("inline_keyboard", []):
        for button in row:
            if not button.get("text"):
                return "text is empty in an inline keyboard button"
            if "url" in button:
                continue
            if not 0 < len(button.get("callback_data", "").encode()) <= 64:
                return "BUTTON_DATA_INVALID"
    return None
