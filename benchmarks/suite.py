"""`bench`: every figure beside its raw baseline of the same run, as one JSON."""

import asyncio
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.console import emit, result, talk
from benchmarks import load as loads
from benchmarks import traffic
from benchmarks.breakdown import breakdown
from benchmarks.bursts import bursts
from benchmarks.capturing import capture
from benchmarks.children import at_work
from benchmarks.curating import curating
from benchmarks.finding import findings
from benchmarks.footprint import footprint
from benchmarks.ground import Ground, ground
from benchmarks.load import Load
from benchmarks.pages import pages
from benchmarks.predicting import predicting
from benchmarks.processor import machine
from benchmarks.reading import reading
from benchmarks.risk import risk
from benchmarks.rollouts import rollouts
from benchmarks.starting import starting
from benchmarks.takeover import takeover
from benchmarks.targets import judged
from benchmarks.understanding import understanding


async def bench(*, as_json: bool, quick: bool) -> None:
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=talk, transient=True) as progress:
        task = progress.add_task("starting servers")
        load = loads.load(
            lambda step: progress.update(task, advance=1, description=step), quick=quick
        )
        progress.update(task, total=load.steps)
        async with ground() as here:
            figures = await measured(here, load)
    targets = judged(figures)
    if as_json:
        emit({"machine": machine(), "quick": quick, **figures, "targets": targets})
    else:
        result.print(table(targets))


async def measured(here: Ground, load: Load) -> dict[str, Any]:
    figures: dict[str, Any] = {"help_s": starting(load)}
    figures["understanding"] = understanding(load)
    place = here.place("traffic")
    async with at_work("worker", place, share=64) as worker:
        figures["latency"] = await traffic.latency(here, place, worker, load)
        figures["saturated"] = await traffic.saturated(here, place, worker, load)
    figures["cpu_us_per_message"] = traffic.processor(figures["latency"], figures["saturated"])
    figures["capture"] = await capture(here, load)
    figures["memory_and_log"] = await footprint(here, load)
    figures["takeover_s"] = await takeover(here, load)
    figures["bursts"] = await bursts(here, load)
    figures["reading"] = await reading(here, load)
    figures["curating"] = await curating(here, load)
    figures["finding"] = await findings(here, load)
    figures["rollouts"] = await asyncio.to_thread(rollouts, load)
    figures["risk"] = await asyncio.to_thread(risk, load)
    figures["predicting"] = await predicting(here, load)
    figures["pages"] = await pages(here, load)
    figures["breakdown"] = await breakdown(here, load)
    return figures


def table(targets: dict[str, Any]) -> Table:
    drawn = Table("figure", "measured", "wanted", "", box=None)
    for name, one in targets.items():
        side = "at_most" if "at_most" in one else "at_least"
        wanted = f"{side.replace('_', ' ')} {one[side]}"
        drawn.add_row(
            name, str(one["figure"]), wanted, "[green]ok" if one["met"] else "[red]missed"
        )
    return drawn
