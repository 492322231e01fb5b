"""What the Bot API on this machine does with messages: takes them as the real one would."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tests.servers.telegram_faults import Fault, refused

ME = {"id": 42, "is_bot": True, "first_name": "Tienda", "username": "TiendaBot"}
Method: TypeAlias = Callable[[dict[str, Any]], Awaitable[Any]]


@dataclass
class Messages:
    """`sent` holds every message as the customer got it; `heard` is the customers' last one."""

    clock: Callable[[], float]
    heard: Callable[[], int]
    sent: list[dict[str, Any]] = field(default_factory=list)

    @property
    def methods(self) -> dict[str, Method]:
        return {"sendMessage": self._text}

    async def _text(self, params: dict[str, Any]) -> dict[str, Any] | Fault:
        text, units = params.get("text", ""), len(params.get("text", "").encode("utf-16-le")) // 2
        if not text.strip():
            return refused(400, "Bad Request: message text is empty")
        if units > 4096:
            return refused(400, "Bad Request: message is too long")
        return self._take(params, {"text": text})

    def _take(self, params: dict[str, Any], body: dict[str, Any]) -> dict[str, Any] | Fault:
        reply = json.loads(params.get("reply_parameters") or "{}")
        target = reply.get("message_id", 0)
        exists = target <= self.heard() or target in {one["message_id"] for one in self.sent}
        if not exists and not reply.get("allow_sending_without_reply"):
            return refused(400, "Bad Request: message to be replied not found")
        chat = int(params["chat_id"])
        message = {
            "message_id": 10**6 + len(self.sent) + 1,
            "date": int(self.clock()),
            "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup"},
            "from": ME,
            **body,
        }
        self.sent.append(message)
        return message
