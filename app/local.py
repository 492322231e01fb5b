"""`local`: base models made here, and adapters on their way to a server of one's own."""

import importlib.util
import math
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from app.console import USAGE, emit, refuse, result, talk
from config.settings import Settings
from learning.answerable import server_of
from learning.deploying import Wishes, agree, name_it, probes_of
from learning.deploying import deploy as deployed
from learning.llama_server import heard_by
from learning.ollama import TemplateMismatch
from learning.trainers.base import Trained
from learning.trainers.journal import Journal
from learning.trainers.parity import difference
from learning.trainers.rows import read_rows


def tiny(folder: Path, lessons: Path, seconds: float, *, as_json: bool) -> None:
    """As transformers reads it, and beside it `model.gguf`."""
    if importlib.util.find_spec("torch") is None:
        hint = "scripts/setup requirements-train.txt"
        refuse("no model was made", "torch is not installed", hint)
    rows = read_rows(lessons, "supervised")
    if not rows:
        refuse("no model was made", f"{lessons} is empty", "name conversations", code=USAGE)
    began, losses = time.monotonic(), [math.inf]
    with talk.status("making a model") as status:
        from learning.trainers.gguf_files import write_model  # noqa: PLC0415  takes seconds
        from learning.trainers.tiny import LEARNED, STEPS, make_tiny  # noqa: PLC0415  takes seconds

        def told(loss: float) -> None:
            losses.append(loss)
            step = len(losses) - 1
            status.update(f"step {step} of {STEPS}: a loss of {loss:.3f}, wanted {LEARNED}")

        make_tiny(folder, [row["messages"] for row in rows], seconds=seconds, told=told)
        served = write_model(folder, folder / "model.gguf")
    took = round(time.monotonic() - began, 1)
    loss = round(losses[-1], 4)
    if as_json:
        facts = {"folder": str(folder), "gguf": str(served), "lessons": len(rows)}
        emit(facts | {"loss": loss, "seconds": took})
        return
    learned = f"a model of {len(rows)} conversations, with a loss of {loss} after {took} s"
    result.print(f"{folder}: {learned}", markup=False, soft_wrap=True)


async def deploy(
    settings: Settings, folder: Path, alias: str, wishes: Wishes, *, as_json: bool
) -> None:
    trained = _trained(folder)
    columns = (BarColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    async with server_of(settings) as server:
        with Progress(*columns, console=talk, transient=True) as bar:
            task = bar.add_task("sending", total=100)
            moved = partial(_moved, bar, task)
            told = await deployed(server, trained, replace(wishes, progress=moved))
        if alias:
            await name_it(server, told.model, alias)
    if as_json:
        emit({**told.summary(), "alias": alias or None})
        return
    result.print(f"{told.model} answers: {told.answer}", markup=False, soft_wrap=True)
    talk.print(f"{told.tokens} tokens are the same in training and serving", markup=False)


async def check(settings: Settings, folder: Path, url: str, *, as_json: bool) -> None:
    trained = _trained(folder)
    probes = probes_of(trained, "")
    if url:
        for probe in probes:
            if found := difference(probe, await heard_by(url, probe.messages)):
                hint = "serve it with the chat template it was trained with"
                raise TemplateMismatch(f"{url} asks in other tokens", str(found), hint)
        tokens = sum(len(probe.tokens) for probe in probes)
    else:
        async with server_of(settings) as server:
            talk.print(f"asking {server.url}", markup=False)
            tokens = await agree(server, trained.model, probes)
    if as_json:
        emit({"model": trained.model, "conversations": len(probes), "tokens": tokens})
        return
    result.print(f"{len(probes)} conversations, {tokens} tokens: the same in training and serving")


async def _moved(bar: Progress, task: TaskID, stage: str, percent: int) -> None:
    bar.update(task, description=stage, completed=percent)


def _trained(folder: Path) -> Trained:
    ending = Journal(folder).ending()
    if ending is None or ending.trained is None:
        refuse(
            f"no model was trained in {folder}",
            "there is no result, or it did not succeed",
            "name the folder of a training that has succeeded",
            code=USAGE,
        )
    trained = Trained(**ending.trained)
    # The folder may have been brought from the machine that trained it.
    return replace(trained, parameters={**trained.parameters, "folder": str(folder)})
