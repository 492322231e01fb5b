"""A bot that hears WhatsApp and stores nothing, until it is killed.

`python -m tests.bot.channels.whatsapp.bot <redis> <prefix> <folder> <network>`
"""

import asyncio
import sys

from bot.channels.base import NotStored
from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.channels.whatsapp.people import Account
from bot.channels.whatsapp.protocol import Begin
from events.happened import Happened
from events.vocabulary import ChannelChanged
from services.wire import Wire, connect
from tests.contracts.network import SHOP


async def ingest(event: Happened) -> bool:
    if isinstance(event, ChannelChanged):
        return True
    sys.stdout.write(f"{type(event).__name__}\n")
    sys.stdout.flush()
    raise NotStored("it never will be")


async def main(redis: str, prefix: str, folder: str, network: str) -> None:
    account = "whatsapp:main"
    command = (sys.executable, "-m", "tests.servers.whatsapp_go", network)
    begin = Begin(account=account, folder=folder)
    wire = Wire(connect(redis))
    us = Account(SHOP, account)
    await WhatsAppChannel(us, begin, wire, prefix, command=command).receive(ingest)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
