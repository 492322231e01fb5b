"""The bot's side of the chaos network, and handlers that fail; loaded by `main.py run`."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from app.plugins import App
from bot.channels.base import (
    Accepted,
    Ambiguous,
    Ingest,
    NotStored,
    Part,
    Rate,
    RetryAfter,
    SendResult,
)
from events.contents import Media, Sender
from events.effects import NOTHING, Outcome, Retry
from events.happened import named
from events.vocabulary import MessageReceived, ReplyDispatched
from handlers.custom import Turn
from services.clock import now
from tests.servers.senses import SPOKEN

PATIENCE_S = float(os.environ.get("CHAOS_PATIENCE", "20"))
POISON, MORTAL, LONG = "veneno", "mortal", "cuéntame"
VOICE = "🎤 "
THINKING_S, LONG_PARTS = 0.4, 5


async def _ask(**request: object) -> dict[str, Any] | None:
    """The network's answer; None when it was lost after the network may have read us."""
    reader, writer = await asyncio.open_unix_connection(os.environ["CHAOS_NETWORK"])
    with closing(writer):
        try:
            async with asyncio.timeout(PATIENCE_S):
                writer.write(json.dumps(request).encode() + b"\n")
                line = await reader.readline()
        except (OSError, TimeoutError):
            return None
        answer: dict[str, Any] | None = json.loads(line) if line else None
        return answer


@dataclass(frozen=True, slots=True)
class NetChannel:
    shop: UUID
    account: str
    idempotent: bool = False
    limit: int = 4096
    dedupe_s: int = 3600

    async def receive(self, ingest: Ingest) -> None:
        while True:
            try:
                await self._listen(ingest)
            except OSError:
                await asyncio.sleep(0.05)

    async def _listen(self, ingest: Ingest) -> None:
        reader, writer = await asyncio.open_unix_connection(os.environ["CHAOS_NETWORK"])
        with closing(writer):
            writer.write(b'{"op": "receive"}\n')
            async with asyncio.TaskGroup() as storing:
                while line := await reader.readline():
                    storing.create_task(self._store(json.loads(line), ingest, writer))

    async def _store(
        self, message: dict[str, Any], ingest: Ingest, writer: asyncio.StreamWriter
    ) -> None:
        try:
            await ingest(self._event(**message))
        except NotStored:
            return
        writer.write(json.dumps({"ack": message["key"]}).encode() + b"\n")

    def _event(
        self, key: str, chat: str, text: str, at: str, author: Literal["customer", "human"]
    ) -> MessageReceived:
        identity = message_id(self.account, key)
        return MessageReceived(
            id=identity,
            shop=self.shop,
            account=self.account,
            conversation=named(self.account, "conversation", chat),
            request_id=identity,
            at=datetime.fromisoformat(at),
            received_at=now(),
            customer=named(self.account, "customer", chat),
            chat=chat,
            platform_id=key,
            sender=Sender(id=chat),
            author=author,
            **_contents(text),
        )

    async def download(self, ref: str, limit: int) -> AsyncIterator[bytes]:
        yield (SPOKEN + ref.encode())[:limit]

    async def send(self, part: Part) -> SendResult:
        try:
            answer = await _ask(
                op="send", key=part.key, chat=part.chat, text=part.text, pid=os.getpid()
            )
        except OSError as error:
            return RetryAfter(0.1, str(error))
        match answer:
            case {"accepted": platform_id}:
                return Accepted(platform_id)
            case {"retry": seconds}:
                return RetryAfter(seconds, "busy")
            case _:
                return Ambiguous("no answer")

    def rates(self, part: Part) -> Sequence[Rate]:  # noqa: ARG002  this network has no limits
        return ()

    async def close(self) -> None:
        """Every connection is closed by whoever opened it."""


def _contents(text: str) -> dict[str, Any]:
    """A voice note's reference is what it says."""
    if not text.startswith(VOICE):
        return {"text": text}
    note = Media(kind="voice", ref=text.removeprefix(VOICE), mime="audio/ogg", seconds=3)
    return {"content": "voice", "media": (note,)}


def message_id(account: str, key: str) -> UUID:
    return named(account, "message", key)


async def tell(event: ReplyDispatched) -> Outcome:
    """Which messages each reply answers: a listener has the guarantees of every stage."""
    answers = [str(message) for message in event.answers]
    try:
        heard = await _ask(op="told", reply=str(event.reply), answers=answers)
    except OSError:
        heard = None
    return NOTHING if heard is not None else Retry(0.2, "the network is away")


async def fail(turn: Turn) -> str | None:
    raise ValueError(f"cannot read {turn.text!r}")


async def tell_all(turn: Turn) -> str | None:
    """What a slow model says at length: a message each."""
    await asyncio.sleep(THINKING_S)
    return "\n\n".join(f"{part} " + "y así fue. " * 300 for part in range(LONG_PARTS))


async def die(turn: Turn) -> str | None:
    os._exit(9)


def register(app: App) -> None:
    idempotent = os.environ.get("CHAOS_IDEMPOTENT") == "1"
    app.channel("net", lambda at: NetChannel(at.shop, at.account, idempotent))
    app.listen(ReplyDispatched, tell)
    app.reply(when=lambda turn: POISON in turn.text, then=fail)
    app.reply(when=lambda turn: LONG in turn.text, then=tell_all)
    app.reply(when=lambda turn: MORTAL in turn.text, then=die)
