"""`ingest` and `documents`: what the bot reads, and what of it stands in its answers."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, NoReturn
from uuid import UUID

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy import select

from app.console import FAILED, USAGE, emit, refuse, result, talk
from app.library import Library, library
from config.settings import Settings
from knowledge.extraction import DocumentRefused
from knowledge.ingest import File, Ingested
from knowledge.reembedding import reembed as reembed_shop
from llm.base import ModelError
from store.knowledge import Document

COLUMNS: Final = (
    BarColumn(),
    MofNCompleteColumn(),
    TimeElapsedColumn(),
    TextColumn("{task.description}"),
)
SUFFIXES: Final = (".pdf", ".docx", ".txt", ".md", ".markdown")


async def ingest(
    settings: Settings, shop: str, paths: Sequence[str], *, dry_run: bool, as_json: bool
) -> int:
    """The exit code: 1 when a file was refused; the others are taken all the same."""
    wanted = list(_files(paths))
    if not wanted:
        hint = f"name files or folders with {', '.join(SUFFIXES)}"
        refuse(
            "there is nothing to read", "no such file, or none of a known kind", hint, code=USAGE
        )
    done: list[Ingested] = []
    refused: list[dict[str, str]] = []
    async with library(settings, shop) as at:
        with Progress(*COLUMNS, console=talk, transient=True) as bar:
            task = bar.add_task("reading", total=len(wanted))
            for path, name in wanted:
                bar.update(task, description=name)
                try:
                    data = await asyncio.to_thread(path.read_bytes)
                    done.append(await at.ingest.ingest(at.shop, File(name, data), dry_run=dry_run))
                except DocumentRefused as error:
                    refused.append({"file": name, "why": error.why, "next": error.next})
                except FileNotFoundError:
                    refused.append(
                        {"file": name, "why": "no such file", "next": "look at its name"}
                    )
                except (OSError, ModelError) as error:
                    refused.append({"file": name, "why": str(error), "next": "try again"})
                bar.advance(task)
    _report(done, refused, as_json=as_json)
    return FAILED if refused else 0


def _files(paths: Sequence[str]) -> Iterator[tuple[Path, str]]:
    """Each with the name it is known by; a folder's files are named below it."""
    for given in paths:
        path = Path(given)
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.suffix.lower() in SUFFIXES)
            yield from ((one, one.relative_to(path).as_posix()) for one in inside)
        else:
            yield path, path.name


def _report(done: Sequence[Ingested], refused: Sequence[dict[str, str]], *, as_json: bool) -> None:
    if as_json:
        shown = [{**asdict(one), "id": str(one.id)} for one in done]
        emit({"documents": shown, "refused": list(refused)})
        return
    if done:
        drawn = Table("document", "outcome", "pages", "chunks", "passages", "look at", box=None)
        for one in done:
            flags = ", ".join(flag.rule for flag in one.flags)
            numbers = (str(one.pages or ""), str(one.chunks), str(one.passages))
            drawn.add_row(one.name, one.outcome, *numbers, flags)
        result.print(drawn)
    for no in refused:
        talk.print(f"[bold red]refused:[/] {no['file']}: {no['why']}; {no['next']}", soft_wrap=True)
    if any(one.flags for one in done):
        talk.print(
            "[yellow]look at:[/] some give orders to whoever reads them. They stay out of answers"
            " until you say `main.py documents on NAME`."
        )


async def show(settings: Settings, shop: str, *, as_json: bool) -> None:
    async with library(settings, shop) as at, at.store.reading() as session:
        query = select(Document).where(Document.shop_id == at.shop).order_by(Document.file_name)
        rows = list(await session.scalars(query))
    if as_json:
        emit([_row(one) for one in rows])
        return
    if not rows:
        result.print("No documents yet: main.py ingest FILE… teaches the bot what they say.")
        return
    drawn = Table("document", "title", "pages", "passages", "in answers", "look at", box=None)
    for one in rows:
        flags = ", ".join(flag["rule"] for flag in one.flags)
        on = "[green]yes" if one.active else "[dim]no"
        drawn.add_row(one.file_name, one.title, str(one.pages or ""), str(one.passages), on, flags)
    result.print(drawn)


def _row(one: Document) -> dict[str, Any]:
    names = ("title", "description", "format", "size", "pages", "passages", "active", "flags")
    return {
        "id": str(one.id),
        "file": one.file_name,
        **{name: getattr(one, name) for name in names},
    }


async def switch(settings: Settings, shop: str, name: str, *, active: bool) -> None:
    async with library(settings, shop) as at:
        if not await at.ingest.switch(at.shop, await _named(at, name), active=active):
            _unknown(name)
    result.print(f"{name}: {'in' if active else 'out of'} answers", markup=False)


async def remove(settings: Settings, shop: str, name: str) -> None:
    async with library(settings, shop) as at:
        if not await at.ingest.remove(at.shop, await _named(at, name)):
            _unknown(name)
    result.print(f"{name}: removed", markup=False)


async def _named(at: Library, name: str) -> UUID:
    query = select(Document.id).where(Document.shop_id == at.shop, Document.file_name == name)
    async with at.store.reading() as session:
        found: UUID | None = await session.scalar(query)
    return found or _unknown(name)


def _unknown(name: str) -> NoReturn:
    refuse(f"there is no document {name!r}", "", "main.py documents list", code=USAGE)


async def reembed(settings: Settings, shop: str, *, as_json: bool) -> None:
    async with library(settings, shop) as at:
        with Progress(console=talk, transient=True) as bar:
            task = bar.add_task("embedding", total=None)
            done = await reembed_shop(
                at.store, at.shop, at.embedders.ours,
                lambda made, of: bar.update(task, completed=made, total=of),
            )  # fmt: skip
    told = {"model": at.embedders.ours.model, "dim": at.embedders.ours.dim, "vectors": done}
    if as_json:
        emit(told)
    else:
        result.print(f"{done} passages have vectors of {told['model']} now")
