"""`dataset verify`, `rebuild`, `export`, `validate`: is it what it was, and who would take it."""

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from app.console import FAILED, USAGE, emit, refuse, result, talk
from app.dataset_desk import beside, known_format
from app.desk import known_shop, opened
from app.guessing import unknown
from app.ingesting import COLUMNS
from app.plugins import find_pack, load
from config.settings import Settings
from knowledge.prompt import own_recognisers
from learning.errors import FolderRefused
from learning.exporting import export
from learning.readiness import Verdict, find, fresh
from learning.readiness import verify as verified
from learning.rebuilding import rebuild_dataset
from learning.validating import FORS, For, Inspector, Report


async def verify(settings: Settings, key: str, which: str, *, as_json: bool) -> int:
    """The exit code: 1 when anything changed."""
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        built = await find(desk.store, shop.id, which)
        with Progress(*COLUMNS, console=talk, transient=True) as progress:
            progress.add_task("looking at every row", total=None)
            verdict = await verified(desk.store, built)
    told = _told(verdict) | {"id": str(built.id), "stale": built.stale}
    if as_json:
        emit(told)
    else:
        _say(verdict, built.stale)
    return 0 if verdict.ok and built.stale is None else FAILED


def _told(verdict: Verdict) -> dict[str, Any]:
    changes = verdict.changes
    return {
        "ok": verdict.ok,
        "rows": changes.rows,
        "changed": [str(one) for one in changes.changed],
        "gone": [str(one) for one in changes.gone],
        "erased": changes.erased,
        "altered": [asdict(one) for one in verdict.altered],
    }


def _say(verdict: Verdict, stale: str | None) -> None:
    changes = verdict.changes
    if verdict.ok:
        result.print(f"{changes.rows} rows, and every byte of the files, are what they were")
    for one in verdict.altered:
        where = "" if one.line is None else f", line {one.line} (row {one.row})"
        result.print(f"{one.file}{where} was changed", markup=False, soft_wrap=True)
    for name, rows in (("changed", changes.changed), ("gone", changes.gone)):
        for row in rows:
            result.print(f"row {row} is {name}", soft_wrap=True)
    if changes.erased:
        result.print(f"{changes.erased} rows were erased")
    if stale:
        result.print(f"stale: {stale}", markup=False, soft_wrap=True)


async def rebuild(settings: Settings, key: str, which: str, out: str, *, as_json: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        built = fresh(await find(desk.store, shop.id, which))
        folder = _free(Path(out) if out else built.path)
        with Progress(*COLUMNS, console=talk, transient=True) as progress:
            progress.add_task("composing every line", total=None)
            await rebuild_dataset(desk.store, built, folder)
    if as_json:
        emit(replace(built, path=folder).summary())
        return
    result.print(f"{built.rows} rows in {folder}, as they were", markup=False, soft_wrap=True)


async def export_one(
    settings: Settings, key: str, which: str, wanted: tuple[str, str], *, as_json: bool
) -> None:
    name, out = wanted
    known = known_format(name)
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        built = fresh(await find(desk.store, shop.id, which))
    folder = _free(Path(out)) if out else beside(built, known)
    with Progress(*COLUMNS, console=talk, transient=True) as progress:
        progress.add_task("writing", total=None)
        await asyncio.to_thread(export, built.path, known, folder)
    if as_json:
        emit({"id": str(built.id), "format": known, "path": str(folder), "rows": built.rows})
        return
    result.print(f"{built.rows} rows as {known} in {folder}", markup=False, soft_wrap=True)


def _free(folder: Path) -> Path:
    """Nothing that is there is written over."""
    if folder.exists():
        raise FolderRefused(
            f"{folder} is there already", "what is in it would be lost", "Name a new one: --out"
        )
    return folder


def validate(
    settings: Settings, files: Sequence[str], provider: str, pack: str, *, as_json: bool
) -> int:
    """The exit code: 1 when a provider would refuse any of the files."""
    if provider not in FORS:
        unknown("provider", provider, FORS)
    known = find_pack(pack or settings.app.pack, load(settings.app.plugins))
    reports = _inspected(files, provider, Inspector(provider, own_recognisers(known)))
    if as_json:
        emit({"ok": all(one.ok for one in reports.values()), "files": _shown(reports)})
    else:
        _draw(reports)
    return 0 if all(one.ok for one in reports.values()) else FAILED


def _inspected(files: Sequence[str], provider: For, inspector: Inspector) -> dict[str, Report]:
    reports = {}
    with ExitStack() as opened_files, Progress(*COLUMNS, console=talk, transient=True) as progress:
        task = progress.add_task("reading", total=len(files))
        for number, name in enumerate(files):
            try:
                lines = opened_files.enter_context(Path(name).open("rb"))
            except OSError as error:
                why = error.strerror or str(error)
                refuse(f"{name} cannot be read", why, "look for the file", code=USAGE)
            reports[name] = inspector.inspected(name, lines, trained=number == 0)
            progress.update(task, advance=1, description=f"{provider}: {name}")
    return reports


def _shown(reports: dict[str, Report]) -> list[dict[str, Any]]:
    return [{"file": name, **report.told()} for name, report in reports.items()]


def _draw(reports: dict[str, Report]) -> None:
    table = Table("file", "line", "what", "why", "next", box=None)
    for name, report in reports.items():
        for one in report.problems:
            place = "" if one.line is None else str(one.line)
            table.add_row(*(escape(cell) for cell in (name, place, one.what, one.why, one.next)))
        if report.ok:
            about = f"{name}: {report.lines} lines, about {report.tokens} tokens: "
            result.print(f"{about}{report.provider} would take it", markup=False, soft_wrap=True)
    if table.row_count:
        result.print(table)
