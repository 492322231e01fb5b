"""What the list shows of each conversation: who, the last line, and what to know before opening."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Subquery, and_, exists, func, lateral, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from store import app
from store.dealings import HandOver, Order
from store.inbox import ConversationState
from store.ml import TrainingData
from web.attending import Attending, Standing, attending
from web.conversations import WINDOWED, shut_at, silent

UNREAD: Final = 9
BOUGHT: Final = ("confirmed", "receipt", "paid")


@dataclass(frozen=True, slots=True)
class Row:
    """`unread` is a count up to UNREAD + 1; `asked` is since when a person is waited for;
    `open_until` is when free texts end. None where they do not."""

    conversation: app.Conversation
    name: str | None
    last: app.Message | None
    state: ConversationState | None
    asked: datetime | None
    silenced: bool
    snoozed: bool
    unread: int
    score: int | None
    sale: bool
    open_until: datetime | None

    @property
    def waiting(self) -> bool:
        return self.asked is not None

    def attends(self, me: str, name: str) -> Attending:
        standing = Standing(
            silent=self.silenced,
            by=self.conversation.silenced_by,
            owner=self.state.assigned_to if self.state else None,
            since=self.state.at if self.state else None,
            asked=self.asked,
        )
        return attending(standing, me, name)

    @property
    def network(self) -> str:
        return self.conversation.account.partition(":")[0]


async def rows(
    session: AsyncSession, shop: UUID, talks: Sequence[app.Conversation], now: datetime
) -> Sequence[Row]:
    """In the order given."""
    talk, state = app.Conversation, ConversationState
    last = aliased(app.Message, _newest(shop))
    bought = exists().where(
        Order.shop_id == shop, Order.conversation_id == talk.id, Order.state.in_(BOUGHT)
    )
    needed = _needed(shop)
    score, unread, asked = _score(shop), _unread(shop), _asked(shop)
    query = (
        select(talk, app.Customer.name, last, state, needed, bought, unread, score, asked)
        .join(app.Customer, _keys(app.Customer.shop_id, app.Customer.id, shop, talk.customer_id))
        .outerjoin(state, _keys(state.shop_id, state.conversation_id, shop, talk.id))
        .outerjoin(last, true())
        .where(talk.shop_id == shop, talk.id.in_([one.id for one in talks]))
    )
    found = {row[0].id: _row(row, now) for row in await session.execute(query)}
    return [found[one.id] for one in talks if one.id in found]


def _row(found: Any, now: datetime) -> Row:  # noqa: ANN401  one row of that query
    talk, name, last, state, waits, bought, unread, score, asked = found
    said = state.converted if state is not None else None
    until = shut_at(asked) if asked and talk.account.startswith(WINDOWED) else None
    return Row(
        conversation=talk,
        name=name,
        last=last,
        state=state,
        asked=waits,
        silenced=silent(talk, now),
        snoozed=is_snoozed(state, now),
        unread=unread,
        score=score,
        sale=bought if said is None else said,
        open_until=until,
    )


def is_snoozed(state: ConversationState | None, now: datetime) -> bool:
    return state is not None and state.until is not None and state.until > now


def left(until: datetime | None, now: datetime) -> timedelta | None:
    """How long free texts still leave; None where they always do."""
    return None if until is None else max(until - now, timedelta())


def _newest(shop: UUID) -> Any:  # noqa: ANN401  a lateral select
    message = app.Message
    return lateral(
        select(message)
        .where(message.shop_id == shop, message.conversation_id == app.Conversation.id)
        .order_by(message.position.desc())
        .limit(1)
        .correlate(app.Conversation)
    )


def _unread(shop: UUID) -> Any:  # noqa: ANN401  a scalar select
    message, state = app.Message, ConversationState
    newer = (
        select(message.id)
        .where(
            message.shop_id == shop,
            message.conversation_id == app.Conversation.id,
            message.author == "customer",
            message.position > func.coalesce(state.seen_position, 0),
        )
        .limit(UNREAD + 1)
        .correlate(app.Conversation, state)
    )
    return select(func.count()).select_from(_named(newer)).scalar_subquery()


def _needed(shop: UUID) -> Any:  # noqa: ANN401  a scalar select
    """When the bot last asked for a person who has not come yet."""
    return (
        select(func.max(HandOver.at))
        .where(
            HandOver.shop_id == shop,
            HandOver.conversation_id == app.Conversation.id,
            HandOver.resolved_at.is_(None),
        )
        .correlate(app.Conversation)
        .scalar_subquery()
    )


def _named(query: Any) -> Subquery:  # noqa: ANN401  a select
    found: Subquery = query.subquery()
    return found


def _score(shop: UUID) -> Any:  # noqa: ANN401  a scalar select
    row = TrainingData
    return (
        select(row.quality_score)
        .where(
            row.shop_id == shop,
            row.conversation_id == app.Conversation.id,
            row.quality_score.is_not(None),
        )
        .order_by(row.position.desc())
        .limit(1)
        .correlate(app.Conversation)
        .scalar_subquery()
    )


def _asked(shop: UUID) -> Any:  # noqa: ANN401  a scalar select
    message = app.Message
    return (
        select(message.at)
        .where(
            message.shop_id == shop,
            message.conversation_id == app.Conversation.id,
            message.author == "customer",
        )
        .order_by(message.position.desc())
        .limit(1)
        .correlate(app.Conversation)
        .scalar_subquery()
    )


def _keys(one: Any, other: Any, shop: UUID, which: Any) -> Any:  # noqa: ANN401  columns
    return and_(one == shop, other == which)
