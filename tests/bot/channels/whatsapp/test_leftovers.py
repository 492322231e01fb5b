"""However a holder ends, no process, file or descriptor is left behind."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from bot.channels.whatsapp.child import started
from bot.channels.whatsapp.protocol import Begin
from services.wire import Wire
from tests.bot.channels.whatsapp.test_is_killed import gone, holders, state_of
from tests.contracts.network import Ledger, listening, until
from tests.contracts.whatsapp import ACCOUNT, channel_of
from tests.servers.whatsapp import WhatsApp


async def test_a_bot_that_may_not_wait_leaves_no_holder_behind(whatsapp: WhatsApp) -> None:
    """As when everything ends at once: what stops the holder is cancelled itself."""
    begin = Begin(account=ACCOUNT, folder=str(whatsapp.folder))

    async def hold() -> None:
        async with started(whatsapp.command, begin):
            await asyncio.Event().wait()

    holding = asyncio.create_task(hold())
    await until(lambda: whatsapp.connections == 1)
    (holder,) = holders(whatsapp)
    os.kill(holder, signal.SIGSTOP)
    holding.cancel()
    await asyncio.sleep(0.05)
    holding.cancel()
    await asyncio.wait([holding])
    await gone(holder)


async def test_a_file_nobody_took_away_is_not_kept(
    whatsapp: WhatsApp, ledger: Ledger, wire: Wire, prefix: str
) -> None:
    left = whatsapp.folder / f"{ACCOUNT.replace(':', '-')}.files" / "cedula"
    left.parent.mkdir()
    left.write_text("de un cliente")
    async with listening(channel_of(whatsapp, wire, prefix), ledger.ingest):
        await until(lambda: whatsapp.connections == 1)
    assert not left.exists()


async def test_many_lives_leave_nothing_open(whatsapp: WhatsApp) -> None:
    begin = Begin(account=ACCOUNT, folder=str(whatsapp.folder))

    async def live() -> None:
        async with started(
            (sys.executable, "-c", "import sys; sys.exit(sys.argv[1:] == [])"), begin
        ):
            await asyncio.sleep(0)

    await live()
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        await live()
    assert len(list(Path("/proc/self/fd").iterdir())) <= before
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    assert [pid for pid in children if state_of(int(pid)) == "Z"] == []
