"""What people did in a shop, in rows that nobody can change: each holds the hash of the last."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, Select, Text, func, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.clock import Clock, now
from store.app import SCHEMA
from store.base import Base, of_a_shop
from store.batches import BatchInsert
from store.chain import BEGINNING, Entry, broken, masked, sealed
from store.session import BatchConnection

PAGE: Final = 1_000
LOCK: Final = 7


class AuditEvent(Base):
    """Roles of ours may add and read; `number` counts within a shop, from 1. `before` and `after`
    hold no personal data and no secrets."""

    __tablename__ = "audit_event"
    __table_args__ = (
        of_a_shop(),
        Index(None, "shop_id", "actor", "number"),
        Index(None, "shop_id", "action", "number"),
        Index(None, "shop_id", "object", "number"),
        Index(None, "shop_id", "at"),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    object: Mapped[str] = mapped_column(Text)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    ip_hash: Mapped[str | None] = mapped_column(Text)
    request_id: Mapped[str | None] = mapped_column(Text)
    prev_hash: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)

    @property
    def entry(self) -> Entry:
        return Entry(
            self.shop_id,
            self.number,
            self.at,
            self.actor,
            self.action,
            self.object,
            self.before,
            self.after,
            self.ip_hash,
            self.request_id,
        )


Deed: TypeAlias = tuple[str, str, Mapping[str, object] | None, Mapping[str, object] | None]
"""What was done, to what, and how that was before and is afterwards."""
HOLD: Final = f"SELECT pg_advisory_xact_lock(hashtextextended($1, {LOCK}))"
LAST: Final = (
    "SELECT number, hash FROM app.audit_event WHERE shop_id = $1 ORDER BY number DESC LIMIT 1"
)
WRITTEN: Final = BatchInsert.into(
    AuditEvent, "shop_id", "number", "at", "actor", "action", "object", "before", "after",
    "ip_hash", "request_id", "prev_hash", "hash",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: `person:<id>`, `key:<id>`, `shop` by its one-time key, `chat:<name>` in the
    staff's own chat, `terminal:<user>`, or the name of a job; from where and in which request,
    where that is known."""

    who: str
    ip_hash: str | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters; an `action` that ends in a dot is all of that kind, and so is an `actor` that ends
    in a colon."""

    actor: str = ""
    action: str = ""
    object: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """`broken` is the first number that does not hold. A head that was noted elsewhere shows
    later whether the newest entries were cut off."""

    first: int | None
    count: int
    broken: int | None
    head: str


async def record(  # noqa: PLR0913  an entry has that many parts
    session: AsyncSession,
    shop: UUID,
    actor: Actor | str,
    action: str,
    what: str,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    clock: Clock = now,
) -> int:
    """The number of the new entry: `action` is like `person.invited`, `what` like `person:<id>`.

    Within the transaction of what it tells, and last in it: until that ends, other entries of the
    shop wait. Personal data and secrets are masked here.
    """
    by = Actor(actor) if isinstance(actor, str) else actor
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(str(shop), LOCK)))
    )
    last = await _last(session, shop)
    number, previous = (1, BEGINNING) if last is None else (last[0] + 1, last[1])
    entry = _entry(shop, number, clock(), by, (action, what, before, after))
    await session.execute(insert(AuditEvent).values(_row(entry, previous)))
    return number


async def record_by(
    connection: BatchConnection,
    shop: UUID,
    at: datetime,
    actor: Actor,
    deed: Deed,
) -> None:
    """The same within a transaction on the driver itself."""
    await connection.execute(HOLD, str(shop))
    last = await connection.fetchrow(LAST, shop)
    number, previous = (1, BEGINNING) if last is None else (last["number"] + 1, last["hash"])
    row = _row(_entry(shop, number, at, actor, deed), previous)
    row |= {name: json.dumps(row[name]) for name in ("before", "after") if row[name] is not None}
    await WRITTEN.write(connection, [tuple(row[name] for name in WRITTEN.columns)])


async def events(
    session: AsyncSession, shop: UUID, wanted: Wanted, *, before: int | None = None, limit: int = 50
) -> Sequence[AuditEvent]:
    """The newest first; `before` is the last number of the page before."""
    query = wanted_of(shop, wanted)
    if before is not None:
        query = query.where(AuditEvent.number < before)
    return list(await session.scalars(query.order_by(AuditEvent.number.desc()).limit(limit)))


def wanted_of(shop: UUID, wanted: Wanted) -> Select[AuditEvent]:
    return select(AuditEvent).where(AuditEvent.shop_id == shop, *_filters(wanted))


async def check(session: AsyncSession, shop: UUID, *, newest: int | None = None) -> Checked:
    """Reads the whole chain in pages, or its `newest` entries."""
    last = await _last(session, shop)
    if last is None:
        return Checked(None, 0, None, "")
    start = 0 if newest is None else max(last[0] - newest, 0)
    previous, first, count = (None if start else BEGINNING), None, 0
    at = start
    while page := await _after(session, shop, at):
        if at and previous is not None and page[0].number != at + 1:
            return Checked(first, count, at + 1, last[1].hex())
        first = page[0].number if first is None else first
        # What retention took from the beginning is known by the first number, not by a break.
        known = previous if page[0].number == 1 or count else None
        wrong = broken(((one.entry, one.prev_hash, one.hash) for one in page), known)
        count += len(page)
        if wrong is not None:
            return Checked(first, count, wrong, last[1].hex())
        at, previous = page[-1].number, page[-1].hash
    return Checked(first, count, None, last[1].hex())


async def hash_of(session: AsyncSession, shop: UUID, number: int) -> str | None:
    """To compare with one that was noted elsewhere."""
    found = await session.get(AuditEvent, (shop, number))
    return None if found is None else found.hash.hex()


async def _last(session: AsyncSession, shop: UUID) -> tuple[int, bytes] | None:
    query = select(AuditEvent.number, AuditEvent.hash).where(AuditEvent.shop_id == shop)
    found = (await session.execute(query.order_by(AuditEvent.number.desc()).limit(1))).first()
    return None if found is None else (found.number, found.hash)


async def _after(session: AsyncSession, shop: UUID, number: int) -> Sequence[AuditEvent]:
    query = select(AuditEvent).where(AuditEvent.shop_id == shop, AuditEvent.number > number)
    return list(await session.scalars(query.order_by(AuditEvent.number).limit(PAGE)))


def _entry(shop: UUID, number: int, at: datetime, by: Actor, deed: Deed) -> Entry:
    action, what, before, after = deed
    told = masked(before), masked(after)
    return Entry(shop, number, at, by.who, action, what, *told, by.ip_hash, by.request_id)


def _row(entry: Entry, previous: bytes) -> dict[str, object]:
    fields = {name: getattr(entry, name) for name in Entry.__slots__ if name != "shop"}
    own = sealed(previous, entry)
    return {"shop_id": entry.shop, **fields, "prev_hash": previous, "hash": own}


def _filters(wanted: Wanted) -> list[Any]:
    found: list[Any] = []
    if wanted.actor.endswith(":"):
        found.append(AuditEvent.actor.startswith(wanted.actor, autoescape=True))
    elif wanted.actor:
        found.append(AuditEvent.actor == wanted.actor)
    if wanted.action.endswith("."):
        found.append(AuditEvent.action.startswith(wanted.action, autoescape=True))
    elif wanted.action:
        found.append(AuditEvent.action == wanted.action)
    if wanted.object:
        found.append(AuditEvent.object == wanted.object)
    if wanted.since:
        found.append(AuditEvent.at >= wanted.since)
    if wanted.until:
        found.append(AuditEvent.at < wanted.until)
    return found
