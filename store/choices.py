"""The `app` schema, continued: what a shop's owner chose on a page, instead of in a file."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, PrimaryKeyConstraint, Text, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from config.manners import BudgetSettings, HoursSettings
from store.app import SCHEMA, Shop
from store.base import Base, of_a_shop
from store.session import BatchConnection, ReadSession, WriteSession

MICROS: Final = 1_000_000
_CAPS: Final = "SELECT shop_cap, customer_cap FROM app.shop_choice WHERE shop_id = $1"


class ShopChoice(Base):
    """None leaves it to the configuration. `week` is written as there: days and their hours; tone
    and intensity are for customers who have none of their own; `facts` are told instead of the
    pack's samples of the same name, and where one is empty, nothing is. The caps are what models
    may cost a day, in millionths of a dollar; 0 is none."""

    __tablename__ = "shop_choice"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id"),
        of_a_shop(),
        CheckConstraint("tone IN ('coach', 'neutral', 'formal')", name="tone"),
        CheckConstraint("intensity BETWEEN 0 AND 1", name="intensity"),
        CheckConstraint("(week IS NULL) = (holidays IS NULL)", name="hours"),
        CheckConstraint("shop_cap >= 0 AND customer_cap >= 0", name="caps"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    week: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    holidays: Mapped[list[date] | None] = mapped_column(ARRAY(Date))
    tone: Mapped[str | None] = mapped_column(Text)
    intensity: Mapped[float | None]
    facts: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    shop_cap: Mapped[int | None] = mapped_column(BigInteger)
    customer_cap: Mapped[int | None] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


async def of_shop(session: ReadSession, shop: UUID) -> ShopChoice | None:
    return await session.get(ShopChoice, shop)


async def hold(session: WriteSession, shop: UUID) -> None:
    """Until the end of the transaction nobody else changes what was chosen."""
    which = select(Shop.id).where(Shop.id == shop)
    await session.execute(which.with_for_update(key_share=True))


async def hours(session: ReadSession, shop: UUID, settings: HoursSettings) -> HoursSettings:
    """Those of the settings, where nobody chose others; the clock is always theirs."""
    found = await of_shop(session, shop)
    if found is None or found.week is None:
        return settings
    chosen = {"week": found.week, "holidays": tuple(found.holidays or ())}
    return settings.model_copy(update=chosen)


async def budget(
    connection: BatchConnection, shop: UUID, settings: BudgetSettings
) -> BudgetSettings:
    """What models may cost a day: chosen, or of the settings, and never above their most."""
    found = await connection.fetchrow(_CAPS, shop)
    return settings.holding(*map(_dollars, found or ()))


def _dollars(micros: int | None) -> float | None:
    return None if micros is None else micros / MICROS


async def choose(session: WriteSession, shop: UUID, values: Mapping[str, Any]) -> None:
    """Columns and what they hold from now on, `by` and `at` among them."""
    statement = insert(ShopChoice).values(shop_id=shop, **values)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["shop_id"], set_=dict(values))
    )


async def facts(session: ReadSession, shop: UUID) -> dict[str, str]:
    """What the shop says itself, by the names of its pack's answers."""
    found = await of_shop(session, shop)
    return dict(found.facts or {}) if found is not None else {}
