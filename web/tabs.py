"""The tabs of the list, and how many conversations each of them holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from store import app
from store.dealings import HandOver
from store.inbox import ConversationState

MOST: Final = 99
"""So many are counted; more are "99+"."""
RECENT: Final = 500
Tab: TypeAlias = Literal["todas", "esperan", "bot", "mias", "resueltas"]


@dataclass(frozen=True, slots=True)
class Looker:
    """Who looks, when, and by which clock their days begin."""

    me: str
    now: datetime
    zone: ZoneInfo


async def counted(session: AsyncSession, shop: UUID, who: Looker) -> dict[str, int]:
    """Of each tab, up to one more than MOST."""
    talk, state = app.Conversation, ConversationState
    newest = (
        select(talk.id)
        .where(talk.shop_id == shop)
        .order_by(talk.last_at.desc())
        .limit(RECENT)
        .subquery()
    )
    of_the_bot = select(talk.id).where(
        talk.shop_id == shop, talk.id.in_(select(newest.c.id)), *conditions_of("bot", shop, who)
    )
    mine = select(state.conversation_id).where(
        state.shop_id == shop, state.assigned_to == who.me, _open(who.now)
    )
    done = select(state.conversation_id).where(state.shop_id == shop, state.state == "resolved")
    every = select(talk.id).where(talk.shop_id == shop)
    queries = {
        "todas": every,
        "esperan": waiting(shop, who.now),
        "bot": of_the_bot,
        "mias": mine,
        "resueltas": done,
    }
    return {name: await _count(session, query) for name, query in queries.items()}


async def channels(session: AsyncSession, shop: UUID) -> Sequence[str]:
    """The networks of the newest conversations."""
    talk = app.Conversation
    newest = (
        select(talk.account)
        .where(talk.shop_id == shop)
        .order_by(talk.last_at.desc())
        .limit(RECENT)
        .subquery()
    )
    found = await session.scalars(select(newest.c.account).distinct())
    return sorted({account.partition(":")[0] for account in found})


def waiting(shop: UUID, now: datetime) -> Select[UUID]:
    """Conversations that wait for a person and that nobody has put off."""
    state = ConversationState
    put_off = exists().where(
        state.shop_id == shop,
        state.conversation_id == HandOver.conversation_id,
        state.state == "snoozed",
        state.until > now,
    )
    return (
        select(HandOver.conversation_id)
        .where(HandOver.shop_id == shop, HandOver.resolved_at.is_(None), ~put_off)
        .distinct()
    )


async def _count(session: AsyncSession, query: Select[Any]) -> int:
    bounded = query.limit(MOST + 1).subquery()
    return await session.scalar(select(func.count()).select_from(bounded)) or 0


def conditions_of(tab: Tab, shop: UUID, who: Looker) -> list[ColumnElement[bool]]:
    talk, state = app.Conversation, ConversationState
    until = talk.silenced_until
    silent = and_(talk.silenced, or_(until.is_(None), until > who.now))
    resolved = exists().where(*own_state(shop), state.state == "resolved")
    if tab == "bot":
        return [~silent, ~resolved]
    if tab == "mias":
        return [exists().where(*own_state(shop), state.assigned_to == who.me, _open(who.now))]
    return [resolved] if tab == "resueltas" else []


def own_state(shop: UUID) -> tuple[ColumnElement[bool], ...]:
    state = ConversationState
    return (state.shop_id == shop, state.conversation_id == app.Conversation.id)


def _open(now: datetime) -> ColumnElement[bool]:
    state = ConversationState
    return or_(state.state == "open", and_(state.state == "snoozed", state.until <= now))
