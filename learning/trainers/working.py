"""`python -m learning.trainers.working FOLDER --keeper PID` works off the order in FOLDER.

Its lock is inherited. What its libraries say goes to a log; what matters goes to the journal.
"""

import argparse
import os
import random
from dataclasses import asdict
from pathlib import Path
from typing import Final

import numpy as np
import torch

from config.local import LocalTrainingSettings
from learning.trainers.base import TrainerError
from learning.trainers.diary import Diary, Resting
from learning.trainers.journal import BEGAN, Ending, Journal
from learning.trainers.lora import Workshop
from learning.trainers.watching import Bounds, watch

HOUR_S: Final = 3600


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains an adapter, as an order says.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keeper", type=int, required=True, help="end when this process does")
    asked = parser.parse_args()
    work(Journal(asked.folder), asked.keeper)


def work(journal: Journal, keeper: int) -> None:
    order = journal.order()
    settings = LocalTrainingSettings.model_validate(order["settings"])
    bounds = Bounds(keeper, settings.hours * HOUR_S, settings.memory_mb)
    watch(bounds, lambda what: journal.end(_over(what, settings)))
    _settle(settings)
    journal.mend()
    diary = Diary(journal)
    diary.tell(BEGAN, "the training began" if diary.number == 0 else "the training goes on")
    try:
        ending = Ending(
            "succeeded", trained=asdict(Workshop(journal, diary, order, settings).train())
        )
    except TrainerError as error:
        ending = Ending("failed", str(error))
    except Resting:
        diary.tell("resting", "the training rests")
        return
    journal.end(ending)


def _over(what: str, settings: LocalTrainingSettings) -> Ending:
    if what == "time":
        why = f"It was not done within {settings.hours:g} hours"
        return Ending("failed", f"{why}. Raise local_training.hours, or train on fewer rows")
    why = f"It needs more than {settings.memory_mb} MB of memory"
    return Ending("failed", f"{why}. Lower local_training.batch or max_tokens, or raise memory_mb")


def _settle(settings: LocalTrainingSettings) -> None:
    """The same order makes the same adapter on the same machine."""
    random.seed(settings.seed)
    np.random.seed(settings.seed)  # noqa: NPY002  the libraries draw from the old generator
    torch.manual_seed(settings.seed)
    torch.use_deterministic_algorithms(mode=True, warn_only=True)
    # Threads wait for each other in a busy loop: where others work too, as many as cores crawl.
    torch.set_num_threads(settings.threads or max(1, (os.cpu_count() or 1) // 2))


if __name__ == "__main__":
    main()
