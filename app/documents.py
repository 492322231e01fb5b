"""`documents`: what the bot has read, and what of it stands in its answers."""

from dataclasses import asdict, dataclass
from typing import Any, NoReturn
from uuid import UUID

from rich.markup import escape
from rich.progress import Progress
from rich.table import Table
from sqlalchemy import select

from app.console import USAGE, emit, refuse, result, say, talk
from app.ingesting import COLUMNS
from app.library import Library, library
from config.settings import Settings
from jobs.schedule import DOCUMENT
from knowledge.extraction import PROBLEMS
from knowledge.reembedding import reembed as reembed_shop
from store.knowledge import Document
from store.work import JobRun


async def show(settings: Settings, shop: str, *, as_json: bool) -> None:
    async with library(settings, shop) as at, at.store.reading() as session:
        query = select(Document).where(Document.shop_id == at.shop).order_by(Document.file_name)
        rows = list(await session.scalars(query))
        tried = select(JobRun).where(JobRun.shop_id == at.shop, JobRun.name == DOCUMENT)
        work = {one.period: one for one in await session.scalars(tried)}
    standings = [standing(one, work.get(_period(one))) for one in rows]
    if as_json:
        emit([_row(one) | asdict(told) for one, told in zip(rows, standings, strict=True)])
        return
    if not rows:
        result.print("No documents yet: main.py ingest FILE… teaches the bot what they say.")
        return
    drawn = Table(
        "document", "title", "pages", "passages", "in answers", "state", "look at", box=None
    )
    for one, told in zip(rows, standings, strict=True):
        flags = ", ".join(flag["rule"] for flag in one.flags)
        on = "[green]yes" if one.active and one.processed else "[dim]no"
        state = escape(f"{told.state}: {told.why}" if told.why else told.state)
        numbers = (str(one.pages or ""), str(one.passages), on, state, flags)
        drawn.add_row(escape(one.file_name), escape(one.title), *numbers)
    result.print(drawn)


@dataclass(frozen=True, slots=True)
class Standing:
    """`read`, `waiting`, `refused` or `failed`, and why."""

    state: str
    why: str = ""


def standing(one: Document, work: JobRun | None) -> Standing:
    """What became of the last file of a document; what it says meanwhile is another matter."""
    if one.problem:
        return Standing("refused", PROBLEMS[one.problem][0])
    if not one.waiting:
        return Standing("read")
    why = (work.error or "") if work is not None else ""
    failed = work is not None and work.state == "failed"
    return Standing("failed" if failed else "waiting", why)


def _period(one: Document) -> str:
    return f"{one.id}@{one.waiting['at']}" if one.waiting else ""


def _row(one: Document) -> dict[str, Any]:
    names = ("title", "description", "format", "size", "pages", "passages", "active", "flags")
    return {
        "id": str(one.id),
        "file": one.file_name,
        **{name: getattr(one, name) for name in names},
    }


async def switch(settings: Settings, shop: str, name: str, *, active: bool, as_json: bool) -> None:
    async with library(settings, shop) as at:
        if not await at.ingest.switch(at.shop, await _named(at, name), active=active):
            _unknown(name)
    text = f"{name}: {'in' if active else 'out of'} answers"
    say(text, {"name": name, "active": active}, as_json=as_json)


async def remove(settings: Settings, shop: str, name: str, *, as_json: bool) -> None:
    async with library(settings, shop) as at:
        if not await at.ingest.remove(at.shop, await _named(at, name)):
            _unknown(name)
    say(f"{name}: removed", {"name": name, "removed": True}, as_json=as_json)


async def _named(at: Library, name: str) -> UUID:
    query = select(Document.id).where(Document.shop_id == at.shop, Document.file_name == name)
    async with at.store.reading() as session:
        found: UUID | None = await session.scalar(query)
    return found or _unknown(name)


def _unknown(name: str) -> NoReturn:
    refuse(f"there is no document {name!r}", "", "main.py documents list", code=USAGE)


async def reembed(settings: Settings, shop: str, *, queue: bool, as_json: bool) -> None:
    async with library(settings, shop) as at:
        ours = at.embedders.ours
        told = {"model": ours.model, "dim": ours.dim}
        if queue:
            await at.offer_vectors()
            _say({**told, "queued": True}, f"a running bot moves to {ours.model}", as_json=as_json)
            return
        with Progress(*COLUMNS, console=talk, transient=True) as bar:
            task = bar.add_task("embedding", total=None)
            done = await reembed_shop(
                at.store, at.shop, ours,
                lambda made, of: bar.update(task, completed=made, total=of),
            )  # fmt: skip
    said = f"{done} passages have vectors of {ours.model} now"
    _say({**told, "vectors": done}, said, as_json=as_json)


def _say(told: dict[str, Any], said: str, *, as_json: bool) -> None:
    if as_json:
        emit(told)
    else:
        result.print(said, markup=False)
