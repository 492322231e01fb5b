"""`customer` and `privacy`: export, erasure, block, opposition, and what is too old."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal
from uuid import UUID

import typer
from pydantic import SecretStr
from rich.table import Table

from app.backing import backing
from app.console import FAILED, USAGE, asking, emit, refuse, result, somebody, talk
from app.desk import Desk, known_shop, opened
from config.settings import DatabaseSettings, RedisSettings, Settings
from events.forgetting import Forgetting
from events.partitions import Keys
from events.stream import Stream
from jobs import schedule
from jobs.cadences import RETENTION
from jobs.exporting import place_of
from jobs.retention import look
from jobs.rights import JOBS, Rights
from jobs.schedule import Run, Terms
from jobs.tasks import perform
from services.clock import now
from store.privacy import customers, persons, reading, requests
from store.privacy.persons import Person
from store.privacy.places import PLACES

WORD: Final = "borrar"


@dataclass(frozen=True, slots=True)
class Case:
    """Somebody's data, at a desk. `settings` say where the servers really are."""

    desk: Desk
    settings: Settings
    shop: UUID
    who: Person

    @property
    def rights(self) -> Rights:
        knobs = self.settings
        keys = Keys(knobs.redis.prefix, knobs.events.partitions)
        forgetting = Forgetting(Stream(self.desk.wire, keys))
        return Rights(self.desk.store, self.shop, forgetting, days=knobs.privacy.answer_days)


async def show(settings: Settings, key: str, who: str, *, as_json: bool) -> None:
    async with _case(settings, key, who) as case:
        counts: dict[str, int] = {}
        async with reading.snapshot(case.desk.store) as connection:
            for place in (one for one in PLACES if one.told):
                counts[place.title] = 0
                async for _ in reading.rows(connection, case.who, place):
                    counts[place.title] += 1
    if as_json:
        emit({"id": case.who.id, "ids": case.who.ids, "rows": counts})
        return
    result.print(f"{case.who.id}, on {len(case.who.talks)} chats", markup=False)
    table = Table("what", "rows", box=None)
    for title, count in counts.items():
        if count:
            table.add_row(title.replace("_", " "), str(count))
    result.print(table)


async def export(settings: Settings, key: str, who: str, to: str, *, as_json: bool) -> None:
    async with _case(settings, key, who) as case:
        request = await case.rights.ask(case.who.id, "export", somebody())
        if request is None:
            return
        talk.print("  collecting…")
        await _carry_out(case, Run(JOBS["export"], case.shop, str(request)))
        kept = place_of(case.settings, case.shop, request)
        target = Path(to) if to else Path(f"datos-{request.hex[:8]}.zip")
        shutil.copyfile(kept, target)
        target.chmod(0o600)
    if as_json:
        emit({"request": request, "file": str(target), "bytes": target.stat().st_size})
        return
    result.print(f"{target}: everything that is kept of {case.who.id}", markup=False)


async def erase(settings: Settings, key: str, who: str, *, sure: bool, as_json: bool) -> None:
    async with _case(settings, key, who) as case:
        if not sure:
            _sure(case.who)
        request = await case.rights.ask(case.who.id, "erasure", somebody())
        if request is None:
            return
        talk.print("  forgetting…")
        await _carry_out(case, Run(JOBS["erasure"], case.shop, str(request)))
        async with case.desk.store.reading() as session:
            row = await requests.request_of(session, case.shop, request)
    if row is None or row.state != "done":
        refuse(
            "something of theirs is being worked at",
            "the bot has not acknowledged it yet",
            "a running bot goes on by itself; or say the same again in a moment",
            code=FAILED,
        )
    if as_json:
        emit({"request": request, **row.receipt})
        return
    gone = ", ".join(f"{count} {name}" for name, count in sorted(row.receipt["gone"].items()))
    result.print(f"erased: {gone or 'nothing was kept'}", markup=False)


