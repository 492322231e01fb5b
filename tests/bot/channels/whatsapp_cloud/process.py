"""A number of the Cloud API in a process of its own, which stores slowly and may be killed.

usage: … <address of the Graph API> <ledger file> <seconds per event> <port> <Redis> <prefix>
"""

import asyncio
import sys
from pathlib import Path
from uuid import UUID

from aiohttp import web

from bot.channels.whatsapp_cloud.channel import whatsapp_cloud
from services.wire import Wire, connect
from tests.bot.channels.telegram.process import File
from tests.contracts.whatsapp_cloud import mount, settings
from tests.servers.graph import GraphApi
from tests.servers.pages import Routes


async def main() -> None:
    url, path, pause_s, port, redis_url, prefix = sys.argv[1:]
    wire = Wire(connect(redis_url))
    channel = whatsapp_cloud(settings(GraphApi(url=url)), UUID(int=1), wire, prefix)
    file, routes = File(Path(path), float(pause_s)), Routes()
    mount(routes, channel, file.ingest)
    app = web.Application()
    for place, handle in routes.items():
        app.router.add_route("*", place, handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(port)).start()
    await channel.receive(file.ingest)


if __name__ == "__main__":
    asyncio.run(main())
