"""What is asked of a customer's data: noted, found, and done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from sqlalchemy import func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from store.app import Customer
from store.privacy.persons import Person
from store.privacy.tables import Consent, PrivacyRequest
from store.session import ReadSession, WriteSession

Kind: TypeAlias = Literal["export", "erasure", "opposition", "rectification", "restriction"]
PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """`by` is who asks: somebody of the shop, or "customer"."""

    shop: UUID
    customer: UUID
    kind: Kind
    by: str
    at: datetime
    days: int = 30


async def note(session: WriteSession, request: UUID, asked: Asked, note: str = "") -> bool:
    """False where it is noted already. What is done at once is settled in the same transaction."""
    row = {
        "shop_id": asked.shop,
        "id": request,
        "customer_id": asked.customer,
        "kind": asked.kind,
        "by": asked.by,
        "note": note,
        "created_at": asked.at,
        "due_at": asked.at + timedelta(days=asked.days),
    }
    new = insert(PrivacyRequest).values(row).on_conflict_do_nothing().returning(PrivacyRequest.id)
    return await session.scalar(new) is not None


async def request_of(
    session: ReadSession, shop: UUID, request: UUID, *, lock: bool = False
) -> PrivacyRequest | None:
    return await session.get(PrivacyRequest, (shop, request), with_for_update=lock)


async def open_one(
    session: ReadSession, shop: UUID, customer: UUID, kind: Kind
) -> PrivacyRequest | None:
    """One that is asked for already and not done yet."""
    query = select(PrivacyRequest).where(
        PrivacyRequest.shop_id == shop,
        PrivacyRequest.customer_id == customer,
        PrivacyRequest.kind == kind,
        PrivacyRequest.state != "done",
    )
    found: PrivacyRequest | None = await session.scalar(query.limit(1))
    return found


async def begin(session: WriteSession, shop: UUID, request: UUID, who: Person | None) -> None:
    scope = {"scope": who.kept()} if who is not None else {}
    await session.execute(_one(shop, request).values(state="running", **scope))


async def count(
    session: WriteSession, shop: UUID, request: UUID, receipt: Mapping[str, Any]
) -> None:
    """How far it is; what a crash leaves behind goes on from there."""
    await session.execute(_one(shop, request).values(receipt=dict(receipt)))


async def settle(
    session: WriteSession,
    shop: UUID,
    request: UUID,
    at: datetime,
    receipt: Mapping[str, Any],
    *,
    forget: bool = False,
) -> None:
    """With `forget` nothing of it tells any more whose request it was."""
    gone = {"customer_id": None, "scope": None, "note": ""} if forget else {}
    values = {"state": "done", "done_at": at, "receipt": dict(receipt), **gone}
    await session.execute(_one(shop, request).values(values))


async def disown(session: WriteSession, who: Person) -> None:
    """Their other requests stay as well, without whose they were."""
    await session.execute(
        update(PrivacyRequest)
        .where(PrivacyRequest.shop_id == who.shop, PrivacyRequest.customer_id.in_(who.ids))
        .values(
            customer_id=None,
            note="",
            scope=None,
            state="done",
            done_at=func.coalesce(PrivacyRequest.done_at, func.now()),
        )
    )


async def listed(
    session: ReadSession,
    shop: UUID,
    *,
    customers: Sequence[UUID] = (),
    before: tuple[datetime, UUID] | None = None,
    limit: int = PAGE,
) -> Sequence[PrivacyRequest]:
    """The newest first; of some customers, or of all and those who left."""
    query = select(PrivacyRequest).where(PrivacyRequest.shop_id == shop)
    if customers:
        query = query.where(PrivacyRequest.customer_id.in_(customers))
    if before is not None:
        query = query.where(tuple_(PrivacyRequest.created_at, PrivacyRequest.id) < before)
    newest = PrivacyRequest.created_at.desc(), PrivacyRequest.id.desc()
    return (await session.scalars(query.order_by(*newest).limit(limit))).all()


async def waiting(session: ReadSession, shop: UUID) -> Sequence[PrivacyRequest]:
    """Not done yet, the most urgent first."""
    query = (
        select(PrivacyRequest)
        .where(PrivacyRequest.shop_id == shop, PrivacyRequest.state != "done")
        .order_by(PrivacyRequest.due_at)
        .limit(PAGE)
    )
    return (await session.scalars(query)).all()


async def consent(session: WriteSession, row: Consent) -> None:
    values = {
        name: getattr(row, name)
        for name in ("shop_id", "id", "customer_id", "subject", "granted", "by", "created_at")
    }
    await session.execute(insert(Consent).values(values).on_conflict_do_nothing())


async def consents(
    session: ReadSession, shop: UUID, customers: Sequence[UUID]
) -> Sequence[Consent]:
    query = (
        select(Consent)
        .where(Consent.shop_id == shop, Consent.customer_id.in_(customers))
        .order_by(Consent.created_at.desc())
        .limit(PAGE)
    )
    return (await session.scalars(query)).all()


async def choose(session: WriteSession, shop: UUID, customer: UUID, **values: object) -> None:
    """Changes the person, and everybody who was merged into them."""
    whose = or_(Customer.id == customer, Customer.merged_into == customer)
    await session.execute(update(Customer).where(Customer.shop_id == shop, whose).values(**values))


def _one(shop: UUID, request: UUID) -> Any:  # noqa: ANN401  an update of SQLAlchemy's
    return update(PrivacyRequest).where(
        PrivacyRequest.shop_id == shop, PrivacyRequest.id == request
    )
