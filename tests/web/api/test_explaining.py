"""How an answer came about: as much of it as whoever asks sees on its page."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import update

from store.ml import TrainingData
from store.spans import SPANS
from tests.web.api.conftest import refusal
from tests.web.roles import acting, steps
from tests.web.talks import PRICE, add_talk, line_of
from web.app import WebParts

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TRACE = {
    "likely": [
        {"intent": "consulta_precio", "confidence": 0.8},
        {"intent": "consulta_stock", "confidence": 0.3},
    ],
    "search": {"hits": [{"id": "p1", "cosine": 0.75}]},
    "examples": ["uno", "dos"],
}
CONTEXT = {
    "trace": TRACE,
    "sources": [{"kind": "passage", "id": "p1", "title": "Precios"}],
    "verdict": "ok",
    "cost_micros": 118,
}


@pytest.fixture
async def talk(first: WebParts) -> UUID:
    store, shop = first.store, first.shop
    talk = await add_talk(store, shop, "Ana", *PRICE, at=NOW)
    async with store.transaction() as session:
        row = update(TrainingData).where(TrainingData.shop_id == shop)
        await session.execute(row.values(context=CONTEXT))
    async with store.batch() as connection:
        await SPANS.write(connection, steps(shop, line_of(talk, 1), talk, NOW))
    return talk


def place(message: UUID) -> str:
    return f"/api/v1/messages/{message}/explanation"


async def test_an_answer_is_explained_with_its_model_cost_and_time(
    program: httpx2.AsyncClient, talk: UUID
) -> None:
    reply = line_of(talk, 1)

    told = (await program.get(place(reply))).json()

    assert (told["question"], told["answer"]) == (PRICE[0][1], PRICE[1][1])
    assert (told["intent"], told["likely"]) == ("consulta_precio", TRACE["likely"])
    assert told["sources"] == [{"kind": "passage", "title": "Precios", "score": 0.75}]
    assert (told["examples"], told["verdict"]) == (2, "ok")
    made = told["made"]
    assert (made["cost_micros"], made["request_id"]) == (118, str(reply))
    assert [one["name"] for one in made["stages"]] == [
        "understand", "search", "model", "verify", "send",
    ]  # fmt: skip
    assert made["stages"][2]["ms"] == 770


async def test_a_seller_is_told_the_upper_half_of_the_page(first: WebParts, talk: UUID) -> None:
    async with acting(first, "seller") as seller, acting(first, "owner") as owner:
        told = (await seller.get(place(line_of(talk, 1)))).json()
        more = (await owner.get(place(line_of(talk, 1)))).json()
    assert (told["intent"], told["made"]) == ("consulta_precio", None)
    assert (more["made"]["cost_micros"], more["made"]["stages"]) == (118, [])


async def test_only_what_was_answered_in_the_same_shop_is_explained(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, talk: UUID
) -> None:
    for client, message in (
        (program, uuid4()), (program, line_of(talk, 0)), (neighbour, line_of(talk, 1)),
    ):  # fmt: skip
        assert refusal(await client.get(place(message))) == (404, "not_found")
