"""Whoever dies, and whenever: what reached the journal reaches the bot."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.channels.base import Accepted, Ambiguous
from bot.channels.whatsapp.protocol import Begin, linked
from events.happened import Happened
from events.vocabulary import UpdateUnsupported
from services.wire import Wire
from tests.bot.channels.whatsapp.sending import a_part
from tests.contracts.network import Ledger, listening, until
from tests.contracts.whatsapp import ACCOUNT, channel_of, journalled
from tests.servers.protobufs import MESSAGE
from tests.servers.whatsapp import WhatsApp


def holders(whatsapp: WhatsApp) -> list[int]:
    """The processes that hold a session of this network."""
    return [pid for pid, line in commands() if whatsapp.path in line and "whatsapp_go" in line]


def commands() -> Iterator[tuple[int, str]]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                yield int(folder.name), (folder / "cmdline").read_text()
            except OSError:
                continue


async def gone(pid: int) -> None:
    await until(lambda: state_of(pid) in ("", "Z"))


def state_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
    except OSError:
        return ""


async def test_a_killed_holder_loses_nothing_it_was_told(
    whatsapp: WhatsApp, ledger: Ledger, wire: Wire, prefix: str
) -> None:
    ledger.closed = True
    async with listening(channel_of(whatsapp, wire, prefix), ledger.ingest):
        said = [f"mensaje {number}" for number in range(20)]
        for text in said:
            whatsapp.says(text)
        await until(lambda: whatsapp.handed >= 10)
        (pid,) = holders(whatsapp)
        os.kill(pid, signal.SIGKILL)
        await gone(pid)
        ledger.closed = False
        await until(lambda: len(ledger.stored) == 20, seconds=20)

    assert ledger.texts() == said
    assert whatsapp.connections == 2


@asynccontextmanager
async def a_bot(whatsapp: WhatsApp, redis_url: str, prefix: str) -> AsyncIterator[int]:
    """Another process that hears the network and stores nothing."""
    script = ("-m", "tests.bot.channels.whatsapp.bot", redis_url, prefix)
    bot = await asyncio.create_subprocess_exec(
        sys.executable, *script, str(whatsapp.folder), whatsapp.path, stdout=asyncio.subprocess.PIPE
    )
    assert bot.stdout is not None
    async with asyncio.timeout(120):
        while await bot.stdout.readline() != b"MessageReceived\n":
            assert bot.returncode is None
    yield bot.pid
    await bot.communicate()


async def test_a_killed_bot_takes_its_holder_along_and_loses_nothing(
    whatsapp: WhatsApp, ledger: Ledger, wire: Wire, redis_url: str, prefix: str
) -> None:
    said = [f"mensaje {number}" for number in range(5)]
    for text in said:
        whatsapp.says(text)
    async with a_bot(whatsapp, redis_url, prefix) as bot:
        await until(lambda: whatsapp.waiting == 0)
        (holder,) = holders(whatsapp)
        os.kill(bot, signal.SIGKILL)
        await gone(holder)
    assert journalled(whatsapp.folder) == [MESSAGE] * 5

    async with listening(channel_of(whatsapp, wire, prefix), ledger.ingest):
        await until(lambda: len(ledger.stored) == 5)

    assert ledger.texts() == said


async def test_a_holder_that_hangs_does_not_outlive_its_bot(
    whatsapp: WhatsApp, redis_url: str, prefix: str
) -> None:
    whatsapp.says("hola")
    async with a_bot(whatsapp, redis_url, prefix) as bot:
        (holder,) = holders(whatsapp)
        await whatsapp.hang()
        whatsapp.says("está en el diario")
        await until(lambda: whatsapp.handed == 2)
        os.kill(bot, signal.SIGKILL)
        await gone(holder)
    assert journalled(whatsapp.folder) == [MESSAGE] * 2


async def test_a_clean_stop_is_quick_and_keeps_what_is_in_flight(
    whatsapp: WhatsApp, ledger: Ledger, wire: Wire, prefix: str
) -> None:
    ledger.closed = True
    async with listening(channel_of(whatsapp, wire, prefix), ledger.ingest):
        for number in range(10):
            whatsapp.says(f"mensaje {number}")
        await until(lambda: whatsapp.waiting == 0)
        began = time.monotonic()
    assert time.monotonic() - began < 60
    assert holders(whatsapp) == []

    ledger.closed = False
    async with listening(channel_of(whatsapp, wire, prefix), ledger.ingest):
        await until(lambda: len(ledger.stored) == 10)
    assert ledger.texts() == [f"mensaje {number}" for number in range(10)]


async def test_a_clean_stop_finishes_what_is_being_sent(
    whatsapp: WhatsApp, ledger: Ledger, wire: Wire, prefix: str
) -> None:
    whatsapp.held["SendMessage"] = asyncio.Event()
    channel = channel_of(whatsapp, wire, prefix)
    async with listening(channel, ledger.ingest):
        sending = asyncio.create_task(channel.send(a_part("hola")))
        await until(lambda: "SendMessage" in {name for name, _ in whatsapp.calls})
        asyncio.get_running_loop().call_later(0.3, whatsapp.held["SendMessage"].set)

    assert isinstance(await sending, Accepted)
    assert whatsapp.texts() == ["hola"]


async def test_a_holder_that_is_told_to_go_goes_with_code_0(whatsapp: WhatsApp) -> None:
    """By whoever else stops processes: a service manager stops them all."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = await asyncio.create_subprocess_exec(
            *whatsapp.command, str(theirs.fileno()), pass_fds=[theirs.fileno()]
        )
    link = await linked(ours)
    link.put(Begin(account=ACCOUNT, folder=str(whatsapp.folder)))
    whatsapp.says("hola")
    await until(lambda: whatsapp.handed == 1)

    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(120):
        assert await process.wait() == 0
    link.close()
    assert journalled(whatsapp.folder) == [MESSAGE]


