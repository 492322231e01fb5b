"""A console in a process of its own: what is said to it comes back in capitals."""

import asyncio
import signal
from uuid import UUID

from bot.channels.base import Part
from bot.channels.console import ConsoleChannel
from events.happened import Happened
from events.vocabulary import MessageReceived


async def main() -> None:
    console = ConsoleChannel(UUID(int=1))

    async def ingest(event: Happened) -> bool:
        if isinstance(event, MessageReceived):
            part = Part(key="k", conversation=event.conversation, chat="c", text=event.text.upper())
            await console.send(part)
        return True

    await console.receive(ingest)


if __name__ == "__main__":
    # A shell that runs the tests in the background has it ignored, and so would we.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    asyncio.run(main())
