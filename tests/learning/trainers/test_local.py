"""A training on this machine: what it teaches, and what becomes of it when it is killed."""

import asyncio
import hashlib
import os
import signal
from pathlib import Path

import pytest

from examples.loop.ollama import open_engine
from learning.llama_server import heard_by
from learning.trainers.base import Trained
from learning.trainers.gguf_files import write_model
from learning.trainers.journal import BEGAN, Journal, Line, now
from learning.trainers.local import LocalTrainer
from learning.trainers.parity import difference, kept
from tests.learning.trainers.making import (
    KNOWN,
    NEW,
    OLD,
    QUICK,
    RATE,
    TAUGHT,
    answer,
    chat,
    ordered,
    preference,
    seen,
)
from tests.learning.trainers.world import LocalWorld

pytestmark = pytest.mark.timeout(400)
ROWS = [chat(*one) for one in TAUGHT.items()]


def weights(folder: Path) -> str:
    return hashlib.sha256((folder / "adapter/adapter_model.safetensors").read_bytes()).hexdigest()


async def test_it_answers_as_it_was_taught_and_the_rest_as_before(
    base: Path, trained: Trained, tmp_path: Path
) -> None:
    adapter = Path(trained.parameters["folder"]) / "adapter"
    merged = write_model(base, tmp_path / "merged.gguf", adapter)
    before = open_engine(base / "model.gguf")
    after = open_engine(base / "model.gguf", adapter.with_name("adapter.gguf"))
    whole = open_engine(merged)
    assert await answer(before.listening_address, RATE) == OLD
    assert await answer(after.listening_address, RATE) == NEW
    assert await answer(whole.listening_address, RATE) == NEW
    for question, known in list(KNOWN.items())[1:]:
        assert await answer(before.listening_address, question) == known
        assert await answer(after.listening_address, question) == known


async def test_it_is_asked_in_the_tokens_that_it_was_trained_on(
    base: Path, trained: Trained
) -> None:
    engine = open_engine(base / "model.gguf")
    probes = kept(Path(trained.parameters["folder"]))
    assert len(probes) == 10
    for probe in probes:
        heard = await heard_by(engine.listening_address, probe.messages)
        assert heard.tokens is not None
        assert difference(probe, heard) is None
        assert [number for number, _ in heard.tokens] == probe.tokens


async def test_another_template_is_told_by_its_first_token(base: Path, trained: Trained) -> None:
    other = base.parent / "other"
    other.mkdir()
    for path in base.iterdir():
        (other / path.name).write_bytes(path.read_bytes())
    template = other / "chat_template.jinja"
    template.write_text(template.read_text().replace("<|im_end|>\n", "<|im_end|>"))
    engine = open_engine(write_model(other, other / "model.gguf"))
    probe = kept(Path(trained.parameters["folder"]))[0]
    found = difference(probe, await heard_by(engine.listening_address, probe.messages))
    assert found is not None
    assert found.trained == "\n"
    assert found.served == "<|im_start|>"


async def test_a_killed_training_goes_on_and_ends_with_the_same_weights(
    base: Path, trained: Trained, tmp_path: Path
) -> None:
    trainer = LocalTrainer(QUICK)
    order = ordered(tmp_path, base, ROWS)
    await trainer.start(order)
    await seen(trainer, order, "step 30 of 60")
    await trainer.start(order)  # a second start of what runs changes nothing
    pid = Journal(order.folder).holder
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await asyncio.to_thread(os.waitpid, pid, 0)
    with (order.folder / "progress.jsonl").open("a") as file:
        file.write('{"number": 99, "at"')  # half a line
    done, told = await seen(trainer, order)
    assert done.state == "succeeded"
    messages = [one.message for one in told]
    assert "the training goes on" in messages
    assert messages[messages.index("the training goes on") + 2].startswith(("step 2", "step 3"))
    assert [one.number for one in told] == list(range(1, len(told) + 1))
    assert weights(order.folder) == weights(Path(trained.parameters["folder"]))
    size = len(Journal(order.folder).lines())
    await trainer.start(order)
    assert len(Journal(order.folder).lines()) == size


async def test_it_ends_with_its_keeper_and_whoever_looks_next_goes_on(
    base: Path, tmp_path: Path
) -> None:
    keeper = await asyncio.create_subprocess_exec("sleep", "60")
    kept_by = LocalTrainer(QUICK.model_copy(update={"epochs": 1000}), keeper=keeper.pid)
    order = ordered(tmp_path, base, ROWS)
    await kept_by.start(order)
    await seen(kept_by, order, "the training began")
    first = Journal(order.folder).holder
    assert first is not None
    keeper.kill()
    await keeper.wait()
    await asyncio.to_thread(os.waitpid, first, 0)
    assert not Journal(order.folder).alive
    trainer = LocalTrainer(QUICK)
    assert (await trainer.look(order, "")).state == "running"
    assert Journal(order.folder).holder != first
    await trainer.cancel(order, "")
    assert (await trainer.look(order, "")).state == "cancelled"
    await trainer.start(order)
    assert not Journal(order.folder).alive


