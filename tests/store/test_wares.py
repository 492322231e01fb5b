"""What replies said of products before anybody counted it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select

from store.app import EventLog, Product
from store.dealings import Order, OrderLine
from store.migrations import migrate
from store.ml import TrainingData
from store.rollups import Rollup
from store.session import Store
from store.wares import Ware
from tests.builders import a_turn, add_customer, add_turns

BEFORE = "0046"
ZONE = ZoneInfo("America/Santiago")
CAP, MUG = uuid4(), uuid4()


def said(shop: UUID, customer: UUID, name: str, text: str, days: int = 1) -> dict[str, Any]:
    """A reply that had both products before it."""
    used = [("product", CAP, "Gorro de Lana"), ("product", MUG, "Taza"), ("answer", "envio", "x")]
    sources = [{"kind": kind, "id": str(one), "title": title} for kind, one, title in used]
    at = datetime.now(UTC) - timedelta(days)
    context = {"sources": sources, "verdict": "ok"}
    return a_turn(
        shop, name, customer, bot_response=text, context=context, created_at=at, dispatched_at=at
    )


async def test_what_was_said_and_sold_before_is_counted_by_the_days_it_was(
    database_url: str, store: Store, shop: UUID
) -> None:
    now = datetime.now(UTC)
    today = now.astimezone(ZONE).date()
    sold_at = now - timedelta(days=90)
    ana = await add_customer(store, shop, "ana")
    texts = {"one": "El gorro de lana vale $1.", "none": "¿Cuál de los dos?", "old": "La taza"}
    rows = [said(shop, ana, name, text, 40 if name == "old" else 1) for name, text in texts.items()]
    await add_turns(store, rows)
    async with store.transaction() as session:
        for one, name in ((CAP, "Gorro de Lana"), (MUG, "Taza")):
            session.add(Product(shop_id=shop, id=one, sku=name, name=name, price=1, stock=1))
        session.add(Rollup(shop_id=shop, zone=ZONE.key, counted=today, settled=today))
        for row in rows:
            session.add(called(row))
        order = {"customer_id": ana, "conversation_id": ana, "account": "x", "chat": "x"}
        order |= {"currency": "CLP", "total": 1, "updated_at": sold_at, "paid_at": sold_at}
        session.add(Order(shop_id=shop, id=MUG, state="paid", **order))
        await session.flush()
        line = {"sku": "x", "name": "x", "quantity": 1, "price": 1}
        session.add(OrderLine(shop_id=shop, order_id=MUG, product_id=MUG, **line))

    await migrate(database_url, BEFORE)
    await migrate(database_url)

    async with store.reading() as session:
        found = {row.id: row.context for row in await session.scalars(select(TrainingData))}
        wares = {row.id: (row.named, row.sold_on) for row in await session.scalars(select(Ware))}
    assert [found[row["id"]].get("named") for row in rows] == [[str(CAP)], None, None]
    assert wares == {CAP: (1, None), MUG: (0, sold_at.astimezone(ZONE).date())}


def called(row: dict[str, Any]) -> EventLog:
    copied = ("shop_id", "request_id", "provider", "model", "tokens_in", "tokens_out")
    call = {name: row[name] for name in copied}
    return EventLog(
        reply_id=row["id"], latency_ms=1, ok=True, created_at=row["dispatched_at"], **call
    )
