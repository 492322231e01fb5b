"""What replies said of products before anybody counted it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from store.app import Product
from store.migrations import migrate
from store.ml import TrainingData
from store.rollups import Rollup
from store.session import Store
from tests.builders import a_turn, add_customer, add_turns

BEFORE = "0046"
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


async def test_replies_of_before_are_counted_by_the_names_they_held(
    database_url: str, store: Store, shop: UUID
) -> None:
    async with store.transaction() as session:
        for one, name in ((CAP, "Gorro de Lana"), (MUG, "Taza")):
            session.add(Product(shop_id=shop, id=one, sku=name, name=name, price=1, stock=1))
        day = date(2026, 11, 18)
        session.add(Rollup(shop_id=shop, zone="America/Santiago", counted=day, settled=day))
    ana = await add_customer(store, shop, "ana")
    texts = {"one": "El gorro de lana vale $1.", "none": "¿Cuál de los dos?", "old": "La taza"}
    rows = [said(shop, ana, name, text, 40 if name == "old" else 1) for name, text in texts.items()]
    await add_turns(store, rows)

    await migrate(database_url, BEFORE)
    await migrate(database_url)

    async with store.reading() as session:
        rows_now = await session.scalars(select(TrainingData))
        found = {row.id: row.context for row in rows_now}
        zone = await session.scalar(select(Rollup.zone))
    named = [found[row["id"]].get("named") for row in rows]
    assert named == [[str(CAP)], None, None]
    assert zone == "", "every day is counted again"
