"""OpenAI's trainer against its routes on this machine, through the real SDK."""

import inspect
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest

from learning.trainers.base import (
    OrderRefused,
    TrainerClosed,
    TrainerError,
    TrainerMisconfigured,
    TrainerUnavailable,
)
from learning.trainers.openai import OpenAITrainer, open_trainer, translated
from tests.contracts.trainers import an_order
from tests.servers.finetuning import FineTuningServer
from tests.servers.models import Turned, refuses


async def test_a_job_is_asked_for_as_the_interface_says(
    server: FineTuningServer, trainer: OpenAITrainer, tmp_path: Path
) -> None:
    order = an_order(tmp_path, "n" * 80)
    order = replace(order, parameters={"epochs": 2, "seed": 11}, base_model="gpt-small")
    await trainer.start(order)
    (asked,) = server.created
    assert asked == {
        "model": "gpt-small",
        "training_file": "file-1",
        "validation_file": "file-2",
        "suffix": "n" * 64,
        "seed": 11,
        "metadata": {
            "aprendiz_job": str(order.job), "aprendiz_shop": str(order.shop), "name": order.name,
        },
        "method": {
            "type": "supervised",
            "supervised": {
                "hyperparameters": {
                    "n_epochs": 2, "batch_size": "auto", "learning_rate_multiplier": "auto",
                }
            },
        },
    }  # fmt: skip
    sent = server.contents[f"{order.job}-train.jsonl"]
    assert sent == order.files["train"].read_bytes()


async def test_pairs_are_trained_by_preference(
    server: FineTuningServer, trainer: OpenAITrainer, tmp_path: Path
) -> None:
    order = replace(an_order(tmp_path, "pairs"), method="dpo", parameters={"beta": 0.1})
    await trainer.start(order)
    method = server.created[0]["method"]
    assert method["type"] == "dpo"
    assert method["dpo"]["hyperparameters"]["beta"] == 0.1


async def test_a_name_of_strange_letters_is_a_suffix_all_the_same(
    server: FineTuningServer, trainer: OpenAITrainer, tmp_path: Path
) -> None:
    await trainer.start(replace(an_order(tmp_path, "x"), name="Tienda ñandú / 7"))
    await trainer.start(replace(an_order(tmp_path, "y"), name="¡!"))
    assert [one["suffix"] for one in server.created] == ["tienda-and-7", "aprendiz"]


@pytest.mark.parametrize("route", ["create", "upload"])
async def test_an_answer_that_was_lost_makes_no_second_job_and_no_second_file(
    server: FineTuningServer, trainer: OpenAITrainer, tmp_path: Path, route: str
) -> None:
    order = an_order(tmp_path, "lost")
    server.lost.add(route)
    began = trainer.start(order)
    if route == "create":
        with pytest.raises(TrainerUnavailable):
            await began
        began = trainer.start(order)
    assert await began == "ftjob-0001"
    assert list(server.jobs) == ["ftjob-0001"]
    assert server.created[0]["training_file"] in server.files
    assert await trainer.start(order) == "ftjob-0001"


async def test_a_job_is_found_behind_hundreds_of_others(
    server: FineTuningServer, trainer: OpenAITrainer, tmp_path: Path
) -> None:
    order = an_order(tmp_path, "mine")
    mine = await trainer.start(order)
    for number in range(250):
        server.jobs[f"other-{number}"] = server.jobs[mine] | {
            "id": f"other-{number}", "metadata": {"aprendiz_job": "another"},
        }  # fmt: skip
    assert await trainer.start(order) == mine


async def test_a_file_that_is_still_read_is_waited_for_and_not_sent_again(
    server: FineTuningServer, trainer: OpenAITrainer, tmp_path: Path
) -> None:
    order = an_order(tmp_path, "slow")
    server.reading = 8
    with pytest.raises(TrainerUnavailable, match="still reading"):
        await trainer.start(order)
    with pytest.raises(TrainerUnavailable, match="still reading"):
        await trainer.start(order)
    assert await trainer.start(order)
    assert len(server.files) == 2


async def test_a_file_that_is_refused_says_why(
    server: FineTuningServer, trainer: OpenAITrainer, tmp_path: Path
) -> None:
    server.rejecting = "line 3 has no assistant"
    with pytest.raises(OrderRefused, match="line 3 has no assistant"):
        await trainer.start(an_order(tmp_path, "bad"))
    assert server.created == []


