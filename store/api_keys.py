"""Keys of programs: the hash of each secret, what it may do, and when it was used last."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TypedDict
from uuid import UUID

from sqlalchemy import Index, LargeBinary, Text, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from store.app import SCHEMA
from store.base import Base, Owned, of_a_shop

USED: Final = timedelta(minutes=1)
MOST: Final = 200


class ApiKey(Owned, Base):
    """`digest` is the SHA-256 of the secret, which was shown once; `scopes` are named in
    `web/permissions.py`."""

    __tablename__ = "api_key"
    __table_args__ = (of_a_shop(), Index(None, "shop_id", "created_at"), {"schema": SCHEMA})

    digest: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[str] = mapped_column(Text)
    scopes: Mapped[list[str]] = mapped_column(JSONB)
    made_by: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    def stands(self, at: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > at)


class NewKey(TypedDict):
    shop_id: UUID
    id: UUID
    digest: bytes
    name: str
    scopes: list[str]
    made_by: str
    expires_at: datetime | None
    created_at: datetime


async def add_key(session: AsyncSession, key: NewKey) -> None:
    await session.execute(insert(ApiKey).values(**key))


async def key_by_id(session: AsyncSession, shop: UUID, key: UUID) -> ApiKey | None:
    return await session.get(ApiKey, (shop, key))


async def keys_of(session: AsyncSession, shop: UUID) -> Sequence[ApiKey]:
    """The newest first."""
    query = select(ApiKey).where(ApiKey.shop_id == shop)
    return list(await session.scalars(query.order_by(ApiKey.created_at.desc()).limit(MOST)))


async def standing_of(session: AsyncSession, shop: UUID, by: str, at: datetime) -> Sequence[ApiKey]:
    """All that somebody made and that open something still."""
    query = select(ApiKey).where(
        ApiKey.shop_id == shop, ApiKey.made_by == by, ApiKey.revoked_at.is_(None)
    )
    return [key for key in await session.scalars(query) if key.stands(at)]


async def used(session: AsyncSession, shop: UUID, key: UUID, at: datetime) -> None:
    """Written down once a minute, not with every call."""
    long_ago = or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < at - USED)
    await session.execute(_mine(shop, key).where(long_ago).values(last_used_at=at))


async def revoke_key(session: AsyncSession, shop: UUID, key: UUID, at: datetime) -> bool:
    """False when there is no such key, or it was revoked before."""
    gone = _mine(shop, key).where(ApiKey.revoked_at.is_(None)).values(revoked_at=at)
    return await session.scalar(gone.returning(ApiKey.id)) is not None


def _mine(shop: UUID, key: UUID) -> Any:  # noqa: ANN401  an update of any column
    return update(ApiKey).where(ApiKey.shop_id == shop, ApiKey.id == key)
