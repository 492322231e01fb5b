"""Which version answers whom: every process has it in memory, and none older than a few seconds."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from knowledge.shelves import Shelf, Shelves
from learning.rollout import Variant, side
from llm.base import Served
from services.clock import Clock, now
from store import registry
from store.base import StoreUnavailable
from store.rollouts import Rollout
from store.versions import ModelVersion

FRESH_S: Final = 2.0
PATIENCE_S: Final = 1.0
"""So long a customer waits for Postgres to tell who answers; then whoever did before does."""


@dataclass(frozen=True, slots=True)
class Known:
    """A registered version, as much of it as answers."""

    id: UUID
    name: str
    provider: str
    model: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Running:
    """A rollout, as much of it as decides who answers."""

    id: UUID
    state: str
    percent: int
    stage: int
    paused: bool
    salt: str

    def side(self, customer: UUID) -> Variant:
        if self.state == "promoted":
            return "canary"
        served = self.percent if self.state == "canary" and not self.paused else 0
        return side(self.salt, customer, served)


@dataclass(frozen=True, slots=True)
class Roster:
    """What a shop answers with; the same rows give the same roster."""

    active: Known | None = None
    running: Running | None = None
    candidate: Known | None = None

    def choice(self, customer: UUID) -> tuple[Known | None, Served | None]:
        """Who answers this customer; no version means the models of the settings."""
        version, variant = self.active, None
        if self.running is not None:
            variant = self.running.side(customer)
            version = self.candidate if variant == "canary" else self.active
        if version is None and self.running is None:
            return None, None
        served = Served(
            version=str(version.id) if version else None,
            variant=variant,
            rollout=str(self.running.id) if self.running else None,
            stage=self.running.stage if self.running else 0,
        )
        return version, served


@dataclass(frozen=True, slots=True)
class Versions(Shelves[Roster, Roster]):
    """`watch` is how long after its end a promoted rollout is still looked after; `patience_s`
    how long a customer waits for Postgres."""

    watch: timedelta = timedelta(hours=24)
    clock: Clock = now
    ttl_s: float = field(default=FRESH_S, kw_only=True)
    patience_s: float = field(default=PATIENCE_S, kw_only=True)

    async def read(self, shop: UUID) -> tuple[Roster, ...]:
        async with self.store.reading() as session:
            active = await registry.active_version(session, shop)
            rollout = await registry.current(session, shop, self.clock() - self.watch)
            candidate = None
            if rollout is not None:
                candidate = await session.get(ModelVersion, (shop, rollout.version_id))
        return (Roster(_known(active), _running(rollout), _known(candidate)),)

    def made(self, rows: tuple[Roster, ...]) -> Roster:
        return rows[0]

    async def of(self, shop: UUID) -> Roster:
        """Never older than `ttl_s`, unless Postgres is down or slow: then what is in memory.

        Raises StoreUnavailable when there is nothing in memory.
        """
        shelf = self.shelves.setdefault(shop, Shelf())
        if shelf.held is None or self.monotonic() - shelf.read_at >= self.ttl_s:
            reading = self._reading(shop, shelf)
            done, _ = await asyncio.wait({reading}, timeout=self.patience_s)
            if done and reading.exception() is None:
                return reading.result()
        if shelf.held is None:
            raise StoreUnavailable("nobody has told yet which version answers")
        return shelf.held


def _known(row: ModelVersion | None) -> Known | None:
    if row is None:
        return None
    return Known(row.id, row.name, row.provider, row.model, row.parameters)


def _running(row: Rollout | None) -> Running | None:
    if row is None:
        return None
    return Running(row.id, row.state, row.percent, row.stage, row.paused, row.salt)
