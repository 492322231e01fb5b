"""The list of conversations: which of them somebody looks for, and how many there are of each.

No question reads more than a window of the newest ones; further back goes who asks for it. Every
question is asked inside the shop's own transaction, where row-level security binds it.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Final, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Uuid,
    all_,
    and_,
    any_,
    bindparam,
    exists,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from store import app
from store.base import NOW, SHOP
from store.dealings import Order
from store.inbox import ConversationState
from store.ml import TrainingData
from web.finding import found_by
from web.paging import BadCursor
from web.ranges import day_after
from web.tabs import Looker, Tab, chatted, conditions_of, own_state, waiting_since
from web.talks import BOUGHT, Row, rows

SHOWN: Final = 30
WINDOW: Final = 2_000
FIRST: Final = 10
Place: TypeAlias = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Wanted:
    """`below` is a score: conversations with an answer under it; 0 is any."""

    tab: Tab = "todas"
    channel: str = ""
    category: str = ""
    sale: bool = False
    below: int = 0
    since: date | None = None
    until: date | None = None
    label: str = ""
    words: str = ""

    @property
    def filtered(self) -> bool:
        return self != Wanted(self.tab)


@dataclass(frozen=True, slots=True)
class Listed:
    """`next` is the cursor of what follows, empty at the end; `further` says that a window was
    looked through and there may be more before it. The first `ahead` wait for a person."""

    rows: Sequence[Row]
    next: str
    further: datetime | None
    ahead: int = 0


def write_cursor(place: Place) -> str:
    words = f"{place[0].isoformat()}|{place[1]}"
    return urlsafe_b64encode(words.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> Place:
    try:
        words = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        at, _, which = words.partition("|")
        place = datetime.fromisoformat(at), UUID(which)
    except ValueError as error:
        raise BadCursor(cursor) from error
    if place[0].tzinfo is None:
        raise BadCursor(cursor)
    return place


async def listed(
    session: AsyncSession, shop: UUID, wanted: Wanted, who: Looker, before: str = ""
) -> Listed:
    """The newest first; where people wait for a person, whoever has waited longest. Raises
    BadCursor."""
    if wanted.tab == "esperan":
        return await _waiting(session, shop, wanted, who, before)
    talk = app.Conversation
    conditions = _conditions(shop, wanted, who)
    first = [] if wanted.filtered or wanted.tab != "todas" else await _first(session, shop, who)
    window = select(talk).where(*chatted(shop))
    if before:
        window = window.where(tuple_(talk.last_at, talk.id) < tuple_(*read_cursor(before)))
    newest = (talk.last_at.desc(), talk.id.desc())
    window = window.order_by(*newest)
    if first:
        window = window.where(talk.id != all_(_array(one.id for one in first)))
    if wanted.words:
        said = await found_by(session, shop, wanted.words, who.now)
        window = window.where(talk.id == any_(_array(said)))
    query = window
    if conditions:
        seen = window.with_only_columns(talk.id).limit(WINDOW)
        query = select(talk).where(talk.shop_id == shop, talk.id.in_(seen), *conditions)
        query = query.order_by(*newest)
    found = (await session.scalars(query.limit(SHOWN + 1))).all()
    ahead = 0 if before else len(first)
    room = SHOWN - ahead
    shown = await rows(session, shop, [*first[:ahead], *found[:room]], who.now)
    if len(found) > room:
        last = found[room - 1]
        return Listed(shown, write_cursor((last.last_at, last.id)), None, ahead)
    rest = await _rest(session, window) if conditions else None
    return Listed(shown, write_cursor(rest) if rest else "", rest[0] if rest else None, ahead)


async def _first(session: AsyncSession, shop: UUID, who: Looker) -> Sequence[app.Conversation]:
    """Some that have waited longest for a person; they stand before all others."""
    return (await session.scalars(_longest(), {"shop": shop, "now": who.now})).all()


@cache
def _longest() -> Select[app.Conversation]:
    asked, talk = waiting_since(SHOP, NOW).subquery(), app.Conversation
    query = select(talk).join(asked, asked.c.conversation_id == talk.id)
    return query.where(talk.shop_id == SHOP).order_by(asked.c.since, talk.id).limit(FIRST)


async def _waiting(
    session: AsyncSession, shop: UUID, wanted: Wanted, who: Looker, before: str
) -> Listed:
    """Those that wait for a person; a cursor says since when."""
    asked, talk = waiting_since(shop, who.now).subquery(), app.Conversation
    query = select(talk, asked.c.since).join(asked, asked.c.conversation_id == talk.id)
    query = query.where(talk.shop_id == shop, *_conditions(shop, wanted, who))
    if wanted.words:
        said = await found_by(session, shop, wanted.words, who.now)
        query = query.where(talk.id == any_(_array(said)))
    if before:
        query = query.where(tuple_(asked.c.since, talk.id) > tuple_(*read_cursor(before)))
    query = query.order_by(asked.c.since, talk.id).limit(SHOWN + 1)
    found = (await session.execute(query)).all()
    shown = await rows(session, shop, [one for one, _ in found[:SHOWN]], who.now)
    last, since = found[SHOWN - 1] if len(found) > SHOWN else (None, None)
    return Listed(shown, write_cursor((since, last.id)) if last and since else "", None)


async def _rest(session: AsyncSession, window: Select[app.Conversation]) -> Place | None:
    """Where the window ended, if it did not reach the beginning."""
    talk = app.Conversation
    last = window.with_only_columns(talk.last_at, talk.id).offset(WINDOW - 1).limit(1)
    found = (await session.execute(last)).first()
    return (found[0], found[1]) if found else None


def addressed(now: datetime, zone: ZoneInfo, on: date) -> datetime:
    """When a day begins by a shop's clock; a day that is out of any calendar's reach is now."""
    try:
        return datetime.combine(on, time.min, zone).astimezone(UTC)
    except OverflowError:
        return now


def _conditions(shop: UUID, wanted: Wanted, who: Looker) -> list[ColumnElement[bool]]:
    talk, row, state = app.Conversation, TrainingData, ConversationState
    found = conditions_of(wanted.tab, shop, who.now, who.me)
    own = (row.shop_id == shop, row.conversation_id == talk.id)
    if wanted.channel:
        found.append(talk.account.startswith(f"{wanted.channel}:", autoescape=True))
    if wanted.category:
        found.append(exists().where(*own, row.category == wanted.category))
    if wanted.below:
        found.append(exists().where(*own, row.quality_score < wanted.below))
    if wanted.sale:
        found.append(_sold(shop))
    if wanted.label:
        labelled = state.labels.contains([wanted.label])
        found.append(exists().where(*own_state(shop), labelled))
    if wanted.since:
        found.append(talk.last_at >= addressed(who.now, who.zone, wanted.since))
    if wanted.until:
        following = day_after(wanted.until)
        found.append(talk.last_at < addressed(who.now, who.zone, following))
    return found


def _array(ids: Iterable[UUID]) -> BindParameter[Sequence[UUID]]:
    """One value, however many there are: the statement stays the same."""
    return bindparam(None, list(ids), type_=ARRAY(Uuid()), unique=True)


def _sold(shop: UUID) -> ColumnElement[bool]:
    """A person's word counts more than the orders."""
    state = ConversationState
    ordered = exists().where(
        Order.shop_id == shop,
        Order.conversation_id == app.Conversation.id,
        Order.state.in_(BOUGHT),
    )
    said = exists().where(*own_state(shop), state.converted.is_(True))
    denied = exists().where(*own_state(shop), state.converted.is_(False))
    return or_(said, and_(ordered, ~denied))
