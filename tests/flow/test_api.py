"""A program of the shop takes a conversation over, speaks in it, and gives it back."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID, uuid4

import httpx2
import pytest

from app.backing import Backing
from app.means import means
from events.happened import named
from jobs.schedule import Run
from services.state import Endpoints
from tests.fixtures.bots import Bot, bot, knobs
from tests.flow.pages import KEY, pages_of
from web.app import build

PRICE = "¿cuánto cuesta la mochila urbana azul?"
BEARER = {"Authorization": f"Bearer {KEY}"}
HERE = named("memory:main", "conversation", "ana")
ONE = f"/api/v1/conversations/{HERE}"


@pytest.fixture
async def shop(database_url: str, endpoints: Endpoints, prefix: str) -> AsyncIterator[Bot]:
    backing = Backing(database_url, endpoints.redis_url, embedded=True)
    async with bot(backing, knobs(prefix, shop="api")) as shop:
        await shop.ask("ana", PRICE)
        await shop.settled()
        yield shop


@pytest.fixture
async def program(shop: Bot, prefix: str) -> AsyncIterator[httpx2.AsyncClient]:
    pages = build(pages_of(shop, prefix))
    transport = httpx2.ASGITransport(pages)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        client.headers |= BEARER
        yield client


def code(answer: httpx2.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["instance"].startswith("/api/")
    return answer.status_code, told["code"]


async def test_a_program_takes_the_word_and_gives_it_back(
    shop: Bot, program: httpx2.AsyncClient
) -> None:
    assert (await program.get(ONE)).json()["handler"] == "bot"
    taken = await program.put(f"{ONE}/handler", json={"handler": "human"})
    assert (taken.status_code, taken.json()["handler"]) == (200, "human")
    await shop.channel.say("ana", "¿y el envío?")
    await shop.settled()
    assert len(shop.channel.replies("ana")) == 1, "the bot is silent at once"
    told = (await program.get(ONE)).json()
    assert told["handler"] == "human"
    assert told["until"] is not None
    assert [one["author"] for one in told["messages"]] == ["customer", "bot", "customer"]

    assert (await program.put(f"{ONE}/handler", json={"handler": "bot"})).status_code == 200
    assert await shop.ask("ana", "¿y el envío?")
    await shop.settled()
    assert (await program.get(ONE)).json()["handler"] == "bot"


async def test_what_a_program_says_is_sent_once_and_silences_the_bot(
    shop: Bot, program: httpx2.AsyncClient
) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    words = {"text": "Te atiende Carla"}
    answers = await asyncio.gather(
        *(program.post(f"{ONE}/messages", json=words, headers=key) for _ in range(4))
    )
    assert {one.status_code for one in answers} <= {202, 409}
    said = [one.json()["id"] for one in answers if one.status_code == 202]
    again = await program.post(f"{ONE}/messages", json=words, headers=key)
    assert {*said, again.json()["id"]} == {said[0]}
    assert again.headers["idempotent-replayed"] == "true"
    await shop.channel.wait_for_replies("ana", 2)
    await shop.settled()
    assert shop.channel.replies("ana")[1:] == ["Te atiende Carla"]
    other = await program.post(f"{ONE}/messages", json={"text": "otra cosa"}, headers=key)
    assert code(other) == (409, "idempotency_key_reused")
    assert (await program.get(ONE)).json()["handler"] == "human"


@pytest.mark.parametrize(
    "body",
    [
        {}, {"text": ""}, {"text": "   "}, {"text": "\u001f"}, {"text": "a\x00b"},
        {"text": "x" * 4001}, {"text": 3}, {"text": "hola", "more": 1}, [], "hola",
    ],
)  # fmt: skip
async def test_what_cannot_be_read_is_explained_and_nothing_is_sent(
    shop: Bot, program: httpx2.AsyncClient, body: object
) -> None:
    answer = await program.post(f"{ONE}/messages", json=body)
    assert code(answer) == (422, "invalid")
    assert answer.json()["errors"]
    await shop.settled()
    assert len(shop.channel.replies("ana")) == 1


async def test_strangers_and_cookies_open_nothing(shop: Bot, program: httpx2.AsyncClient) -> None:
    nobody = f"/api/v1/conversations/{UUID(int=7)}"
    assert code(await program.get(nobody)) == (404, "not_found")
    assert code(await program.put(f"{nobody}/handler", json={"handler": "bot"})) == (
        404,
        "not_found",
    )
    assert code(await program.get("/api/v1/nothing")) == (404, "not_found")
    assert code(await program.get("/api/v1/conversations/x")) == (422, "invalid")
    wrong_way = await program.delete(ONE)
    assert code(wrong_way) == (405, "method_not_allowed")
    assert "GET" in wrong_way.headers["allow"]
    elsewhere = await program.get(ONE, headers={"Origin": "https://evil.example"})
    assert elsewhere.status_code == 200, "reading is no act"
    acted = await program.put(f"{ONE}/handler", json={}, headers={"Origin": "https://evil.example"})
    assert code(acted) == (403, "forbidden")
    for wrong in ({"Authorization": ""}, {"Authorization": KEY}, {"Authorization": f"Basic {KEY}"}):
        refused = await program.get(ONE, headers=wrong)
        assert code(refused) == (401, "unauthorized")
        assert refused.headers["www-authenticate"] == "Bearer"
    del program.headers["Authorization"]
    entered = await program.post("/entrar", data={"clave": KEY})
    assert entered.status_code == 303
    assert (await program.get(ONE)).status_code == 200, "our own pages may read"
    strange = {"Sec-Fetch-Site": "cross-site"}
    acted = await program.put(f"{ONE}/handler", json={"handler": "bot"}, headers=strange)
    assert code(acted) == (403, "forbidden")
    unsaid = await program.put(
        f"{ONE}/handler", json={"handler": "bot"}, headers={"Origin": str(program.base_url)}
    )
    assert code(unsaid) == (401, "unauthorized"), "a cookie acts where the browser says from where"


async def test_whoever_guesses_keys_soon_has_to_wait(program: httpx2.AsyncClient) -> None:
    wrong = {"Authorization": "Bearer a-guess"}
    answers = [await program.get(ONE, headers=wrong) for _ in range(21)]
    assert {one.status_code for one in answers[:20]} == {401}
    assert code(answers[20]) == (429, "too_many")
    assert int(answers[20].headers["retry-after"]) > 60
    assert code(await program.get(ONE)) == (429, "too_many"), "a lucky guess opens nothing either"


async def test_a_full_stream_is_told_as_something_that_passes(
    shop: Bot, program: httpx2.AsyncClient
) -> None:
    object.__setattr__(shop.parts.word, "stream", replace(shop.parts.stream, limit=0))
    refused = await program.put(f"{ONE}/handler", json={"handler": "human"})
    assert code(refused) == (503, "unavailable")
    assert refused.headers["retry-after"]
    object.__setattr__(shop.parts.word, "stream", shop.parts.stream)


async def nobody_works(_run: Run) -> bool:
    """There is no worker here."""
    return False


async def test_a_question_is_answered_as_a_customer_would_be_and_sent_to_nobody(
    shop: Bot, prefix: str
) -> None:
    async with means(shop.parts, nobody_works) as found:
        transport = httpx2.ASGITransport(build(replace(pages_of(shop, prefix), means=found)))
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://127.0.0.1", headers=BEARER
        ) as program:
            told = (await program.post("/api/v1/ask", json={"question": PRICE})).json()
            streamed = await program.post(
                "/ask", json={"question": PRICE}, headers={"Accept": "text/event-stream"}
            )
    assert "$24.990" in told["answer"]
    assert told["citations"]
    assert told["verdict"] == "ok"
    assert streamed.headers["content-type"].startswith("text/event-stream")
    assert streamed.text.count("event: delta") >= 1
    assert streamed.text.count("event: done") == 1
    await shop.settled()
    assert len(shop.channel.replies("ana")) == 1
