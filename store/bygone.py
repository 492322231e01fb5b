"""Dates conversations back: for samples that were lived through in seconds and tell of weeks.

Every moment of a conversation moves by one straight line, so that what came first stays first.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, TypedDict
from uuid import UUID

from sqlalchemy import Column, DateTime, Table, Uuid

from store.base import Base
from store.session import BatchConnection, Store


class Span(TypedDict):
    """When a conversation began, when it is to have begun, and how much slower it went."""

    conversation: UUID
    base: datetime
    began: datetime
    pace: float


# How a row leads to its conversation: the join, and the column of the row.
_BY: Final[Mapping[str, str]] = {
    "conversation_id": "t.conversation_id = b.conversation",
    "training_id": "t.training_id = r.id AND r.shop_id = t.shop_id"
    " AND r.conversation_id = b.conversation",
    "message_id": "t.message_id = m.id AND m.shop_id = t.shop_id"
    " AND m.conversation_id = b.conversation",
    "reply_id": "t.reply_id = m.id AND m.shop_id = t.shop_id"
    " AND m.conversation_id = b.conversation",
    "request_id": "t.request_id = m.request_id AND m.shop_id = t.shop_id"
    " AND m.author = 'customer' AND m.conversation_id = b.conversation",
}
_FROM: Final[Mapping[str, str]] = {
    "conversation_id": "bygone b",
    "training_id": "bygone b, ml.training_data r",
    "message_id": "bygone b, app.message m",
    "reply_id": "bygone b, app.message m",
    "request_id": "bygone b, app.message m",
}


async def date_back(store: Store, shop: UUID, spans: Sequence[Span]) -> None:
    """All of it or nothing. What other tables know of a conversation only by way of a person, or of
    a file, keeps its own dates."""
    async with store.batch() as connection:
        await connection.execute(
            "CREATE TEMP TABLE bygone (conversation uuid PRIMARY KEY, base timestamptz,"
            " began timestamptz, pace float8) ON COMMIT DROP"
        )
        rows = [(one["conversation"], one["base"], one["began"], one["pace"]) for one in spans]
        await connection.copy_records_to_table("bygone", records=rows)
        for table in Base.metadata.sorted_tables:
            await _dated(connection, shop, table)
        await connection.execute(
            "UPDATE app.conversation t SET last_at = b.began + (t.last_at - b.base) * b.pace,"
            " created_at = b.began FROM bygone b WHERE t.shop_id = $1 AND t.id = b.conversation",
            shop,
        )


async def _dated(connection: BatchConnection, shop: UUID, table: Table) -> None:
    ways = (
        column for column in _BY if isinstance(getattr(table.c.get(column), "type", None), Uuid)
    )
    way = next(ways, None)
    moments = [column for column in table.c if isinstance(column.type, DateTime)]
    if way is None or not moments or "shop_id" not in table.c:
        return
    moved = ", ".join(
        f"{_name(one)} = b.began + (t.{_name(one)} - b.base) * b.pace" for one in moments
    )
    await connection.execute(
        f"UPDATE {table.fullname} t SET {moved} FROM {_FROM[way]}"  # noqa: S608  our own names
        f" WHERE t.shop_id = $1 AND {_BY[way]}",
        shop,
    )


def _name(column: "Column[datetime]") -> str:
    return f'"{column.name}"'
