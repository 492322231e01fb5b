"""Open pages are told how far a job is, at most once a second. A job waits for nobody's page."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from config.settings import Settings
from services.news import News, key_of
from services.wire import Wire, connect

PATIENCE_S: Final = 1.0
EVERY_S: Final = 1.0


class Tell(Protocol):
    def __call__(self, kind: str, **ids: object) -> Awaitable[None]: ...


@dataclass(frozen=True, slots=True)
class Patient:
    """What Redis does not take within a second, pages find out by asking."""

    news: News

    async def __call__(self, kind: str, **ids: object) -> None:
        telling = asyncio.ensure_future(self.news.tell(kind, **ids))
        await asyncio.wait({telling}, timeout=PATIENCE_S)
        telling.cancel()


async def _nobody(kind: str, **ids: object) -> None:  # noqa: ARG001  as Tell names them
    return


@asynccontextmanager
async def told_of(settings: Settings, shop: UUID) -> AsyncIterator[Tell]:
    if settings.redis.url is None:
        yield _nobody
        return
    wire = Wire(connect(settings.redis.url.get_secret_value()))
    try:
        yield Patient(News(wire, key_of(settings.redis.prefix, shop)))
    finally:
        await wire.close()


async def beating(tell: Tell, kind: str, **ids: object) -> None:
    """While something goes on whose progress only the database knows; until it is cancelled."""
    while True:
        await asyncio.sleep(EVERY_S)
        await tell(kind, **ids)
