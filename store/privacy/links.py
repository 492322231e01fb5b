"""Ways in that work once. A chat's preview opens a link too, so it is used by a form, never by
being looked at."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select, update

from store.app import Customer
from store.privacy import tombstones
from store.privacy.tables import PrivacyLink
from store.session import BatchConnection, ReadSession, WriteSession

_PUT: Final = """
INSERT INTO app.privacy_link (shop_id, id, customer_id, request_id, digest, expires_at)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`cause` is what asks for it: the same cause again gives the same link."""

    shop: UUID
    customer: UUID
    cause: UUID
    expires_at: datetime
    request: UUID | None = None


def digest_of(secret: str) -> bytes:
    return sha256(secret.encode()).digest()


async def offer(connection: BatchConnection, wanted: Wanted) -> str:
    """The secret part of its address."""
    pepper = await tombstones.pepper(connection, wanted.shop)
    secret = tombstones.digest(pepper, "link", str(wanted.cause)).hex()[:43]
    await connection.execute(
        _PUT,
        wanted.shop,
        wanted.cause,
        wanted.customer,
        wanted.request,
        digest_of(secret),
        wanted.expires_at,
    )
    return secret


async def waiting(
    session: ReadSession, shop: UUID, secret: str, at: datetime
) -> PrivacyLink | None:
    """One that was not used, and may be still."""
    query = select(PrivacyLink).where(
        PrivacyLink.shop_id == shop,
        PrivacyLink.digest == digest_of(secret),
        PrivacyLink.used_at.is_(None),
        PrivacyLink.expires_at > at,
    )
    found: PrivacyLink | None = await session.scalar(query)
    return found


async def use(
    session: WriteSession, shop: UUID, secret: str, at: datetime, *, keep: str = "", until: datetime
) -> PrivacyLink | None:
    """None where somebody was faster. Its browser shows `keep` from now on, `until` then."""
    statement = (
        update(PrivacyLink)
        .where(
            PrivacyLink.shop_id == shop,
            PrivacyLink.digest == digest_of(secret),
            PrivacyLink.used_at.is_(None),
            PrivacyLink.expires_at > at,
        )
        .values(used_at=at, session=digest_of(keep) if keep else None, expires_at=until)
        .returning(PrivacyLink)
    )
    found: PrivacyLink | None = await session.scalar(statement)
    return found


async def visitor(session: ReadSession, shop: UUID, kept: str, at: datetime) -> UUID | None:
    """Whose page a browser may see: who was merged since sees the one they are."""
    whose = func.coalesce(Customer.merged_into, Customer.id)
    joined = (Customer.shop_id == shop) & (Customer.id == PrivacyLink.customer_id)
    query = (
        select(whose)
        .join(PrivacyLink, joined)
        .where(
            PrivacyLink.shop_id == shop,
            PrivacyLink.session == digest_of(kept),
            PrivacyLink.request_id.is_(None),
            PrivacyLink.expires_at > at,
        )
    )
    found: UUID | None = await session.scalar(query)
    return found


async def drop(session: WriteSession, shop: UUID, kept: str) -> None:
    await session.execute(
        delete(PrivacyLink).where(
            PrivacyLink.shop_id == shop, PrivacyLink.session == digest_of(kept)
        )
    )
