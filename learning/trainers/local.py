"""Trains on this machine: one process for each order, which may be killed and gone on with.

The process ends with its keeper, so that a bot that is stopped leaves nothing running. Whoever
looks next goes on from the last checkpoint.
"""

import asyncio
import importlib.util
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Final

from config.local import LocalTrainingSettings
from learning.trainers.base import (
    Order,
    OrderRefused,
    Progress,
    TrainerMisconfigured,
    TrainerUnavailable,
)
from learning.trainers.journal import (
    CANCEL,
    LOG,
    ORDER,
    PAUSE,
    Ending,
    Journal,
    fruitless,
    told_since,
)
from learning.trainers.processes import end_process, reap, spawn
from learning.trainers.rows import read_rows

LIBRARIES: Final = ("torch", "transformers", "trl", "peft", "datasets", "gguf")
TRIES: Final = 3
SAID: Final = 400


@dataclass(frozen=True, slots=True)
class LocalTrainer:
    """`keeper` is the process whose end ends what was started: ours, if it is not given.

    A worker whose children come and go gives itself. Whoever looks at a training that was cut off
    goes on with it.
    """

    settings: LocalTrainingSettings
    keeper: int = field(default_factory=os.getpid)
    name: ClassVar[str] = "local"

    async def start(self, order: Order) -> str:
        with _translated(order.folder):
            await asyncio.to_thread(self._start, order)
        return str(order.job)

    async def look(self, order: Order, id: str, after: int = 0) -> Progress:  # noqa: A002, ARG002  the port's
        with _translated(order.folder):
            return await asyncio.to_thread(self._look, Journal(order.folder.resolve()), after)

    async def cancel(self, order: Order, id: str) -> None:  # noqa: A002, ARG002  the port's
        with _translated(order.folder):
            await asyncio.to_thread(_cancel, Journal(order.folder.resolve()))

    async def pause(self, order: Order, id: str) -> None:  # noqa: A002, ARG002  the port's
        """After the step that it is in."""
        with _translated(order.folder):
            (order.folder / PAUSE).touch()

    async def resume(self, order: Order, id: str) -> None:  # noqa: A002, ARG002  the port's
        with _translated(order.folder):
            (order.folder / PAUSE).unlink(missing_ok=True)
            await asyncio.to_thread(self._go_on, Journal(order.folder.resolve()))

    async def close(self) -> None:
        """What was started goes on for as long as its keeper lives."""

    def _start(self, order: Order) -> None:
        _equipped()
        journal = Journal(order.folder.resolve())
        journal.folder.mkdir(parents=True, exist_ok=True)
        if not (journal / ORDER).exists():
            journal.take(self._described(order))
        self._go_on(journal)

    def _look(self, journal: Journal, after: int) -> Progress:
        if journal.ending() is None:
            self._go_on(journal)
        # Whether somebody trains is asked first: who ends meanwhile has told how it ended.
        alive = journal.alive
        return told_since(journal.lines(), journal.ending(), after, alive=alive)

    def _go_on(self, journal: Journal) -> None:
        """Unless it has ended or rests, or somebody is at it."""
        if (journal / PAUSE).exists() or (lock := journal.lock()) is None:
            return
        try:
            reap(journal)
            ending = journal.ending() or _hopeless(journal)
            if ending is None:
                spawn(journal, self.keeper, lock)
            elif journal.ending() is None:
                journal.end(ending)
        finally:
            os.close(lock)

    def _described(self, order: Order) -> dict[str, Any]:
        """Raises OrderRefused for what could never be trained, before anything is started."""
        settings = _settings(self.settings, order.parameters)
        base = Path(order.base_model or settings.base_model).resolve()
        if not (base / "config.json").is_file():
            raise OrderRefused(
                f"There is no model in {base}",
                "a base model is a folder with config.json, tokenizer and weights",
                "Name one in local_training.base_model, or make one: main.py local tiny",
            )
        train = order.files.get("train")
        if train is None or not read_rows(train, order.method):
            raise OrderRefused("There is nothing to train on", "the dataset is empty", "Build one")
        return {
            "job": str(order.job),
            "shop": str(order.shop),
            "name": order.name,
            "model": _model(order),
            "base_model": str(base),
            "files": {split: str(path.resolve()) for split, path in order.files.items()},
            "method": order.method,
            "settings": settings.model_dump(mode="json"),
        }


def _equipped() -> None:
    missing = [name for name in LIBRARIES if importlib.util.find_spec(name) is None]
    if missing:
        raise TrainerMisconfigured(
            "Nothing can be trained on this machine",
            f"{', '.join(missing)} not installed",
            "scripts/setup requirements-train.txt does pip install -r requirements-train.txt",
        )


def _settings(
    settings: LocalTrainingSettings, parameters: Mapping[str, Any]
) -> LocalTrainingSettings:
    try:
        return LocalTrainingSettings.model_validate({**settings.model_dump(), **parameters})
    except ValueError as error:
        known = ", ".join(LocalTrainingSettings.model_fields)
        raise OrderRefused(
            "The parameters of this training are wrong", str(error), f"Known are: {known}"
        ) from error


def _model(order: Order) -> str:
    """A name as Ollama takes it; another training never has the same."""
    plain = re.sub(r"[^a-z0-9]+", "-", order.name.lower()).strip("-") or "model"
    return f"aprendiz-{plain[:40]}:{order.job.hex[:8]}"


@contextmanager
def _translated(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TrainerUnavailable(
            f"The training in {folder} cannot be reached",
            error.strerror or str(error),
            "Look at the folder and at the disk",
        ) from error


def _cancel(journal: Journal) -> None:
    """At once; what it has learned so far stays in its folder."""
    if journal.ending() is not None:
        return
    (journal / CANCEL).touch()
    lock = end_process(journal)
    if journal.ending() is None:
        journal.end(Ending("cancelled"))
    os.close(lock)


def _hopeless(journal: Journal) -> Ending | None:
    if (journal / CANCEL).exists():
        return Ending("cancelled")
    if fruitless(journal.lines()) < TRIES:
        return None
    log = journal / LOG
    words = log.read_text(encoding="utf-8", errors="replace").strip() if log.exists() else ""
    last = words.splitlines()[-1][:SAID] if words else "it said nothing"
    return Ending("failed", f"It ended {TRIES} times before its first step: {last}. See {log}")
