"""The `app` schema, continued: what a shop is watched for, and what somebody was told of."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Index,
    Text,
    UniqueConstraint,
    func,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from store.app import SCHEMA
from store.base import Base, Owned, of_a_shop, points_to

STATES: Final = "('firing', 'acknowledged', 'resolved')"
OPEN: Final = ("firing", "acknowledged")
OPENED: Final = text("state <> 'resolved'")
UNTOLD: Final = text("told_at IS NULL")
UNPOSTED: Final = text("posted IS DISTINCT FROM 'resolved'")


class AlertRule(Owned, Base):
    """A rule of a shop and where it stands; without a threshold of its own it has the usual one.
    `state` and `streak` are what its last point, at `evaluated_at`, led to; `value` and `bound`
    that point, and the threshold it was held against; `weak` says that it may be chance. Nobody is
    told before `muted_until`."""

    __tablename__ = "alert_rule"
    __table_args__ = (
        of_a_shop(),
        UniqueConstraint("shop_id", "kind"),
        CheckConstraint("state IN ('calm', 'pending', 'firing')", name="state"),
        CheckConstraint("threshold > 0", name="threshold"),
        {"schema": SCHEMA},
    )

    kind: Mapped[str] = mapped_column(Text)
    enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    threshold: Mapped[float | None]
    muted_until: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(Text, server_default="calm")
    streak: Mapped[int] = mapped_column(server_default=text("0"))
    evaluated_at: Mapped[datetime | None]
    value: Mapped[float | None]
    bound: Mapped[float | None]
    weak: Mapped[bool] = mapped_column(server_default=text("false"))
    changed_by: Mapped[str | None] = mapped_column(Text)
    changed_at: Mapped[datetime | None]


class Alert(Owned, Base):
    """A rule that was broken for long enough. Its id derives from the rule and `fired_at`, so who
    looks again after a crash finds the same one; a rule has one that is open at most. `posted` is
    the last state that a webhook was told, `post_tries` how often the next one was tried, and it
    is not tried again before `post_at`."""

    __tablename__ = "alert"
    __table_args__ = (
        points_to("app.alert_rule", "rule_id"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("uq_alert_open", "shop_id", "rule_id", unique=True, postgresql_where=OPENED),
        Index(None, "shop_id", "fired_at", "id"),
        Index("ix_alert_of_rule", "shop_id", "rule_id", "fired_at"),
        Index("ix_alert_untold", "shop_id", "fired_at", postgresql_where=UNTOLD),
        CheckConstraint("posted IN ('firing', 'resolved')", name="posted"),
        Index("ix_alert_unposted", "shop_id", "fired_at", postgresql_where=UNPOSTED),
        {"schema": SCHEMA},
    )

    rule_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="firing")
    value: Mapped[float]
    peak: Mapped[float]
    threshold: Mapped[float]
    fired_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None] = mapped_column(Text)
    resolved_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    told: Mapped[list[str]] = mapped_column(JSONB, server_default="[]")
    posted: Mapped[str | None] = mapped_column(Text)
    post_tries: Mapped[int] = mapped_column(server_default=text("0"))
    post_at: Mapped[datetime | None]


async def keep_rules(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Those that are new; the others stay as somebody set them."""
    await session.execute(insert(AlertRule).on_conflict_do_nothing(), list(rows))


async def rules(session: AsyncSession, shop: UUID) -> list[AlertRule]:
    query = select(AlertRule).where(AlertRule.shop_id == shop).order_by(AlertRule.kind)
    return list(await session.scalars(query))


async def rule_called(
    session: AsyncSession, shop: UUID, kind: str, *, alone: bool = False
) -> AlertRule | None:
    """`alone`: nobody else decides on it until this transaction ends."""
    query = select(AlertRule).where(AlertRule.shop_id == shop, AlertRule.kind == kind)
    return await session.scalar(query.with_for_update() if alone else query)


async def change_rule(session: AsyncSession, rule: AlertRule, **values: object) -> None:
    mine = (AlertRule.shop_id == rule.shop_id, AlertRule.id == rule.id)
    await session.execute(update(AlertRule).where(*mine).values(**values))


async def fire(session: AsyncSession, row: dict[str, Any]) -> None:
    """The same one again changes nothing."""
    await session.execute(insert(Alert).values(**row).on_conflict_do_nothing())


async def opened(session: AsyncSession, shop: UUID, rule: UUID) -> Alert | None:
    query = select(Alert).where(Alert.shop_id == shop, Alert.rule_id == rule, OPENED)
    return await session.scalar(query)


async def alert_called(session: AsyncSession, shop: UUID, alert: UUID) -> Alert | None:
    return await session.scalar(select(Alert).where(Alert.shop_id == shop, Alert.id == alert))


async def change(session: AsyncSession, alert: Alert, **values: object) -> None:
    mine = (Alert.shop_id == alert.shop_id, Alert.id == alert.id)
    await session.execute(update(Alert).where(*mine).values(**values))


async def acknowledge(
    session: AsyncSession, shop: UUID, alert: UUID, by: str, at: datetime
) -> bool:
    """False where somebody did already, or it is over."""
    query = update(Alert).where(Alert.shop_id == shop, Alert.id == alert, Alert.state == "firing")
    values = {"state": "acknowledged", "acknowledged_by": by, "acknowledged_at": at}
    found = await session.scalar(query.values(**values).returning(Alert.id))
    return found is not None


async def listed(
    session: AsyncSession,
    shop: UUID,
    states: Sequence[str],
    *,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Alert]:
    """The newest first."""
    query = select(Alert).where(Alert.shop_id == shop, Alert.state.in_(states))
    if before is not None:
        query = query.where(tuple_(Alert.fired_at, Alert.id) < before)
    query = query.order_by(Alert.fired_at.desc(), Alert.id.desc()).limit(limit)
    return list(await session.scalars(query))


async def untold(session: AsyncSession, shop: UUID, since: datetime) -> list[Alert]:
    """Those of before nobody wants to hear of any more."""
    query = select(Alert).where(Alert.shop_id == shop, UNTOLD, Alert.fired_at >= since)
    return list(await session.scalars(query.order_by(Alert.fired_at, Alert.id)))


async def unposted(
    session: AsyncSession, shop: UUID, at: datetime, since: datetime, limit: int = 20
) -> list[Alert]:
    """What a webhook has not been told of yet and may be told now, the oldest first; what happened
    before `since` nobody wants to hear of any more."""
    happened = func.coalesce(Alert.resolved_at, Alert.fired_at)
    query = select(Alert).where(
        Alert.shop_id == shop,
        UNPOSTED,
        or_(Alert.posted.is_(None), Alert.state == "resolved"),
        or_(Alert.post_at.is_(None), Alert.post_at <= at),
        happened >= since,
    )
    return list(await session.scalars(query.order_by(Alert.fired_at, Alert.id).limit(limit)))


async def count_firing(session: AsyncSession, shop: UUID) -> int:
    """Those that nobody looks after; a rule has one at most, all of them in one small index."""
    mine = (Alert.shop_id == shop, OPENED, Alert.state == "firing")
    return int(await session.scalar(select(func.count()).where(*mine)) or 0)


async def last_resolved(session: AsyncSession, shop: UUID) -> datetime | None:
    """Since when all is well, where nothing is open."""
    query = select(Alert.resolved_at).where(Alert.shop_id == shop, Alert.state == "resolved")
    return await session.scalar(query.order_by(Alert.fired_at.desc()).limit(1))
