"""One base model and one training of it, for all that look at what came out."""

from pathlib import Path

import pytest

from learning.trainers.base import Trained
from learning.trainers.local import LocalTrainer
from tests.learning.trainers.making import QUICK, TAUGHT, chat, make_base, ordered, seen


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_base(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
async def trained(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    trainer = LocalTrainer(QUICK)
    rows = [chat(*one) for one in TAUGHT.items()]
    order = ordered(tmp_path_factory.mktemp("training"), base, rows)
    await trainer.start(order)
    progress, _ = await seen(trainer, order)
    assert progress.trained is not None, progress.error
    return progress.trained
