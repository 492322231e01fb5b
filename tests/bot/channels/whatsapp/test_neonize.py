"""neonize's own callback, as Go calls it: on another thread, through ctypes, with a buffer."""

import asyncio
import base64
import ctypes
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from bot.channels.whatsapp.journal import RESENT_WITHIN_MS, Heard, Journal
from bot.channels.whatsapp.library import PhoneFailed
from bot.channels.whatsapp.protocol import Offered, Told
from tests.servers.protobufs import (
    CONNECTED,
    MESSAGE,
    TYPING,
    UNREADABLE,
    Message,
    N,
    fill,
    info,
    message,
)

from neonize.aioze import events as library  # isort: skip  after the protobufs, without Go
from bot.channels.whatsapp.neonize_client import NeonizePhone, opened, read, translated  # isort: skip

CATCHING_UP, CAUGHT_UP = 26, 27
CALLBACK = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(Journal(tmp_path / "journal")) as journal:
        yield journal


class Listener:
    def __init__(self) -> None:
        self.told: list[Told | Offered] = []
        self.news = asyncio.Event()

    def tell(self, told: Told | Offered) -> None:
        self.told.append(told)
        self.news.set()


def go(phone: NeonizePhone, code: int, raw: bytes) -> None:
    """What the Go half does with an event."""
    held = ctypes.create_string_buffer(raw, len(raw))
    CALLBACK(phone.client.event.execute)(b"u", ctypes.addressof(held), len(raw), code)


def phone_of(journal: Journal, heard: Listener) -> NeonizePhone:
    return NeonizePhone(opened("unused", "main"), journal, heard.tell, heard.news.set)


def raw(event: Any) -> bytes:  # noqa: ANN401  a protobuf
    return bytes(fill(event).SerializeToString())


async def test_an_event_is_on_disk_before_the_callback_returns(journal: Journal) -> None:
    phone = phone_of(journal, Listener())
    one = message("A", "56911111111", "hola")

    await asyncio.to_thread(go, phone, MESSAGE, one)

    (entry,) = journal.pending(10)
    assert (entry.code, entry.raw, entry.offline) == (MESSAGE, one, False)


async def test_what_came_while_whatsapp_was_catching_up_is_known(journal: Journal) -> None:
    phone = phone_of(journal, Listener())

    for code, event in (
        (CATCHING_UP, raw(N.OfflineSyncPreview())),
        (MESSAGE, message("A", "56911111111", "ayer")),
        (CAUGHT_UP, raw(N.OfflineSyncCompleted())),
        (MESSAGE, message("B", "56911111111", "hoy")),
    ):
        await asyncio.to_thread(go, phone, code, event)

    assert [entry.offline for entry in journal.pending(10)] == [True, False]


class Disk(Journal):
    def room(self, pages: int) -> None:
        self._appending.execute(f"PRAGMA max_page_count = {pages}")


async def test_no_event_is_dropped_while_the_disk_is_full(tmp_path: Path) -> None:
    """The callback waits, and so does WhatsApp: there is no other copy."""
    with closing(Disk(tmp_path / "journal")) as disk:
        phone, long = phone_of(disk, Listener()), message("A", "56911111111", "hola" * 50_000)
        disk.room(1)

        waiting = asyncio.create_task(asyncio.to_thread(go, phone, MESSAGE, long))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await asyncio.shield(waiting)
        assert disk.pending(10) == []
        disk.room(10_000)

        await waiting
        assert len(disk.pending(10)) == 1


async def test_a_bug_in_a_reaction_of_ours_is_told_and_harms_no_other_event(
    journal: Journal,
) -> None:
    told: list[object] = []
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()
    loop.set_exception_handler(lambda _, context: told.append(context["exception"]))

    def broken(_: Told | Offered) -> None:
        raise KeyError("x")

    phone = NeonizePhone(opened("unused", "main"), journal, broken, lambda: None)
    await asyncio.to_thread(go, phone, CONNECTED, raw(N.Connected()))
    await asyncio.to_thread(go, phone, MESSAGE, message("A", "56911111111", "hola"))
    await asyncio.sleep(0)
    loop.set_exception_handler(before)

    assert [type(error) for error in told] == [KeyError]
    assert len(journal.pending(10)) == 1


