"""`lending` and `fields`: a lender's own records, and what their fields mean."""

from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.console import FAILED, emit, refuse, result, say
from app.desk import Desk, opened
from app.portfolio import COLUMNS, Fault, Known, Reader, rows_in
from config.settings import Settings
from services.clock import now
from store import fields, portfolio
from store.fields import FieldDefinition
from store.session import WriteSession
from store.shops import find_shop

SHOWN = 20
"""Mistakes told at once."""


async def bring(settings: Settings, folder: str, shop: str, *, dry: bool, as_json: bool) -> None:
    """All of it or nothing; what stands there already under the same key is replaced."""
    place = Path(folder)
    if not any((place / name).is_file() for name in COLUMNS):
        why = f"none of {', '.join(COLUMNS)} is there"
        refuse(f"{folder} holds no records", why, "see docs/lookups.md", code=FAILED)
    async with opened(settings, shop) as desk:
        await _of_a_shop(desk, shop or settings.app.shop)
        async with desk.store.transaction() as session:
            reader = Reader(place, _today(settings), await _known(session, desk))
            given = reader.read()
            if not reader.faults and not dry:
                await portfolio.replace(session, desk.shop, given)
    if reader.faults:
        _refused(reader.faults, as_json=as_json)
    counted: dict[str, Any] = rows_in(given) | {"written": not dry}
    if as_json:
        emit(counted)
        return
    told = ", ".join(f"{count} {name}" for name, count in rows_in(given).items())
    result.print(f"{'would write' if dry else 'written:'} {told}", markup=False)


def _today(settings: Settings) -> date:
    return now().astimezone(ZoneInfo(settings.hours.timezone)).date()


def _refused(faults: list[Fault], *, as_json: bool) -> None:
    if as_json:
        emit({"faults": [{name: getattr(one, name) for name in Fault.__slots__} for one in faults]})
    told = [f"{one.file} line {one.line}: {one.what}: {one.why}; {one.next}" for one in faults]
    more = [f"and {len(told) - SHOWN} more"] if len(told) > SHOWN else []
    refuse(
        f"{len(faults)} mistakes, so nothing was written",
        "\n        ".join([*told[:SHOWN], *more]),
        "mend the files and type the same again",
        code=FAILED,
    )


async def _known(session: WriteSession, desk: Desk) -> Known:
    clients, loans = await portfolio.numbers(session, desk.shop)
    return Known(clients, loans, await portfolio.planned(session, desk.shop))


async def _of_a_shop(desk: Desk, key: str) -> None:
    async with desk.store.reading() as session:
        if await find_shop(session, key) is None:
            hint = "main.py run or main.py demo makes the shop of the settings"
            refuse(f"there is no shop {key!r}", hint=hint, code=FAILED)


async def sync(settings: Settings, shop: str, *, as_json: bool) -> None:
    async with opened(settings, shop) as desk:
        await _of_a_shop(desk, shop or settings.app.shop)
        async with desk.store.transaction() as session:
            await fields.sync(session, desk.shop)
            count = len(await fields.definitions(session, desk.shop))
    tables = len(fields.BUSINESS)
    say(f"{count} fields of {tables} tables", {"fields": count, "tables": tables}, as_json=as_json)


async def show(settings: Settings, shop: str, *, as_json: bool) -> None:
    async with opened(settings, shop) as desk, desk.store.reading() as session:
        found = [_brief(one) for one in await fields.definitions(session, desk.shop)]
    if as_json:
        emit(found)
        return
    if not found:
        result.print("No fields yet. Read them with: main.py fields sync")
        return
    for one in found:
        marks = [name for name in ("required", "indexed") if one[name]]
        points = [f"points to {one['points_to']}"] if one["points_to"] else []
        values = [f"one of {', '.join(one['allowed'])}"] if one["allowed"] else []
        told = ", ".join([one["type"], *marks, *points, *values])
        result.print(f"{one['field']}: {told}", markup=False, soft_wrap=True)
        if one["description"]:
            result.print(f"    {one['description']}", markup=False, soft_wrap=True)


def _brief(one: FieldDefinition) -> dict[str, Any]:
    return {
        "field": f"{one.table_name}.{one.field}",
        "type": one.type,
        "required": one.required,
        "indexed": one.indexed,
        "points_to": one.points_to,
        "allowed": one.allowed,
        "description": one.description,
        "examples": one.examples,
        "values": one.values,
        "notes": one.notes,
    }


async def describe(
    settings: Settings, shop: str, name: str, said: dict[str, Any], *, as_json: bool
) -> None:
    """What people say of a field; reading the database again leaves it as it is."""
    table, _, column = name.partition(".")
    async with opened(settings, shop) as desk, desk.store.transaction() as session:
        if not await fields.describe(session, desk.shop, table, column, said):
            why = "the catalogue has no such field"
            refuse(f"{name!r} is unknown", why, "main.py fields list", code=FAILED)
    say(f"{name} is described", {"field": name} | said, as_json=as_json)
