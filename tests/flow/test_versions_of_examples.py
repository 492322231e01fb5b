"""A version's set of examples stands in the prompts of the bot while the version is active."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import update

from app.backing import Backing
from learning.following import Follower, version_id
from learning.trainers.examples import ExamplesTrainer
from services.state import Endpoints
from store.session import Store
from store.versions import ModelVersion
from tests.fixtures.bots import bot, knobs
from tests.learning.training import office, prepared, wanted
from tests.servers.models import model_server, says

ANSWER = "Claro que sí, tenemos de todo para acampar."


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


async def test_an_active_set_is_shown_and_a_retired_one_is_not(
    backing: Backing, prefix: str, store: Store, tmp_path: Path
) -> None:
    async with model_server() as server:
        server.will(says(ANSWER))
        settings = knobs(
            prefix,
            shop="sets",
            models={"order": ("openai", "offline")},
            openai={"key": "sk-test", "base_url": f"{server.url}/v1"},
        )
        async with bot(backing, settings) as shop:
            ours = shop.parts.shop
            built = await prepared(store, ours, tmp_path)
            job, _ = await office(store).begin(ours, wanted("examples", "openai:test-1"))
            trainer = ExamplesTrainer(store)
            await Follower(store, lambda _name, _base: trainer, tmp_path).step(ours, job.id)
            question = await _question(store, built.id)
            shown = {}
            for state in ("candidate", "active", "retired"):
                async with store.transaction() as session:
                    which = ModelVersion.id == version_id(job.id)
                    await session.execute(update(ModelVersion).where(which).values(state=state))
                await shop.ask(state, question)
                shown[state] = f"Cliente: {question}" in server.asked[-1]["messages"][0]["content"]
    assert shown == {"candidate": False, "active": True, "retired": False}


async def _question(store: Store, dataset: UUID) -> str:
    """The first that is trained on."""
    sql = """
    SELECT t.user_message FROM ml.dataset_row r
    JOIN ml.training_data t ON t.shop_id = r.shop_id AND t.id = r.training_id
    WHERE r.dataset_id = $1 AND r.split = 'train' ORDER BY r.place LIMIT 1
    """
    async with store.lookup() as connection:
        return str(await connection.fetchval(sql, dataset))
