"""How far a job of OpenAI is, what it told, and what came of it."""

from pathlib import Path

import pytest

from learning.trainers.base import (
    OrderRefused,
    Told,
)
from learning.trainers.openai import OpenAITrainer
from tests.contracts.trainers import an_order
from tests.servers.finetuning import FineTuningServer


async def test_hundreds_of_lines_are_numbered_alike_at_once_and_bit_by_bit(
    server: FineTuningServer, trainer: OpenAITrainer, tmp_path: Path
) -> None:
    order = an_order(tmp_path, "long")
    id_ = await trainer.start(order)
    bits: list[Told] = []
    last = 0
    for part in range(3):
        server.steps(id_, *range(part * 120, part * 120 + 120), of=400)
        new = (await trainer.look(order, id_, last)).told
        bits += new
        last = new[-1].number
    server.asked.clear()
    assert (await trainer.look(order, id_, last)).told == ()
    assert server.asked.count("events") == 1, "the pages that are known are not read again"
    whole = await trainer.look(order, id_)
    assert [line.number for line in bits] == list(range(1, 362))
    assert list(whole.told) == bits
    assert whole.told[-1].metrics == {"step": 359, "total_steps": 400, "train_loss": 1.1025}


async def test_how_far_it_is_follows_from_steps_in_words_too(
    server: FineTuningServer, trainer: OpenAITrainer, tmp_path: Path
) -> None:
    order = an_order(tmp_path, "words")
    id_ = await trainer.start(order)
    percents = [(await trainer.look(order, id_)).percent]
    server.moves(id_, "queued")
    percents.append((await trainer.look(order, id_)).percent)
    server.moves(id_, "running")
    server.says(id_, "Step 50/100: training loss=0.82")
    percents.append((await trainer.look(order, id_)).percent)
    server.says(id_, "Checkpoint created at step 50")
    percents.append((await trainer.look(order, id_)).percent)
    assert percents == [5, 10, 52, 52]


async def test_what_succeeded_brings_its_checkpoints_its_result_and_its_cost(
    server: FineTuningServer, trainer: OpenAITrainer, tmp_path: Path
) -> None:
    order = an_order(tmp_path, "done")
    id_ = await trainer.start(order)
    server.succeeds(id_, tokens=40_000)
    done = await trainer.look(order, id_)
    assert done.trained is not None
    assert done.trained.model == "ft:gpt-base:org:done:0001"
    assert [one["step"] for one in done.trained.parameters["checkpoints"]] == [75, 50]
    assert done.trained.parameters["result_files"] == ["file-result"]
    assert done.cost_micros == 120_000


async def test_what_failed_says_why(
    server: FineTuningServer, trainer: OpenAITrainer, tmp_path: Path
) -> None:
    order = an_order(tmp_path, "failed")
    id_ = await trainer.start(order)
    server.fails(id_, "The file has too few examples")
    failed = await trainer.look(order, id_)
    assert (failed.state, failed.trained) == ("failed", None)
    why = "invalid_training_file · The file has too few examples · training_file"
    assert failed.error == why


async def test_a_training_rests_and_goes_on(
    server: FineTuningServer, trainer: OpenAITrainer, tmp_path: Path
) -> None:
    order = an_order(tmp_path, "rests")
    id_ = await trainer.start(order)
    await trainer.pause(order, id_)
    assert (await trainer.look(order, id_)).state == "paused"
    await trainer.resume(order, id_)
    assert (await trainer.look(order, id_)).state == "running"


async def test_a_job_that_nobody_knows_is_no_crash(trainer: OpenAITrainer, tmp_path: Path) -> None:
    with pytest.raises(OrderRefused, match="404"):
        await trainer.look(an_order(tmp_path, "x"), "ftjob-none")