async def test_who_is_writing_is_told_and_kept_nowhere(journal: Journal) -> None:
    heard = Listener()
    phone = phone_of(journal, heard)
    source = info("", "56911111111").MessageSource

    await asyncio.to_thread(go, phone, TYPING, raw(N.ChatPresence(MessageSource=source, State=1)))
    async with asyncio.timeout(60):
        await heard.news.wait()

    (sign,) = heard.told
    assert isinstance(sign, Offered)
    assert (sign.number, sign.body["code"], sign.body["State"]) == (0, TYPING, "COMPOSING")
    assert journal.pending(10) == []


def test_a_second_event_loop_in_a_process_hears_too(tmp_path: Path) -> None:
    """neonize keeps the first loop it saw, and calls it when it is long closed."""

    async def hears(file: Path) -> list[Told | Offered]:
        heard = Listener()
        with closing(Journal(file)) as journal:
            phone = phone_of(journal, heard)
            assert library.event_global_loop is asyncio.get_running_loop()
            await asyncio.to_thread(go, phone, CONNECTED, raw(N.Connected()))
            async with asyncio.timeout(60):
                await heard.news.wait()
        return heard.told

    for number in range(2):
        assert in_a_loop_of_its_own(hears(tmp_path / str(number))) == [Told(state="ready")]


def in_a_loop_of_its_own(work: Any) -> Any:  # noqa: ANN401  a coroutine
    """pytest's own is not running between its tests, and must not be replaced."""
    with asyncio.Runner() as runner:
        loop = None
        with suppress(RuntimeError):
            loop = asyncio.get_event_loop_policy().get_event_loop()
        try:
            return runner.run(work)
        finally:
            asyncio.set_event_loop(loop)


async def test_what_a_protobuf_lacks_is_an_error_we_can_name(journal: Journal) -> None:
    phone = phone_of(journal, Listener())

    with pytest.raises(PhoneFailed, match="cannot be built"):
        await phone.send("56911111111@s.whatsapp.net", {"nonsense": 1})
    with pytest.raises(PhoneFailed, match="missing required fields"), translated():
        N.Message().SerializeToString()


def test_no_address_that_a_sender_wrote_is_kept_to_be_asked_for_a_file() -> None:
    body = {"URL": "http://169.254.169.254/latest", "directPath": "/f", "mediaKey": b"k" * 32}
    one = info("A", "56911111111")
    kept = read(MESSAGE, raw(N.Message(Info=one, Message=Message(imageMessage=body))))["file"]

    found = Message.FromString(base64.urlsafe_b64decode(kept)).imageMessage
    assert (found.directPath, found.URL) == ("/f", "")


def test_a_message_that_comes_again_takes_the_place_of_what_could_not_be_read(
    tmp_path: Path,
) -> None:
    now = 0
    with closing(Journal(tmp_path / "journal", clock=lambda: now)) as journal:
        for name in ("A", "B"):
            event = N.UndecryptableMessage(Info=info(name, "56911111111"))
            journal.append(UNREADABLE, name, raw(event))
        assert journal.pending(10) == [], "their sender is asked to send them again"

        journal.append(MESSAGE, "A", message("A", "56911111111", "hola"))
        assert [entry.code for entry in journal.pending(10)] == [MESSAGE]
        now = RESENT_WITHIN_MS
        codes = [entry.code for entry in journal.pending(10)]

    assert codes == [UNREADABLE, MESSAGE], "B never came"


def test_what_can_be_quoted_is_forgotten_when_it_disappears(tmp_path: Path) -> None:
    now = 0
    with closing(Journal(tmp_path / "journal", clock=lambda: now)) as journal:
        journal.remember("c", Heard("A", "c", "hasta mañana"), for_s=60)
        journal.remember("c", Heard("B", "c", "para siempre"))
        now = 59_999
        assert journal.heard("c", "A") == Heard("A", "c", "hasta mañana")
        now = 60_000
        assert (journal.heard("c", "A"), journal.heard("x", "B")) == (None, None)
        journal.remember("c", Heard("C", "c", ""))
    assert b"hasta ma" not in (tmp_path / "journal").read_bytes()


async def test_writing_ahead_costs_little(journal: Journal) -> None:
    phone = phone_of(journal, Listener())
    one = message("A", "56911111111", "hola")

    def many() -> float:
        began = time.perf_counter()
        for _ in range(200):
            go(phone, MESSAGE, one)
        return (time.perf_counter() - began) / 200

    assert await asyncio.to_thread(many) < 0.05
