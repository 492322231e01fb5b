"""What an administrator's first page shows: who answers, how well and how fast.

Every question is asked inside the shop's own transaction, where row-level security binds it, and
reads a bounded number of rows.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from config.packs import Pack
from jobs.schedule import NAMES
from nlu.brought import brought
from store import facts, nlu, registry, work
from store.ml import TrainingData
from store.rollouts import Rollout
from store.trainings import OPEN
from store.versions import ModelVersion, TrainingJob

NEWEST: Final = 1_000
JOBS: Final = 5
DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Traffic:
    """Of the newest answers since a moment, at most NEWEST."""

    answers: int = 0
    p50_ms: int | None = None
    p95_ms: int | None = None
    failed: int = 0

    @property
    def errors(self) -> float | None:
        return self.failed / self.answers if self.answers else None


@dataclass(frozen=True, slots=True)
class Understood:
    """How well messages are understood: the macro F1 of the classifier in use, how much more that
    is than of the one before it, and each intent's. `own` is one that the shop trained."""

    value: float
    change: float | None
    intents: Sequence[tuple[str, float]]
    own: bool = True


@dataclass(frozen=True, slots=True)
class Panel:
    active: ModelVersion | None
    rollout: Rollout | None
    candidate: ModelVersion | None
    traffic: Traffic
    ever: bool
    understood: Understood | None
    waiting: int
    working: int
    trainings: Sequence[TrainingJob]


async def panel(session: AsyncSession, shop: UUID, since: datetime, pack: Pack) -> Panel:
    latest = await registry.latest(session, shop)
    rollout = latest[0] if latest and latest[0].state in registry.OPEN else None
    candidate = None
    if rollout is not None:
        candidate = await session.get(ModelVersion, (shop, rollout.version_id))
    runs = await work.open_runs(session, shop, NAMES)
    traffic = await answered(session, shop, since)
    return Panel(
        await registry.active_version(session, shop), rollout, candidate, traffic,
        bool(traffic.answers) or await _ever(session, shop),
        await when_trained(session, shop, pack),
        sum(one.state == "waiting" for one in runs), sum(one.state == "running" for one in runs),
        await _trainings(session, shop),
    )  # fmt: skip


async def answered(session: AsyncSession, shop: UUID, since: datetime) -> Traffic:
    row = TrainingData
    query = (
        select(row.latency_ms, row.fallback)
        .where(row.shop_id == shop, row.created_at >= since, row.author == "bot")
        .order_by(row.created_at.desc(), row.id.desc())
        .limit(NEWEST)
    )
    found = (await session.execute(query)).all()
    times = sorted(latency for latency, _ in found)
    return Traffic(
        len(found), _percentile(times, 0.5), _percentile(times, 0.95),
        sum(bool(fallback) for _, fallback in found),
    )  # fmt: skip


async def days(session: AsyncSession, shop: UUID, today: date) -> Sequence[facts.DailyFact]:
    return await facts.days(session, shop, today - timedelta(days=DAYS), today)


def understood(headers: Sequence[tuple[int, dict[str, Any], bool]]) -> Understood | None:
    """The newest first; None where nothing was ever measured."""
    measured = [header["metrics"] for _, header, _ in headers if header.get("metrics")]
    if not measured:
        return None
    value = float(measured[0]["macro_f1"]["value"])
    before = measured[1]["macro_f1"]["value"] if len(measured) > 1 else None
    each = [(name, float(one["value"])) for name, one in measured[0]["f1"].items()]
    change = None if before is None else value - float(before)
    return Understood(value, change, sorted(each, key=lambda pair: pair[1]))


def of_pack(pack: Pack) -> Understood | None:
    """Of the classifier that comes with the pack, as it was measured when that was made."""
    found = brought(pack)
    known = understood([(0, asdict(found.header), True)]) if found else None
    return replace(known, own=False) if known else None


async def when_trained(session: AsyncSession, shop: UUID, pack: Pack) -> Understood | None:
    """On messages that were kept apart, of the newest classifier."""
    return understood(await nlu.headers(session, shop, 2)) or of_pack(pack)


def _percentile(times: Sequence[int], share: float) -> int | None:
    return times[max(math.ceil(share * len(times)) - 1, 0)] if times else None


async def _ever(session: AsyncSession, shop: UUID) -> bool:
    query = select(TrainingData.id).where(TrainingData.shop_id == shop).limit(1)
    return await session.scalar(query) is not None


async def _trainings(session: AsyncSession, shop: UUID) -> Sequence[TrainingJob]:
    mine = TrainingJob.shop_id == shop, TrainingJob.state.in_(OPEN)
    query = select(TrainingJob).where(*mine).order_by(TrainingJob.created_at.desc()).limit(JOBS)
    return list(await session.scalars(query))
