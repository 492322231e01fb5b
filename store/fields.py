"""The field catalogue: every column of the business tables, as the database itself describes it,
with what people say of it beside. What people wrote survives every new reading."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import PrimaryKeyConstraint, RowMapping, Text, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, of_a_shop
from store.ml import SCHEMA

BUSINESS: Final = (
    "product", "orders", "order_line", "client", "loan", "instalment", "payment",
)  # fmt: skip
"""Tables of the `app` schema that hold the shop's own business, and no conversations."""

# `allowed` are the texts that a check on the one column names.
_INTROSPECTED: Final = text("""
SELECT c.relname AS table_name, a.attname AS field, a.attnum AS place,
       format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required,
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND a.attnum = ANY (i.indkey))
       AS indexed,
       (SELECT fn.nspname || '.' || f.relname || '.' || fa.attname
        FROM pg_constraint k
        CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS pair(here, there)
        JOIN pg_class f ON f.oid = k.confrelid
        JOIN pg_namespace fn ON fn.oid = f.relnamespace
        JOIN pg_attribute fa ON fa.attrelid = f.oid AND fa.attnum = pair.there
        WHERE k.conrelid = c.oid AND k.contype = 'f' AND pair.here = a.attnum
        ORDER BY k.conname LIMIT 1) AS points_to,
       coalesce((SELECT array_agg(DISTINCT named.value[1])
        FROM pg_constraint k
        CROSS JOIN LATERAL regexp_matches(
          pg_get_constraintdef(k.oid), '''([^'']*)''::text', 'g') AS named(value)
        WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.conkey = ARRAY[a.attnum]
          AND pg_get_constraintdef(k.oid) LIKE '%= ANY%'), '{}') AS allowed
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'app' AND c.relkind = 'r' AND c.relname = ANY (:tables)
  AND a.attnum > 0 AND NOT a.attisdropped
""")
_SYNCED: Final = text(f"""
WITH found AS ({_INTROSPECTED.text}), gone AS (
  DELETE FROM ml.field_definition d WHERE d.shop_id = :shop AND NOT EXISTS (
    SELECT FROM found WHERE found.table_name = d.table_name AND found.field = d.field)
)
INSERT INTO ml.field_definition AS old
  (shop_id, table_name, field, place, type, required, indexed, points_to, allowed)
SELECT :shop, table_name, field, place, type, required, indexed, points_to, allowed
FROM found ORDER BY table_name, field
ON CONFLICT (shop_id, table_name, field) DO UPDATE SET
  place = excluded.place, type = excluded.type, required = excluded.required,
  indexed = excluded.indexed, points_to = excluded.points_to, allowed = excluded.allowed
""")  # noqa: S608  our own text


class FieldDefinition(Base):
    """`allowed` is what the database admits, `values` what people say of the values."""

    __tablename__ = "field_definition"
    __table_args__ = (
        PrimaryKeyConstraint("shop_id", "table_name", "field"),
        of_a_shop(),
        {"schema": SCHEMA},
    )

    shop_id: Mapped[UUID]
    table_name: Mapped[str] = mapped_column(Text)
    field: Mapped[str] = mapped_column(Text)
    place: Mapped[int]
    type: Mapped[str] = mapped_column(Text)
    required: Mapped[bool]
    indexed: Mapped[bool]
    points_to: Mapped[str | None] = mapped_column(Text)
    allowed: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    description: Mapped[str] = mapped_column(Text, server_default="")
    examples: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    values: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    notes: Mapped[str] = mapped_column(Text, server_default="")


async def introspected(session: AsyncSession) -> Sequence[RowMapping]:
    found = await session.execute(_INTROSPECTED, {"tables": list(BUSINESS)})
    return found.mappings().all()


async def sync(session: AsyncSession, shop: UUID) -> None:
    await session.execute(_SYNCED, {"tables": list(BUSINESS), "shop": shop})


async def definitions(session: AsyncSession, shop: UUID) -> Sequence[FieldDefinition]:
    query = select(FieldDefinition).where(FieldDefinition.shop_id == shop)
    ordered = query.order_by(FieldDefinition.table_name, FieldDefinition.place)
    return (await session.scalars(ordered)).all()


async def describe(
    session: AsyncSession, shop: UUID, table: str, field: str, said: dict[str, Any]
) -> bool:
    """False where the catalogue has no such field."""
    changed = await session.execute(
        update(FieldDefinition)
        .where(
            FieldDefinition.shop_id == shop,
            FieldDefinition.table_name == table,
            FieldDefinition.field == field,
        )
        .values(**said)
        .returning(FieldDefinition.field)
    )
    return changed.scalar() is not None


async def describe_new(
    session: AsyncSession, shop: UUID, said: Sequence[tuple[str, str, str, list[str]]]
) -> None:
    """What a pack's glossary says of fields that nobody has described: definition and examples."""
    for table, field, definition, examples in said:
        await session.execute(
            update(FieldDefinition)
            .where(
                FieldDefinition.shop_id == shop,
                FieldDefinition.table_name == table,
                FieldDefinition.field == field,
                FieldDefinition.description == "",
            )
            .values(description=definition, examples=examples)
        )
