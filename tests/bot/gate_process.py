"""One of several processes that share a token: sends through the gate, prints when who was about to
ask and when they left."""

import asyncio
import sys
import time

from bot.channels.base import Rate
from bot.gate import Gate
from services.wire import Wire, connect

ALL = Rate("all", 40, 5)


async def main(url: str, prefix: str, chats: list[str], each: int) -> None:
    gate = Gate(Wire(connect(url)), prefix)

    async def talk(chat: str) -> None:
        rates = (ALL, Rate(f"chat:{chat}", 1000, 2))
        for _ in range(each):
            asked = time.time()
            while await gate.wait("telegram:main", rates):
                pass
            print(chat, asked, time.time(), flush=True)  # noqa: T201  the test reads it

    await asyncio.gather(*(talk(chat) for chat in chats))
    await gate.wire.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3].split(","), int(sys.argv[4])))
