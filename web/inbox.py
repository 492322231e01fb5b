"""The list of conversations: which of them somebody looks for, and how many there are of each.

No question reads more than a window of the newest ones; further back goes who asks for it. Every
question is asked inside the shop's own transaction, where row-level security binds it.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Final, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, tuple_
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncSession

from store import app
from store.dealings import Order
from store.inbox import ConversationState
from store.ml import TrainingData
from web.paging import BadCursor
from web.ranges import day_after
from web.tabs import Looker, Tab, conditions_of, own_state, waiting
from web.talks import BOUGHT, Row, rows

SHOWN: Final = 30
WINDOW: Final = 2_000
FIRST: Final = 10
FOUND: Final = 500
BACK: Final = timedelta(days=400)
STARTS: Final = re.compile(r"(?<![\w¿¡-])\w")
"""Where a word begins that is not refused by a minus."""
REFUSED: Final = re.compile(r"(?<!\S)-(\w+)")
MOST_STARTS: Final = 8
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
    looked through and there may be more before it."""

    rows: Sequence[Row]
    next: str
    further: datetime | None


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
    """The newest first. Raises BadCursor."""
    talk = app.Conversation
    conditions = await _conditions(session, shop, wanted, who)
    first = [] if wanted.filtered or wanted.tab != "todas" else await _first(session, shop, who)
    window = select(talk.id).where(talk.shop_id == shop)
    if before:
        window = window.where(tuple_(talk.last_at, talk.id) < tuple_(*read_cursor(before)))
    newest = (talk.last_at.desc(), talk.id.desc())
    window = window.where(talk.id.not_in([one.id for one in first])).order_by(*newest)
    if wanted.words:
        window = window.where(talk.id.in_(await found_by(session, shop, wanted.words, who.now)))
    seen = window.limit(WINDOW if conditions else SHOWN + 1).subquery()
    query = select(talk).where(talk.shop_id == shop, talk.id.in_(select(seen.c.id)), *conditions)
    found = (await session.scalars(query.order_by(*newest).limit(SHOWN + 1))).all()
    room = SHOWN - (0 if before else len(first))
    shown = await rows(session, shop, [*([] if before else first), *found[:room]], who.now)
    if len(found) > room:
        last = found[room - 1]
        return Listed(shown, write_cursor((last.last_at, last.id)), None)
    rest = await _rest(session, window) if conditions else None
    return Listed(shown, write_cursor(rest) if rest else "", rest[0] if rest else None)


async def _first(session: AsyncSession, shop: UUID, who: Looker) -> Sequence[app.Conversation]:
    """Those that wait for a person, as long as they are few; they stand before all others."""
    ids = await session.scalars(waiting(shop, who.now).limit(FIRST))
    talk = app.Conversation
    query = select(talk).where(talk.shop_id == shop, talk.id.in_(ids.all()))
    return (await session.scalars(query.order_by(talk.last_at))).all()


async def _rest(session: AsyncSession, window: Select[UUID]) -> Place | None:
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


def opened(words: str) -> str:
    """A database whose locale is C takes ¿ and ¡ for letters of the word that follows; so each word
    is looked for with them, too, as if a sentence began with it, and refused with them."""
    words = REFUSED.sub(r"-\1 -¿\1 -¡\1", words)
    starts = [found.start() for found in islice(STARTS.finditer(words), MOST_STARTS)]
    begun = [f"{words[:place]}{mark}{words[place:]}" for place in starts for mark in "¿¡"]
    return " or ".join([words, *begun])


async def found_by(
    session: AsyncSession, shop: UUID, words: str, now: datetime
) -> Collection[UUID]:
    """By what was said, and by the names of those who spoke last."""
    said = await session.execute(
        sql("SELECT DISTINCT conversation_id FROM app.said(:words, :since, :most)"),
        {"words": opened(words), "since": now - BACK, "most": FOUND},
    )
    talk = app.Conversation
    newest = (
        select(talk.id, talk.customer_id)
        .where(talk.shop_id == shop)
        .order_by(talk.last_at.desc())
        .limit(WINDOW)
        .subquery()
    )
    named = select(newest.c.id).join(
        app.Customer,
        and_(
            app.Customer.shop_id == shop,
            app.Customer.id == newest.c.customer_id,
            app.Customer.name.icontains(words, autoescape=True),
        ),
    )
    return {row[0] for row in said} | set(await session.scalars(named.limit(FOUND)))


async def _conditions(
    session: AsyncSession, shop: UUID, wanted: Wanted, who: Looker
) -> list[ColumnElement[bool]]:
    talk, row, state = app.Conversation, TrainingData, ConversationState
    found = conditions_of(wanted.tab, shop, who)
    if wanted.tab == "esperan":
        ids = await session.scalars(waiting(shop, who.now).limit(FOUND))
        found.append(talk.id.in_(ids.all()))
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
