"""A shop's captured turns as examples, the newest first, a page at a time."""

from collections.abc import AsyncIterator, Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Label, Row, Select, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from learning.curation import Example
from store import app, ml
from store.session import Store

PAGE: Final = 2000
REPLACED: Final = "replaced"
"""How the verdict of a reply begins that was not fit to be sent, so that another one was."""

_TURN = ml.TrainingData
_PERSON = aliased(app.Customer)
"""Who the customer of a turn turned out to be."""
_COLUMNS: Final = (
    _TURN.shop_id, _TURN.id, _PERSON.id.label("customer_id"), _TURN.created_at, _TURN.user_message,
    _TURN.bot_response, _TURN.correction, _TURN.intent, _TURN.category, _TURN.product_name,
    _TURN.locale, _TURN.tone, _TURN.intensity, _TURN.quality_score, _TURN.stars,
    _TURN.is_successful, _TURN.latency_ms, _TURN.rejected, _TURN.pii_scrubbed,
    _TURN.context["verdict"].as_string().label("verdict"),
    or_(app.Customer.no_training, _PERSON.no_training).label("no_training"),
    app.Customer.name, _PERSON.name.label("person"), app.Delivery.state, app.EventLog.ok,
    _TURN.context["sources"].label("sources"),
)  # fmt: skip


async def pages(store: Store, shop: UUID, until: datetime | None) -> AsyncIterator[list[Example]]:
    """Each page is a short transaction; rows that come in meanwhile are newer than all of them."""
    last: tuple[datetime, UUID] | None = None
    while True:
        query = _newest_first(shop, until).limit(PAGE)
        if last is not None:
            query = query.where(tuple_(_TURN.created_at, _TURN.id) < last)
        async with store.reading() as session:
            rows = (await session.execute(query)).all()
        if rows:
            yield [_example(row) for row in rows]
        if len(rows) < PAGE:
            return
        last = rows[-1].created_at, rows[-1].id


async def these(store: Store, shop: UUID, ids: Collection[UUID]) -> dict[UUID, Example]:
    """Those that are still there."""
    async with store.reading() as session:
        query = _of(shop).where(_TURN.id.in_(ids))
        return {row.id: _example(row) for row in (await session.execute(query)).all()}


def _newest_first(shop: UUID, until: datetime | None) -> Select[Any]:
    query = _of(shop).order_by(_TURN.created_at.desc(), _TURN.id.desc())
    return query if until is None else query.where(_TURN.created_at < until)


def _of(shop: UUID) -> Select[Any]:
    customer, delivery, call = app.Customer, app.Delivery, app.EventLog
    behind = func.coalesce(customer.merged_into, customer.id)
    return (
        select(*_COLUMNS, _taken_back())
        .join(customer, and_(customer.shop_id == _TURN.shop_id, customer.id == _TURN.customer_id))
        .join(_PERSON, and_(_PERSON.shop_id == _TURN.shop_id, _PERSON.id == behind))
        .outerjoin(
            delivery, and_(delivery.shop_id == _TURN.shop_id, delivery.message_id == _TURN.id)
        )
        .outerjoin(call, and_(call.shop_id == _TURN.shop_id, call.reply_id == _TURN.id))
        .where(_TURN.shop_id == shop)
    )


def _taken_back() -> Label[bool]:
    """Whether the customer took back what the reply answered, or what answered the reply."""
    said, before = app.Message, aliased(ml.TrainingData)
    begun = (
        select(func.max(before.position))
        .where(
            before.shop_id == _TURN.shop_id,
            before.conversation_id == _TURN.conversation_id,
            before.position < _TURN.position,
        )
        .correlate(_TURN)
        .scalar_subquery()
    )
    asked = and_(said.position > func.coalesce(begun, 0), said.position < _TURN.position)
    found = exists().where(
        said.shop_id == _TURN.shop_id,
        said.conversation_id == _TURN.conversation_id,
        said.deleted_at.is_not(None),
        or_(asked, said.id == _TURN.follow_up_id),
    )
    return found.label("taken_back")


def _example(row: Row[Any]) -> Example:
    return Example(
        id=row.id,
        shop=row.shop_id,
        customer=row.customer_id,
        at=row.created_at,
        question=row.user_message,
        answer=row.correction or row.bot_response,
        corrected=bool(row.correction),
        intent=row.intent,
        category=row.category,
        product_name=row.product_name,
        locale=row.locale,
        tone=row.tone,
        intensity=row.intensity,
        score=row.quality_score if row.stars is None else row.stars,
        successful=row.is_successful,
        latency_ms=row.latency_ms,
        failed=_failed(row),
        rejected=row.rejected or row.taken_back,
        no_training=row.no_training,
        scrubbed=row.pii_scrubbed,
        names=tuple(dict.fromkeys(name for name in (row.name, row.person) if name)),
        sources=tuple((each["kind"], each["title"]) for each in row.sources or ()),
    )


def _failed(row: Row[Any]) -> bool:
    """Nobody received it, the call broke, or a safe answer stood in for the model's."""
    replaced = (row.verdict or "").startswith(REPLACED)
    silent = not (row.user_message.strip() and row.bot_response.strip())
    return row.state in {"failed", "withheld"} or row.ok is False or replaced or silent
