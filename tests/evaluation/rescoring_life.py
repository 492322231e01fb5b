"""A process that judges a shop's history again, to be killed by a test; it tells every page."""

import asyncio
import sys
from uuid import UUID

from evaluation import rescoring
from evaluation.rescoring import History
from services.clock import now
from store.session import open_store


async def live(url: str, shop: UUID) -> None:
    store = open_store(url, role="pipeline", pool=2)

    def told(done: int, of: int) -> None:
        sys.stdout.write(f"{done} {of}\n")
        sys.stdout.flush()

    await History(store, shop, step=told).rescore("lexicon", now())
    await store.close()


if __name__ == "__main__":
    rescoring.PAGE = 20  # type: ignore[misc]
    asyncio.run(live(sys.argv[1], UUID(sys.argv[2])))
