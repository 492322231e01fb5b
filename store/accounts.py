"""The accounts of a shop on the networks, as they were added by hand."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal, TypedDict
from uuid import UUID

from sqlalchemy import (
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    delete,
    func,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column, undefer

from store.app import SCHEMA
from store.base import Base, of_a_shop


class ChannelAccount(Base):
    """`account` ("telegram:tienda") names one in all of this installation.

    `secrets` is encrypted. The role of the pages may write it and never read it, so a query loads
    it only where it is asked for by name.
    """

    __tablename__ = "channel_account"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "account"),
        UniqueConstraint("account"),
        of_a_shop(),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    account: Mapped[str] = mapped_column(Text)
    network: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    secrets: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AccountRow(TypedDict):
    """`secrets` sealed."""

    shop_id: UUID
    account: str
    network: str
    name: str
    options: Mapping[str, Any]
    secrets: bytes


async def save_account(
    session: AsyncSession, row: AccountRow
) -> Literal["added", "updated", "foreign"]:
    """Two who add one account at once end up with one of the two rows, whole. "foreign" when it is
    another shop's: nothing is written then."""
    # Two at once would meet on either unique index, and a conflict target names one of them.
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(row["account"]))))
    statement = insert(ChannelAccount).values(**row, updated_at=func.clock_timestamp())
    changed = {name: statement.excluded[name] for name in ("options", "secrets", "updated_at")}
    upsert = statement.on_conflict_do_update(
        index_elements=["account"],
        set_=changed,
        where=ChannelAccount.shop_id == statement.excluded.shop_id,
    )
    new = await session.scalar(upsert.returning(literal_column("xmax = 0")))
    return "foreign" if new is None else "added" if new else "updated"


async def reseal_account(
    session: AsyncSession, shop: UUID, account: str, sealed: tuple[bytes | None, bytes]
) -> None:
    """The same secrets, before and after, under another key: a running bot has nothing to do. Who
    changed them meanwhile wins."""
    before, after = sealed
    same = (*_named(shop, [account]), ChannelAccount.secrets == before)
    await session.execute(update(ChannelAccount).where(*same).values(secrets=after))


async def renew_account(session: AsyncSession, shop: UUID, account: str) -> bool:
    """Every process that runs builds it anew; False when it is not stored."""
    new = update(ChannelAccount).where(*_named(shop, [account]))
    fresh = new.values(updated_at=func.clock_timestamp()).returning(ChannelAccount.account)
    return await session.scalar(fresh) is not None


async def remove_account(session: AsyncSession, shop: UUID, account: str) -> bool:
    """With its secrets; what was said there stays."""
    gone = delete(ChannelAccount).where(*_named(shop, [account]))
    return await session.scalar(gone.returning(ChannelAccount.account)) is not None


async def versions_of(session: AsyncSession, shop: UUID) -> dict[str, datetime]:
    """Of the accounts that are switched on; a running bot asks every second."""
    query = select(ChannelAccount.account, ChannelAccount.updated_at).where(
        ChannelAccount.shop_id == shop, ChannelAccount.enabled
    )
    return {row.account: row.updated_at for row in await session.execute(query)}


async def stored_accounts(
    session: AsyncSession, shop: UUID, accounts: Iterable[str] | None = None
) -> list[ChannelAccount]:
    """All of them, or those named; with their secrets, by name."""
    chosen = [ChannelAccount.shop_id == shop] if accounts is None else _named(shop, accounts)
    query = select(ChannelAccount).where(*chosen).order_by(ChannelAccount.account)
    return list(await session.scalars(query.options(undefer(ChannelAccount.secrets))))


def _named(shop: UUID, accounts: Iterable[str]) -> list[Any]:
    return [ChannelAccount.shop_id == shop, ChannelAccount.account.in_(list(accounts))]
