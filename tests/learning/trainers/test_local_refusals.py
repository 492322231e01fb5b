"""What could never be trained on this machine, and how that is said."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from learning.trainers.base import OrderRefused, TrainerMisconfigured
from learning.trainers.local import LocalTrainer
from tests.learning.trainers.making import QUICK, TAUGHT, chat, ordered, written

ROWS = [chat(*one) for one in TAUGHT.items()]


async def test_what_could_never_be_trained_is_refused_before_it_begins(tmp_path: Path) -> None:
    trainer = LocalTrainer(QUICK)
    base = tmp_path / "base"
    order = ordered(tmp_path, base, ROWS)
    with pytest.raises(OrderRefused, match="There is no model in"):
        await trainer.start(order)
    base.mkdir()
    (base / "config.json").write_text("{}")
    with pytest.raises(OrderRefused, match="Known are: base_model"):
        await trainer.start(replace(order, parameters={"epochs": 0}))
    with pytest.raises(OrderRefused, match="Known are: base_model"):
        await trainer.start(replace(order, parameters={"moons": 2}))
    written(order.files["train"], [])
    with pytest.raises(OrderRefused, match="There is nothing to train on"):
        await trainer.start(order)
    order.files["train"].write_text(json.dumps({"messages": [{"role": "tool"}]}))
    with pytest.raises(OrderRefused, match=r"Line 1 of .* is no row of a supervised dataset"):
        await trainer.start(order)
    assert not (order.folder / "order.json").exists()


async def test_a_machine_without_the_extra_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "trl", None)
    with pytest.raises(TrainerMisconfigured, match=r"pip install -r requirements-train\.txt"):
        await LocalTrainer(QUICK).start(ordered(tmp_path, tmp_path, ROWS))
