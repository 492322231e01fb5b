"""Jobs as rows of app.job_run: the truth, whatever the queue forgets or says twice.

What is due by the calendar stands in jobs/cadences.py. A round over the scores, or over questions
that had no answer, is due where there are any; a document that was left until it is read, an index
when a shop has grown large, a training that somebody approved until it has ended, step by step; old
models are swept away after a rollout has ended. A shop moves to other vectors, is judged again, and
a model is evaluated, when somebody asks for it. What customers ask of their data is due until done.

Each function is one statement, or two that may be interrupted in between. Leases are counted on
the clock of Postgres; `attempts` is the fencing token: what an attempt that lost its lease to
another one writes is refused. Nobody else may claim a row until its `lease_until`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from config.settings import JobSettings
from jobs import statements
from jobs.cadences import CALENDAR, DATASET, Cadence, weekly_dataset
from jobs.continuing import insert_following
from store import app, work
from store.finding import LARGE
from store.knowledge import DIMENSIONS
from store.session import Store

DOCUMENT: Final = "document"
VECTORS: Final = "vectors"
NEIGHBOURS: Final = "neighbours"
EVALUATION: Final = "evaluation"
TRAINING: Final = "training"
DEPLOYMENT: Final = "deployment"
SWEEPING: Final = "sweeping"
PUT_FORWARD: Final = "rollout-proposal"
PROPOSAL: Final = "proposal"
PREPARATION: Final = "preparation"
SCORES: Final = "scores"
RESCORE: Final = "rescore"
ROLLUPS: Final = "rollups"
EXPORT: Final = "customer-export"
ERASURE: Final = "customer-erasure"
QUESTIONS: Final = "questions"
RISK_TRAINING: Final = "risk-training"
NAMES: Final = (
    *CALENDAR, DOCUMENT, VECTORS, NEIGHBOURS, EVALUATION, TRAINING, PROPOSAL, SCORES,
    RESCORE, ROLLUPS, EXPORT, ERASURE, PREPARATION, QUESTIONS, RISK_TRAINING, DEPLOYMENT,
    SWEEPING, PUT_FORWARD,
)  # fmt: skip
SCORES_EVERY_H: Final = 6


@dataclass(frozen=True, slots=True)
class Run:
    """One job of a shop: its `period` is a week, a day, the hour in which a round begins, a
    document with the moment it was left, a model with the length of its vectors, a training, the
    scorer that judges again, a version. `by` is who asks for it, where somebody does."""

    name: str
    shop: UUID
    period: str
    by: str = field(default="", compare=False)

    @property
    def key(self) -> dict[str, Any]:
        return {"name": self.name, "shop": self.shop, "period": self.period, "by": self.by}


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


async def ensure(
    store: Store,
    now: datetime,
    settings: JobSettings,
    terms: Terms,
    *,
    automatic: bool = False,
    cadences: Sequence[Cadence] = (),
) -> list[Run]:
    """Missing periods are inserted; those that nobody has done, works at or was offered are due."""
    await _insert_periods(store, now, (weekly_dataset(settings), *cadences))
    await _insert_missing(store, now)
    await _insert_trainings(store, now, automatic=automatic)
    names = list(NAMES)
    async with store.transaction() as session:
        await session.execute(statements.GIVE_UP, {"names": names, "deaths": terms.deaths})
        offered = await session.execute(
            statements.OFFER, {"names": names, "again_s": terms.again_s}
        )
        due = [Run(row.name, row.shop_id, row.period) for row in offered]
    return sorted(due, key=lambda run: (run.name, run.period, run.shop))


async def _insert_periods(store: Store, now: datetime, cadences: Sequence[Cadence]) -> None:
    async with store.transaction() as session:
        firsts = {
            of: (await session.execute(query)).all() for of, query in statements.FIRST_ROWS.items()
        }
        for cadence in cadences:
            begun = firsts[cadence.of]
            missing = [(shop, period) for shop, at in begun for period in cadence.due(at, now)]
            if missing:
                shops, periods = zip(*missing, strict=True)
                values = {"name": cadence.name, "shops": list(shops), "periods": list(periods)}
                await session.execute(statements.INSERT, values)


async def _insert_missing(store: Store, now: datetime) -> None:
    async with store.transaction() as session:
        await session.execute(statements.LEFT, {"name": DOCUMENT})
        large = {"name": NEIGHBOURS, "large": LARGE, "dims": list(DIMENSIONS)}
        await session.execute(statements.GROWN, large)
        await session.execute(statements.RIGHTS, {"export": EXPORT, "erasure": ERASURE})
        rounds = {"name": SCORES, "period": _round_of(now), "now": now}
        await session.execute(statements.JUDGED, rounds)
        minutes = f"{now.astimezone(UTC):%Y-%m-%dT%H:%M}"[:-1] + "0"
        await session.execute(statements.ASKED, {"name": QUESTIONS, "period": minutes, "now": now})


def _round_of(moment: datetime) -> str:
    there = moment.astimezone(UTC)
    return f"{there:%Y-%m-%d}T{there.hour - there.hour % SCORES_EVERY_H:02}"


async def _insert_trainings(store: Store, now: datetime, *, automatic: bool) -> None:
    async with store.transaction() as session:
        await session.execute(statements.GIVEN_UP, {"name": TRAINING})
        await session.execute(statements.ABANDONED, {"name": PREPARATION})
        await session.execute(statements.APPROVED, {"name": TRAINING})
        await insert_following(session, now, automatic=automatic)
        if automatic:
            await session.execute(statements.PROPOSE, {"name": PROPOSAL, "datasets": DATASET})


async def ask(store: Store, run: Run) -> bool:
    """Somebody wants it now; what is done or failed begins anew. Whether it is to be offered."""
    async with store.transaction() as session:
        await session.execute(statements.ASK, run.key)
        return await session.scalar(statements.OFFER_ONE, run.key) is not None


async def hurry(store: Store, run: Run) -> None:
    """What rests, or cools down, need not do so any longer."""
    async with store.transaction() as session:
        await session.execute(statements.HURRY, run.key)


async def others_wait(store: Store) -> bool:
    """Whether something was offered that nobody has taken up yet."""
    async with store.reading() as session:
        return bool(await session.scalar(statements.OFFERED))


async def next_due(store: Store, terms: Terms) -> float | None:
    """In how many seconds to look again; None when every period has ended."""
    values = {"names": list(NAMES), "backoff_s": terms.backoff_s}
    async with store.reading() as session:
        return cast("float | None", await session.scalar(statements.NEXT, values))


async def withdraw(store: Store, runs: Sequence[Run]) -> None:
    """The queue did not take them, so they may be offered again at once."""
    async with store.transaction() as session:
        for run in runs:
            await session.execute(statements.WITHDRAW, run.key)


async def claim(store: Store, run: Run, terms: Terms) -> int | None:
    """The number of this attempt; None when the period is done, failed, cooling or worked at."""
    values = {**run.key, "lease_s": terms.lease_s}
    async with store.transaction() as session:
        return cast("int | None", await session.scalar(statements.CLAIM, values))


async def extend(store: Store, run: Run, attempt: int, terms: Terms) -> bool:
    values = {**run.key, "attempt": attempt, "lease_s": terms.lease_s}
    async with store.transaction() as session:
        return await session.scalar(statements.EXTEND, values) is not None


async def finish(session: AsyncSession, run: Run, attempt: int, result: dict[str, Any]) -> None:
    """In the transaction of what the job did: both happen, or neither."""
    values = {**run.key, "attempt": attempt, "result": result}
    if await session.scalar(statements.FINISH, values) is None:
        raise AttemptLost(f"{run.name} {run.period} of {run.shop}: attempt {attempt}")


async def hold(session: AsyncSession, run: Run, attempt: int) -> None:
    """Until the end of the transaction nobody else takes the period over."""
    if await session.scalar(statements.HOLD, {**run.key, "attempt": attempt}) is None:
        raise AttemptLost(f"{run.name} {run.period} of {run.shop}: attempt {attempt}")


async def rest(session: AsyncSession, run: Run, attempt: int, seconds: float) -> None:
    """A step is done, and the next one is due later; failures and deaths are forgotten."""
    values = {**run.key, "attempt": attempt, "seconds": seconds}
    if await session.scalar(statements.REST, values) is None:
        raise AttemptLost(f"{run.name} {run.period} of {run.shop}: attempt {attempt}")


async def fail(
    store: Store, run: Run, attempt: int, error: str, terms: Terms, *, counted: bool = True
) -> str | None:
    """The state it leaves behind; None when another attempt has taken over. A failure that is not
    counted only cools down: it was not the job's."""
    values = {
        **run.key, "attempt": attempt, "error": error, "counted": int(counted),
        "failures": terms.failures, "backoff_s": terms.backoff_s,
    }  # fmt: skip
    async with store.transaction() as session:
        return cast("str | None", await session.scalar(statements.FAIL, values))


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