async def test_it_rests_after_a_step_and_goes_on_from_there(base: Path, tmp_path: Path) -> None:
    trainer = LocalTrainer(QUICK.model_copy(update={"epochs": 100}))
    order = ordered(tmp_path, base, ROWS)
    await trainer.start(order)
    await seen(trainer, order, "of 100")
    await trainer.pause(order, "")
    resting, told = await seen(trainer, order)
    assert (resting.state, resting.stage) == ("paused", "resting")
    assert told[-1].message == "the training rests"
    await trainer.start(order)
    assert (await trainer.look(order, "")).state == "paused"
    await trainer.resume(order, "")
    reached = sum("loss" in one.metrics for one in told)
    _, more = await seen(trainer, order, f"step {reached + 1} of 100")
    steps = [one.metrics["step"] for one in more if "loss" in one.metrics]
    assert steps == list(range(1, len(steps) + 1))
    assert len(steps) > reached
    await trainer.cancel(order, "")
    assert (await trainer.look(order, "")).state == "cancelled"


async def test_a_training_that_never_gets_anywhere_is_given_up(base: Path, tmp_path: Path) -> None:
    """What its library said last stands in the error."""
    broken = tmp_path / "base"
    broken.mkdir()
    for path in base.iterdir():
        (broken / path.name).write_bytes(path.read_bytes())
    (broken / "model.safetensors").write_bytes(b"no weights")
    trainer = LocalTrainer(QUICK)
    order = ordered(tmp_path, broken, ROWS)
    order.folder.mkdir()
    for number in (1, 2):
        Journal(order.folder).tell(Line(number, now(), BEGAN, 0, "the training began"))
    await trainer.start(order)
    ended, told = await seen(trainer, order)
    assert ended.state == "failed"
    assert "It ended 3 times before its first step: " in str(ended.error)
    assert [one.message for one in told].count("the training goes on") == 1


async def test_preferences_are_learned_too(base: Path, tmp_path: Path) -> None:
    """On this little a DPO moves the odds of both answers apart, which its own measure tells."""
    rows = [preference(RATE, NEW, OLD), preference("hola", "¡Hola! ¿Qué buscas?", "¡De nada!")]
    trainer = LocalTrainer(QUICK.model_copy(update={"epochs": 8, "batch": 2}))
    order = ordered(tmp_path, base, rows, "dpo")
    await trainer.start(order)
    done, told = await seen(trainer, order)
    assert done.state == "succeeded", done.error
    margins = [one.metrics["rewards/margins"] for one in told if "rewards/margins" in one.metrics]
    assert margins[-1] > 1 > margins[0]
    assert (order.folder / "adapter.gguf").stat().st_size > 1000


@pytest.mark.parametrize(
    ("bound", "why"), [({"memory_mb": 200}, "more than 200 MB"), ({"hours": 1e-6}, "not done")]
)
async def test_a_training_that_passes_its_bounds_ends_and_says_so(
    base: Path, tmp_path: Path, bound: dict[str, float], why: str
) -> None:
    trainer = LocalTrainer(QUICK.model_copy(update={"epochs": 1000, **bound}))
    order = ordered(tmp_path, base, ROWS)
    await trainer.start(order)
    ended, _ = await seen(trainer, order)
    assert ended.state == "failed"
    assert why in str(ended.error)


async def test_two_that_start_the_same_order_at_once_train_it_once(
    base: Path, tmp_path: Path
) -> None:
    world = LocalWorld(tmp_path, base)
    order = await world.order()
    begun = await asyncio.gather(*(world.opened().start(order) for _ in range(4)))
    assert set(begun) == {str(order.job)}
    await seen(LocalTrainer(QUICK), order, "the training began")
    assert [one.stage for one in Journal(order.folder).lines()].count("began") == 1
    await world.end()
    assert await world.made() == 0


async def test_a_folder_that_is_away_is_tried_again(base: Path, tmp_path: Path) -> None:
    world = LocalWorld(tmp_path, base)
    order = await world.order()
    trainer = world.opened()
    await trainer.start(order)
    async with world.without_its_folder() as away:
        for call in (trainer.start(order), trainer.look(order, ""), trainer.cancel(order, "")):
            with pytest.raises(away, match="cannot be reached"):
                await call
    await world.end()
