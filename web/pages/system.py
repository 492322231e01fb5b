"""How the machine is that the bot runs on: every check of `doctor`, the queues, the versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy import select

from jobs.schedule import NAMES
from store import backups, work
from store.session import ReadSession, Store
from store.versions import TrainingJob
from web.limits import soon
from web.observed import Observed
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route

PATIENCE_S: Final = 20.0
NEWEST: Final = 100
ORDER: Final = ("error", "warning", "ok")


@dataclass(frozen=True, slots=True)
class Retried:
    """`jobs` failed and are tried again by themselves; `trainings`, of the newest, wait for a
    person to do so."""

    jobs: int
    trainings: int


async def retried(session: ReadSession, shop: UUID) -> Retried:
    jobs = await work.open_runs(session, shop, NAMES)
    one = TrainingJob
    newest = select(one.id, one.state, one.retry_of).where(one.shop_id == shop)
    rows = (await session.execute(newest.order_by(one.created_at.desc()).limit(NEWEST))).all()
    anew = {row.retry_of for row in rows}
    failed = sum(row.state == "failed" and row.id not in anew for row in rows)
    return Retried(sum(run.error is not None for run in jobs), failed)


@dataclass(frozen=True)
class System:
    pages: Pages
    observed: Observed
    store: Store
    shop: UUID

    def routes(self) -> Sequence[Route]:
        return [Route("GET", "/admin/sistema", self.show, Perm.SYSTEM_READ)]

    async def show(self, request: Request) -> Response:
        """What is wrong comes first."""
        facts = await soon(self.observed.facts(), PATIENCE_S)
        found = sorted(facts.findings, key=lambda one: ORDER.index(one.state))
        async with self.store.tenant(self.shop) as session:
            again = await soon(retried(session, self.shop), PATIENCE_S)
            backup = await soon(backups.last(session, self.shop), PATIENCE_S)
        counts = {state: sum(one.state == state for one in found) for state in ORDER}
        return self.pages.answer(
            request, "sistema.html", facts=facts, findings=found, counts=counts, again=again,
            backup=backup,
        )  # fmt: skip
