"""A loopback WhatsApp: it stands where neonize's Go half does, in a process that really runs.

The test's side. It speaks to `tests.servers.whatsapp_go` over a socket of its own, in the library's
protobufs; what neonize does between its C calls and its callbacks is the real thing.
"""

import asyncio
import base64
import json
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.servers.protobufs import (
    CONNECTED,
    MESSAGE,
    US,
    US_HIDDEN,
    Message,
    N,
    fill,
    jid,
    message,
)


@dataclass
class Sent:
    id: str
    to: str
    message: Any

    @property
    def text(self) -> str:
        return str(self.message.conversation or self.message.extendedTextMessage.text)


@dataclass
class WhatsApp:
    """`failing` names what the next calls of a function answer; `held` ones wait."""

    folder: Path
    sent: list[Sent] = field(default_factory=list)
    calls: list[tuple[str, list[Any]]] = field(default_factory=list)
    failing: dict[str, str] = field(default_factory=dict)
    held: dict[str, asyncio.Event] = field(default_factory=dict)
    greeting: tuple[tuple[int, bytes], ...] = ()
    qr: tuple[str, ...] = ()
    phones: dict[str, str] = field(default_factory=dict)
    file: bytes = b""
    connections: int = 0
    handed: int = 0
    _events: deque[tuple[int, bytes]] = field(default_factory=deque)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _connected: set[asyncio.StreamWriter] = field(default_factory=set)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def path(self) -> str:
        return str(self.folder / "go.sock")

    @property
    def command(self) -> tuple[str, ...]:
        return (sys.executable, "-m", "tests.servers.whatsapp_go", self.path)

    @property
    def waiting(self) -> int:
        """Events that no callback has taken yet."""
        return len(self._events)

    def happens(self, code: int, raw: bytes) -> None:
        self._events.append((code, raw))
        self._news.set()

    async def hang(self) -> None:
        """The process still has its callbacks called, and does nothing else any more."""
        for writer in self._connected:
            await _say(writer, {"hang": True})

    def says(self, text: Any, chat: str = "56911111111", **more: Any) -> str:  # noqa: ANN401
        id_ = f"3EB0{uuid4().hex[:12].upper()}"
        more.setdefault("Timestamp", time.time_ns() // 1_000_000)
        self.happens(MESSAGE, message(id_, chat, text, **more))
        return id_

    def texts(self) -> list[str]:
        return [one.text for one in self.sent]

    def hang_up(self) -> None:
        for writer in self._open:
            writer.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            asked = json.loads(await reader.readline() or b"{}")
            if asked.get("call") == "Neonize":
                await self._connection(reader, writer)
            elif asked:
                await self._answer(asked, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            self._open.discard(writer)
            writer.close()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._connected = {writer}
        if (error := self.failing.get("Neonize")) is not None:
            return await _say(writer, {"error": error})
        for qr in self.qr:
            await _say(writer, {"qr": qr})
        for code, raw in self.greeting or ((CONNECTED, _bytes(N.Connected())),):
            await _event(reader, writer, code, raw)
        while True:
            while self._events:
                code, raw = self._events[0]
                await _event(reader, writer, code, raw)
                self._events.popleft()
                self.handed += 1
            self._news.clear()
            gone = asyncio.ensure_future(reader.read(1))
            news = asyncio.ensure_future(self._news.wait())
            await asyncio.wait([gone, news], return_when=asyncio.FIRST_COMPLETED)
            news.cancel()
            if gone.done():
                return None
            gone.cancel()
            await asyncio.wait([gone])

    async def _answer(self, asked: dict[str, Any], writer: asyncio.StreamWriter) -> None:
        name, args = asked["call"], [base64.b64decode(one) for one in asked["args"]]
        self.calls.append((name, args))
        if (until := self.held.get(name)) is not None:
            await until.wait()
        answer = _ANSWERS[name](self, args, self.failing.get(name, ""))
        await _say(writer, {"result": base64.b64encode(answer).decode()})


async def _say(writer: asyncio.StreamWriter, line: dict[str, Any]) -> None:
    writer.write(json.dumps(line).encode() + b"\n")
    await writer.drain()


async def _event(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, code: int, raw: bytes
) -> None:
    """Returns when the callback has: the Go half goes on to its next event then."""
    await _say(writer, {"code": code, "raw": base64.b64encode(raw).decode()})
    await reader.readexactly(1)


def _bytes(event: Any) -> bytes:  # noqa: ANN401  a protobuf
    return bytes(fill(event).SerializeToString())


def _send(network: WhatsApp, args: list[bytes], error: str) -> bytes:
    if error:
        return bytes(N.SendMessageReturnFunction(Error=error).SerializeToString())
    to, sent = N.JID.FromString(args[1]), Message.FromString(args[3])
    one = Sent(f"3EB0{uuid4().hex[:12].upper()}", f"{to.User}@{to.Server}", sent)
    network.sent.append(one)
    response = fill(N.SendResponse(ID=one.id, Timestamp=1))
    return bytes(N.SendMessageReturnFunction(SendResponse=response).SerializeToString())


def _phone(network: WhatsApp, args: list[bytes], _error: str) -> bytes:
    lid = N.JID.FromString(args[1])
    known = network.phones.get(lid.User)
    answer = N.GetJIDFromStoreReturnFunction()
    if known:
        answer.Jid.CopyFrom(jid(known))
    else:
        answer.Error = "no phone number is known"
    return bytes(answer.SerializeToString())


def _upload(_network: WhatsApp, args: list[bytes], error: str) -> bytes:
    if error:
        return bytes(N.UploadReturnFunction(Error=error).SerializeToString())
    stored = N.UploadResponse(
        url="https://mmg.whatsapp.net/x", DirectPath="/x", Handle="", MediaKey=b"k" * 32,
        FileEncSHA256=b"e" * 32, FileSHA256=b"s" * 32, FileLength=len(args[1]),
    )  # fmt: skip
    return bytes(N.UploadReturnFunction(UploadResponse=stored).SerializeToString())


def _me(_network: WhatsApp, _args: list[bytes], _error: str) -> bytes:
    return _bytes(N.Device(JID=jid(US), LID=jid(f"{US_HIDDEN}@lid")))


def _file(network: WhatsApp, _args: list[bytes], error: str) -> bytes:
    answer = N.DownloadReturnFunction(Error=error) if error else None
    answer = answer or N.DownloadReturnFunction(Binary=network.file)
    return bytes(answer.SerializeToString())


def _code(_network: WhatsApp, _args: list[bytes], error: str) -> bytes:
    answer = N.PairPhoneReturnFunction(Error=error) if error else None
    return bytes((answer or N.PairPhoneReturnFunction(Code="ABCD-1234")).SerializeToString())


def _plainly(_network: WhatsApp, _args: list[bytes], error: str) -> bytes:
    return error.encode()


_ANSWERS: dict[str, Callable[[WhatsApp, list[bytes], str], bytes]] = {
    "SendMessage": _send,
    "GetMe": _me,
    "GetPNFromLID": _phone,
    "Upload": _upload,
    "DownloadAny": _file,
    "PairPhone": _code,
    "MarkRead": _plainly,
    "SendChatPresence": _plainly,
    "SendPresence": _plainly,
}


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[WhatsApp]:
    network = WhatsApp(folder)
    server = await asyncio.start_unix_server(network.serve, network.path, limit=1 << 24)
    try:
        yield network
    finally:
        server.close()
        network.hang_up()
