"""What the list shows of each conversation: who, the last line, and what to know before opening."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import (
    Select,
    Subquery,
    Uuid,
    and_,
    any_,
    bindparam,
    exists,
    func,
    lateral,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from store import app
from store.base import SHOP
from store.dealings import HandOver, Order
from store.inbox import ConversationState
from store.ml import TrainingData
from web.attending import Attending, Standing, attending
from web.conversations import WINDOWED, shut_at, silent

UNREAD: Final = 9
BOUGHT: Final = ("confirmed", "receipt", "paid")


class Last(NamedTuple):
    """The newest line."""

    author: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """`unread` is a count up to UNREAD + 1; `asked` is since when a person is waited for;
    `open_until` is when free texts end. None where they do not."""

    conversation: app.Conversation
    name: str | None
    last: Last | None
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
    def gist(self) -> dict[str, Any] | None:
        """What it came to, while nobody has written since."""
        done = self.state is not None and self.state.state == "resolved"
        return self.state.gist if self.state is not None and done else None

    @property
    def network(self) -> str:
        return self.conversation.account.partition(":")[0]


async def rows(
    session: AsyncSession, shop: UUID, talks: Sequence[app.Conversation], now: datetime
) -> Sequence[Row]:
    """In the order given."""
    if not talks:
        return ()
    given = {"shop": shop, "ids": [one.id for one in talks]}
    found = {row[0]: row for row in await session.execute(_rows(), given)}
    return [_row(one, found[one.id], now) for one in talks if one.id in found]


@cache
def _rows() -> Select[Any]:
    """Put together once: for thirty rows that took longer than finding them."""
    talk, state = app.Conversation, ConversationState
    last = lateral(_newest())
    bought = exists().where(
        Order.shop_id == SHOP, Order.conversation_id == talk.id, Order.state.in_(BOUGHT)
    )
    known = (app.Customer.name, last.c.author, last.c.text, state)
    ids = bindparam("ids", type_=ARRAY(Uuid()))
    return (
        select(talk.id, *known, _needed(), bought, _unread(), _score(), _asked())
        .join(app.Customer, _keys(app.Customer.shop_id, app.Customer.id, talk.customer_id))
        .outerjoin(state, _keys(state.shop_id, state.conversation_id, talk.id))
        .outerjoin(last, true())
        .where(talk.shop_id == SHOP, talk.id == any_(ids))
    )


def _row(talk: app.Conversation, found: Any, now: datetime) -> Row:  # noqa: ANN401  one row of that query
    _, name, author, text, state, waits, bought, unread, score, asked = found
    said = state.converted if state is not None else None
    until = shut_at(asked) if asked and talk.account.startswith(WINDOWED) else None
    return Row(
        conversation=talk,
        name=name,
        last=Last(author, text) if author else None,
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


def _newest() -> Any:  # noqa: ANN401  a select
    message = app.Message
    return (
        select(message.author, message.text)
        .where(message.shop_id == SHOP, message.conversation_id == app.Conversation.id)
        .order_by(message.position.desc())
        .limit(1)
        .correlate(app.Conversation)
    )


def _unread() -> Any:  # noqa: ANN401  a scalar select
    message, state = app.Message, ConversationState
    newer = (
        select(message.id)
        .where(
            message.shop_id == SHOP,
            message.conversation_id == app.Conversation.id,
            message.author == "customer",
            message.position > func.coalesce(state.seen_position, 0),
        )
        .limit(UNREAD + 1)
        .correlate(app.Conversation, state)
    )
    return select(func.count()).select_from(_named(newer)).scalar_subquery()


def _needed() -> Any:  # noqa: ANN401  a scalar select
    """When the bot last asked for a person who has not come yet."""
    return (
        select(func.max(HandOver.at))
        .where(
            HandOver.shop_id == SHOP,
            HandOver.conversation_id == app.Conversation.id,
            HandOver.resolved_at.is_(None),
        )
        .correlate(app.Conversation)
        .scalar_subquery()
    )


def _named(query: Any) -> Subquery:  # noqa: ANN401  a select
    found: Subquery = query.subquery()
    return found


def _score() -> Any:  # noqa: ANN401  a scalar select
    row = TrainingData
    return (
        select(row.quality_score)
        .where(
            row.shop_id == SHOP,
            row.conversation_id == app.Conversation.id,
            row.quality_score.is_not(None),
        )
        .order_by(row.position.desc())
        .limit(1)
        .correlate(app.Conversation)
        .scalar_subquery()
    )


def _asked() -> Any:  # noqa: ANN401  a scalar select
    message = app.Message
    return (
        select(message.at)
        .where(
            message.shop_id == SHOP,
            message.conversation_id == app.Conversation.id,
            message.author == "customer",
        )
        .order_by(message.position.desc())
        .limit(1)
        .correlate(app.Conversation)
        .scalar_subquery()
    )


def _keys(one: Any, other: Any, which: Any) -> Any:  # noqa: ANN401  columns
    return and_(one == SHOP, other == which)
