"""A shop with a thousand of everything: the same row again and again, under other names."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import DateTime, Table, Text, UniqueConstraint, Uuid, insert, update

from services.clock import now
from store.alerts import Alert
from store.base import Base
from store.session import Store
from tests.fixtures.rows import a_row
from tests.web.api.seeds import SHAPES, sow

COUNT: Final = 1_000
MANY: Final = (
    "app.customer", "app.conversation", "app.message", "app.orders", "app.product", "app.person",
    "app.api_key", "app.alert", "app.span", "app.audit_event", "ml.training_data", "ml.review_case",
    "ml.document", "ml.dictionary_term", "ml.dataset", "ml.model_version", "ml.training_job",
    "ml.eval_run", "ml.eval_case", "ml.question",
)  # fmt: skip
OWN: Final = {"conversation.customer_id", "message.conversation_id", "orders.customer_id"}
"""Each of them points to another row, too."""
SAID: Final[dict[str, dict[str, Any]]] = {"alert": {"state": "resolved", "kind": "errors"}}
"""Words that pages know."""


async def sow_thousands(store: Store, shop: UUID) -> None:
    await sow(store, shop)
    async with store.transaction() as session:
        await session.execute(update(Alert).where(Alert.shop_id == shop).values(**SAID["alert"]))
        for table in Base.metadata.sorted_tables:
            if table.fullname in MANY:
                await session.execute(insert(table), list(copies(table, shop, now())))


def copies(table: Table, shop: UUID, here: datetime) -> Iterator[dict[str, Any]]:
    """The newest first, a minute apart."""
    row = a_row(table, shop) | SHAPES.get(table.name, {}) | SAID.get(table.name, {})
    unique = _unique(table)
    for number in range(COUNT):
        at = here - timedelta(minutes=number)
        copy = {name: _again(table, name, value, number, unique) for name, value in row.items()}
        times = {one.name: at for one in table.c if _told(one, row)}
        yield copy | times


def _told(column: Any, row: dict[str, Any]) -> bool:  # noqa: ANN401  a column
    return isinstance(column.type, DateTime) and (column.name in row or column.name == "created_at")


def _again(table: Table, name: str, value: Any, number: int, unique: set[str]) -> Any:  # noqa: ANN401  what a column holds
    """Another one where two may not be the same; what points elsewhere goes on doing so."""
    column = table.c[name]
    own = f"{table.name}.{name}" in OWN
    if name == "shop_id" or (name not in unique and not own):
        return value
    if isinstance(column.type, Uuid):
        return uuid5(value, str(number))
    if isinstance(column.type, Text):
        return f"{value} {number}"
    return number + 2 if isinstance(value, int) else value


def _unique(table: Table) -> set[str]:
    """What has to differ; a row points to another one only where nothing else tells two apart."""
    keys = [list(table.primary_key.columns)]
    keys += [list(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
    whole = (one for one in table.indexes if one.unique)
    keys += [
        list(one.columns) for one in whole if one.dialect_options["postgresql"]["where"] is None
    ]
    found = set[str]()
    for key in keys:
        free = {one.name for one in key if not one.foreign_keys}
        found |= free or {one.name for one in key}
    return found
