"""The tabs of the list, and how many conversations each of them holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, Literal, TypeAlias, get_args
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    Text,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from store import app
from store.base import NOW, SHOP, Given
from store.dealings import HandOver
from store.inbox import ConversationState

MOST: Final = 99
"""So many are counted; more are "99+"."""
RECENT: Final = 500
_EPOCH: Final = datetime.fromtimestamp(0, UTC)
Tab: TypeAlias = Literal["todas", "esperan", "bot", "mias", "resueltas"]


@dataclass(frozen=True, slots=True)
class Looker:
    """Who looks, when, and by which clock their days begin."""

    me: str
    now: datetime
    zone: ZoneInfo


async def around(
    session: AsyncSession, shop: UUID, who: Looker
) -> tuple[dict[str, int], Sequence[str]]:
    """How many each tab holds, up to one more than MOST, and the networks."""
    given = {"shop": shop, "now": who.now, "me": who.me}
    found, *counts = (await session.execute(_around(), given)).one()
    return dict(zip(get_args(Tab), counts, strict=True)), networks(found)


@cache
def _around() -> Select[Any]:
    talk, state = app.Conversation, ConversationState
    me = bindparam("me", type_=Text())
    newest = _newest().subquery()
    of_the_bot = select(talk.id).where(
        talk.shop_id == SHOP,
        talk.id.in_(select(newest.c.id)),
        *conditions_of("bot", SHOP, NOW, me),
    )
    mine = select(state.conversation_id).where(
        state.shop_id == SHOP, state.assigned_to == me, _open(NOW)
    )
    done = select(state.conversation_id).where(state.shop_id == SHOP, state.state == "resolved")
    every = select(talk.id).where(*chatted(SHOP))
    tabs = (every, waiting(SHOP, NOW), of_the_bot, mine, done)
    return select(accounts(), *map(_counted, tabs))


def _counted(query: Select[Any]) -> ScalarSelect[int]:
    bounded = query.limit(MOST + 1).subquery()
    return select(func.count()).select_from(bounded).scalar_subquery()


async def channels(session: AsyncSession, shop: UUID) -> Sequence[str]:
    """The networks of the newest conversations."""
    return networks(await session.scalar(_channels(), {"shop": shop}))


@cache
def _channels() -> Select[Any]:
    return select(accounts())


def accounts() -> ScalarSelect[Any]:
    """Those of the newest conversations."""
    account = _newest().subquery().c.account
    return select(func.array_agg(account.distinct())).scalar_subquery()


def _newest() -> Select[UUID, str]:
    talk = app.Conversation
    newest = select(talk.id, talk.account).where(*chatted(SHOP)).order_by(talk.last_at.desc())
    return newest.limit(RECENT)


def networks(accounts: Sequence[str] | None) -> Sequence[str]:
    return sorted({account.partition(":")[0] for account in accounts or ()})


def chatted(shop: Given[UUID]) -> tuple[ColumnElement[bool], ...]:
    """The shop's conversations. What nobody chatted hangs on one of the epoch, which is none."""
    return app.Conversation.shop_id == shop, app.Conversation.last_at > _EPOCH


def nobody(shop: UUID) -> ColumnElement[bool]:
    """The customer whose words those would be."""
    talk = app.Conversation
    own = (talk.shop_id == shop, talk.customer_id == app.Customer.id, talk.last_at <= _EPOCH)
    return exists().where(*own)


def waiting(shop: Given[UUID], now: Given[datetime]) -> Select[UUID]:
    """Conversations that wait for a person and that nobody has put off."""
    return waiting_since(shop, now).with_only_columns(HandOver.conversation_id)


def waiting_since(shop: Given[UUID], now: Given[datetime]) -> Select[UUID, datetime]:
    """The same, with when each asked first."""
    state = ConversationState
    put_off = exists().where(
        state.shop_id == shop,
        state.conversation_id == HandOver.conversation_id,
        state.state == "snoozed",
        state.until > now,
    )
    return (
        select(HandOver.conversation_id, func.min(HandOver.at).label("since"))
        .where(HandOver.shop_id == shop, HandOver.resolved_at.is_(None), ~put_off)
        .group_by(HandOver.conversation_id)
    )


def conditions_of(
    tab: Tab, shop: Given[UUID], now: Given[datetime], me: Given[str]
) -> list[ColumnElement[bool]]:
    talk, state = app.Conversation, ConversationState
    until = talk.silenced_until
    silent = and_(talk.silenced, or_(until.is_(None), until > now))
    resolved = exists().where(*own_state(shop), state.state == "resolved")
    if tab == "bot":
        return [~silent, ~resolved]
    if tab == "mias":
        return [exists().where(*own_state(shop), state.assigned_to == me, _open(now))]
    return [resolved] if tab == "resueltas" else []


def own_state(shop: Given[UUID]) -> tuple[ColumnElement[bool], ...]:
    state = ConversationState
    return (state.shop_id == shop, state.conversation_id == app.Conversation.id)


def _open(now: Given[datetime]) -> ColumnElement[bool]:
    state = ConversationState
    return or_(state.state == "open", and_(state.state == "snoozed", state.until <= now))
