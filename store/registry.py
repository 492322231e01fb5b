"""Which versions a shop answers with, and the transitions by which that changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from store.audit import Actor, record
from store.rollouts import Rollout, RolloutStep
from store.versions import ModelVersion

OPEN = ("shadow", "canary")
GONE = ("retired", "withdrawn")


@dataclass(frozen=True, slots=True)
class Change:
    """One step of a rollout, whole: the next `number`, where it leads, and what it does to the
    versions (`becomes` maps their ids to states). `restage`: customers are counted anew. `by` is
    the name of whoever takes it, `actor` who that is for the audit; `guards` its new limits, if
    it gets any."""

    number: int
    state: str
    percent: int
    paused: bool
    reason: str
    evidence: Mapping[str, Any]
    by: str
    actor: Actor
    at: datetime
    restage: bool
    becomes: Mapping[UUID, str]
    guards: Mapping[str, float] | None = None


async def version_called(session: AsyncSession, shop: UUID, name: str) -> ModelVersion | None:
    """By its name, or by its id as the API tells it."""
    named = ModelVersion.name == name
    query = select(ModelVersion).where(
        ModelVersion.shop_id == shop, or_(named, cast(ModelVersion.id, Text) == name.lower())
    )
    return await session.scalar(query.order_by(named.desc()).limit(1))


async def same_model(
    session: AsyncSession, shop: UUID, provider: str, model: str
) -> ModelVersion | None:
    """A version that is just this model, without examples of its own before every question."""
    row = ModelVersion
    query = select(row).where(
        row.shop_id == shop, row.provider == provider, row.model == model,
        ~row.parameters.has_key("examples"),
    )  # fmt: skip
    return (await session.scalars(query.order_by(row.created_at))).first()


async def active_version(session: AsyncSession, shop: UUID) -> ModelVersion | None:
    query = select(ModelVersion).where(ModelVersion.shop_id == shop, ModelVersion.state == "active")
    return await session.scalar(query)


async def current(session: AsyncSession, shop: UUID, since: datetime) -> Rollout | None:
    """The one that is open; else one that was promoted `since` and answers everybody still."""
    answers = exists().where(
        ModelVersion.shop_id == Rollout.shop_id,
        ModelVersion.id == Rollout.version_id,
        ModelVersion.state == "active",
    )
    recent = (Rollout.state == "promoted") & (Rollout.ended_at >= since) & answers
    query = (
        select(Rollout)
        .where(Rollout.shop_id == shop, or_(Rollout.state.in_(OPEN), recent))
        .order_by(Rollout.state.in_(OPEN).desc(), Rollout.created_at.desc())
        .limit(1)
    )
    return await session.scalar(query)


async def latest(session: AsyncSession, shop: UUID, limit: int = 1) -> list[Rollout]:
    query = select(Rollout).where(Rollout.shop_id == shop).order_by(Rollout.created_at.desc())
    return list(await session.scalars(query.limit(limit)))


async def steps_of(
    session: AsyncSession, shop: UUID, rollout: UUID, newest: int | None = None
) -> list[RolloutStep]:
    """The oldest first; `newest` is how many of the last ones, all of them without it."""
    query = select(RolloutStep).where(
        RolloutStep.shop_id == shop, RolloutStep.rollout_id == rollout
    )
    found = await session.scalars(query.order_by(RolloutStep.number.desc()).limit(newest))
    return list(found)[::-1]


async def outdated(session: AsyncSession, shop: UUID) -> frozenset[str]:
    """Models of Ollama that answer nobody in any shop, and that no rollback brings back."""
    row = ModelVersion
    newest = select(Rollout.baseline_id).where(Rollout.shop_id == shop)
    newest = newest.order_by(Rollout.created_at.desc()).limit(1)
    gone = row.state.in_(GONE) & row.id.is_distinct_from(newest.scalar_subquery())
    mine = select(row.model).where(row.shop_id == shop, row.provider == "ollama", gone)
    needed = select(row.model).where(
        row.provider == "ollama", or_(row.state.not_in(GONE), row.shop_id != shop, ~gone)
    )
    return frozenset(await session.scalars(mine.except_(needed)))


async def alone(session: AsyncSession, shop: UUID) -> None:
    """Of several who begin a rollout at once, one does."""
    key = func.hashtextextended(f"rollouts of {shop}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))


async def opened(session: AsyncSession, shop: UUID) -> bool:
    query = select(Rollout.id).where(Rollout.shop_id == shop, Rollout.state.in_(OPEN))
    return await session.scalar(query) is not None


async def begin(session: AsyncSession, rollout: Rollout, change: Change) -> None:
    rollout.percent, rollout.number = change.percent, change.number
    rollout.stage, rollout.paused = 1, False
    rollout.began_at = rollout.stage_at = rollout.created_at = change.at
    rollout.ended_at = None if change.state in OPEN else change.at
    session.add(rollout)
    await session.flush()
    await _step(session, rollout, None, 0, change)
    await _become(session, rollout.shop_id, change)
    await _note(session, rollout, change, begun=True)


async def move(session: AsyncSession, rollout: Rollout, change: Change) -> bool:
    """False when somebody else took the step first: nothing was written then."""
    written: dict[str, Any] = {
        "state": change.state, "percent": change.percent, "number": change.number,
        "paused": change.paused, "ended_at": None if change.state in OPEN else change.at,
    }  # fmt: skip
    if change.restage:
        written |= {"stage": rollout.stage + 1, "stage_at": change.at}
    if change.guards is not None:
        written["gate"] = {**rollout.gate, "guards": dict(change.guards)}
    moved = await session.execute(
        update(Rollout)
        .where(
            Rollout.shop_id == rollout.shop_id,
            Rollout.id == rollout.id,
            Rollout.number == change.number - 1,
        )
        .values(written)
        .returning(Rollout.id)
    )
    if moved.first() is None:
        return False
    await _step(session, rollout, rollout.state, rollout.percent, change)
    await _become(session, rollout.shop_id, change)
    await _note(session, rollout, change, begun=False)
    return True


async def _step(
    session: AsyncSession, rollout: Rollout, state: str | None, percent: int, change: Change
) -> None:
    row = {
        "shop_id": rollout.shop_id, "rollout_id": rollout.id, "number": change.number,
        "from_state": state, "to_state": change.state, "from_percent": percent,
        "percent": change.percent, "reason": change.reason, "evidence": dict(change.evidence),
        "by": change.by, "at": change.at,
    }  # fmt: skip
    await session.execute(insert(RolloutStep).values(row))


async def _note(session: AsyncSession, rollout: Rollout, change: Change, *, begun: bool) -> None:
    """In the audit, whoever moved it: a person, a program, or the rules."""
    version = await session.get_one(ModelVersion, (rollout.shop_id, rollout.version_id))
    model, forced = version.name, not rollout.gate.get("passed")
    before = None if begun else {
        "model": model, "state": rollout.state, "percent": rollout.percent,
        "paused": rollout.paused,
    }  # fmt: skip
    after = {
        "model": model, "state": change.state, "percent": change.percent, "paused": change.paused,
        "reason": change.reason,
    } | ({"forced": forced} if begun else {})  # fmt: skip
    guards = rollout.gate.get("guards") if begun else change.guards
    if guards:
        after["guards"] = ", ".join(f"{name} {limit:g}" for name, limit in guards.items())
    action = "rollout.begun" if begun else _deed(rollout, change)
    await record(
        session, rollout.shop_id, change.actor, action, f"rollout:{rollout.id}",
        before=before, after=after, clock=lambda: change.at,
    )  # fmt: skip


def _deed(rollout: Rollout, change: Change) -> str:
    if change.state in OPEN and change.paused != rollout.paused:
        return "rollout.paused" if change.paused else "rollout.resumed"
    return "rollout.moved" if change.state in OPEN else f"rollout.{change.state}"


async def _become(session: AsyncSession, shop: UUID, change: Change) -> None:
    """The active one goes before the next one comes: there is never more than one."""
    ordered = sorted(change.becomes.items(), key=lambda one: one[1] == "active")
    for version, state in ordered:
        values: dict[str, Any] = {"state": state}
        if state == "active":
            values["deployed_at"] = change.at
        await session.execute(
            update(ModelVersion)
            .where(ModelVersion.shop_id == shop, ModelVersion.id == version)
            .values(values)
        )
