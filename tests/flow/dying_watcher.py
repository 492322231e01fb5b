"""A process that tells of an alert and is killed before it writes that down."""

import asyncio
import os
import signal
import sys
from datetime import datetime, timedelta

from app.backing import Backing
from app.watching import Watching, cause_of, watching_of
from store.alerts import Alert, AlertRule
from tests.fixtures.bots import bot, knobs


class Killed(Watching):
    async def _told(self, alert: Alert, _rule: AlertRule) -> int:
        assert self.notices is not None
        await self.notices.tell(cause_of(alert), self._notice(alert))
        sys.stdout.write("told\n")
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGKILL)
        return 0


async def main(url: str, redis: str, prefix: str, at: str) -> None:
    settings = knobs(prefix, "killed", takeover={"staff": ("memory:main:duena",)})
    moment = datetime.fromisoformat(at) + timedelta(seconds=20)
    async with bot(Backing(url, redis, embedded=True), settings) as shop:
        found = watching_of(shop.parts)
        here = (found.store, found.shop, found.lease, found.settings, found.notices)
        await Killed(*here, lambda: moment).once()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
