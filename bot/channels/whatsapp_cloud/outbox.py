"""Sends a part over the Cloud API and says how it ended."""

import time
from collections.abc import Callable, Sequence
from typing import TypeAlias

import structlog

from bot.channels.base import Accepted, Ambiguous, Part, Permanent, Rate, RetryAfter, SendResult
from bot.channels.fields import entries, words
from bot.channels.whatsapp_cloud.errors import (
    ILL_FORMED,
    AnswerLost,
    GraphFailed,
    Limited,
    Rejected,
    Unauthorized,
)
from bot.channels.whatsapp_cloud.files import Body, Unsendable, uploaded
from bot.channels.whatsapp_cloud.payloads import messages_of
from bot.channels.whatsapp_cloud.transport import CloudTransport
from bot.states import State
from events.contents import Attachment

log = structlog.get_logger()

SEND_S, UPLOAD_S = 20.0, 60.0
SHORTEST_PAUSE_S, BUSY_PAUSE_S, LONGEST_PAUSE_S, REFUSED_PAUSE_S = 1.0, 5.0, 30.0, 60.0
ALL = Rate("all", every_ms=14, burst=8)
PAIR_MS, PAIR_BURST = 6000, 10
REMEMBERED = 1000

Tell: TypeAlias = Callable[[State, str], None]


class Outbox:
    """Remembers what it has done for a part before the part itself left, so that a second attempt
    does not do it again, and since when Meta has been unwell."""

    def __init__(self, transport: CloudTransport, account: str, tell: Tell) -> None:
        self._transport = transport
        self._account = account
        self._tell = tell
        self._files: dict[str, str] = {}
        self._ahead: dict[str, int] = {}
        self._unwell_since: float | None = None

    async def send(self, part: Part) -> SendResult:
        try:
            file = await self._uploaded(part)
            *ahead, own = messages_of(part, file)
            await self._send_ahead(part.key, ahead)
        except Unsendable as reason:
            return Permanent(str(reason))
        except AnswerLost as lost:
            # Only what goes ahead may have left: the part itself has not.
            return RetryAfter(self._pause(), str(lost))
        except GraphFailed as failure:
            return self._ended(failure)
        try:
            wamid = await self._sent(own)
        except GraphFailed as failure:
            return self._ended(failure)
        self._files.pop(part.key, None)
        self._ahead.pop(part.key, None)
        self._unwell_since = None
        self._tell("ready", "")
        return Accepted(wamid)

    def rates(self, part: Part) -> Sequence[Rate]:
        """Below 80 messages in any second for the number; for a customer one every six seconds,
        where Meta lets a conversation borrow from its future: ten at once."""
        return (ALL, Rate(f"chat:{part.chat}", every_ms=PAIR_MS, burst=PAIR_BURST))

    async def _uploaded(self, part: Part) -> str | None:
        extra = part.extra
        if not isinstance(extra, Attachment) or extra.data is None:
            return None
        if part.key not in self._files:
            _bound(self._files)
            name, mime = uploaded(extra)
            self._files[part.key] = await self._transport.upload(
                name, extra.data, mime, timeout_s=UPLOAD_S
            )
        return self._files[part.key]

    async def _send_ahead(self, key: str, bodies: Sequence[Body]) -> None:
        """A text whose answer was lost counts as sent: it may not appear twice before its file."""
        for number, body in enumerate(bodies, 1):
            if self._ahead.get(key, 0) >= number:
                continue
            _bound(self._ahead)
            try:
                await self._sent(body)
            except AnswerLost:
                self._ahead[key] = number
                raise
            self._ahead[key] = number

    async def _sent(self, body: Body) -> str:
        try:
            return await self._post(body)
        except Rejected as refusal:
            if "context" not in body or refusal.code not in ILL_FORMED:
                raise
        # The message it answers is gone, perhaps: better an answer without its quotation.
        return await self._post({name: value for name, value in body.items() if name != "context"})

    async def _post(self, body: Body) -> str:
        answer = await self._transport.send(body, timeout_s=SEND_S)
        for message in entries(answer.get("messages")):
            if wamid := words(message.get("id")):
                return wamid
        raise AnswerLost("WhatsApp took the message without naming it")

    def _ended(self, failure: GraphFailed) -> SendResult:
        reason = str(failure)
        match failure:
            case Limited(pair=True):
                return RetryAfter(PAIR_MS / 1000, reason, alone=True)
            case Limited():
                return RetryAfter(self._pause(BUSY_PAUSE_S), reason)
            case Rejected(unreachable=unreachable):
                return Permanent(reason, unreachable=unreachable)
            case AnswerLost():
                return Ambiguous(reason)
            case Unauthorized():
                # The reply waits for a person who mends it; it is not the message's fault.
                log.error("whatsapp_cloud.refused", account=self._account, reason=reason)
                self._tell("refused", reason)
                return RetryAfter(REFUSED_PAUSE_S, reason)
            case _:
                self._tell("unwell", reason)
                return RetryAfter(self._pause(), reason)

    def _pause(self, least: float = SHORTEST_PAUSE_S) -> float:
        """As long as the trouble has lasted, however many sends ran into it."""
        here = time.monotonic()
        if self._unwell_since is None:
            self._unwell_since = here
        return min(max(here - self._unwell_since, least), LONGEST_PAUSE_S)


def _bound(memory: dict[str, str] | dict[str, int]) -> None:
    """What was never finished is forgotten some day, the oldest first."""
    if len(memory) >= REMEMBERED:
        memory.pop(next(iter(memory)))
