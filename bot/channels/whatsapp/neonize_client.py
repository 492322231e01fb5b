"""WhatsApp through neonize: the only file that speaks it, and it runs in a process of its own.

neonize tells WhatsApp "received" before we are called, so its callback writes to disk first.
"""

import asyncio
import base64
import binascii
import ctypes
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from google.protobuf.message import DecodeError, EncodeError
from neonize.aioze import events as library
from neonize.aioze.client import NewAClient
from neonize.events import INT_TO_EVENT
from neonize.exc import NeonizeError
from neonize.proto.Neonize_pb2 import JID
from neonize.proto.waE2E.WAWebProtobufsE2E_pb2 import Message
from neonize.utils.enum import ChatPresence, ChatPresenceMedia, MediaType, Presence, ReceiptType
from neonize.utils.jid import build_jid

from bot.channels.whatsapp import health
from bot.channels.whatsapp.journal import Journal
from bot.channels.whatsapp.library import PhoneFailed, PhoneSilent
from bot.channels.whatsapp.outgoing import Uploaded
from bot.channels.whatsapp.protobufs import address, opening, plain
from bot.channels.whatsapp.protocol import Offered, Told

MESSAGE, RECEIPT, UNREADABLE = health.MESSAGE, health.RECEIPT, health.UNREADABLE
KEPT = {MESSAGE, RECEIPT, UNREADABLE}
NAME_S, CALL_S, SEND_S, FILE_S = 2.0, 20.0, 45.0, 120.0
DISK_PAUSE_S = 0.2
ONCE = ("", "V2", "V2Extension")


