"""Is the process alive; can it do its work; what has it counted. No versions, no names: anybody may
ask for the first two."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from services.metrics import CONTENT_TYPE
from services.wire import Wire
from store.base import StoreError
from store.session import Store
from web.identity import known
from web.limits import Unavailable, soon
from web.live import Lines
from web.observed import Observed
from web.permissions import Perm
from web.routing import PUBLIC, Route

PATIENCE_S: Final = 1.0
HERE: Final = frozenset({"127.0.0.1", "::1"})
OWN_NAMES: Final = frozenset({"127.0.0.1", "localhost", "::1"})
NOBODY: Final = 404


@dataclass(frozen=True, slots=True)
class Health:
    wire: Wire
    store: Store
    observed: Observed
    lines: Lines

    def routes(self) -> Sequence[Route]:
        return [
            *(Route("GET", path, self.alive, PUBLIC) for path in ("/livez", "/salud")),
            *(Route("GET", path, self.ready, PUBLIC) for path in ("/readyz", "/listo")),
            Route("GET", "/metrics", self.metrics, PUBLIC),
            Route("GET", "/api/v1/metrics", self.read, Perm.SYSTEM_READ),
        ]

    async def alive(self) -> JSONResponse:
        return JSONResponse({"ok": True})

    async def ready(self) -> JSONResponse:
        """`role` is whether row-level security binds us. Each check has a second."""
        asked = {
            "redis": self._pong(),
            "role": self.store.confined(),
            **{name: check() for name, check in self.observed.checks.items()},
        }
        answers = await asyncio.gather(*(_told(one) for one in asked.values()))
        told = dict(zip(asked, answers, strict=True))
        checks = {"postgres": told["role"] is not None}
        checks |= {name: answer is True for name, answer in told.items()}
        ok = all(checks.values())
        return JSONResponse({"ok": ok, **checks}, 200 if ok else 503)

    async def metrics(self, request: Request) -> Response:
        """For a collector on this machine, and for who may see the system; to others it is not
        there."""
        who = known(request)
        if not _local(request) and not (who is not None and who.may(Perm.SYSTEM_READ)):
            raise HTTPException(NOBODY)
        return await self.read()

    async def read(self) -> Response:
        await self.observed.measure()
        open_pages: Mapping[tuple[tuple[str, str], ...], float] = {(): float(self.lines.open)}
        self.observed.meters.gauge("bot_sse_clients", "Pages that listen.", open_pages)
        return Response(self.observed.meters.read(), media_type=CONTENT_TYPE)

    async def _pong(self) -> bool:
        return bool(await self.wire.command("PING") == b"PONG")


def _local(request: Request) -> bool:
    """From this machine and by its own name: what a proxy here passes on has another one."""
    address = request.client.host if request.client else ""
    forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    return address in HERE and request.url.hostname in OWN_NAMES and not forwarded


async def _told(question: Awaitable[bool]) -> bool | None:
    try:
        return await soon(question, PATIENCE_S)
    except (Unavailable, StoreError):
        return None
