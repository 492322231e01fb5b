"""A channel in a process of its own, which stores slowly and may be stopped at any moment.

usage: … aiogram|ptb polling|webhook <Bot API> <ledger file> <seconds per event> <port>
"""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from aiohttp import web
from pydantic import SecretStr

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.factory import telegram
from config.networks import TelegramSettings
from events.happened import Happened
from events.vocabulary import MessageReceived
from tests.contracts.telegram import answered
from tests.servers.telegram import TOKEN


class File:
    """Like the real thing: durable, and it knows an event that it has seen."""

    def __init__(self, path: Path, pause_s: float) -> None:
        self.file = path.open("a+")
        self.pause_s = pause_s
        self.file.seek(0)
        self.seen = {line.split()[0] for line in self.file if line.endswith("\n")}

    async def ingest(self, event: Happened) -> bool:
        await asyncio.sleep(self.pause_s)
        if str(event.id) in self.seen or not isinstance(event, MessageReceived):
            return False
        self.seen.add(str(event.id))
        self.file.write(f"{event.id} {event.text}\n")
        self.file.flush()
        os.fsync(self.file.fileno())
        return True


async def serve(channel: TelegramChannel, file: File, port: int) -> web.AppRunner:
    hook = channel.webhook(file.ingest)
    app = web.Application()
    app.router.add_post(channel.address.path, lambda request: answered(hook, request))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner


async def main() -> None:
    client, mode, url, path, pause_s, port = sys.argv[1:]
    settings = TelegramSettings.model_validate(
        {
            "client": client,
            "token": SecretStr(TOKEN),
            "base_url": url,
            "poll_s": 1,
            "mode": mode,
            "webhook_url": f"http://127.0.0.1:{port}",
        }
    )
    channel = telegram(settings, UUID(int=1))
    file = File(Path(path), float(pause_s))
    runner = await serve(channel, file, int(port)) if mode == "webhook" else None
    receiving = asyncio.create_task(channel.receive(file.ingest))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, receiving.cancel)
    with suppress(asyncio.CancelledError):
        await receiving
    if runner is not None:
        await runner.cleanup()
    await channel.close()


if __name__ == "__main__":
    asyncio.run(main())
