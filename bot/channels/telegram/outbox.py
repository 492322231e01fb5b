"""Sends a part to Telegram and says how it ended."""

import time
from collections.abc import Sequence

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
from bot.channels.telegram.pieces import instead_of, pieces_of
from bot.channels.telegram.requests import request_for
from bot.channels.telegram.transport import (
    AnswerLost,
    CallFailed,
    Limited,
    Migrated,
    Rejected,
    Transport,
    Unauthorized,
)
from events.contents import Reaction

log = structlog.get_logger()

SEND_S, UPLOAD_S = 20.0, 60.0
SHORTEST_PAUSE_S, LONGEST_PAUSE_S, REFUSED_PAUSE_S = 1.0, 30.0, 60.0
ALL = Rate("all", every_ms=40, burst=5)

NOTHING_NEW = "message is not modified"
REMEMBERED = 1000


class Outbox:
    """Remembers where groups moved to, since when Telegram has been unwell, and what is left of a
    part that could only be sent in pieces."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._moved: dict[str, str] = {}
        self._left: dict[str, tuple[Part, ...]] = {}
        self._unwell_since: float | None = None

    async def send(self, part: Part) -> SendResult:
        """Of several pieces the last one's end counts: those before it have arrived."""
        left = self._left.pop(part.key, None) or pieces_of(part)
        result: SendResult = Permanent("there is nothing to send")
        while left:
            result = await self._followed(left[0])
            if isinstance(result, Permanent) and (instead := instead_of(left[0], result.reason)):
                log.info("telegram.simplified", key=part.key, reason=result.reason)
                left = instead + left[1:]
            elif isinstance(result, Accepted):
                left = left[1:]
            else:
                break
        if isinstance(result, RetryAfter | Ambiguous) and left != (part,):
            self._remember(part.key, left)
        return result

    def _remember(self, key: str, left: tuple[Part, ...]) -> None:
        while len(self._left) >= REMEMBERED:
            del self._left[next(iter(self._left))]
        self._left[key] = left

    async def _followed(self, part: Part) -> SendResult:
        try:
            return await self._send(part)
        except Migrated as moved:
            self._moved[part.chat] = moved.chat
        try:
            return await self._send(part)
        except Migrated as again:
            return Permanent(str(again))

    def rates(self, part: Part) -> Sequence[Rate]:
        """A little below what Telegram says it bears. A reaction is no message."""
        if isinstance(part.extra, Reaction):
            return (ALL,)
        chat = self._moved.get(part.chat, part.chat)
        own = Rate(f"chat:{chat}", every_ms=1000, burst=2)
        if not chat.startswith("-"):
            return (ALL, own)
        return (ALL, own, Rate(f"group:{chat}", every_ms=3334, burst=3))

    async def _send(self, part: Part) -> SendResult:
        asked = request_for(self._moved.get(part.chat, part.chat), part)
        if isinstance(asked, Permanent):
            return asked
        timeout_s = UPLOAD_S if asked.files else SEND_S
        try:
            message = await self._transport.call(
                asked.method, asked.params, timeout_s=timeout_s, files=asked.files
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
            case Rejected() if NOTHING_NEW in reason.lower():
                return Accepted("")
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
