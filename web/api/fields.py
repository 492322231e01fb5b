"""The field catalogue: every column of the shop's own tables, and what people say of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Path, Query, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field
from sqlalchemy import select

from store.fields import FieldDefinition, describe
from store.session import WriteSession
from web.api.house import House
from web.api.problems import Problem
from web.api.shapes import Body, IfMatch, IfNoneMatch, Line, Listed, Note, Paging, Shown, Word
from web.api.versions import matches, shown, tagged
from web.permissions import Perm
from web.routing import Route

Name = Annotated[str, Path(pattern=r"^[a-z_]+$", max_length=63)]


class FieldSaid(Body):
    """`values` says what each of the field's values means."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "description": "Cuánto se debe todavía",
                    "examples": ["¿cuánto debo?"],
                    "values": [],
                    "notes": "",
                }
            ]
        },
    )

    description: Note
    examples: list[Word] = Field([], max_length=20)
    values: list[Line] = Field([], max_length=50)
    notes: Note = ""


class FieldShown(Shown):
    table: str = Field(validation_alias="table_name")
    field: str
    type: str
    required: bool
    indexed: bool
    points_to: str | None
    allowed: list[str]
    description: str
    examples: list[str]
    values: list[str]
    notes: str


class FieldsWanted(Paging):
    table: Line | None = None


@dataclass(frozen=True, slots=True)
class Fields:
    house: House

    def routes(self) -> Sequence[Route]:
        route, one = self.house.route, "/fields/{table}/{field}"
        return [
            route("GET", "/fields", self.list_fields, Perm.TERM_READ, Listed[FieldShown]),
            route("GET", one, self.get_field, Perm.TERM_READ, FieldShown),
            route("PUT", one, self.describe_field, Perm.TERM_WRITE, FieldShown),
        ]

    async def list_fields(self, wanted: Annotated[FieldsWanted, Query()]) -> Response:
        """Every column of the business tables: what the database says of it, and what people do."""
        row, house = FieldDefinition, self.house
        query = select(row).where(row.shop_id == house.shop)
        if wanted.table is not None:
            query = query.where(row.table_name == wanted.table)
        async with house.store.tenant(house.shop) as session:
            rows, cursor = await house.page(
                session, query, (row.table_name, row.field), wanted, rising=True
            )
        items = [FieldShown.model_validate(one) for one in rows]
        return shown(Listed(items=items, next_cursor=cursor))

    async def get_field(
        self, table: Name, field: Name, if_none_match: IfNoneMatch = None
    ) -> Response:
        """One column, with its ETag."""
        async with self.house.store.tenant(self.house.shop) as session:
            return tagged(await self._found(session, table, field), if_none_match)

    async def describe_field(
        self,
        request: Request,
        table: Name,
        field: Name,
        said: FieldSaid,
        if_match: IfMatch = None,
    ) -> Response:
        """What people say of it from now on. Needs If-Match."""
        house = self.house
        async with house.store.tenant(house.shop) as session:
            matches(await self._found(session, table, field, lock=True), if_match)
            await describe(session, house.shop, table, field, said.model_dump())
            what = f"field:{table}.{field}"
            await house.note(session, request, "field.described", what, after=said.model_dump())
            session.expire_all()
            return tagged(await self._found(session, table, field))

    async def _found(
        self, session: WriteSession, table: str, field: str, *, lock: bool = False
    ) -> FieldShown:
        """Raises Problem."""
        key = (self.house.shop, table, field)
        found = await session.get(FieldDefinition, key, with_for_update=lock)
        if found is None:
            raise Problem("not_found")
        await session.refresh(found)
        return FieldShown.model_validate(found)
