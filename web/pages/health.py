"""Is the process alive; can it do its work. No versions, no names: anybody may ask."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass

from fastapi.responses import JSONResponse

from services.wire import Wire
from store.base import StoreError
from store.session import Store
from web.limits import Unavailable, soon

PATIENCE_S = 1.0


@dataclass(frozen=True, slots=True)
class Health:
    wire: Wire
    store: Store

    async def alive(self) -> JSONResponse:
        return JSONResponse({"ok": True})

    async def ready(self) -> JSONResponse:
        """`role` is whether row-level security binds us."""
        redis, role = await asyncio.gather(_told(self._pong()), _told(self.store.confined()))
        checks = {"redis": redis is True, "postgres": role is not None, "role": role is True}
        ok = all(checks.values())
        return JSONResponse({"ok": ok, **checks}, 200 if ok else 503)

    async def _pong(self) -> bool:
        return bool(await self.wire.command("PING") == b"PONG")


async def _told(question: Awaitable[bool]) -> bool | None:
    try:
        return await soon(question, PATIENCE_S)
    except (Unavailable, StoreError):
        return None
