"""Lists that are read page by page: where the next page begins, as an address may hold it."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from store.base import Owned

COUNT: Final = 20
Row = TypeVar("Row", bound=Owned)


class BadMark(ValueError):
    """Not one of ours."""


@dataclass(frozen=True, slots=True)
class Sheet(Generic[Row]):
    """`next` is empty on the last one."""

    rows: Sequence[Row]
    next: str


def mark_of(row: Owned) -> str:
    return urlsafe_b64encode(f"{row.created_at.isoformat()}|{row.id}".encode()).decode().rstrip("=")


def place_of(mark: str) -> tuple[datetime, UUID]:
    try:
        moment, name = urlsafe_b64decode(mark + "=" * (-len(mark) % 4)).decode().split("|")
        place = datetime.fromisoformat(moment), UUID(name)
    except ValueError as error:
        raise BadMark(mark) from error
    if place[0].tzinfo is None:
        raise BadMark(mark)
    return place


async def sheet(
    session: AsyncSession, query: Select[Row], of: type[Row], before: str = ""
) -> Sheet[Row]:
    """The newest first. Raises BadMark."""
    order: Any = tuple_(of.created_at, of.id)
    if before:
        earlier: ColumnElement[bool] = order < tuple_(*place_of(before))
        query = query.where(earlier)
    query = query.order_by(of.created_at.desc(), of.id.desc()).limit(COUNT + 1)
    found = list(await session.scalars(query))
    more = len(found) > COUNT
    return Sheet(found[:COUNT], mark_of(found[COUNT - 1]) if more else "")
