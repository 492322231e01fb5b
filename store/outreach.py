"""What is written to many who did not ask for it: to whom, how far it got, what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.afterwards import Withheld
from store.app import Conversation, Customer, Delivery
from store.dealings import Broadcast, BroadcastTarget

State: TypeAlias = Literal["running", "paused", "done", "cancelled"]

# Of somebody with several conversations the newest one; groups belong to many.
_AUDIENCE: Final = """
    SELECT DISTINCT ON (person) c.shop_id, c.id, coalesce(known.merged_into, known.id) AS person,
        c.chat, c.thread
    FROM app.conversation c
    JOIN app.customer known ON known.shop_id = c.shop_id AND known.id = c.customer_id
    JOIN app.customer one ON one.shop_id = c.shop_id
        AND one.id = coalesce(known.merged_into, known.id)
    CROSS JOIN LATERAL (
        SELECT m.at FROM app.message m
        WHERE m.shop_id = c.shop_id AND m.conversation_id = c.id AND m.author = 'customer'
        ORDER BY m.position DESC LIMIT 1
    ) spoke
    WHERE c.shop_id = :shop AND c.account = :account AND c.last_at >= :since AND c.reachable
        AND spoke.at >= :since
        AND one.opted_out_at IS NULL AND c.chat NOT LIKE '%@g.us' AND c.chat NOT LIKE '-%'
        AND (NOT :buyers OR EXISTS (
            SELECT FROM app.orders o WHERE o.shop_id = c.shop_id AND o.customer_id = one.id
                AND o.state = 'paid'))
    ORDER BY person, c.last_at DESC
"""
_COUNT: Final = text(f"SELECT count(*) FROM ({_AUDIENCE}) AS audience")  # noqa: S608  our own text
_TARGETS: Final = text(
    "INSERT INTO app.broadcast_target"  # noqa: S608  our own text
    " (shop_id, broadcast_id, conversation_id, customer_id, chat, thread)"
    f" SELECT shop_id, :broadcast, id, person, chat, thread FROM ({_AUDIENCE}) AS audience"
    " ON CONFLICT DO NOTHING"
)
_OUTCOMES: Final = text("""
    SELECT t.state, coalesce(t.reason, w.reason, d.reason) AS reason,
        coalesce(d.state, CASE WHEN w.at IS NOT NULL THEN 'withheld' END) AS delivery,
        count(*) AS people, max(t.at) AS last_at,
        count(*) FILTER (WHERE EXISTS (
            SELECT FROM app.message m WHERE m.shop_id = t.shop_id
                AND m.conversation_id = t.conversation_id AND m.author = 'customer'
                AND m.at > t.at AND m.at < t.at + interval '72 hours')) AS answered
    FROM app.broadcast_target t
    LEFT JOIN app.delivery d ON d.shop_id = t.shop_id AND d.message_id = t.reply_id
    LEFT JOIN app.withheld w ON w.shop_id = t.shop_id AND w.reply_id = t.reply_id
    WHERE t.shop_id = :shop AND t.broadcast_id = :broadcast
    GROUP BY 1, 2, 3 ORDER BY 1, 4 DESC
""")
_OPTED_OUT: Final = text("""
    SELECT one.opted_out_at IS NOT NULL
    FROM app.conversation c
    JOIN app.customer known ON known.shop_id = c.shop_id AND known.id = c.customer_id
    JOIN app.customer one ON one.shop_id = c.shop_id
        AND one.id = coalesce(known.merged_into, known.id)
    WHERE c.shop_id = :shop AND c.id = :conversation
""")
_FIRST: Final = text("""
    SELECT m.purpose, d.state AS delivery, d.reason, count(*) AS messages,
        count(*) FILTER (WHERE EXISTS (
            SELECT FROM app.message a WHERE a.shop_id = m.shop_id
                AND a.conversation_id = m.conversation_id AND a.author = 'customer'
                AND a.position > m.position AND a.at < m.at + interval '72 hours')) AS answered,
        count(*) FILTER (WHERE EXISTS (
            SELECT FROM app.orders o WHERE o.shop_id = m.shop_id
                AND o.conversation_id = m.conversation_id AND o.confirmed_at > m.at
                AND o.confirmed_at < m.at + interval '72 hours')) AS ordered
    FROM app.message m
    LEFT JOIN app.delivery d ON d.shop_id = m.shop_id AND d.message_id = m.id
    WHERE m.shop_id = :shop AND m.purpose IN ('follow_up', 'broadcast') AND m.at >= :since
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT CASE WHEN t.reply_id IS NULL THEN 'follow_up' ELSE 'broadcast' END, 'withheld',
        w.reason, count(*), 0, 0
    FROM app.withheld w
    LEFT JOIN app.broadcast_target t ON t.shop_id = w.shop_id AND t.reply_id = w.reply_id
    WHERE w.shop_id = :shop AND w.at >= :since
        AND (t.reply_id IS NOT NULL OR w.reason IN ('answered', 'opted_out'))
    GROUP BY 1, 2, 3
    ORDER BY 1, 4 DESC
