"""People to write to, and what became of it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, update

from app.outreach import outreach_of
from bot.channels.memory import MemoryChannel
from events.happened import named
from store import app, outreach
from store.dealings import Broadcast, BroadcastTarget
from store.outreach import Audience
from tests.fixtures.bots import Bot, knobs

ALWAYS = {"hours": "00:00-24:00", "days": "mon-sun"}
FAST = {"every_s": 0.01, "jitter": 0.0}
OFFER = "Esta semana todo con 20 % de descuento."
ACCOUNT = "memory:main"


def wanted(prefix: str, shop: str, **sections: Any) -> Any:  # noqa: ANN401  any setting
    return knobs(prefix, shop=shop, followups=ALWAYS, **{"outreach": FAST} | sections)


async def long_ago(shop: Bot, *chats: str, ago: timedelta = timedelta(days=2)) -> None:
    """These have spoken, and not just now."""
    for chat in chats:
        await shop.ask(chat, "hola")
    await shop.settled()
    here = [named(ACCOUNT, "conversation", chat) for chat in chats]
    query = update(app.Conversation).where(app.Conversation.id.in_(here))
    async with shop.parts.store.transaction() as session:
        await session.execute(query.values(last_at=datetime.now(UTC) - ago))


async def begun(shop: Bot, text: str = OFFER, **more: Any) -> UUID:  # noqa: ANN401  any column
    since = datetime.now(UTC) - timedelta(days=30)
    account = more.setdefault("account", ACCOUNT)
    audience = Audience(shop.parts.shop, account, since, more.pop("buyers", False))
    one = Broadcast(shop_id=shop.parts.shop, id=uuid4(), name="x", text=text, **more)
    async with shop.parts.store.transaction() as session:
        await outreach.begin(session, one, audience)
    return one.id


@asynccontextmanager
async def attended(shop: Bot) -> AsyncIterator[None]:
    task = asyncio.create_task(outreach_of(shop.parts).attend())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def is_done(shop: Bot, which: UUID) -> bool:
    async with shop.parts.store.reading() as session:
        query = select(Broadcast.state).where(Broadcast.id == which)
        return await session.scalar(query) == "done"


async def targets(shop: Bot, which: UUID) -> dict[str, tuple[str, str | None]]:
    query = select(BroadcastTarget).where(BroadcastTarget.broadcast_id == which)
    async with shop.parts.store.reading() as session:
        found: Sequence[BroadcastTarget] = (await session.scalars(query)).all()
        return {one.chat: (one.state, one.reason) for one in found}


def offers(channel: MemoryChannel, chats: Sequence[str]) -> list[int]:
    return [channel.replies(chat).count(OFFER) for chat in chats]


async def told(shop: Bot, which: UUID, chat: str) -> bool:
    return (await targets(shop, which)).get(chat, ("waiting", None))[0] != "waiting"


async def offered(shop: Bot, which: UUID, count: int) -> bool:
    return sum(state == "offered" for state, _ in (await targets(shop, which)).values()) >= count


async def past(shop: Bot) -> None:
    query = update(app.Conversation).values(last_at=datetime.now(UTC) - timedelta(days=2))
    async with shop.parts.store.transaction() as session:
        await session.execute(query.where(app.Conversation.shop_id == shop.parts.shop))
