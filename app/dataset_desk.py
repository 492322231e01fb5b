"""`dataset build`, `list`, `show`, `accept` and `demand`: what a shop learned, and what it may."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from app.console import FAILED, USAGE, emit, refuse, result, somebody, talk
from app.desk import known_shop, opened
from app.guessing import unknown
from app.ingesting import COLUMNS
from config.settings import Settings
from learning.dataset import Built, Steps, as_built, build_dataset
from learning.exporting import FORMATS, Format, export
from learning.readiness import find
from store import acceptance, curating, datasets


@dataclass(frozen=True, slots=True)
class Said:
    by: str
    accepted: bool


async def build(
    settings: Settings, key: str, out: str, formats: Sequence[str], *, as_json: bool
) -> None:
    """An earlier dataset is never overwritten; a shop without good rows gets an explained one."""
    wanted = [known_format(one) for one in formats]
    folder = Path(out) if out else settings.jobs.datasets or settings.app.var / "datasets"
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        rows = await curating.count(desk.store, shop.id, None)
        with Progress(*COLUMNS, console=talk, transient=True) as progress:
            task = progress.add_task("reading rows", total=rows or None)

            def told(stage: str, count: int) -> None:
                progress.update(task, description=stage, completed=count)

            built = await build_dataset(
                desk.store,
                shop.id,
                out=folder,
                settings=settings.curation,
                steps=Steps(progress=told, budget=settings.models.prompt_tokens),
            )
            progress.update(task, description="exporting", total=None)
            made = await asyncio.to_thread(_exported, built, wanted)
    _tell(built, made, as_json=as_json)


def _exported(built: Built, wanted: Sequence[Format]) -> dict[str, str]:
    return {one: str(export(built.path, one, beside(built, one))) for one in wanted}


def _tell(built: Built, made: dict[str, str], *, as_json: bool) -> None:
    if as_json:
        emit(built.summary() | {"exports": made})
        return
    result.print(f"{built.rows} rows in {built.path}", markup=False, soft_wrap=True)
    result.print(built.explanation, markup=False, soft_wrap=True)
    result.print(f"sha256 {built.sha256}")
    for name, folder in made.items():
        result.print(f"{name} in {folder}", markup=False, soft_wrap=True)


def known_format(name: str) -> Format:
    found = next((known for known in FORMATS if known == name), None)
    if found is None:
        unknown("format", name, FORMATS)
    return found


def beside(built: Built, wanted: Format) -> Path:
    return built.path.with_name(f"{built.path.name}.{wanted}")


async def every(settings: Settings, key: str, *, as_json: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        async with desk.store.batch() as connection:
            await datasets.mark_stale(connection, shop.id)
        async with desk.store.reading() as session:
            found = [as_built(row) for row in await datasets.every(session, shop.id)]
    if as_json:
        emit([built.summary() for built in found])
        return
    if not found:
        result.print("No dataset yet. Build one: main.py dataset build")
        return
    table = Table("id", "week", "rows", "pairs", "customers", "stale", box=None)
    for built in found:
        counts = built.manifest["counts"]
        numbers = (str(counts[name]) for name in ("rows", "pairs", "customers"))
        table.add_row(str(built.id)[:8], built.period or "", *numbers, escape(built.stale or ""))
    result.print(table)


async def show(settings: Settings, key: str, which: str, *, as_json: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        built = await find(desk.store, shop.id, which)
    if as_json:
        emit(built.summary() | {"manifest": built.manifest})
        return
    result.print(f"{built.id} in {built.path}", markup=False, soft_wrap=True)
    result.print(built.explanation, markup=False, soft_wrap=True)
    table = Table("by", "value", "rows", box=None)
    for name in ("split", "category", "intent", "intensity", "score"):
        for value, count in built.manifest["counts"][name].items():
            table.add_row(name, escape(value), str(count))
    result.print(table)
    if built.stale:
        talk.print(f"[yellow]stale:[/] {escape(built.stale)}; build a new one", soft_wrap=True)


async def accept(
    settings: Settings, key: str, rows: Sequence[str], said: Said, *, as_json: bool
) -> None:
    ids = [_id(row) for row in rows]
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        async with desk.store.transaction() as session:
            by = said.by or somebody()
            known = await acceptance.accept(session, shop.id, ids, accepted=said.accepted, by=by)
    unknown = [str(one) for one in ids if one not in known]
    if as_json:
        emit({"rows": [str(one) for one in known], "unknown": unknown, "accepted": said.accepted})
    else:
        result.print(f"{len(known)} {'accepted' if said.accepted else 'rejected'}")
    if unknown:
        why = f"no reply of the shop has these ids: {', '.join(unknown)}"
        refuse(f"{len(unknown)} rows are unknown", why, "main.py why last", code=FAILED)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        refuse(f"{text!r} is no id", hint="main.py why last --json shows one", code=USAGE)


async def demand(settings: Settings, key: str, by: str, *, wanted: bool, as_json: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        async with desk.store.transaction() as session:
            await acceptance.demand(session, shop.id, wanted=wanted, by=by or somebody())
    if as_json:
        emit({"shop": shop.key, "demands": wanted})
        return
    what = "rows that a person accepted, corrected or wrote" if wanted else "every good row"
    result.print(f"{shop.key} learns from {what}", markup=False)
