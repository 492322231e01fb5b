"""A shop with a thousand of everything: what is there once, copied by statements of Postgres."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.types import TypeEngine

from store.session import Store
from tests.fixtures.rows import TABLES
from tests.web.talks import STEP

COUNT: Final = 1_000
FEW: Final = frozenset({
    "app.shop", "app.alert_rule", "app.canned_reply", "app.channel_account",
    "ml.field_definition", "ml.eval_set",
})  # fmt: skip
"""What a shop has a handful of, however old it is."""
SAME: Final = frozenset({"channel", "dim", "kind", "table_name", "task"})
"""Keys whose words pages know."""
SAID: Final = frozenset({
    "answer", "better", "bot_response", "comment", "definition", "description", "heading", "name",
    "note", "notes", "product_name", "question", "text", "title", "user_message", "word",
})  # fmt: skip
"""What people write as they like."""
ALSO: Final = frozenset({"link_digest"})
"""Keys that not every row has."""
OVER: Final = {
    "app.alert.state": "'resolved'", "app.alert.kind": "'errors'", "ml.rollout.state": "'promoted'",
}  # fmt: skip
"""Of these only one at a time can be under way."""
UNBROKEN: Final = "supercalifragilístico" * 9
TO_THE_LEFT: Final = "مرحبا، كم سعر الحقيبة؟ 👩🏽‍🚀🇨🇱"
AGAIN: Final[dict[type[TypeEngine[Any]], str]] = {
    Uuid: "md5({0}::text || n)::uuid",
    Text: "{0} || ' ' || n",
    LargeBinary: "decode(md5(encode({0}, 'hex') || n), 'hex')",
    Date: "{0} - n",
    DateTime: "{0} - n * interval '1 hour'",
    Integer: "{0} + n",
}
"""Another one where two may not be the same; whoever points to it finds it in the same way."""


async def multiply(store: Store, shop: UUID) -> None:
    """Every row of the shop a thousand times more, the newest first, a minute apart. Every second
    copy points to what the row itself points to, the others to copies."""
    async with store.batch() as connection:
        for table in TABLES:
            if table.fullname not in FEW:
                await connection.execute(copying(table), shop)
        await connection.execute("ANALYZE")


def copying(table: Table) -> str:
    columns = [one for one in table.c if one.computed is None]
    names = ", ".join(f'"{one.name}"' for one in columns)
    values = ", ".join(_copied(one) for one in columns)
    return (
        f"INSERT INTO {table.fullname} ({names}) SELECT {values} FROM {table.fullname},"  # noqa: S608
        f" generate_series(1, {COUNT}) n WHERE shop_id = $1 ON CONFLICT DO NOTHING"
    )


def _copied(column: Column[object]) -> str:
    name, table = f'"{column.name}"', column.table
    own = _again(column).format(name)
    if over := OVER.get(f"{table.fullname}.{column.name}"):
        return over
    if column.name in _telling(table):
        return own
    if any(_moves(one.column) for one in column.foreign_keys):
        return f"CASE n % 2 WHEN 0 THEN {own} ELSE {name} END"
    return name if column.foreign_keys else _free(column, name)


def _moves(column: Column[object]) -> bool:
    return column.name in _telling(column.table) and column.table.fullname not in FEW


def _free(column: Column[object], name: str) -> str:
    """What no key holds."""
    if column.name == "position":
        return f"{name} + ({COUNT} - n) * {2 * STEP}"
    if isinstance(column.type, DateTime):
        return f"CASE WHEN {name} IS NOT NULL THEN now() - n * interval '1 minute' END"
    if column.name in SAID and not _listed(column):
        return (
            f"CASE WHEN {name} IS NOT NULL THEN CASE n % 3 WHEN 1 THEN '{UNBROKEN}'"
            f" WHEN 2 THEN '{TO_THE_LEFT}' ELSE {name} END || ' ' || n END"
        )
    return name


def _again(column: Column[object]) -> str:
    found = (said for kind, said in AGAIN.items() if isinstance(column.type, kind))
    return next(found, "{0}")


def _listed(column: Column[object]) -> bool:
    """Whether it is one of a few words."""
    return any(f"{column.name} IN (" in str(one.sqltext) for one in _checks(column.table))


def _checks(table: Table) -> Iterator[CheckConstraint]:
    return (one for one in table.constraints if isinstance(one, CheckConstraint))


@cache
def _telling(table: Table) -> frozenset[str]:
    """What tells two rows apart: where all of a key points elsewhere, the last of it."""
    keys = [list(table.primary_key.columns)]
    keys += [list(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
    keys += [list(one.columns) for one in table.indexes if one.unique and not _partial(one)]
    found = ALSO & {one.name for one in table.c}
    for key in keys:
        own = [one for one in key if one.name != "shop_id"]
        free = [one for one in own if not one.foreign_keys and not _fixed(one)]
        found |= {one.name for one in free or own[-1:]}
    return found


def _fixed(column: Column[object]) -> bool:
    return column.name in SAME or _listed(column)


def _partial(index: Index) -> bool:
    return index.dialect_options["postgresql"]["where"] is not None
