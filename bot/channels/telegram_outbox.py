"""Sends a part to Telegram and says how it ended."""

import time
from collections.abc import Sequence
from typing import Any

import structlog

from bot.channels.base import (
    Accepted,
    Ambiguous,
    Part,
    Permanent,
    Rate,
    RetryAfter,
    SendResult,
)
from bot.channels.fields import name_of, table
from bot.channels.telegram_transport import (
    AnswerLost,
    CallFailed,
    Limited,
    Migrated,
    Rejected,
    Transport,
    Unauthorized,
)

log = structlog.get_logger()

SEND_S = 20.0
SHORTEST_PAUSE_S, LONGEST_PAUSE_S, REFUSED_PAUSE_S = 1.0, 30.0, 60.0
ALL = Rate("all", every_ms=40, burst=5)

PLACES = {"business": "business_connection_id", "direct": "direct_messages_topic_id"}


class Outbox:
    """Remembers where groups moved to, and since when Telegram has been unwell."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._moved: dict[str, str] = {}
        self._unwell_since: float | None = None

    async def send(self, part: Part) -> SendResult:
        try:
            return await self._send(part)
        except Migrated as moved:
            self._moved[part.chat] = moved.chat
        try:
            return await self._send(part)
        except Migrated as again:
            return Permanent(str(again))

    def rates(self, part: Part) -> Sequence[Rate]:
        """A little below what Telegram says it bears."""
        chat = self._moved.get(part.chat, part.chat)
        own = Rate(f"chat:{chat}", every_ms=1000, burst=2)
        if not chat.startswith("-"):
            return (ALL, own)
        return (ALL, own, Rate(f"group:{chat}", every_ms=3334, burst=3))

    async def _send(self, part: Part) -> SendResult:
        chat = self._moved.get(part.chat, part.chat)
        try:
            message = await self._transport.call(
                "sendMessage", message_to(chat, part), timeout_s=SEND_S
            )
        except Migrated:
            raise
        except CallFailed as failure:
            return self._ended(failure)
        self._unwell_since = None
        return Accepted(name_of(table(message).get("message_id")) or "")

    def _ended(self, failure: CallFailed) -> SendResult:
        reason = str(failure)
        match failure:
            case Limited(seconds=seconds):
                return RetryAfter(seconds, reason)
            case Rejected(unreachable=unreachable):
                return Permanent(reason, unreachable=unreachable)
            case AnswerLost():
                return Ambiguous(reason)
            case Unauthorized():
                # The reply waits for a person who mends the token; it is not the message's fault.
                log.error("telegram.unauthorized", reason=reason)
                return RetryAfter(REFUSED_PAUSE_S, reason)
            case _:
                return RetryAfter(self._pause(), reason)

    def _pause(self) -> float:
        """As long as the trouble has lasted, however many sends ran into it."""
        here = time.monotonic()
        if self._unwell_since is None:
            self._unwell_since = here
        return min(max(here - self._unwell_since, SHORTEST_PAUSE_S), LONGEST_PAUSE_S)


def message_to(chat: str, part: Part) -> dict[str, Any]:
    """Plain text: markup that Telegram cannot parse would be refused."""
    text = part.text.encode("utf-8", "replace").decode()
    params: dict[str, Any] = {"chat_id": chat, "text": text}
    if part.thread is not None:
        kind, _, name = part.thread.partition(":")
        field = PLACES.get(kind, "message_thread_id")
        params[field] = name or part.thread
    if part.reply_to is not None and part.reply_to.isdecimal():
        params["reply_parameters"] = {
            "message_id": int(part.reply_to),
            "allow_sending_without_reply": True,
        }
    return params
