"""The whole loop on this machine: customers talk, a model learns from it, a better one answers.

python -m examples.learning_loop [--json] [--keep FOLDER]
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.backing import backing
from app.console import Explained, emit, result, talk
from config.settings import Settings
from examples.loop import steps
from examples.loop.ollama import ollama_server
from examples.loop.shop import sections_of
from examples.loop.steps import Loop

STEPS: dict[str, Callable[[Loop], Awaitable[dict[str, Any]]]] = {
    "talk": steps.talk,
    "correct": steps.correct,
    "dataset": steps.dataset,
    "base": steps.base,
    "train": steps.train,
    "deploy": steps.deploy,
    "compare": steps.compare,
    "gates": steps.gates,
    "bad": steps.bad,
    "good": steps.good,
    "afterwards": steps.afterwards,
}


async def run(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = {}
    began = time.monotonic()
    chosen = Settings()
    own = chosen.model_copy(update={"app": chosen.app.model_copy(update={"var": folder})})
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    async with ollama_server(folder) as server, backing(own) as here:
        prefix = f"{chosen.redis.prefix}-loop-{uuid4().hex[:8]}"
        loop = Loop(here, server, sections_of(here, prefix, server.url, folder), folder)
        with Progress(*columns, TimeElapsedColumn(), console=talk, transient=True) as bar:
            task = bar.add_task("", total=len(STEPS))
            for name, step in STEPS.items():
                bar.update(task, description=name)
                since = time.monotonic()
                told[name] = await step(loop) | {"took_s": round(time.monotonic() - since, 1)}
                bar.advance(task)
    return told | {"seconds": round(time.monotonic() - began, 1)}


def lines(told: dict[str, Any]) -> Iterator[str]:
    """What a person reads of it."""
    talked, gates, good, bad = told["talk"], told["gates"], told["good"], told["bad"]
    yield f"talk: {talked['conversations']} conversations, scores {talked['scores']}"
    for one in told["correct"]["accepted"]:
        yield f"corrected: {one['question']} «{one['before']}» → «{one['after']}»"
    yield f"dataset: {told['dataset']['explanation']}"
    yield f"trained: {told['train']['version']}, served as {told['train']['model']}"
    for one in told["compare"]["answers"]:
        sign = "=" if one["before"] == one["after"] else "→"
        yield f"  {one['question']} «{one['before']}» {sign} «{one['after']}»"
    yield f"gates, with the limits of a real shop: {gates['good']['verdict']}"
    yield f"gates, with the tiny limits of this run: {gates['good_by_small_limits']['verdict']}"
    yield f"gates of the one that invents prices: {gates['bad']['verdict']}; somebody insists"
    for one in (bad, good):
        for step in one["steps"]:
            yield f"  {one['version']}: {step['to']} {step['percent']} %: {step['reason']}"
    yield f"it took {told['seconds']} s; a real shop needs thousands of conversations for this"


def main() -> None:
    words = argparse.ArgumentParser(description="The whole learning loop, on this machine.")
    words.add_argument("--json", action="store_true")
    words.add_argument("--keep", type=Path)
    asked = words.parse_args()
    with Explained(quiet=True), tempfile.TemporaryDirectory(prefix="aprendiz-loop-") as spare:
        told = asyncio.run(run((asked.keep or Path(spare)).resolve()))
    if asked.json:
        emit(told)
        return
    for line in lines(told):
        result.print(line, markup=False, soft_wrap=True)


if __name__ == "__main__":
    main()
