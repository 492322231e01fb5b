"""Writes down what the process has traced, behind its back: many spans in one statement."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import msgspec
import structlog

from services.metrics import Meters
from services.spans import Span, Tracer
from services.telemetry import Outlet, quiet
from store.base import StoreRefused, StoreUnavailable
from store.batches import Row
from store.session import Store
from store.spans import SPANS

log = structlog.get_logger()
EVERY_S: Final = 0.5
AT_ONCE: Final = 1000
LAST_S: Final = 3.0
TOGETHER: Final = "webhook"
"""Whoever calls without permission does so often: of each kind one row is kept, and how many."""


@dataclass(slots=True)
class Keeper:
    """`kept`: without it they are only counted, and given to `outlet`. What cannot be written now
    waits, as far as there is room for it."""

    store: Store
    tracer: Tracer
    meters: Meters
    kept: bool = True
    outlet: Outlet = quiet
    waiting: list[Span] = field(default_factory=list)

    async def attend(self) -> None:
        """Until cancelled; then once more, for what the last ones left."""
        try:
            while True:
                await asyncio.sleep(EVERY_S)
                await self.flush()
        finally:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.flush(), LAST_S)

    async def flush(self) -> None:
        """Also what is written while this runs is written by the next one."""
        taken = self.tracer.take()
        self.meters.count(taken)
        self.meters.dropped.set(self.tracer.dropped)
        merged = together(taken)
        self.outlet(merged)
        if not self.kept:
            return
        room = max(0, self.tracer.limit - len(self.waiting))
        self.waiting += merged[:room]
        self.tracer.dropped += len(merged[room:])
        while self.waiting:
            some = self.waiting[:AT_ONCE]
            if not await self._written(some):
                return
            del self.waiting[: len(some)]

    async def _written(self, spans: Sequence[Span]) -> bool:
        """What Postgres refuses would be refused again: it is dropped, and counted."""
        try:
            async with self.store.batch() as connection:
                await SPANS.write(connection, [row(span) for span in spans])
        except StoreUnavailable:
            return False
        except StoreRefused as error:
            self.tracer.dropped += len(spans)
            log.warning("spans.refused", spans=len(spans), reason=str(error))
        return True


def together(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    alike: dict[tuple[UUID, str, str | None], Span] = {}
    for span in spans:
        if span.name != TOGETHER:
            found.append(span)
            continue
        key = (span.trail.shop, str(span.attributes.get("account")), span.error)
        first = alike.setdefault(key, span)
        if first is span:
            found.append(span)
        first.note(count=int(first.attributes.get("count", 0)) + 1)
    return found


def row(span: Span) -> Row:
    trail = span.trail
    return (
        trail.shop, trail.request, span.id, span.parent, trail.conversation, span.name, span.kind,
        span.started_at, span.duration_us, span.ok, span.error,
        msgspec.json.encode(span.attributes).decode(),
    )  # fmt: skip
