"""The trainer that its page shows does what the page says."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from uuid import uuid4

import pytest

from config.settings import Settings
from config.training import TrainingSettings
from learning.trainers.base import Order, OrderRefused, Trained, TrainerUnavailable
from learning.trainers.opening import open_trainer
from store.session import Store


async def test_a_trainer_on_another_machine_gives_a_model_back(
    loaded: Callable[[str], ModuleType], store: Store, tmp_path: Path
) -> None:
    module = loaded("trainer.md")
    own = {"other-machine": f"{module.__name__}:other_machine"}
    trainer = open_trainer(
        "other-machine", Settings(training=TrainingSettings(trainers=own)), store, "llama"
    )
    (rows := tmp_path / "rows.jsonl").write_text("{}\n")
    order = Order(uuid4(), uuid4(), "w47", "llama", {"train": rows}, tmp_path / "own")
    with pytest.raises(OrderRefused):
        await trainer.start(replace(order, method="dpo"))
    id_ = await trainer.start(order)
    assert await trainer.start(order) == id_
    assert (await trainer.look(order, id_)).state == "running"
    progress = module.SHARED / id_ / "progress.jsonl"
    said = {"at": "2026-01-05T03:00:00+00:00", "message": "step 1", "percent": 40}
    lines = [said, {**said, "message": "done", "model": "andes"}]
    progress.write_text("\n".join(json.dumps(line) for line in lines))
    await trainer.cancel(order, id_)
    done = await trainer.look(order, id_, after=1)
    assert (done.state, done.trained) == ("succeeded", Trained("ollama", "andes"))
    assert [(one.number, one.message) for one in done.told] == [(2, "done")]
    shutil.rmtree(module.SHARED)
    module.SHARED.write_text("the other machine is away")
    with pytest.raises(TrainerUnavailable):
        await trainer.start(order)
    await trainer.close()