async def test_a_send_under_way_when_the_holder_dies_is_not_made_again(
    whatsapp: WhatsApp, ledger: Ledger, wire: Wire, prefix: str
) -> None:
    channel = channel_of(whatsapp, wire, prefix)
    async with listening(channel, ledger.ingest):
        whatsapp.held["SendMessage"] = asyncio.Event()
        sending = asyncio.create_task(channel.send(a_part("hola")))
        await until(lambda: "SendMessage" in {name for name, _ in whatsapp.calls})
        (pid,) = holders(whatsapp)
        os.kill(pid, signal.SIGKILL)
        whatsapp.held.clear()

        assert isinstance(await sending, Ambiguous)
        assert isinstance(await channel.send(a_part("hola")), Ambiguous)
        assert isinstance(await channel.send(a_part("otra", number=1)), Accepted)
    assert whatsapp.texts() == ["otra"]


async def test_what_cannot_be_read_stops_nobody(
    whatsapp: WhatsApp, ledger: Ledger, wire: Wire, prefix: str
) -> None:
    poison: list[UpdateUnsupported] = []
    # Less than a megabyte, and many times as much once every field has its name.
    ad = dict.fromkeys(["showAdAttribution", "renderLargerThumbnail", "containsAutoReply"], True)
    card = {"displayName": "", "contextInfo": {"externalAdReply": ad}}
    bomb = {"contactsArrayMessage": {"contacts": [card] * 45_000}}

    async def ingest(event: Happened) -> bool:
        if isinstance(event, UpdateUnsupported):
            poison.append(event)
            return True
        return await ledger.ingest(event)

    async with listening(channel_of(whatsapp, wire, prefix), ingest):
        whatsapp.says("antes")
        whatsapp.happens(MESSAGE, b"\xff\xff\xff")
        whatsapp.says(bomb)
        whatsapp.says("después")
        await until(lambda: len(ledger.stored) == 3)

    assert ledger.texts() == ["antes", "", "después"]
    assert "oversized" in ledger.stored[1].flags
    assert len(poison) == 1
    assert journalled(whatsapp.folder) == []