class NeonizePhone:
    """One account's connection. `tell` and `news` are called on the loop, in order."""

    def __init__(
        self,
        client: NewAClient,
        journal: Journal,
        tell: Callable[[Told | Offered], None],
        news: Callable[[], None],
    ) -> None:
        self.client = client
        self._journal = journal
        self._tell = tell
        self._news = news
        self._loop = asyncio.get_running_loop()
        self._offline = False
        client.event.list_func.update(dict.fromkeys(health.SUBSCRIBED, _nothing))
        client.event.execute = self._on_go_thread
        # neonize keeps the first loop of a process for ever, and would call one that is closed.
        library.event_global_loop = self._loop

    def on_qr(self, show: Callable[[bytes], Any]) -> None:
        async def shown(_: NewAClient, qr: bytes) -> None:
            show(qr)

        self.client.event.qr(shown)

    def _on_go_thread(self, _uuid: bytes, binary: int, size: int, code: int) -> None:
        """Must not raise: ctypes would drop the event with a line nobody reads."""
        raw = ctypes.string_at(binary, size)
        if code in (health.CATCHING_UP, health.CAUGHT_UP):
            self._offline = code == health.CATCHING_UP
        while code in KEPT:
            try:
                self._journal.append(code, _name(code, raw), raw, offline=self._offline)
            except sqlite3.Error:
                time.sleep(DISK_PAUSE_S)  # WhatsApp's thread waits: there is no other copy
            else:
                break
        try:
            self._loop.call_soon_threadsafe(self._happened, code, raw)
        except RuntimeError:
            return  # the loop is closed: what matters is on disk

    def _happened(self, code: int, raw: bytes) -> None:
        if code in KEPT:
            self._news()
        elif code == health.TYPING:
            body = {**self.read(code, raw), "code": code}
            self._tell(Offered(number=0, at_ms=time.time_ns() // 1_000_000, body=body))
        elif (news := health.told(code, self.read(code, raw))) is not None:
            self._tell(news)

    def read(self, code: int, raw: bytes) -> dict[str, Any]:
        return read(code, raw)

    async def connected(self) -> None:
        with translated():
            # Without awaiting the task that connect gives back, its failure is never heard of.
            await (await self.client.connect())

    async def ours(self) -> list[str]:
        me = await self._asked(self.client.get_me(), CALL_S)
        return [name for name in (address(me.JID), address(me.LID)) if "@" in name]

    async def pair_code(self, phone: str) -> str:
        return str(await self._asked(self.client.PairPhone(phone, True), CALL_S))  # noqa: FBT003  neonize's signature

    async def phone_of(self, lid: str) -> str:
        return address(await self._asked(self.client.get_pn_from_lid(_jid(lid)), NAME_S))

    async def send(self, chat: str, message: dict[str, Any]) -> str:
        with translated():
            built = Message(**message)
        sent = await self._asked(self.client.send_message(_jid(chat), built), SEND_S)
        return str(sent.ID)

    async def upload(self, contents: bytes, kind: str) -> Uploaded:
        media = MediaType[f"Media{ {'sticker': 'image'}.get(kind, kind).capitalize() }"]
        up = await self._asked(self.client.upload(contents, media), FILE_S)
        return Uploaded(
            up.url, up.DirectPath, up.MediaKey, up.FileEncSHA256, up.FileSHA256, up.FileLength
        )

    async def download(self, ref: str, limit: int) -> bytes | None:
        try:
            message = Message.FromString(base64.urlsafe_b64decode(ref))
        except (DecodeError, binascii.Error, ValueError) as error:
            raise PhoneFailed("this is no file of WhatsApp's") from error
        if any(getattr(value, "fileLength", 0) > limit for _, value in message.ListFields()):
            return None
        contents = bytes(await self._asked(self.client.download_any(message), FILE_S))
        return contents if len(contents) <= limit else None

    async def mark_read(self, chat: str, sender: str, id_: str) -> None:
        read = ReceiptType.READ
        await self._asked(
            self.client.mark_read(id_, chat=_jid(chat), sender=_jid(sender), receipt=read), CALL_S
        )

    async def show_online(self) -> None:
        await self._asked(self.client.send_presence(Presence.AVAILABLE), CALL_S)

    async def show_typing(self, chat: str) -> None:
        composing, text = ChatPresence.CHAT_PRESENCE_COMPOSING, ChatPresenceMedia
        await self._asked(
            self.client.send_chat_presence(_jid(chat), composing, text.CHAT_PRESENCE_MEDIA_TEXT),
            CALL_S,
        )

    async def disconnect(self) -> None:
        """Not `stop`: that closes a channel its own events may still be written to."""
        await self._asked(self.client.disconnect(), CALL_S)

    async def _asked(self, call: Any, seconds: float) -> Any:  # noqa: ANN401  each call its own
        with translated():
            async with asyncio.timeout(seconds):
                return await call


async def _nothing(_client: NewAClient, _event: Any) -> None:  # noqa: ANN401  neonize's signature
    """Being registered is what makes Go send an event; we take it from `execute`."""


@contextmanager
def translated() -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise PhoneSilent("WhatsApp did not answer in time") from error
    except NeonizeError as error:
        raise PhoneFailed(str(error) or type(error).__name__) from error
    except DecodeError as error:
        raise PhoneSilent("an answer that cannot be read") from error
    except (EncodeError, TypeError, ValueError) as error:
        raise PhoneFailed(f"message cannot be built: {error}") from error


def opened(name: str, account: str) -> NewAClient:
    return NewAClient(name, uuid=account)


def read(code: int, raw: bytes) -> dict[str, Any]:
    try:
        event = INT_TO_EVENT[code].FromString(raw)
    except DecodeError:
        return {"broken": base64.b64encode(raw[:4096]).decode()}
    for bulky in ("Raw", "SourceWebMsg"):
        if bulky in event.DESCRIPTOR.fields_by_name:
            event.ClearField(bulky)
    fields = plain(event)
    if code == MESSAGE and not any(fields.get(f"IsViewOnce{kind}") for kind in ONCE):
        body = opening(event.Message)
        if body is not None:
            file = Message(**body).SerializeToString()
            fields["file"] = base64.urlsafe_b64encode(file).decode()
    return fields


def _name(code: int, raw: bytes) -> str:
    try:
        info = INT_TO_EVENT[code].FromString(raw)
    except DecodeError:
        return ""
    return str(info.Info.ID) if code != RECEIPT else ""


def _jid(name: str) -> JID:
    user, _, server = name.rpartition("@")
    return build_jid(user, server) if user else build_jid(name)
