"""How well messages are understood, as programs read it: on each of three sets."""

from datetime import timedelta

import httpx2
import pytest

from learning.sampling import LEAST
from nlu.parse import GENERAL
from services.clock import now
from store import nlu
from store.lessons import ReviewCase
from tests.handlers.test_learned import taught
from tests.web.api.conftest import refusal
from tests.web.rows import add_conversation, add_row
from web.app import WebParts

METRICS, MATRIX = "/api/v1/nlu/metrics", "/api/v1/nlu/confusion-matrix"
LIVE = {"set": "live"}


async def reviewed(first: WebParts, count: int, *, usual: str = "consulta_envio") -> None:
    """Turns drawn by chance; every fourth was about a price and taken for something else."""
    at = now() - timedelta(hours=2)
    for number in range(count):
        row = await add_row(first.store, first.shop, f"turn {number}", at=at, intent=usual)
        meant = usual if number % 4 or usual == GENERAL else "consulta_precio"
        async with first.store.tenant(first.shop) as session:
            session.add(
                ReviewCase(
                    shop_id=first.shop, training_id=row, reason=5, sample=True, state="done",
                    at=at, intent=meant, stars=4, decided_at=at,
                )
            )  # fmt: skip


async def test_each_set_has_figures_of_its_own(
    program: httpx2.AsyncClient, first: WebParts
) -> None:
    await add_conversation(first.store, first.shop)
    kept = (await program.get(METRICS)).json()
    fixed = (await program.get(METRICS, params={"set": "fixed"})).json()
    assert (kept["set"], fixed["set"]) == ("held-out", "fixed")
    assert fixed["messages"] != kept["messages"]
    assert 0.5 < fixed["macro_f1"]["low"] <= fixed["macro_f1"]["value"] <= 1
    table = (await program.get(MATRIX, params={"set": "fixed"})).json()
    assert sum(sum(row.values()) for row in table["rows"].values()) == fixed["messages"]
    few = await program.get(METRICS, params=LIVE)
    assert refusal(few) == (404, "not_found")
    assert f"0 of the {LEAST} turns" in few.json()["detail"]
    await reviewed(first, 24)
    live = (await program.get(METRICS, params=LIVE)).json()
    assert (live["messages"], live["accuracy"]["value"]) == (24, 0.75)
    confused = (await program.get(MATRIX, params=LIVE)).json()["rows"]
    assert confused["consulta_precio"] == {"consulta_envio": 6}


async def test_a_model_is_measured_on_the_fixed_set_and_not_on_what_another_answered(
    program: httpx2.AsyncClient, first: WebParts
) -> None:
    async with first.store.tenant(first.shop) as session:
        await nlu.keep_model(session, first.shop, "ventas", taught(), {})
        await nlu.activate(session, first.shop, None)
    brought = (await program.get(METRICS, params={"set": "fixed"})).json()
    own = (await program.get(METRICS, params={"set": "fixed", "model": 1})).json()
    assert (brought["model"], own["model"], own["active"]) == (None, 1, False)
    assert own["macro_f1"]["value"] < brought["macro_f1"]["value"]
    refused = await program.get(METRICS, params={"set": "live", "model": 1})
    assert refusal(refused) == (422, "refused")


async def test_where_nobody_asked_for_anything_there_is_nothing_to_measure(
    program: httpx2.AsyncClient, first: WebParts
) -> None:
    await add_conversation(first.store, first.shop)
    await reviewed(first, 24, usual=GENERAL)
    assert refusal(await program.get(METRICS, params=LIVE)) == (404, "not_found")


async def test_a_model_of_another_business_is_not_measured_on_this_ones_messages(
    program: httpx2.AsyncClient, first: WebParts
) -> None:
    async with first.store.tenant(first.shop) as session:
        await nlu.keep_model(session, first.shop, "otro", taught("otro"), {})
    refused = await program.get(METRICS, params={"set": "fixed", "model": 1})
    assert refusal(refused) == (409, "conflict")
    assert "otro" in refused.json()["detail"]


@pytest.mark.parametrize("odd", [{"set": "all"}, {"days": 0}, {"days": 999}, {"model": 0}])
async def test_a_set_that_there_is_not_is_refused(
    program: httpx2.AsyncClient, odd: dict[str, str]
) -> None:
    assert refusal(await program.get(METRICS, params=odd)) == (422, "invalid")
