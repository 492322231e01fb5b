"""A process that is killed while it tells the week: one person was told, the other was not."""

import asyncio
import os
import signal
import sys
from dataclasses import fields, replace

from app.backing import Backing
from app.weekly import weekly_of
from events.happened import Happened
from events.vocabulary import ReplyDrafted
from handlers.notices import Notice, Notices, Staff
from tests.fixtures.bots import bot
from tests.flow.weeks import extended, wanted


class Killed(Notices):
    async def _draft(self, cause: Happened, to: Staff, notice: Notice) -> ReplyDrafted:
        if to.chat == "78":
            sys.stdout.write("told\n")
            sys.stdout.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        return await super()._draft(cause, to, notice)


async def main(url: str, redis: str, prefix: str, api: str) -> None:
    async with bot(Backing(url, redis, embedded=True), wanted(prefix), extended(api)) as shop:
        found = weekly_of(shop.parts)
        assert found is not None
        mine = {one.name: getattr(found.notices, one.name) for one in fields(found.notices)}
        await replace(found, notices=Killed(**mine)).once()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
