"""Hundreds of rows in one statement: arrays of columns, unnested by Postgres."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

from sqlalchemy import Table, Text, make_url
from sqlalchemy.orm import DeclarativeBase

from store.session import BatchConnection

Row: TypeAlias = tuple[Any, ...]

DIALECT = make_url("postgresql+asyncpg://").get_dialect()()


@dataclass(frozen=True, slots=True)
class BatchInsert:
    """`INSERT … SELECT FROM unnest(…) ON CONFLICT DO NOTHING`; rows are tuples of `columns`."""

    sql: str
    columns: tuple[str, ...]
    texts: frozenset[int]

    @classmethod
    def into(
        cls,
        model: type[DeclarativeBase],
        *columns: str,
        conflict: str = "DO NOTHING",
        then: str | None = None,
    ) -> Self:
        """`then` is one more statement of the same round trip; the rows are its table `news`."""
        table = model.__table__
        assert isinstance(table, Table), "every model is a table"  # noqa: S101  narrows the type
        types = [table.c[column].type for column in columns]
        arrays = ", ".join(
            f"${place}::{type_.compile(DIALECT)}[]" for place, type_ in enumerate(types, 1)
        )
        names = ", ".join(columns)
        news = f"WITH news ({names}) AS (SELECT * FROM unnest({arrays}))"  # noqa: S608  from the models
        sql = (
            f"INSERT INTO {table.fullname} AS old ({names})"  # noqa: S608  from the models
            f" SELECT * FROM news ON CONFLICT {conflict}"
        )
        sql = f"{news}, written AS ({sql}) {then}" if then else f"{news} {sql}"
        texts = frozenset(place for place, type_ in enumerate(types) if isinstance(type_, Text))
        return cls(sql, columns, texts)

    def arrays(self, rows: Iterable[Row]) -> list[Sequence[Any]]:
        return [
            storable(values) if place in self.texts else values
            for place, values in enumerate(zip(*rows, strict=True))
        ]

    async def write(self, connection: BatchConnection, rows: Sequence[Row]) -> None:
        if rows:
            await connection.execute(self.sql, *self.arrays(rows))


def storable(values: Sequence[str | None]) -> Sequence[str | None]:
    """Postgres keeps every text but NUL bytes and lone surrogates; those are left out."""
    together = "".join(filter(None, values))
    if "\0" not in together and _encodes(together):
        return values
    return [value if value is None else _without(value) for value in values]


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _without(text: str) -> str:
    return text.replace("\0", "").encode(errors="ignore").decode()
