"""`main.py models` at the terminal."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from app.commands_train import models
from services.clock import now
from store import trainings
from store.session import Store
from tests.app.terminal import typed
from tests.learning.training import office, prepared, versions, wanted
from tests.servers.finetuning import FineTuningServer, a_model


async def test_what_ends_soon_is_named(
    places: dict[str, str], shop: UUID, server: FineTuningServer
) -> None:
    soon = f"{now() + timedelta(days=5):%Y-%m-%d}"
    server.models = [a_model("gpt-6-luna", soon), a_model("unused", soon)]
    (told,) = (await typed(models, places, "expiry", "--json")).json
    assert (told["model"], told["soon"], told["base"]) == ("gpt-6-luna", True, False)
    assert f"gpt-6-luna ends {soon}" in (await typed(models, places, "expiry")).said
    server.models = [a_model("gpt-6-luna")]
    assert "announces no end" in (await typed(models, places, "expiry")).said


async def test_without_a_key_nobody_can_be_asked_what_ends(env: dict[str, str], shop: UUID) -> None:
    done = await typed(models, env, "expiry")
    assert done.code == 1
    assert "openai has no key" in done.said


async def test_models_that_end_soon_are_warned_about_in_the_list(
    places: dict[str, str], store: Store, shop: UUID
) -> None:
    row = {"shop_id": shop, "id": UUID(int=1), "name": "v1", "provider": "openai",
           "base_model": "g", "model": "ft:g", "expires_at": now() + timedelta(days=3)}  # fmt: skip
    async with store.transaction() as session:
        await trainings.register(session, row)
    assert "ft:g ends" in (await typed(models, places, "list")).said
    unknown = await typed(models, places, "show", "v2")
    assert unknown.code == 1
    assert "no model version 'v2'" in unknown.said


async def test_a_providers_model_becomes_a_candidate_once(
    places: dict[str, str], store: Store, shop: UUID
) -> None:
    gpt = ("add", "ventas-4", "--provider", "openai", "--model", "gpt-6-luna")
    told = (await typed(models, places, *gpt, "--notes", "más barato", "--json")).json
    assert (told["state"], told["provider"], told["model"]) == ("candidate", "openai", "gpt-6-luna")
    assert told["notes"] == "más barato"
    again = await typed(models, places, *gpt)
    other = await typed(models, places, "add", "otro", *gpt[2:])
    assert (again.code, "another version has that name" in again.said) == (1, True)
    assert (other.code, "ventas-4 is that very model" in other.said) == (1, True)
    assert [one.name for one in await versions(store, shop)] == ["ventas-4"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("mal|nombre", "--provider", "openai", "--model", "x"), "a name is up to 80 letters"),
        (("uno", "--provider", "groq", "--model", "x"), "groq has no key"),
        (("uno", "--provider", "ollama", "--model", "x"), "no Ollama server is configured"),
        (("uno", "--provider", "nadie", "--model", "x"), "it needs a provider"),
        (("uno", "--provider", "opnai", "--model", "x"), "did you mean openai?"),
        (("uno", "--provider", "openai"), "it needs a provider"),
        (("uno", "--from-checkpoint", "5"), "There is no training 'last'"),
    ],
)
async def test_what_cannot_be_asked_here_is_not_registered(
    places: dict[str, str], store: Store, shop: UUID, words: tuple[str, ...], why: str
) -> None:
    done = await typed(models, places, "add", *words)
    assert (done.code, why in done.said) == (1, True), done.said
    assert await versions(store, shop) == []


async def test_a_candidate_is_retired_for_a_reason_and_once(
    places: dict[str, str], store: Store, shop: UUID
) -> None:
    await typed(models, places, "add", "v4", "--provider", "openai", "--model", "gpt-6-luna")
    told = (await typed(models, places, "retire", "v4", "--reason", "muy caro", "--json")).json
    assert (told["state"], told["notes"]) == ("retired", "muy caro")
    assert (await versions(store, shop))[0].state == "retired"
    again = await typed(models, places, "retire", "v4", "--reason", "muy caro")
    assert (again.code, "only a candidate is retired by hand" in again.said) == (1, True)


async def test_a_checkpoint_is_registered_with_what_its_training_rests_on(
    places: dict[str, str], store: Store, shop: UUID, tmp_path: Path
) -> None:
    await prepared(store, shop, tmp_path)
    job, _ = await office(store).begin(shop, wanted())
    due = now() + timedelta(days=9)
    row = {"shop_id": shop, "id": UUID(int=1), "name": "v1", "provider": "openai",
           "base_model": "gpt-base", "model": "ft:last", "job_id": job.id,
           "dataset_id": job.dataset_id, "retrain_by": due,
           "parameters": {"checkpoints": [{"step": 5, "model": "ft:5", "metrics": {}}]},
           }  # fmt: skip
    async with store.transaction() as session:
        await trainings.register(session, row)
    told = (await typed(models, places, "add", "v1-5", "--from-checkpoint", "5", "--json")).json
    assert (told["model"], told["base_model"]) == ("ft:5", "gpt-base")
    assert (told["job_id"], told["dataset_id"]) == (str(job.id), str(job.dataset_id))
    (made,) = [one for one in await versions(store, shop) if one.name == "v1-5"]
    assert made.retrain_by == due
    none = await typed(models, places, "add", "v1-6", "--from-checkpoint", "6")
    assert (none.code, "its steps are 5" in none.said) == (1, True)
    async with store.reading() as session:
        first = await trainings.version_of(session, shop, job.id)
    assert first is not None
    assert first.name == "v1"


async def test_what_was_not_trained_here_is_not_deployed(
    places: dict[str, str], shop: UUID
) -> None:
    await typed(models, places, "add", "v1", "--provider", "openai", "--model", "gpt-6-luna")
    done = await typed(models, places, "deploy", "v1")
    assert (done.code, "it was not trained on this machine" in done.said) == (1, True)
