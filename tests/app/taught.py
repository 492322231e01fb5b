"""A version that shows examples of its own, and the models that read them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from events.happened import named
from llm.embeddings import OFFLINE_MODEL, hashed
from store import exemplars
from store.exemplars import Chosen
from store.session import Store
from store.versions import ModelVersion, TrainingJob
from tests.app.packs import version
from tests.builders import a_turn, add_customer, add_turns, turn_id
from tests.servers.obedient import Obedient, obedient


@asynccontextmanager
async def served(terminal: dict[str, str]) -> AsyncIterator[tuple[Obedient, dict[str, str]]]:
    """A model that does whatever its prompt says, and the environment in which it is asked."""
    async with obedient() as server:
        places = {"APRENDIZ_OPENAI__KEY": "sk-test", "APRENDIZ_OPENAI__BASE_URL": server.url}
        yield server, terminal | places


async def taught_version(
    store: Store, name: str, questions: Sequence[str], answer: str, state: str = "candidate"
) -> ModelVersion:
    """Each of the questions was answered so."""
    row = await version(store, name, "openai", state)
    shop, job = row.shop_id, named("job", name)
    async with store.transaction() as session:
        session.add(
            TrainingJob(
                shop_id=shop,
                id=job,
                trainer="examples",
                base_model="openai:base",
                requested_by="ana",
            )
        )
        await session.flush()
        found = await session.get_one(ModelVersion, (shop, row.id))
        found.job_id, found.parameters = job, {"examples": str(job), "count": len(questions)}
    customer = await add_customer(store, shop, name)
    turns = [a_turn(shop, f"{name} {one}", customer, user_message=one) for one in questions]
    await add_turns(store, turns)
    rows = [
        (Chosen(turn_id(shop, f"{name} {one}"), "other", one, answer), hashed(one))
        for one in questions
    ]
    async with store.batch() as connection:
        await exemplars.keep(connection, (shop, job), OFFLINE_MODEL, rows)
    return row


def prompts(server: Obedient, model: str, asked: str) -> list[str]:
    """What a model was given to read when a customer asked that."""
    return [_whole(body) for body in server.asked if body["model"] == model and _asked(body, asked)]


def _asked(body: dict[str, Any], question: str) -> bool:
    return any(one["role"] == "user" and question in one["content"] for one in body["messages"])


def _whole(body: dict[str, Any]) -> str:
    return "\n".join(str(one["content"]) for one in body["messages"])
