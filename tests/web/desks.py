"""The pages as somebody of a role sees them, with the work behind them really done."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx2
from fastapi import FastAPI, Request

from config.settings import Settings
from jobs.asking import TERMS
from jobs.attempts import Attempt
from jobs.schedule import Run, ask
from jobs.tasks import JOBS
from tests.web.conftest import asking
from web.app import WebParts, build
from web.identity import Forbidden, Identity
from web.permissions import Perm, Role
from web.routing import PUBLIC, need_of
from web.workshop import Workshop


@dataclass
class Jobs:
    """What was left to the workers, and a worker that takes it up when a test says so."""

    parts: WebParts
    settings: Settings
    offered: list[Run] = field(default_factory=list)

    async def offer(self, run: Run) -> None:
        if await ask(self.parts.store, run):
            self.offered.append(run)

    async def work(self) -> None:
        while self.offered:
            run = self.offered.pop(0)
            attempt = await Attempt.claim(self.parts.store, run, TERMS)
            assert attempt is not None
            async with attempt:
                await JOBS[run.name](attempt, self.settings)


def settings_in(folder: Path, prefix: str, redis_url: str, **sections: Any) -> Settings:  # noqa: ANN401  settings
    wanted: dict[str, Any] = {
        "app": {"var": folder},
        "jobs": {"datasets": folder / "datasets"},
        "redis": {"prefix": prefix, "url": redis_url},
        "curation": {"per_customer": 1.0, "settle_h": 0},
        "training": {"poll_s": 0.1},
        "models": {"order": ("offline",)},
    }
    return Settings(**(wanted | sections))


def equipped(parts: WebParts, settings: Settings) -> tuple[WebParts, Jobs]:
    """The parts with what the pages of models, trainings and evaluations work with."""
    jobs = Jobs(parts, settings)
    return replace(parts, workshop=Workshop(settings, jobs.offer)), jobs


def seen_by(parts: WebParts, role: Role) -> FastAPI:
    """The pages, where whoever comes is somebody of this role."""
    app = build(parts)
    guard = app.router.dependencies[0].dependency

    async def let(request: Request) -> None:
        who = Identity(role, parts.shop, "Eva", 2_000_000_000)
        need = need_of(request)
        if need is None or (need != PUBLIC and not who.may(Perm(need))):
            raise Forbidden
        request.state.identity = who

    assert guard is not None
    app.dependency_overrides[guard] = let
    return app


@asynccontextmanager
async def desk_of(parts: WebParts, role: Role = "admin") -> AsyncIterator[httpx2.AsyncClient]:
    async with asking(seen_by(parts, role)) as client:
        yield client
