"""A shop's captured turns as examples, the newest first, a page at a time."""

from collections.abc import AsyncIterator, Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, and_, select, tuple_

from learning.curation import Example
from store import app, ml
from store.session import Store

PAGE: Final = 2000
REPLACED: Final = "replaced"
"""How the verdict of a reply begins that was not fit to be sent, so that another one was."""

_TURN = ml.TrainingData
_COLUMNS: Final = (
    _TURN.shop_id, _TURN.id, _TURN.customer_id, _TURN.created_at, _TURN.user_message,
    _TURN.bot_response, _TURN.correction, _TURN.intent, _TURN.category, _TURN.product_name,
    _TURN.locale, _TURN.tone, _TURN.intensity, _TURN.quality_score, _TURN.stars,
    _TURN.is_successful, _TURN.latency_ms, _TURN.rejected, _TURN.pii_scrubbed,
    _TURN.context["verdict"].as_string().label("verdict"), app.Customer.no_training,
    app.Customer.name, app.Delivery.state, app.EventLog.ok,
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
    return (
        select(*_COLUMNS)
        .join(customer, and_(customer.shop_id == _TURN.shop_id, customer.id == _TURN.customer_id))
        .outerjoin(
            delivery, and_(delivery.shop_id == _TURN.shop_id, delivery.message_id == _TURN.id)
        )
        .outerjoin(call, and_(call.shop_id == _TURN.shop_id, call.reply_id == _TURN.id))
        .where(_TURN.shop_id == shop)
    )


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
        rejected=row.rejected,
        no_training=row.no_training,
        scrubbed=row.pii_scrubbed,
        names=(row.name,) if row.name else (),
        sources=tuple((each["kind"], each["title"]) for each in row.sources or ()),
    )


def _failed(row: Row[Any]) -> bool:
    """Nobody received it, the call broke, or a safe answer stood in for the model's."""
    replaced = (row.verdict or "").startswith(REPLACED)
    silent = not (row.user_message.strip() and row.bot_response.strip())
    return row.state == "failed" or row.ok is False or replaced or silent
