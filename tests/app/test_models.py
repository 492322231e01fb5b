"""`main.py models` at the terminal."""

from datetime import timedelta
from uuid import UUID

from app.commands_train import models
from services.clock import now
from store import trainings
from store.session import Store
from tests.app.terminal import typed
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
