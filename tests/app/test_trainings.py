"""`main.py train` at the terminal."""

from pathlib import Path
from uuid import UUID

import pytest

from app.commands_train import models, train
from store.session import Store
from tests.app.terminal import typed
from tests.app.training import started
from tests.builders import add_history
from tests.fixtures.store import add_shop
from tests.learning.training import office, prepared, wanted
from tests.servers.finetuning import FineTuningServer
from tests.servers.models import refuses

BASE = "groq:openai/gpt-oss-20b"


async def test_from_good_answers_to_a_model(
    places: dict[str, str], store: Store, shop: UUID
) -> None:
    await add_history(store, shop, 12)
    dataset = (await typed(train, places, "prepare", "--json")).json
    assert dataset["rows"] == 12

    done = await typed(
        train, places, "start", "--trainer", "examples", "--base", BASE,
        "--dataset", dataset["id"][:8], "--here", "--json",
    )  # fmt: skip

    assert done.code == 0
    assert (done.json["state"], done.json["progress"]) == ("succeeded", 100)
    assert (done.json["dataset_id"], done.json["conversations"]) == (dataset["id"], 12)
    (listed,) = (await typed(train, places, "list", "--json")).json
    assert listed["version"] == done.json["version"]
    shown = (await typed(train, places, "show", "last", "--json")).json
    assert [line["number"] for line in shown["events"]] == [1]
    (model,) = (await typed(models, places, "list", "--json")).json
    assert (model["name"], model["state"]) == (done.json["version"], "candidate")
    one = (await typed(models, places, "show", model["name"], "--json")).json
    assert one["parameters"]["examples"] == done.json["id"]


async def test_everything_is_told_to_people_too(
    places: dict[str, str], store: Store, shop: UUID
) -> None:
    assert "No trainings yet" in (await typed(train, places, "list")).said
    assert "No models yet" in (await typed(models, places, "list")).said
    await add_history(store, shop, 12)
    assert "12 rows are prepared" in (await typed(train, places, "prepare")).said
    begun = await typed(train, places, "start", "--base", BASE)
    assert "is pending" in begun.said
    assert "main.py train follow" in begun.said
    again = await typed(train, places, "start", "--base", BASE, "--here")
    assert "was asked for before" in again.said
    assert "has succeeded" in again.said
    assert "examples" in (await typed(train, places, "list")).said
    assert "12 examples of 1 intents" in (await typed(train, places, "show", "last")).said
    assert "candidate" in (await typed(models, places, "list")).said
    (model,) = (await typed(models, places, "list", "--json")).json
    assert "openai/gpt-oss-20b" in (await typed(models, places, "show", model["name"])).said


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("prepare",), 1, "nothing to learn from yet"),
        (("start", "--base", BASE), 1, "no prepared dataset"),
        (("start", "--trainer", "openai"), 2, "needs a base model"),
        (("start", "--trainer", "nobody"), 2, "examples, local, openai"),
        (("start", "--base", BASE, "--method", "dop"), 2, "did you mean dpo?"),
        (("start", "--base", BASE, "--dataset", "x"), 1, "There is no dataset 'x'"),
        (("start", "--base", BASE, "--option", "epochs"), 2, "NAME=VALUE"),
        (("show", "abc"), 1, "no training 'abc'"),
        (("follow",), 1, "no training 'last'"),
        (("retry", "last"), 1, "main.py train list"),
        (("list", "--shop", "nobody"), 3, "there is no shop 'nobody'"),
    ],
)
async def test_what_cannot_be_done_says_why_and_what_next(
    places: dict[str, str], shop: UUID, words: tuple[str, ...], code: int, why: str
) -> None:
    done = await typed(train, places, *words)
    assert (done.code, done.out) == (code, "")
    assert why in done.said
    assert "next:" in done.said


async def test_what_the_settings_answer_with_reads_the_examples(
    places: dict[str, str], store: Store, shop: UUID, tmp_path: Path
) -> None:
    await prepared(store, shop, tmp_path)
    done = await typed(train, places | {"APRENDIZ_OPENAI__MODEL": "small"}, "start", "--json")
    assert done.json["base_model"] == "openai:small"


async def test_options_reach_the_trainer(
    places: dict[str, str], store: Store, shop: UUID, tmp_path: Path
) -> None:
    await prepared(store, shop, tmp_path)
    words = ("--trainer", "openai", "--base", "g", "--option", "epochs=2", "--option", "note=abc")
    done = await typed(train, places, "start", *words, "--json")
    assert done.json["parameters"] == {"epochs": 2, "note": "abc"}
    assert done.json["estimate_micros"] > 0


async def test_what_costs_too_much_is_refused(
    places: dict[str, str], store: Store, shop: UUID, tmp_path: Path
) -> None:
    await prepared(store, shop, tmp_path)
    poor = places | {"APRENDIZ_TRAINING__MONTH_USD": "0"}
    done = await typed(train, poor, "start", "--trainer", "openai", "--base", "gpt-base")
    assert done.code == 1
    assert "more than the month has left" in done.said
    assert "month_usd" in done.said


async def test_one_that_failed_is_tried_again(
    places: dict[str, str], store: Store, shop: UUID, tmp_path: Path, server: FineTuningServer
) -> None:
    await prepared(store, shop, tmp_path)
    server.will("create", refuses(403, "unavailable", message="Fine-tuning is unavailable"))
    words = ("start", "--trainer", "openai", "--base", "g", "--here")
    first = await typed(train, places, *words)
    assert first.code == 1
    assert "trains no longer" in first.said
    second = await typed(train, places, "retry", "last", "--json")
    assert (second.code, second.json["state"]) == (0, "pending")
    assert second.json["retry_of"] is not None


async def test_what_the_provider_would_refuse_is_not_begun(
    places: dict[str, str], store: Store, shop: UUID, tmp_path: Path
) -> None:
    await prepared(store, shop, tmp_path, rows=8)
    done = await typed(train, places, "start", "--trainer", "openai", "--base", "g")
    assert done.code == 1
    assert "openai takes no fewer than 10" in done.said
    assert (await typed(train, places, "list", "--json")).json == []


async def test_a_proposal_is_approved_or_cancelled(
    places: dict[str, str], store: Store, shop: UUID, tmp_path: Path
) -> None:
    await prepared(store, shop, tmp_path)
    job, _ = await office(store).begin(shop, wanted(approved=False))
    waiting = await typed(train, places, "follow", "last")
    assert waiting.code == 1
    assert f"main.py train approve {job.id.hex[:8]}" in waiting.said
    approved = (await typed(train, places, "approve", str(job.id), "--json")).json
    assert approved["approved_by"]
    other, _ = await office(store).begin(shop, wanted(approved=False, parameters={"seed": 1}))
    cancelled = (await typed(train, places, "cancel", str(other.id), "--json")).json
    assert cancelled["state"] == "cancelled"
    assert "will be cancelled" in (await typed(train, places, "cancel", str(job.id))).said


async def test_a_shop_sees_its_own_trainings_alone(
    places: dict[str, str], store: Store, shop: UUID, tmp_path: Path
) -> None:
    await add_shop(store, "other")
    await prepared(store, shop, tmp_path)
    job = await started(places)
    assert (await typed(train, places, "list", "--shop", "other", "--json")).json == []
    denied = await typed(train, places, "cancel", job["id"], "--shop", "other")
    assert denied.code == 1
    assert (await typed(models, places, "list", "--shop", "other", "--json")).json == []
