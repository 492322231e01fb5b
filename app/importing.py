"""`catalogue import`, `imports` and `undo`: what a file changes, applied and taken back."""

import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import typer
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from app.console import FAILED, USAGE, asking, emit, refuse, result, somebody, talk
from app.desk import Desk, known_shop, opened
from app.previewing import brief, looked_at, show, told
from config.settings import Settings
from knowledge.importing import service
from knowledge.importing.service import Applied, Proposal, Undone
from services.clock import now
from store import imports
from store.imports import CatalogueImport


@dataclass(frozen=True, slots=True)
class Wanted:
    file: str
    shop: str = ""
    columns: tuple[str, ...] = ()
    dry: bool = False
    skip_bad: bool = False
    missing_off: bool = False
    sure: bool = False


async def take(settings: Settings, wanted: Wanted, *, as_json: bool) -> None:
    """The preview first; then it asks, or is told not to."""
    rows = settings.knowledge.max_rows
    terms = service.Wanted(_said(wanted.columns), wanted.skip_bad, wanted.missing_off, rows)
    data = _read(Path(wanted.file))
    async with opened(settings, wanted.shop) as desk:
        shop = await known_shop(desk, wanted.shop)
        name = Path(wanted.file).name
        talk.print(f"  reading {name}…", markup=False)
        proposal = await service.propose(desk.store, shop.id, name, data, terms)
        if not as_json:
            show(proposal)
        if wanted.dry:
            if as_json:
                emit(told(proposal))
            return
        _confirm(proposal, sure=wanted.sure, as_json=as_json)
        applied = await _applied(desk, proposal)
    if as_json:
        emit(told(proposal) | {"id": applied.id, "applied": dict(applied.counts)})
        return
    _say(applied)


def _said(columns: tuple[str, ...]) -> dict[str, str]:
    pairs = [column.partition("=") for column in columns]
    if wrong := next((field for field, sign, column in pairs if not (sign and column)), None):
        refuse(f"--map {wrong} names no column", hint='--map price="Precio oferta"', code=USAGE)
    return {field.strip(): column.strip() for field, _, column in pairs}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        refuse(f"{path} cannot be read", error.strerror or "", "look for the file", code=USAGE)


def _confirm(proposal: Proposal, *, sure: bool, as_json: bool) -> None:
    """What is suspicious is never applied by a program that did not say --yes."""
    bad = proposal.seen.problems and not proposal.wanted.skip_bad
    if sure or bad or not proposal.seen.changes:
        return
    if sys.stdin.isatty() and not as_json:
        with asking():
            if not typer.confirm("Apply it?", err=True):
                raise typer.Exit(FAILED)
    elif proposal.seen.warnings:
        why = looked_at(proposal.seen.warnings[0])
        hint = "look at it with --dry-run, then mend the file or say --yes"
        refuse("something in the file looks wrong", why, hint, code=FAILED)


async def _applied(desk: Desk, proposal: Proposal) -> Applied:
    with Progress(console=talk, transient=True) as progress:
        task = progress.add_task("applying", total=len(proposal.seen.changes))
        return await service.apply(
            desk.store,
            proposal,
            by=somebody(),
            at=now(),
            progress=lambda count: progress.advance(task, count),
        )


def _say(applied: Applied) -> None:
    if applied.id is None:
        result.print("Nothing changes: the catalogue says the same already.")
        return
    result.print(f"applied: {brief(applied.counts)}", markup=False)
    talk.print(f"  within 24 hours: main.py catalogue undo {str(applied.id)[:8]}", markup=False)


async def every(settings: Settings, key: str, *, as_json: bool) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        async with desk.store.reading() as session:
            found = [_listed(one) for one in await imports.recent(session, shop.id)]
    if as_json:
        emit(found)
        return
    if not found:
        result.print("No file was imported yet. Begin: main.py catalogue import FILE --dry-run")
        return
    table = Table("id", "file", "by", "at", "changes", "state", box=None)
    for one in found:
        cells = (one["id"][:8], one["file"], one["by"], f"{one['at']:%Y-%m-%d %H:%M}")
        table.add_row(*(escape(cell) for cell in cells), brief(one["counts"]), one["state"])
    result.print(table)


def _listed(one: CatalogueImport) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "file": one.file,
        "sha256": one.sha256,
        "by": one.by,
        "at": one.at,
        "counts": one.counts,
        "state": one.state,
        "undone_by": one.undone_by,
        "undone_at": one.undone_at,
    }


async def take_back(
    settings: Settings, key: str, which: str, *, force: bool, as_json: bool
) -> None:
    async with opened(settings, key) as desk:
        shop = await known_shop(desk, key)
        async with desk.store.reading() as session:
            every_one = await imports.recent(session, shop.id)
        found = [one for one in every_one if str(one.id).startswith(which)]
        if len(found) != 1:
            what = f"{len(found)} imports begin with {which!r}"
            refuse(what, hint="main.py catalogue imports", code=FAILED)
        done = await service.undo(
            desk.store, shop.id, found[0].id, by=somebody(), at=now(), force=force
        )
    if as_json:
        emit(asdict(done) | {"id": str(found[0].id)})
        return
    _say_undone(done)


def _say_undone(done: Undone) -> None:
    result.print(f"{done.state}: {len(done.restored)} as before, {len(done.switched_off)} off")
    for skus, why in (
        (done.left, "changed again since, and were left (--force takes them too)"),
        (done.short, "had sold more since than their former stock: none is left"),
    ):
        if skus:
            result.print(f"  {', '.join(skus[:20])}: {why}", markup=False, soft_wrap=True)