async def choose(
    settings: Settings,
    key: str,
    who: str,
    kind: Literal["restriction", "opposition"],
    *,
    on: bool,
    as_json: bool,
) -> None:
    async with _case(settings, key, who) as case:
        rights, by = case.rights, somebody()
        way = rights.restrict if kind == "restriction" else rights.oppose
        await way(case.who.id, by, to=on)
    if as_json:
        emit({"id": case.who.id, kind: on})
        return
    said = {
        ("restriction", True): "is kept and nothing else",
        ("restriction", False): "is answered again",
        ("opposition", True): "teaches nothing any more",
        ("opposition", False): "may teach again",
    }
    result.print(f"{case.who.id}: what they write {said[kind, on]}", markup=False)


async def requested(settings: Settings, key: str, *, as_json: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        async with desk.store.reading() as session:
            found = await requests.listed(session, shop.id)
    rows = [_told(row, now()) for row in found]
    if as_json:
        emit(rows)
        return
    if not rows:
        result.print("No customer has asked anything of their data.")
        return
    table = Table("asked", "what", "state", "by", "days left", "customer", box=None)
    for row in rows:
        left = "" if row["days_left"] is None else str(row["days_left"])
        who = str(row["customer"] or "gone")
        table.add_row(f"{row['asked']:%Y-%m-%d}", row["kind"], row["state"], row["by"], left, who)
    result.print(table)


async def retain(settings: Settings, key: str, *, dry: bool, as_json: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        report: dict[str, Any] = asdict(await look(desk.store, shop.id, settings, now()))
        if not dry:
            async with _placed(settings) as placed:
                run = Run(RETENTION, shop.id, f"{now():%Y-%m-%d}")
                await schedule.ask(desk.store, run)
                await perform(run, Terms(), placed)
    if as_json:
        emit({"dry_run": dry, **report})
        return
    done = "would be" if dry else "were"
    result.print(
        f"{report['messages']} messages {done} masked, {report['files']} files"
        f" ({report['bytes']} bytes) and {report['exports']} exports deleted",
        markup=False,
    )


@asynccontextmanager
async def _case(settings: Settings, key: str, who: str) -> AsyncIterator[Case]:
    async with opened(settings, key) as desk, _placed(settings) as placed:
        shop = await known_shop(desk, key)
        yield Case(desk, placed, shop.id, await _person(desk, shop.id, who))


@asynccontextmanager
async def _placed(settings: Settings) -> AsyncIterator[Settings]:
    """What a worker would be told: where the servers are."""
    async with backing(settings) as here:
        yield settings.model_copy(
            update={
                "database": DatabaseSettings(url=SecretStr(here.database_url)),
                "redis": RedisSettings(url=SecretStr(here.redis_url), prefix=settings.redis.prefix),
            }
        )


async def _person(desk: Desk, shop: UUID, said: str) -> Person:
    """Refuses nobody, and more than one."""
    async with desk.store.reading() as session:
        found = [] if _id(said) else await customers.page(session, shop, said)
    if len(found) > 1:
        names = ", ".join(f"{row['name'] or '?'} {row['id']}" for row in found[:5])
        refuse(f"{said!r} is more than one customer", names, "name one by the id", code=USAGE)
    one = _id(said) or (found[0]["id"] if found else None)
    async with desk.store.lookup() as connection:
        who = await persons.find(connection, shop, one) if one else None
    if who is None:
        refuse(f"there is no customer {said!r}", "", "look at /clientes for the names", code=FAILED)
    return who


def _id(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None


def _sure(who: Person) -> None:
    """Typed, because it cannot be undone."""
    talk.print(f"Everything of {who.id} goes, on {len(who.talks)} chats, for good.")
    with asking():
        if typer.prompt(f"Type {WORD} to go on", err=True).strip().lower() != WORD:
            raise typer.Exit(FAILED)


async def _carry_out(case: Case, run: Run) -> None:
    """Here and now; a worker that took it meanwhile does it as well."""
    await schedule.ask(case.desk.store, run)
    await perform(run, Terms(), case.settings)


def _told(row: Any, at: datetime) -> dict[str, Any]:  # noqa: ANN401  a row of the requests
    left = None if row.state == "done" else (row.due_at - at).days
    return {
        "id": row.id,
        "asked": row.created_at,
        "kind": row.kind,
        "state": row.state,
        "by": row.by,
        "days_left": left,
        "customer": row.customer_id,
        "receipt": row.receipt,
    }
