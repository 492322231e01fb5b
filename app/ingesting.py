"""`ingest`: files and folders become documents, one bad file never in the way of the others."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, Literal, TypeAlias

from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from app.console import FAILED, USAGE, emit, refuse, result, talk
from app.library import Library, library
from config.settings import Settings
from knowledge.documents import File, Ingested
from knowledge.extraction import DocumentError, DocumentRefused
from knowledge.ingest import OtherModel, Step
from llm.base import ModelError

COLUMNS: Final = (
    BarColumn(),
    MofNCompleteColumn(),
    TimeElapsedColumn(),
    TextColumn("{task.description}"),
)
Reading: TypeAlias = Literal["now", "queue", "dry"]
SUFFIXES: Final = (".pdf", ".docx", ".txt", ".md", ".markdown")


@dataclass(frozen=True, slots=True)
class Told:
    """What came of each file."""

    done: list[Ingested] = field(default_factory=list)
    refused: list[dict[str, str]] = field(default_factory=list)

    @contextmanager
    def refusing(self, name: str) -> Iterator[None]:
        """One bad file is told, and the others are read all the same."""
        why, hint = "", ""
        try:
            yield
        except DocumentRefused as error:
            why, hint = error.why, error.next
        except FileNotFoundError:
            why, hint = "no such file", "look at its name"
        except OtherModel as error:
            why, hint = str(error), "main.py documents reembed"
        except (OSError, ModelError, DocumentError) as error:
            why, hint = str(error) or type(error).__name__, "try again"
        if why:
            self.refused.append({"file": name, "why": why, "next": hint})


async def ingest(
    settings: Settings, shop: str, paths: Sequence[str], how: Reading, *, as_json: bool
) -> int:
    """The exit code: 1 when a file was refused; the others are taken all the same."""
    wanted = list(_files(paths))
    if not wanted:
        hint = f"name files or folders with {', '.join(SUFFIXES)}"
        refuse(
            "there is nothing to read", "no such file, or none of a known kind", hint, code=USAGE
        )
    told = Told()
    async with library(settings, shop, new=True) as at:
        with Progress(*COLUMNS, console=talk, transient=True) as bar:
            files = bar.add_task("files", total=len(wanted))
            inside = bar.add_task("", total=None)
            for path, name in wanted:
                with told.refusing(name):
                    data = await asyncio.to_thread(path.read_bytes)
                    step = partial(_moved, bar, inside, name)
                    told.done.append(await _taken(at, File(name, data), how, step))
                bar.advance(files)
    _report(told, as_json=as_json)
    return FAILED if told.refused else 0


async def _taken(at: Library, file: File, how: Reading, step: Step) -> Ingested:
    if how != "queue":
        return await at.ingest.ingest(at.shop, file, dry_run=how == "dry", step=step)
    left = await at.ingest.leave(at.shop, file)
    await at.offer_reading(left.id)
    return left


def _moved(bar: Progress, task: TaskID, name: str, step: str, done: int, of: int) -> None:
    """Within a file; what takes no time to speak of is no step."""
    bar.update(task, description=f"{step} {name}", completed=done, total=of or None)


def _files(paths: Sequence[str]) -> Iterator[tuple[Path, str]]:
    """Each with the name it is known by; a folder's files are named below it."""
    for given in paths:
        path = Path(given)
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.suffix.lower() in SUFFIXES)
            yield from ((one, _shown(one.relative_to(path).as_posix())) for one in inside)
        else:
            yield path, _shown(path.name)


def _shown(name: str) -> str:
    """A name that is no text can neither be stored nor printed."""
    return name.encode(errors="replace").decode()


def _report(told: Told, *, as_json: bool) -> None:
    if as_json:
        shown = [{**asdict(one), "id": str(one.id)} for one in told.done]
        emit({"documents": shown, "refused": told.refused})
        return
    if told.done:
        drawn = Table("document", "outcome", "pages", "chunks", "passages", "look at", box=None)
        for one in told.done:
            flags = ", ".join(flag.rule for flag in one.flags)
            numbers = (str(one.pages or ""), str(one.chunks), str(one.passages))
            drawn.add_row(escape(one.name), one.outcome, *numbers, flags)
        result.print(drawn)
    for no in told.refused:
        said = escape(f"{no['file']}: {no['why']}; {no['next']}")
        talk.print(f"[bold red]refused:[/] {said}", soft_wrap=True)
    if any(one.flags for one in told.done):
        talk.print(
            "[yellow]look at:[/] some give orders to whoever reads them. They stay out of answers"
            " until you say `main.py documents on NAME`."
        )
    if any(one.outcome == "waiting" for one in told.done):
        talk.print("waiting: a running bot reads them; `main.py documents list` says when it has")