""")
"""A follow-up that never left has no message; only what was written first can be `answered`."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Whoever spoke on an account since then; `buyers` are those who paid for something."""

    shop: UUID
    account: str
    since: datetime
    buyers: bool = False

    def bound(self) -> dict[str, object]:
        return {
            "shop": self.shop,
            "account": self.account,
            "since": self.since,
            "buyers": self.buyers,
        }


@dataclass(frozen=True, slots=True)
class Next:
    """Whom a broadcast is for now, and what is known of them now."""

    broadcast: Broadcast
    target: BroadcastTarget
    conversation: Conversation
    opted_out: bool


async def reach(session: AsyncSession, audience: Audience) -> int:
    return int(await session.scalar(_COUNT, audience.bound()) or 0)


async def begin(session: AsyncSession, broadcast: Broadcast, audience: Audience) -> None:
    session.add(broadcast)
    await session.flush()
    await session.execute(_TARGETS, audience.bound() | {"broadcast": broadcast.id})


async def running(session: AsyncSession, shop: UUID) -> Sequence[Broadcast]:
    """The oldest first: one account sends one of them at a time."""
    query = select(Broadcast).where(Broadcast.shop_id == shop, Broadcast.state == "running")
    return (await session.scalars(query.order_by(Broadcast.created_at, Broadcast.id))).all()


async def all_of(session: AsyncSession, shop: UUID) -> Sequence[Broadcast]:
    query = select(Broadcast).where(Broadcast.shop_id == shop)
    return (await session.scalars(query.order_by(Broadcast.created_at.desc()))).all()


async def next_of(session: AsyncSession, one: Broadcast, quiet_since: datetime) -> Next | None:
    """Somebody who waits for it and is not in the middle of a conversation."""
    query = (
        select(BroadcastTarget, Conversation, Customer.opted_out_at)
        .join(
            Conversation,
            (Conversation.shop_id == BroadcastTarget.shop_id)
            & (Conversation.id == BroadcastTarget.conversation_id),
        )
        .join(
            Customer,
            (Customer.shop_id == Conversation.shop_id) & (Customer.id == Conversation.customer_id),
        )
        .where(_waits(one), Conversation.last_at < quiet_since)
        .order_by(BroadcastTarget.conversation_id)
        .limit(1)
    )
    found = (await session.execute(query)).first()
    return Next(one, found[0], found[1], found[2] is not None) if found else None


async def is_settled(session: AsyncSession, shop: UUID, reply: UUID) -> bool:
    """Whether it is known what became of an offer: it left, failed, or was withheld."""
    delivery = await session.get(Delivery, (shop, reply))
    if delivery is not None and delivery.state != "dispatched":
        return True
    return await session.get(Withheld, (shop, reply)) is not None


async def is_over(session: AsyncSession, one: Broadcast) -> bool:
    return await session.scalar(select(BroadcastTarget).where(_waits(one)).limit(1)) is None


async def settle(session: AsyncSession, target: BroadcastTarget, **news: object) -> None:
    query = update(BroadcastTarget).where(
        BroadcastTarget.shop_id == target.shop_id,
        BroadcastTarget.broadcast_id == target.broadcast_id,
        BroadcastTarget.conversation_id == target.conversation_id,
    )
    await session.execute(query.values(**news))


async def change(
    session: AsyncSession, shop: UUID, which: UUID, state: State, out_of: Sequence[State]
) -> bool:
    """Whether it was in one of those states."""
    query = update(Broadcast).where(
        Broadcast.shop_id == shop, Broadcast.id == which, Broadcast.state.in_(out_of)
    )
    return bool((await session.execute(query.values(state=state).returning(Broadcast.id))).first())


async def opted_out(session: AsyncSession, shop: UUID, conversation: UUID) -> bool:
    """Whether its customer, under whatever name, wants to be left alone."""
    return bool(await session.scalar(_OPTED_OUT, {"shop": shop, "conversation": conversation}))


async def outcomes(session: AsyncSession, shop: UUID, which: UUID) -> Sequence[RowMapping]:
    bound = {"shop": shop, "broadcast": which}
    return (await session.execute(_OUTCOMES, bound)).mappings().all()


async def written_first(session: AsyncSession, shop: UUID, since: datetime) -> Sequence[RowMapping]:
    """What the bot wrote without being asked, by purpose and by what became of it."""
    return (await session.execute(_FIRST, {"shop": shop, "since": since})).mappings().all()


def _waits(one: Broadcast) -> ColumnElement[bool]:
    return (
        (BroadcastTarget.shop_id == one.shop_id)
        & (BroadcastTarget.broadcast_id == one.id)
        & (BroadcastTarget.state == "waiting")
    )
