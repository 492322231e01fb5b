"""What trying the bot needs of the shop: its hours, its customers, and its golden cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import RowMapping, select

from config.manners import HoursSettings
from config.packs import Pack
from evaluation.casing import CaseRefused, Source, Told, keep
from handlers.hours import Hours, hours_of
from store import choices
from store.app import Customer, Shop
from store.privacy import customers as people
from store.session import ReadSession, Store, WriteSession
from web.rehearsal import When

STEP: Final = timedelta(minutes=15)
HORIZON: Final = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Ground:
    shop: UUID
    pack: Pack
    hours: HoursSettings


async def moment(store: Store, ground: Ground, when: When, at: datetime) -> datetime | None:
    """The next one, from now on, at which the shop is as wanted; None where it never is."""
    if when == "ahora":
        return at
    async with store.tenant(ground.shop) as session:
        hours = hours_of(await choices.hours(session, ground.shop, ground.hours))
    return hours.opens_next(at) if when == "abierta" else _closed(hours, at)


def _closed(hours: Hours, at: datetime) -> datetime | None:
    steps = range(HORIZON // STEP)
    return next((then for n in steps if not hours.is_open(then := at + n * STEP)), None)


async def customers(session: ReadSession, shop: UUID) -> Sequence[RowMapping]:
    """Who spoke last, and may be answered."""
    found = await people.page(session, shop)
    return [row for row in found if row["restricted_at"] is None]


async def customer(session: ReadSession, shop: UUID, which: UUID) -> Customer | None:
    """Whoever is blocked is nobody to try with."""
    query = select(Customer).where(
        Customer.shop_id == shop, Customer.id == which, Customer.merged_into.is_(None),
        Customer.restricted_at.is_(None),
    )  # fmt: skip
    found: Customer | None = await session.scalar(query)
    return found


def expected(must: str, never: str, by: str, *, unknown: bool) -> Told:
    return Told("dev", must=_listed(must), never=_listed(never), unknown=unknown, by=by)


async def keep_case(
    session: WriteSession, ground: Ground, name: str, said: Sequence[str], told: Told
) -> bool:
    """False where nothing is expected of the answer."""
    shop = await session.get_one(Shop, ground.shop)
    try:
        await keep(session, shop, ground.pack, Source(name, said), told)
    except CaseRefused:
        return False
    return True


def _listed(written: str) -> tuple[str, ...]:
    return tuple(filter(None, (one.strip()[:200] for one in written.split(","))))[:10]
