"""Which client a customer is: by what their network vouches for, or by what they proved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, and_, case, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from store.app import Customer, CustomerAlias
from store.lending import Client, ClientInquiry, ClientLink, IdentityFailure
from text.phones import matching_key

VOUCHED: Final = ("phone", "wa_id")
"""Names that a network gives only to whom they belong."""
FOUND: Final = 6

_ONE_AT_A_TIME: Final = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('who is who in ' || :shop, 0))"
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """A client of whom one of the two facts is true, or both."""

    client: UUID
    both: bool


async def alone(session: AsyncSession, shop: UUID) -> None:
    """Guesses from many chats are counted one after the other."""
    await session.execute(_ONE_AT_A_TIME, {"shop": str(shop)})


async def person(session: AsyncSession, shop: UUID, customer: UUID) -> UUID | None:
    """Who a customer turned out to be; None until they are written down."""
    one = func.coalesce(Customer.merged_into, Customer.id)
    query = select(one).where(Customer.shop_id == shop, Customer.id == customer)
    found: UUID | None = await session.scalar(query)
    return found


async def by_phone(session: AsyncSession, shop: UUID, who: UUID) -> UUID | None:
    """None where nobody, or more than one client, has a phone of theirs."""
    names = await session.scalars(
        select(CustomerAlias.external_id).where(
            CustomerAlias.shop_id == shop,
            CustomerAlias.customer_id == who,
            CustomerAlias.channel.in_(VOUCHED),
        )
    )
    keys = {key for name in names if (key := matching_key(name)) is not None}
    if not keys:
        return None
    query = select(Client.id).where(Client.shop_id == shop, Client.phone.in_(keys))
    found = (await session.scalars(query.limit(2))).all()
    return found[0] if len(found) == 1 else None


async def by_proof(session: AsyncSession, shop: UUID, who: UUID, since: datetime) -> UUID | None:
    """The client they proved to be, unless that is too long ago."""
    query = (
        select(ClientLink.client_id)
        .join(Customer, (Customer.shop_id == shop) & (Customer.id == ClientLink.customer_id))
        .where(ClientLink.shop_id == shop, ClientLink.at >= since, _is(who))
        .order_by(ClientLink.at.desc())
    )
    found: UUID | None = await session.scalar(query.limit(1))
    return found


def _is(who: UUID) -> ColumnElement[bool]:
    return or_(Customer.id == who, Customer.merged_into == who)


async def alike(
    session: AsyncSession, shop: UUID, id_tail: str, born_on: object
) -> Sequence[Likeness]:
    tail, born = Client.id_tail == id_tail, Client.born_on == born_on
    both = case((tail & born, True), else_=False)
    query = select(Client.id, both).where(Client.shop_id == shop, or_(tail, born))
    return [Likeness(client, is_both) for client, is_both in await session.execute(query)]


async def failures(
    session: AsyncSession, shop: UUID, who: UUID, since: datetime, *, but: UUID
) -> int:
    """How often this person was wrong; the attempt that is being made is not counted."""
    count = select(func.count(IdentityFailure.attempt.distinct()))
    query = count.join(
        Customer, (Customer.shop_id == shop) & (Customer.id == IdentityFailure.customer_id)
    ).where(
        IdentityFailure.shop_id == shop,
        IdentityFailure.at >= since,
        IdentityFailure.attempt != but,
        _is(who),
    )
    return await session.scalar(query) or 0


async def failures_about(
    session: AsyncSession, shop: UUID, client: UUID, since: datetime, *, but: UUID
) -> int:
    """How often somebody was nearly this client."""
    query = select(func.count(IdentityFailure.attempt.distinct())).where(
        IdentityFailure.shop_id == shop,
        IdentityFailure.client_id == client,
        IdentityFailure.at >= since,
        IdentityFailure.attempt != but,
    )
    return await session.scalar(query) or 0


async def fail(
    session: AsyncSession,
    shop: UUID,
    customer: UUID,
    about: Sequence[UUID],
    attempt: UUID,
    at: datetime,
) -> None:
    for client in about or (None,):
        row = {
            "shop_id": shop,
            "id": uuid5(attempt, str(client)),
            "customer_id": customer,
            "client_id": client,
            "attempt": attempt,
            "at": at,
        }
        await session.execute(insert(IdentityFailure).values(row).on_conflict_do_nothing())


async def link(
    session: AsyncSession, shop: UUID, customer: UUID, client: UUID, at: datetime
) -> None:
    statement = insert(ClientLink).values(
        shop_id=shop, customer_id=customer, client_id=client, at=at
    )
    proof = {"client_id": client, "at": at}
    await session.execute(
        statement.on_conflict_do_update(index_elements=["shop_id", "customer_id"], set_=proof)
    )


async def named_clients(
    session: AsyncSession, shop: UUID, folded: str, phone: str | None
) -> Sequence[tuple[UUID, str, str]]:
    """Id, number and name of those whose name holds every word, or whose phone or number it is."""
    named = and_(*(Client.folded.contains(word, autoescape=True) for word in folded.split()))
    ways: list[ColumnElement[bool]] = [named, Client.number == folded.upper()]
    if phone is not None:
        ways.append(Client.phone == phone)
    query = select(Client.id, Client.number, Client.name).where(Client.shop_id == shop, or_(*ways))
    found = await session.execute(query.order_by(Client.folded, Client.number).limit(FOUND))
    return [(row.id, row.number, row.name) for row in found]


async def note_inquiry(session: AsyncSession, asked: ClientInquiry) -> None:
    """Once, however often the message that asked is handled."""
    row = {
        name: getattr(asked, name)
        for name in ("shop_id", "id", "conversation_id", "client_id", "by", "at")
    }
    await session.execute(insert(ClientInquiry).values(row).on_conflict_do_nothing())
