"""The process that holds one WhatsApp session: `python -m bot.channels.whatsapp.process <socket>`.

A process of its own because the library parks a thread per account, prints, and takes everything
down when its Go half panics. It lives as long as the bot that started it, and what WhatsApp said
lies in its journal until that bot has stored it.
"""

import asyncio
import os
import select
import shutil
import signal
import socket
import sys
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from bot.channels.whatsapp.fulfilment import Fulfilment
from bot.channels.whatsapp.holder import Holder
from bot.channels.whatsapp.journal import Journal
from bot.channels.whatsapp.library import PhoneError
from bot.channels.whatsapp.protocol import Begin, Link, Told, linked
from services.places import locked

MISSING = (
    "neonize is not installed: pip install -r requirements-whatsapp.txt"
    " (unofficial: WhatsApp may ban the number)"
)
OPTIONS = "?_journal_mode=WAL&_busy_timeout=5000&_foreign_keys=on&x="
"""neonize hands its name to SQLite as it is, and would keep the slow, fragile default."""
THREADS = 32
LOCK_S, GOODBYE_S, DRAIN_S = 6.0, 2.0, 0.3
ALONE_S = 6.0
"""Longer than a clean end takes."""


async def serve(connection: socket.socket) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    # The library parks a thread for each connection, and every call of it needs another one.
    loop.set_default_executor(ThreadPoolExecutor(THREADS))
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    threading.Thread(target=_leave_with, args=(connection.fileno(),), daemon=True).start()
    link = await linked(connection)
    begin = await anext(link.heard(), None)
    if isinstance(begin, Begin):
        await _held(link, begin, stop)
    with suppress(OSError):
        await link.drained()


def _leave_with(bot: int) -> None:
    """Whatever hangs in here, the process does not outlive its bot: nobody else could have the
    session until then."""
    watch = select.poll()
    watch.register(bot, 0)  # a hang-up is told unasked
    watch.poll()
    time.sleep(ALONE_S)
    os._exit(1)


async def _held(link: Link, begin: Begin, stop: asyncio.Event) -> None:
    folder = Path(begin.folder)
    name = begin.account.replace(":", "-").replace("/", "-")
    lock = folder / f"{name}.lock"
    # Two processes on one session would spoil its keys; the other one is on its way out.
    if await asyncio.to_thread(_locked, lock) is None:
        link.put(Told(state="unwell", detail="its last process has not ended yet", why="busy"))
        return
    try:
        from bot.channels.whatsapp.neonize_client import NeonizePhone, opened  # noqa: PLC0415
    except (ImportError, OSError) as error:
        link.put(Told(state="refused", detail=f"{MISSING}; {error}", why="missing"))
        return
    journal = Journal(folder / f"{name}.journal")
    holder = Holder(link, journal, begin)
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: holder.complain(context.get("exception") or context.get("message"))
    )
    session = begin.session or f"{folder / name}.session{OPTIONS}"
    phone = NeonizePhone(opened(session, begin.account), journal, holder.tell, holder.news)
    files = _emptied(folder / f"{name}.files")
    await holder.run(phone, Fulfilment(phone, journal, link, files), stop)
    with suppress(PhoneError, TimeoutError):
        async with asyncio.timeout(GOODBYE_S):
            await phone.disconnect()
    await asyncio.sleep(DRAIN_S)  # what the library still holds reaches the journal
    journal.close()


def _emptied(folder: Path) -> Path:
    """A customer's file that nobody took away in the last life is taken away by nobody."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


def _locked(lock: Path) -> int | None:
    lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock.touch()
    return locked(lock, patience=LOCK_S)


def main() -> None:
    """Leaves at once in the end: threads that the library has parked would be waited for."""
    asyncio.run(_served())


async def _served() -> None:
    serving = asyncio.create_task(serve(socket.socket(fileno=int(sys.argv[-1]))))
    await asyncio.wait([serving])
    if (error := serving.exception()) is not None:
        traceback.print_exception(error)
        sys.stderr.flush()
    os._exit(0 if error is None else 1)


if __name__ == "__main__":
    main()
