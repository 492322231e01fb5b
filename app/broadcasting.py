"""`outreach`: what is written to many, and what became of everything that was written first."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import typer
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table
from sqlalchemy import RowMapping

from app.console import FAILED, asking, emit, refuse, result, say, talk
from app.desk import Desk, opened
from config.settings import Settings
from services.clock import now
from store import outreach
from store.dealings import Broadcast
from store.outreach import Audience, State

LIVE = ("accepted", "sent", "delivered", "read")


@dataclass(frozen=True, slots=True)
class Wanted:
    name: str
    account: str
    text: str
    template: str | None
    active_days: int
    buyers: bool
    dry: bool
    sure: bool


async def begin(settings: Settings, wanted: Wanted, *, as_json: bool) -> None:
    """Writes down whom it is for; running bots take it from there."""
    if not wanted.text and not wanted.template:
        refuse("a broadcast needs something to say", hint="give --text, --template, or both")
    async with opened(settings) as desk:
        since = now() - timedelta(days=wanted.active_days)
        audience = Audience(desk.shop, wanted.account, since, wanted.buyers)
        async with desk.store.reading() as session:
            people = await outreach.reach(session, audience)
        told = _told(settings, wanted, people)
        if not people:
            why = f"in {wanted.active_days} days nobody who wants it spoke on {wanted.account}"
            refuse("there is nobody to write to", why, "main.py channels list", code=FAILED)
        if wanted.dry:
            _say(told, "would reach", as_json=as_json)
            return
        _confirm(told, wanted)
        one = Broadcast(
            shop_id=desk.shop,
            id=uuid4(),
            name=wanted.name,
            account=wanted.account,
            text=wanted.text,
            template=wanted.template,
            state="running",
        )
        async with desk.store.transaction() as session:
            await outreach.begin(session, one, audience)
        _say(told | {"id": str(one.id)}, "begun:", as_json=as_json)


def _told(settings: Settings, wanted: Wanted, people: int) -> dict[str, Any]:
    knobs = settings.outreach
    cap = knobs.cap(wanted.account)
    return {
        "name": wanted.name,
        "account": wanted.account,
        "people": people,
        "per_day": cap,
        "days": -(-people // cap) if cap else None,
        "usd": round(people * knobs.message_usd, 4),
    }


def _confirm(told: dict[str, Any], wanted: Wanted) -> None:
    if wanted.sure or not sys.stdin.isatty():
        return
    with asking():
        if not typer.confirm(f"{_line(told)}. Begin?", err=True):
            raise typer.Exit(FAILED)


def _say(told: dict[str, Any], how: str, *, as_json: bool) -> None:
    if as_json:
        emit(told)
        return
    result.print(f"{how} {_line(told)}", markup=False)
    if "id" in told:
        talk.print(f"  next: main.py outreach show {told['id'][:8]}")


def _line(told: dict[str, Any]) -> str:
    days = "never: its cap is 0" if told["days"] is None else f"{told['days']} day(s)"
    return (
        f"{told['people']} people on {told['account']}, at most {told['per_day']} in 24 hours"
        f" ({days}), US${told['usd']:.2f}"
    )


async def show(settings: Settings, which: str, *, as_json: bool) -> None:
    async with opened(settings) as desk:
        one = await _found(desk, which)
        async with desk.store.reading() as session:
            rows = await outreach.outcomes(session, desk.shop, one.id)
    if as_json:
        emit(_brief(one) | {"outcomes": [dict(row) for row in rows]})
        return
    result.print(f"[bold]{escape(one.name)}[/] on {one.account}: {one.state}")
    result.print(_bar(rows))
    result.print(_table(rows, "state", "people"))


def _bar(rows: Sequence[RowMapping]) -> Progress:
    total = sum(row["people"] for row in rows)
    over = sum(row["people"] for row in rows if row["state"] != "waiting")
    bar = Progress(BarColumn(), TextColumn("{task.completed:.0f} of {task.total:.0f} people"))
    bar.add_task("", total=total, completed=over)
    return bar


def _table(rows: Sequence[RowMapping], first: str, counted: str) -> Table:
    more = [name for name in ("answered", "ordered") if rows and name in rows[0]]
    table = Table(first, "delivery", "reason", counted, *more, box=None)
    for row in rows:
        told = (row[first], row["delivery"] or "", row["reason"] or "", row[counted])
        table.add_row(*(escape(str(cell)) for cell in (*told, *(row[name] for name in more))))
    return table


async def every(settings: Settings, *, as_json: bool) -> None:
    async with opened(settings) as desk, desk.store.reading() as session:
        found = [_brief(one) for one in await outreach.all_of(session, desk.shop)]
    if as_json:
        emit(found)
        return
    if not found:
        result.print("No broadcasts yet. Begin with: main.py outreach broadcast NAME --dry-run …")
        return
    table = Table("id", "name", "account", "state", "begun")
    for one in found:
        begun = f"{one['begun']:%Y-%m-%d %H:%M}"
        table.add_row(one["id"][:8], escape(one["name"]), one["account"], one["state"], begun)
    result.print(table)


def _brief(one: Broadcast) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "name": one.name,
        "account": one.account,
        "state": one.state,
        "begun": one.created_at,
    }


async def turn(settings: Settings, which: str, to: State, *, as_json: bool) -> None:
    """What was offered already is on its way; the rest stays where it is."""
    out_of: Sequence[State] = ("paused",) if to == "running" else ("running", "paused")
    async with opened(settings) as desk:
        one = await _found(desk, which)
        async with desk.store.transaction() as session:
            changed = await outreach.change(session, desk.shop, one.id, to, out_of)
    if not changed:
        refuse(f"{one.name} is {one.state}", hint="main.py outreach list", code=FAILED)
    say(f"{one.name} is {to}", {"id": one.id, "name": one.name, "state": to}, as_json=as_json)


async def report(settings: Settings, days: int, *, as_json: bool) -> None:
    """What the bot wrote without being asked, what came of it, and what it cost."""
    async with opened(settings) as desk, desk.store.reading() as session:
        since = now() - timedelta(days=days)
        rows = await outreach.written_first(session, desk.shop, since)
    sent = sum(row["messages"] for row in rows if row["delivery"] in LIVE)
    usd = round(sent * settings.outreach.message_usd, 4)
    if as_json:
        emit({"days": days, "sent": sent, "usd": usd, "written": [dict(row) for row in rows]})
        return
    if not rows:
        result.print(f"Nobody was written to first in {days} days.")
        return
    result.print(_table(rows, "purpose", "messages"))
    result.print(f"{sent} sent, US${usd:.2f} at outreach.message_usd")


async def _found(desk: Desk, which: str) -> Broadcast:
    async with desk.store.reading() as session:
        every_one = await outreach.all_of(session, desk.shop)
    found = [one for one in every_one if str(one.id).startswith(which)]
    if len(found) != 1:
        refuse(
            f"{len(found)} broadcasts begin with {which!r}",
            hint="main.py outreach list",
            code=FAILED,
        )
    return found[0]