async def test_too_few_rows_are_refused_before_anything_leaves(
    server: FineTuningServer, trainer: OpenAITrainer, tmp_path: Path
) -> None:
    with pytest.raises(OrderRefused, match="9 rows to train on: OpenAI takes 10 at least"):
        await trainer.start(an_order(tmp_path, "few", rows=9))
    assert server.files == {}
    assert await trainer.start(an_order(tmp_path, "enough", rows=10))


async def test_a_file_that_is_gone_is_refused(trainer: OpenAITrainer, tmp_path: Path) -> None:
    order = an_order(tmp_path, "gone")
    order.files["train"].unlink()
    with pytest.raises(OrderRefused, match="No such file"):
        await trainer.start(order)


async def test_whoever_is_told_to_wait_waits_as_long_as_told(
    server: FineTuningServer, trainer: OpenAITrainer, tmp_path: Path
) -> None:
    server.will("jobs", *[refuses(429, headers={"retry-after": "0.3"})] * 2)
    began = time.monotonic()
    assert await trainer.start(an_order(tmp_path, "busy"))
    assert 0.6 <= time.monotonic() - began < 60


async def test_who_stays_busy_says_until_when(
    server: FineTuningServer, trainer: OpenAITrainer, tmp_path: Path
) -> None:
    patient = OpenAITrainer(trainer.client.with_options(max_retries=0))
    server.will("jobs", refuses(429, headers={"retry-after": "17"}))
    with pytest.raises(TrainerUnavailable) as busy:
        await patient.start(an_order(tmp_path, "busy"))
    assert busy.value.retry_after == 17
    server.will("jobs", refuses(429, "insufficient_quota"))
    with pytest.raises(TrainerUnavailable) as poor:
        await patient.start(an_order(tmp_path, "busy"))
    assert poor.value.retry_after == 600


async def test_making_a_job_is_never_repeated_blindly(
    server: FineTuningServer, trainer: OpenAITrainer, tmp_path: Path
) -> None:
    server.will("create", refuses(500))
    with pytest.raises(TrainerUnavailable):
        await trainer.start(an_order(tmp_path, "once"))
    assert server.asked.count("create") == 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refuses(400, "invalid", message="unknown base model"), OrderRefused),
        (refuses(404, "model_not_found", message="The model does not exist"), OrderRefused),
        (refuses(404, message="gpt-old is no longer available"), TrainerClosed),
        (refuses(403, "unavailable", message="Fine-tuning is unavailable"), TrainerClosed),
        (refuses(403, message="You have insufficient permissions"), TrainerMisconfigured),
        (refuses(401, "invalid_api_key"), TrainerMisconfigured),
        (refuses(422, message="epochs"), OrderRefused),
    ],
)
async def test_each_refusal_says_what_can_be_done(
    server: FineTuningServer,
    trainer: OpenAITrainer,
    tmp_path: Path,
    answer: Turned,
    kind: type[TrainerError],
) -> None:
    server.will("create", answer)
    with pytest.raises(kind) as refused:
        await trainer.start(an_order(tmp_path, "no"))
    assert refused.value.next


def test_without_a_key_it_says_what_to_set() -> None:
    with pytest.raises(TrainerMisconfigured, match="OPENAI_API_KEY"):
        open_trainer(None, None, 0)


async def test_it_waits_twenty_seconds_for_an_answer_and_no_longer(trainer: OpenAITrainer) -> None:
    assert (trainer.client.timeout, trainer.client.max_retries) == (20.0, 2)


def foreign() -> Iterator[Any]:
    """One of each exception the SDK has."""
    request = httpx2.Request("POST", "http://localhost")
    for _, kind in inspect.getmembers(openai, inspect.isclass):
        if not issubclass(kind, openai.OpenAIError):
            continue
        made: Any = kind.__new__(kind)
        Exception.__init__(made, "said")
        if issubclass(kind, openai.APIError):
            made.message, made.code = "said", None
        if issubclass(kind, openai.APIStatusError):
            made.status_code = getattr(kind, "status_code", 418)
            made.response = httpx2.Response(418, request=request)
        yield made


@pytest.mark.parametrize("error", list(foreign()), ids=lambda one: type(one).__name__)
def test_no_exception_of_the_sdk_escapes(error: Exception) -> None:
    with pytest.raises(TrainerError), translated():
        raise error
