"""Writes what the shop's people do with a conversation: whose it is, put off, done, noted."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.word import Place, Word
from store import app
from store.dealings import HandOver
from store.inbox import CannedReply, ConversationState, Note
from store.session import Store
from web import gist
from web.tabs import waiting
from web.talks import is_snoozed

LABELS: Final = 8
LABEL: Final = 24
KEY: Final = 24
CANNED: Final = 100
MORNING: Final = 9
State: TypeAlias = Literal["open", "resolved", "snoozed"]


def _hours(count: int) -> Callable[[datetime, ZoneInfo], datetime]:
    return lambda now, _zone: now + timedelta(hours=count)


def _morning(days: int) -> Callable[[datetime, ZoneInfo], datetime]:
    """At nine by the shop's clock."""

    def found(now: datetime, zone: ZoneInfo) -> datetime:
        day = now.astimezone(zone) + timedelta(days=days)
        return day.replace(hour=MORNING, minute=0, second=0, microsecond=0)

    return found


NAPS: Final[Mapping[str, Callable[[datetime, ZoneInfo], datetime]]] = {
    "1h": _hours(1),
    "3h": _hours(3),
    "manana": _morning(1),
    "semana": _morning(7),
}


async def known(session: AsyncSession, shop: UUID, which: UUID) -> bool:
    return await session.get(app.Conversation, (shop, which)) is not None


async def change(
    session: AsyncSession, shop: UUID, which: UUID, at: datetime, **what: object
) -> None:
    """`what` are columns; `at` counts where the state is one of them."""
    given = {"at": at, **what}
    changed = given if "state" in what else what
    query = insert(ConversationState).values(shop_id=shop, conversation_id=which, **given)
    keys = ["shop_id", "conversation_id"]
    await session.execute(query.on_conflict_do_update(index_elements=keys, set_=changed))


async def states_of(
    session: AsyncSession, shop: UUID, talks: Collection[UUID]
) -> Mapping[UUID, ConversationState]:
    """Of those where anybody did anything."""
    state = ConversationState
    mine = state.shop_id == shop, state.conversation_id.in_(talks)
    found = await session.scalars(select(state).where(*mine))
    return {one.conversation_id: one for one in found}


def state_of(row: ConversationState | None, now: datetime) -> State:
    """What was put off until now is open."""
    if row is not None and row.state == "resolved":
        return "resolved"
    return "snoozed" if is_snoozed(row, now) else "open"


async def hold(session: AsyncSession, shop: UUID, which: UUID, at: datetime) -> ConversationState:
    """Nobody else changes where one stands until the transaction ends."""
    fresh = insert(ConversationState).values(shop_id=shop, conversation_id=which, at=at)
    await session.execute(fresh.on_conflict_do_nothing())
    return await session.get_one(ConversationState, (shop, which), with_for_update=True)


async def done(store: Store, word: Word, place: Place, at: datetime, *, name: str, me: str) -> None:
    """Resolved, and the bot has the word again: whoever writes next is not met by silence."""
    await word.give_back(place, by=name, key=str(uuid4()))
    async with store.tenant(place.shop) as session:
        await resolve(session, place.shop, place.conversation, at, me)


async def resolve(session: AsyncSession, shop: UUID, which: UUID, at: datetime, by: str) -> None:
    """With what it came to, as far as it was written down by now."""
    done = {"state": "resolved", "until": None, "by": by, "assigned_to": None}
    await change(session, shop, which, at, **done, gist=await gist.made(session, shop, which))


async def open_again(session: AsyncSession, shop: UUID, which: UUID, at: datetime, by: str) -> None:
    await change(session, shop, which, at, state="open", until=None, by=by)


async def snooze(
    session: AsyncSession, shop: UUID, which: UUID, at: datetime, until: datetime, by: str
) -> None:
    await change(session, shop, which, at, state="snoozed", until=until, by=by)


async def see(session: AsyncSession, shop: UUID, which: UUID, at: datetime, position: int) -> None:
    """Somebody has looked at it up to this place."""
    state = ConversationState
    query = insert(state).values(shop_id=shop, conversation_id=which, at=at, seen_position=position)
    newest = func.greatest(state.seen_position, query.excluded.seen_position)
    keys = ["shop_id", "conversation_id"]
    seen = query.on_conflict_do_update(index_elements=keys, set_={"seen_position": newest})
    await session.execute(seen)


async def label(
    session: AsyncSession, shop: UUID, which: UUID, at: datetime, labels: list[str]
) -> None:
    await change(session, shop, which, at, labels=labels)


def labels_of(written: str) -> list[str]:
    """As somebody types them, parted by commas; each once."""
    found = (" ".join(one.split()).strip("#")[:LABEL] for one in written.split(","))
    return list(dict.fromkeys(one for one in found if one))[:LABELS]


async def note(
    session: AsyncSession, shop: UUID, which: UUID, at: datetime, *, by: str, text: str
) -> UUID:
    one = uuid4()
    row = {"shop_id": shop, "id": one, "conversation_id": which, "by": by, "text": text}
    await session.execute(insert(Note).values(**row, at=at))
    return one


async def keep_canned(session: AsyncSession, shop: UUID, key: str, text: str, by: str) -> None:
    """The same key again says it anew. What is over the bound is not kept."""
    count = select(func.count()).where(CannedReply.shop_id == shop)
    if (await session.scalar(count) or 0) >= CANNED:
        return
    query = insert(CannedReply).values(shop_id=shop, id=uuid4(), key=key, text=text, by=by)
    changed = {"text": text, "by": by}
    await session.execute(
        query.on_conflict_do_update(index_elements=["shop_id", "key"], set_=changed)
    )


async def canned(session: AsyncSession, shop: UUID, key: str) -> CannedReply | None:
    """What follows the slash names one."""
    mine = CannedReply.shop_id == shop, CannedReply.key == key
    found: CannedReply | None = await session.scalar(select(CannedReply).where(*mine))
    return found


async def drop_canned(session: AsyncSession, shop: UUID, which: UUID) -> None:
    own = (CannedReply.shop_id == shop, CannedReply.id == which)
    await session.execute(delete(CannedReply).where(*own))


def key_of(written: str) -> str:
    """What follows the slash: one word."""
    return "-".join(written.strip().lstrip("/").lower().split())[:KEY]


async def next_waiting(
    session: AsyncSession, shop: UUID, now: datetime, besides: UUID
) -> UUID | None:
    """Whoever has waited longest for a person."""
    ids = waiting(shop, now).where(HandOver.conversation_id != besides)
    query = (
        select(HandOver.conversation_id)
        .where(
            HandOver.shop_id == shop,
            HandOver.resolved_at.is_(None),
            HandOver.conversation_id.in_(ids),
        )
        .order_by(HandOver.at)
        .limit(1)
    )
    found: UUID | None = await session.scalar(query)
    return found
