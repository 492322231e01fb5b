"""Jobs as rows of app.job_run: the truth, whatever the queue forgets or says twice.

A dataset is due each week, a document that was left is due until it is read, an index when a shop
has grown large; a shop moves to other vectors when somebody asks for it.

Each function is one statement, or two that may be interrupted in between. Leases are counted on
the clock of Postgres; `attempts` is the fencing token: what an attempt that lost its lease to
another one writes is refused. Until `lease_until` nobody else may claim the row, be it because
somebody works or because a failure has to cool down.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from config.settings import JobSettings
from jobs import statements
from learning.weeks import closed_weeks
from store import app, work
from store.finding import LARGE
from store.knowledge import DIMENSIONS
from store.session import Store

DATASET: Final = "dataset"
DOCUMENT: Final = "document"
VECTORS: Final = "vectors"
NEIGHBOURS: Final = "neighbours"
NAMES: Final = (DATASET, DOCUMENT, VECTORS, NEIGHBOURS)
WEEKS_BACK: Final = 12


@dataclass(frozen=True, slots=True)
class Run:
    """One job of a shop: its `period` is a week, a document with the moment it was left, or a model
    with the length of its vectors."""

    name: str
    shop: UUID
    period: str

    @property
    def key(self) -> dict[str, Any]:
        return {"name": self.name, "shop": self.shop, "period": self.period}


@dataclass(frozen=True, slots=True)
class Terms:
    """`failures` and `deaths` are how often a job may raise, and how often its worker may die."""

    lease_s: float = 60.0
    again_s: float = 600.0
    backoff_s: float = 30.0
    failures: int = 3
    deaths: int = 10
    timeout_s: int = 3600


class AttemptLost(Exception):
    """Another attempt has taken the period over, so what this one did must not count."""


async def ensure(store: Store, now: datetime, settings: JobSettings, terms: Terms) -> list[Run]:
    """Missing periods are inserted; those that nobody has done, works at or was offered are due."""
    await _insert_missing(store, now, settings)
    names = list(NAMES)
    async with store.transaction() as session:
        await session.execute(statements.GIVE_UP, {"names": names, "deaths": terms.deaths})
        offered = await session.execute(
            statements.OFFER, {"names": names, "again_s": terms.again_s}
        )
        due = [Run(row.name, row.shop_id, row.period) for row in offered]
    return sorted(due, key=lambda run: (run.name, run.period, run.shop))


async def _insert_missing(store: Store, now: datetime, settings: JobSettings) -> None:
    when = {"weekday": settings.weekday, "hour": settings.hour, "most": WEEKS_BACK}
    async with store.transaction() as session:
        firsts = (await session.execute(statements.FIRST_ROWS)).all()
        missing = [
            (shop, week) for shop, first in firsts for week in closed_weeks(first, now, **when)
        ]
        if missing:
            shops, weeks = zip(*missing, strict=True)
            values = {"name": DATASET, "shops": list(shops), "periods": list(weeks)}
            await session.execute(statements.INSERT, values)
        await session.execute(statements.LEFT, {"name": DOCUMENT})
        large = {"name": NEIGHBOURS, "large": LARGE, "dims": list(DIMENSIONS)}
        await session.execute(statements.GROWN, large)


async def ask(store: Store, run: Run) -> bool:
    """Somebody wants it now; what is done or failed begins anew. Whether it is to be offered."""
    async with store.transaction() as session:
        await session.execute(statements.ASK, run.key)
        return await session.scalar(statements.OFFER_ONE, run.key) is not None


async def next_due(store: Store, terms: Terms) -> float | None:
    """In how many seconds to look again; None when every period has ended."""
    values = {"names": list(NAMES), "backoff_s": terms.backoff_s}
    async with store.reading() as session:
        seconds: float | None = await session.scalar(statements.NEXT, values)
    return seconds


async def withdraw(store: Store, runs: Sequence[Run]) -> None:
    """The queue did not take them, so they may be offered again at once."""
    async with store.transaction() as session:
        for run in runs:
            await session.execute(statements.WITHDRAW, run.key)


async def claim(store: Store, run: Run, terms: Terms) -> int | None:
    """The number of this attempt; None when the period is done, failed, cooling or worked at."""
    async with store.transaction() as session:
        attempt: int | None = await session.scalar(
            statements.CLAIM, {**run.key, "lease_s": terms.lease_s}
        )
    return attempt


async def extend(store: Store, run: Run, attempt: int, terms: Terms) -> bool:
    values = {**run.key, "attempt": attempt, "lease_s": terms.lease_s}
    async with store.transaction() as session:
        return await session.scalar(statements.EXTEND, values) is not None


async def finish(session: AsyncSession, run: Run, attempt: int, result: dict[str, Any]) -> None:
    """In the transaction of what the job did: both happen, or neither."""
    values = {**run.key, "attempt": attempt, "result": result}
    if await session.scalar(statements.FINISH, values) is None:
        raise AttemptLost(f"{run.name} {run.period} of {run.shop}: attempt {attempt}")


async def fail(
    store: Store, run: Run, attempt: int, error: str, terms: Terms, *, counted: bool = True
) -> str | None:
    """The state it leaves behind; None when another attempt has taken over.

    A failure that is not counted only cools down: it was not the job's.
    """
    values = {
        **run.key,
        "attempt": attempt,
        "error": error,
        "counted": int(counted),
        "failures": terms.failures,
        "backoff_s": terms.backoff_s,
    }
    async with store.transaction() as session:
        state: str | None = await session.scalar(statements.FAIL, values)
    return state


async def revive(store: Store, run: Run) -> bool:
    """A failed period gets its attempts anew."""
    async with store.transaction() as session:
        return await session.scalar(statements.REVIVE, run.key) is not None


async def runs(store: Store, *, state: str | None = None) -> list[Row[Any]]:
    """Every period there is, the newest first: shop key, name, period, state, attempts, error."""
    run = work.JobRun
    query = (
        select(app.Shop.key.label("shop"), *run.__table__.columns)
        .join(app.Shop, app.Shop.id == run.shop_id)
        .order_by(run.period.desc(), app.Shop.key, run.name)
    )
    async with store.reading() as session:
        found = await session.execute(query if state is None else query.where(run.state == state))
        return list(found.all())
