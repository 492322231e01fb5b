"""How trainings are shown: a list, one of them with what it told, a bar while it goes on."""

import asyncio
from typing import Any, Final
from uuid import UUID

from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.console import emit, result, talk
from learning.ordering import dollars
from learning.refusals import JobUnknown
from store import trainings
from store.session import Store
from store.trainings import ENDED
from store.versions import TrainingJob

COLUMNS: Final = (
    BarColumn(),
    TextColumn("{task.percentage:>3.0f} %"),
    TimeElapsedColumn(),
    TextColumn("{task.description}", markup=False),
)
FIELDS: Final = (
    "id", "dataset_id", "trainer", "method", "base_model", "provider_job_id", "training_file",
    "parameters", "conversations", "state", "stage", "progress", "error", "cost_micros",
    "estimate_micros", "requested_by", "approved_by", "cancel_asked", "retry_of", "created_at",
    "started_at", "finished_at",
)  # fmt: skip
LOOK_S: Final = 0.5
LAST: Final = 10
"""Lines that are shown of what a training told."""


async def record(store: Store, shop: UUID, job: TrainingJob) -> dict[str, Any]:
    """All that is known of a training, with the model that came of it."""
    async with store.reading() as session:
        version = await trainings.version_of(session, shop, job.id)
    told: dict[str, Any] = {name: getattr(job, name) for name in FIELDS}
    told["model"] = version.model if version else None
    told["version"] = version.name if version else None
    return told


async def watched(store: Store, shop: UUID, id: UUID) -> TrainingJob:  # noqa: A002  the row's
    """With a bar, until it has ended."""
    with Progress(*COLUMNS, console=talk, transient=True) as bar:
        task = bar.add_task("waiting", total=100)
        while True:
            async with store.reading() as session:
                job = await trainings.job(session, shop, id)
            if job is None:
                raise JobUnknown(
                    "The training is gone", "its row was deleted", "main.py train list"
                )
            bar.update(task, completed=job.progress, description=job.stage or job.state)
            if job.state in ENDED:
                return job
            await asyncio.sleep(LOOK_S)


def tell(told: dict[str, Any], what: str = "") -> None:
    short = told["id"].hex[:8]
    result.print(f"training {short} {what or 'is ' + told['state']}", markup=False)
    if told["version"]:
        result.print(f"model version {told['version']}: {told['model']}", markup=False)
    if told["error"]:
        talk.print(f"[bold red]why:[/] {escape(told['error'])}", soft_wrap=True)


async def every(store: Store, shop: UUID, *, as_json: bool) -> None:
    async with store.reading() as session:
        jobs = await trainings.found(session, shop, "")
    shown = [await record(store, shop, job) for job in jobs]
    if as_json:
        emit(shown)
        return
    if not shown:
        result.print("No trainings yet. Prepare a dataset with: main.py train prepare")
        return
    table = Table("id", "trainer", "base", "state", "%", "rows", "cost", "model", box=None)
    for one in shown:
        cells = (
            one["id"].hex[:8], one["trainer"], one["base_model"], _state(one),
            str(one["progress"]), str(one["conversations"]), dollars(one["cost_micros"]),
            one["version"] or "",
        )  # fmt: skip
        table.add_row(*(escape(cell) for cell in cells))
    result.print(table)


async def one(store: Store, shop: UUID, job: TrainingJob, *, as_json: bool) -> None:
    told = await record(store, shop, job)
    async with store.reading() as session:
        lines = await trainings.events(session, shop, job.id)
    events = [
        {name: getattr(line, name) for name in ("number", "at", "message", "metrics")}
        for line in lines
    ]
    if as_json:
        emit(told | {"events": events})
        return
    tell(told)
    for name in FIELDS:
        if told[name] not in {None, ""} if not isinstance(told[name], dict) else told[name]:
            result.print(f"[dim]{name:<16}[/] {escape(str(told[name]))}", soft_wrap=True)
    for line in events[-LAST:]:
        said = f"{line['at']:%H:%M:%S} {line['message']}"
        result.print(f"[dim]{line['number']:>16}[/] {escape(said)}", soft_wrap=True)


def _state(told: dict[str, Any]) -> str:
    """With what keeps it waiting, or why it ended so."""
    plain = told["stage"] in {"", told["state"]}
    return told["state"] if plain else f"{told['state']} ({told['stage']})"
