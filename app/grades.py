"""`ratings`: what customers and the shop's people say of answers, and what went wrong."""

from typing import Any

from rich.markup import escape
from rich.table import Column, Table

from app.console import emit, result, somebody
from app.desk import Desk, known_shop, opened, pack_of
from app.improving import uuid_of
from config.settings import Settings
from knowledge.prompt import own_recognisers
from learning import grading
from learning.grading import Grade, Grader
from services.clock import now
from store.app import Shop
from store.grading import Order

SHORT = 60
ID = 36


async def give(settings: Settings, key: str, reply: str, grade: Grade, *, as_json: bool) -> None:
    which = uuid_of(reply)
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        row = await _grader(desk, shop).give(which, grade)
    _tell(row, as_json=as_json)


async def take_back(settings: Settings, key: str, reply: str, *, as_json: bool) -> None:
    which = uuid_of(reply)
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        row = await _grader(desk, shop).take_back(which)
    _tell(row, as_json=as_json)


async def process(
    settings: Settings, key: str, reply: str, notes: str, *, improved: bool, as_json: bool
) -> None:
    which = uuid_of(reply)
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        await _grader(desk, shop).process(which, notes or None, improved=improved)
    if as_json:
        emit({"reply": which, "processed": True, "improved": improved})
        return
    result.print(f"{which} is dealt with", markup=False)


async def pending(settings: Settings, key: str, order: Order, limit: int, *, as_json: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        found = await grading.pending(desk.store, shop.id, order, limit)
    if as_json:
        emit(found)
        return
    if not found:
        result.print("Nothing went wrong that nobody has dealt with.")
        return
    columns = ("worst", "thumbs down", "question", "answer", "cost")
    table = Table(Column("reply", no_wrap=True, min_width=ID), *columns, box=None)
    for one in found:
        worst, down = str(one["worst"]), str(one["down"] or "")
        texts = (_short(one["user_message"]), _short(one["bot_response"]))
        cost = f"{one['cost_micros'] / 1e6:.4f}" if one["cost_micros"] else ""
        table.add_row(str(one["id"]), worst, down, *map(escape, texts), cost)
    result.print(table)


async def show(settings: Settings, key: str, reply: str, limit: int, *, as_json: bool) -> None:
    which = uuid_of(reply) if reply else None
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        found = await grading.given(desk.store, shop.id, which, limit)
    if as_json:
        emit(found)
        return
    if not found:
        result.print("Nobody has rated an answer yet. Rate: main.py ratings give REPLY --stars 4")
        return
    columns = ("who", "said", "comment", "dealt with")
    table = Table(Column("reply", no_wrap=True, min_width=ID), *columns, box=None)
    for one in found:
        who = one["who"] or one["role"]
        done = "improved" if one["improved"] else "yes" if one["processed"] else ""
        comment = " · ".join(filter(None, (one["comment"], one["notes"])))
        table.add_row(str(one["training_id"]), *map(escape, (who, _said(one), comment)), done)
    result.print(table)


def _grader(desk: Desk, shop: Shop) -> Grader:
    own = own_recognisers(pack_of(desk, shop))
    return Grader(desk.store, shop.id, somebody(), now(), own=own)


def _tell(row: dict[str, Any], *, as_json: bool) -> None:
    told = {name: row[name] for name in ("id", "stars", "rejected", "correction")}
    if as_json:
        emit({"reply": told.pop("id")} | told)
        return
    stars = f"{row['stars']} stars" if row["stars"] else "no stars"
    learned = "teaches nothing" if row["rejected"] else "may teach"
    result.print(f"{row['id']}: {stars}, {learned}", markup=False)


def _said(one: dict[str, Any]) -> str:
    thumb = {1: "👍", -1: "👎"}.get(one["thumb"], "")
    return " ".join(filter(None, ("★" * (one["stars"] or 0), thumb))) or "looked at it"


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= SHORT else f"{plain[: SHORT - 1]}…"
