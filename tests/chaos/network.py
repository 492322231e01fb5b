"""A chat network that outlives the bots: it repeats a message until it is acknowledged, and keeps
what every customer got."""

import asyncio
import json
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, TypeAlias

from tests.chaos.plugin import message_id

ACCOUNT = "net:main"
REPEAT_S = 1.0
"""An unacknowledged message is offered again after so long."""
Fault: TypeAlias = Literal["babble", "busy", "hang", "lost", "refused"]


@dataclass(frozen=True, slots=True)
class Said:
    """A customer's message, or by a `person` of the shop; `number` counts those of its chat."""

    chat: str
    number: int
    text: str
    at: datetime
    person: bool = False

    @property
    def key(self) -> str:
        return f"{self.chat}-{self.number}"

    @property
    def id(self) -> str:
        return str(message_id(ACCOUNT, self.key))


@dataclass(frozen=True, slots=True)
class Sent:
    """One delivery to a customer, by the process with this pid."""

    key: str
    chat: str
    text: str
    pid: int
    began: float


@dataclass(slots=True)
class Network:
    """`latency_s` is the longest a send takes. An `idempotent` network delivers a key once.

    With `copies` above 1 every message is offered so often at once, and in no order.
    `fault` picks how a send goes wrong, if it does.
    """

    path: Path
    latency_s: float = 0.0
    idempotent: bool = False
    copies: int = 1
    fault: Callable[[], Fault | None] = lambda: None
    said: list[Said] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    attempts: int = 0
    offered: int = 0
    stored: dict[str, float] = field(default_factory=dict)
    """When each message was acknowledged, by its key."""
    answers: dict[str, list[str]] = field(default_factory=dict)
    """Which messages a reply answers, as the bot's listener told it, by the reply's id."""
    _unacknowledged: dict[str, deque[Said]] = field(default_factory=dict)
    _got: dict[str, list[str]] = field(default_factory=dict)
    _delivered: set[str] = field(default_factory=set)
    _listeners: int = 0
    _serving: set[asyncio.Task[None]] = field(default_factory=set)
    _closing: asyncio.Event = field(default_factory=asyncio.Event)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)
    _random: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311

    async def say(
        self, chat: str, number: int, text: str, *, late_s: float = 0.0, person: bool = False
    ) -> Said:
        """Accepted at once; the bot gets it when it can. `late_s` makes it look older."""
        said = Said(chat, number, text, datetime.now(UTC) - timedelta(seconds=late_s), person)
        self.said.append(said)
        self._unacknowledged.setdefault(chat, deque()).append(said)
        await self._tell()
        return said

    async def answered(self, said: Said) -> None:
        """Returns when the customer has got a reply that answers this message."""
        async with self._news:
            await self._news.wait_for(lambda: self.is_answered(said))

    def is_answered(self, said: Said) -> bool:
        return any(said.id in self.answers.get(reply, ()) for reply in self._got.get(said.chat, ()))

    def unacknowledged(self) -> int:
        return sum(map(len, self._unacknowledged.values()))

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def close(self) -> None:
        self._closing.set()
        await asyncio.gather(*self._serving)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer), suppress(ConnectionError):
            request = json.loads(await reader.readline() or "{}")
            match request.pop("op", None):
                case "receive":
                    await self._deliver(reader, writer)
                case "send":
                    await self._take(request, writer)
                case "told":
                    self.answers[request["reply"]] = request["answers"]
                    writer.write(b"{}\n")
                    await self._tell()

    async def _deliver(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The newest listener gets what nobody acknowledged yet."""
        self._listeners += 1
        mine, offered = self._listeners, dict[str, float]()
        reading = asyncio.create_task(self._acknowledge(reader))
        while not reading.done() and mine == self._listeners and not self._closing.is_set():
            due = [s for s in self._due() if offered.get(s.key, 0.0) < time.monotonic() - REPEAT_S]
            for said in due:
                offered[said.key] = time.monotonic()
                self.offered += 1
                author = "human" if said.person else "customer"
                shown = {"key": said.key, "chat": said.chat, "text": said.text, "author": author}
                _write(writer, **shown, at=said.at.isoformat())
            with suppress(TimeoutError):
                async with asyncio.timeout(0.2), self._news:
                    await self._news.wait()
        reading.cancel()

    def _due(self) -> list[Said]:
        if self.copies == 1:
            return [waiting[0] for waiting in self._unacknowledged.values() if waiting]
        every = [said for waiting in self._unacknowledged.values() for said in waiting]
        return self._random.sample(every, len(every)) * self.copies

    async def _acknowledge(self, reader: asyncio.StreamReader) -> None:
        with suppress(ConnectionError):
            while line := await reader.readline():
                key = json.loads(line)["ack"]
                waiting = self._unacknowledged[key.rpartition("-")[0]]
                for said in [said for said in waiting if said.key == key]:
                    waiting.remove(said)
                    self.stored.setdefault(key, time.monotonic())
                await self._tell()

    async def _take(self, part: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        self.attempts += 1
        fault = self.fault()
        if fault == "busy":
            return _write(writer, retry=0.2)
        if fault == "refused":
            return None
        began = time.monotonic()
        await asyncio.sleep(self._random.uniform(0.0, self.latency_s))
        if not (self.idempotent and part["key"] in self._delivered):
            self._delivered.add(part["key"])
            self.sent.append(Sent(**part, began=began))
        self._got.setdefault(part["chat"], []).append(part["key"].partition(":")[0])
        await self._tell()
        if fault == "hang":
            await self._closing.wait()
        elif fault == "babble":
            writer.write(b"<html>\n")
        elif fault != "lost":
            _write(writer, accepted=f"s{len(self.sent)}")
        return None

    def doubles(self) -> Iterator[tuple[Sent, Sent]]:
        """Each delivery of a part that its customer had already, after the one before."""
        last: dict[str, Sent] = {}
        for sent in self.sent:
            if sent.key in last:
                yield last[sent.key], sent
            last[sent.key] = sent


def _write(writer: asyncio.StreamWriter, **message: object) -> None:
    writer.write(json.dumps(message).encode() + b"\n")


@asynccontextmanager
async def serving(network: Network) -> AsyncIterator[Network]:
    server = await asyncio.start_unix_server(network.accept, network.path)
    try:
        yield network
    finally:
        server.close()
        await network.close()
