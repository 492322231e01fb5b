"""What the shop's people see of a customer. Names on networks are shown by their end alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import RowMapping, select

from store import app
from store.inbox import CustomerNote
from store.privacy import customers, persons, requests
from store.privacy.customers import Place
from store.privacy.persons import Name, Person
from store.privacy.tables import Consent, PrivacyRequest
from store.session import ReadSession, WriteSession, driver
from web import noting
from web.naming import covered

TALKS: Final = 20


class BadCursor(Exception):
    """An address that no page of ours gave."""


@dataclass(frozen=True, slots=True)
class Line:
    """One customer on the list; `used` is how much of this month's budgets is spent."""

    row: RowMapping
    habits: RowMapping | None
    used: float | None


@dataclass(frozen=True, slots=True)
class Listed:
    lines: Sequence[Line]
    next: str


@dataclass(frozen=True, slots=True)
class Card:
    """One customer whole, each list bounded."""

    who: Person
    row: app.Customer
    talks: Sequence[app.Conversation]
    orders: Sequence[RowMapping]
    consents: Sequence[Consent]
    requests: Sequence[PrivacyRequest]
    habits: RowMapping | None
    used: float | None
    notes: Sequence[CustomerNote]

    @property
    def chat(self) -> str:
        """Where they spoke last."""
        return next((talk.chat for talk in self.talks if talk.chat), "")

    @property
    def erasing(self) -> bool:
        return any(one.kind == "erasure" and one.state != "done" for one in self.requests)

    @property
    def export(self) -> PrivacyRequest | None:
        """The newest one."""
        return next((one for one in self.requests if one.kind == "export"), None)


async def listed(
    session: ReadSession, shop: UUID, sought: str, cursor: str, today: date, *, ledger: bool
) -> Listed:
    found = await customers.page(session, shop, sought, place_of(cursor))
    rows, more = found[: customers.PAGE], len(found) > customers.PAGE
    ids = [row["id"] for row in rows]
    habits = await customers.habits(session, shop, ids) if ids else {}
    used = await customers.budgets(session, shop, ids, today) if ids and ledger else {}
    lines = [Line(row, habits.get(row["id"]), used.get(row["id"])) for row in rows]
    return Listed(lines, cursor_of(rows[-1]["last_at"], rows[-1]["talk"]) if more else "")


async def card(
    session: WriteSession, shop: UUID, customer: UUID, at: datetime, *, ledger: bool
) -> Card | None:
    who = await persons.find(await driver(session), shop, customer)
    row = await session.get(app.Customer, (shop, who.id)) if who else None
    if who is None or row is None:
        return None
    talk = app.Conversation
    talks = await session.scalars(
        select(talk)
        .where(talk.shop_id == shop, talk.customer_id.in_(who.ids))
        .order_by(talk.last_at.desc())
        .limit(TALKS)
    )
    used = await customers.budgets(session, shop, [who.id], at.date()) if ledger else {}
    habits: Mapping[UUID, RowMapping] = await customers.habits(session, shop, [who.id])
    return Card(
        who=who,
        row=row,
        talks=talks.all(),
        orders=await customers.bought(session, shop, who.ids),
        consents=await requests.consents(session, shop, who.ids),
        requests=await requests.listed(session, shop, customers=who.ids, limit=20),
        habits=habits.get(who.id),
        used=used.get(who.id),
        notes=await noting.listed(session, shop, who.id, at),
    )


def hidden(name: Name) -> str:
    return covered(name.external_id)


def cursor_of(at: datetime, talk: UUID) -> str:
    return f"{at.isoformat()}~{talk}"


def place_of(cursor: str) -> Place | None:
    """Raises BadCursor."""
    if not cursor:
        return None
    at, _, talk = cursor.partition("~")
    try:
        return Place(datetime.fromisoformat(at), UUID(talk))
    except ValueError as error:
        raise BadCursor(cursor) from error
