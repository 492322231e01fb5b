"""A channel in a process of its own, which stores slowly and may be killed at any moment.

usage: … polling|webhook <address of the Bot API> <ledger file> <seconds per event> [port]
"""

import asyncio
import os
import sys
from pathlib import Path
from uuid import UUID

from aiohttp import web
from pydantic import SecretStr

from bot.channels.telegram import telegram
from bot.channels.telegram_channel import TelegramChannel
from config.settings import TelegramSettings
from events.happened import Happened
from events.vocabulary import MessageReceived
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


async def serve(channel: TelegramChannel, file: File, port: int) -> None:
    hook = channel.webhook(file.ingest)

    async def handle(request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        return web.Response(status=await hook.handle(await request.read(), secret))

    app = web.Application()
    app.router.add_post(channel.address.path, handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()


async def main() -> None:
    mode, url, path, pause_s, port = sys.argv[1:]
    settings = TelegramSettings(
        token=SecretStr(TOKEN),
        base_url=url,
        poll_s=1,
        mode="webhook" if mode == "webhook" else "polling",
        webhook_url=f"http://127.0.0.1:{port}",
    )
    channel = telegram(settings, UUID(int=1))
    file = File(Path(path), float(pause_s))
    if mode == "webhook":
        await serve(channel, file, int(port))
    await channel.receive(file.ingest)


if __name__ == "__main__":
    asyncio.run(main())
