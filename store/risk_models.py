"""Models of risk as they are kept and chosen, and how far the present has moved away from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from store.predicting import Of, RiskDrift, RiskModel
from store.session import BatchConnection

SHOWN: Final = 25
SCORE: Final = "score"
"""What the drift of the probability itself is called among the features."""

_ACTIVE: Final = "SELECT id, version FROM ml.risk_model WHERE shop_id = $1 AND kind = $2 AND active"
_HAS_LOANS: Final = text("SELECT EXISTS (SELECT FROM app.loan WHERE shop_id = :shop)")
_ONE_AT_A_TIME: Final = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('risk model ' || :key, 0))"
)


@dataclass(frozen=True, slots=True)
class NewModel:
    """`record` is the whole of it, as data."""

    of: Of
    record: Mapping[str, Any]
    metrics: Mapping[str, Any]
    at: datetime
    by: str


async def has_loans(session: AsyncSession, shop: UUID) -> bool:
    return bool(await session.scalar(_HAS_LOANS, {"shop": shop}))


async def keep(session: AsyncSession, shop: UUID, new: NewModel) -> RiskModel:
    """The next version of its kind, which nobody uses yet."""
    await session.execute(_ONE_AT_A_TIME, {"key": f"{shop} {new.of}"})
    mine = RiskModel.shop_id == shop, RiskModel.kind == new.of
    version = 1 + (await session.scalar(select(func.max(RiskModel.version)).where(*mine)) or 0)
    row = RiskModel(
        shop_id=shop, id=uuid5(shop, f"risk-model:{new.of}:{version}"), kind=new.of,
        version=version, record=dict(new.record), metrics=dict(new.metrics), active=False,
        trained_at=new.at, trained_by=new.by,
    )  # fmt: skip
    session.add(row)
    await session.flush()
    return row


async def activate(session: AsyncSession, shop: UUID, of: Of, version: int) -> bool:
    """False where there is no such version."""
    mine = RiskModel.shop_id == shop, RiskModel.kind == of
    wanted = RiskModel.version == version
    if await session.scalar(select(RiskModel.id).where(*mine, wanted)) is None:
        return False
    await session.execute(update(RiskModel).where(*mine, RiskModel.active).values(active=False))
    await session.execute(update(RiskModel).where(*mine, wanted).values(active=True))
    return True


async def versions(session: AsyncSession, shop: UUID, of: Of) -> list[RiskModel]:
    """The newest first, without their records."""
    query = select(RiskModel).where(RiskModel.shop_id == shop, RiskModel.kind == of)
    return list(await session.scalars(query.order_by(RiskModel.version.desc()).limit(SHOWN)))


async def called(
    session: AsyncSession, shop: UUID, of: Of, version: int | None = None
) -> RiskModel | None:
    """With its record; without a version the active one."""
    which = RiskModel.active if version is None else RiskModel.version == version
    query = select(RiskModel).where(RiskModel.shop_id == shop, RiskModel.kind == of, which)
    found: RiskModel | None = await session.scalar(query.options(undefer(RiskModel.record)))
    return found


async def active(connection: BatchConnection, shop: UUID, of: Of) -> tuple[UUID, int] | None:
    """The id and the version of the one in use."""
    found = await connection.fetchrow(_ACTIVE, shop, of)
    return None if found is None else (found["id"], found["version"])


async def note_drift(
    session: AsyncSession, shop: UUID, model: UUID, day: date, psi: Mapping[str, float]
) -> None:
    """Measured again on the same day, it is what it was measured last."""
    rows = [
        {"shop_id": shop, "id": uuid5(model, f"drift:{day}:{feature}"), "model_id": model,
         "day": day, "feature": feature, "psi": value}
        for feature, value in psi.items()
    ]  # fmt: skip
    statement = insert(RiskDrift)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["shop_id", "id"], set_={"psi": statement.excluded.psi}
        ),
        rows,
    )


async def drift(session: AsyncSession, shop: UUID, model: UUID) -> list[RiskDrift]:
    """Of the last day on which it was measured: the probability itself, then the furthest first."""
    mine = RiskDrift.shop_id == shop, RiskDrift.model_id == model
    last = select(func.max(RiskDrift.day)).where(*mine).scalar_subquery()
    query = select(RiskDrift).where(*mine, RiskDrift.day == last)
    itself = (RiskDrift.feature == SCORE).desc()
    ordered = query.order_by(itself, RiskDrift.psi.desc(), RiskDrift.feature)
    return list(await session.scalars(ordered))
