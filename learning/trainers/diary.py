"""What a training tells about its steps, and where it can be gone on from."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from learning.trainers.journal import PAUSE, Journal, Line, now

CHECKPOINTS: Final = "checkpoints"
WHOLE: Final = "whole"
SAVING: Final = 95
"""Percent: what comes after the last step is short."""


class Resting(Exception):
    """Somebody asked for it, and everything that was learned so far is kept."""


@dataclass
class Diary(TrainerCallback):  # type: ignore[misc] # it has no types
    """Tells each step of a training, and ends it when that is asked for."""

    journal: Journal
    percent: int = 0

    def __post_init__(self) -> None:
        lines = self.journal.lines()
        self.number = lines[-1].number if lines else 0
        self.percent = lines[-1].percent if lines else 0

    def tell(self, stage: str, message: str, metrics: Mapping[str, float] = {}) -> None:
        self.number += 1
        self.journal.tell(Line(self.number, now(), stage, self.percent, message, metrics))

    @property
    def rests(self) -> bool:
        return (self.journal / PAUSE).exists()

    def on_step_end(
        self, _args: TrainingArguments, _state: TrainerState, control: TrainerControl, **_: object
    ) -> None:
        if self.rests:
            control.should_save = control.should_training_stop = True

    def on_log(
        self,
        _args: TrainingArguments,
        state: TrainerState,
        _control: TrainerControl,
        logs: Mapping[str, float] | None = None,
        **_: object,
    ) -> None:
        measured = {name: float(value) for name, value in (logs or {}).items()}
        self.percent = SAVING * state.global_step // max(state.max_steps, 1)
        loss = measured.get("loss", measured.get("eval_loss"))
        said = "" if loss is None else f", loss {loss:.4f}"
        message = f"step {state.global_step} of {state.max_steps}{said}"
        self.tell("training", message, {**measured, "step": state.global_step})

    def on_save(
        self, args: TrainingArguments, state: TrainerState, _control: TrainerControl, **_: object
    ) -> None:
        """Only what carries this mark is gone on from: writing it can be interrupted."""
        (Path(args.output_dir) / f"checkpoint-{state.global_step}" / WHOLE).touch()


def last_whole(journal: Journal) -> str | None:
    marks = (journal / CHECKPOINTS).glob(f"checkpoint-*/{WHOLE}")
    numbered = sorted(marks, key=lambda mark: int(mark.parent.name.partition("-")[2]))
    return str(numbered[-1].parent) if numbered else None
