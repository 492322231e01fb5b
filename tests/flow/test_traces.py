"""One name from the call of a network to the answer: in each row, each line, each step."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID

import httpx2
import pytest
import structlog
from sqlalchemy import select
from structlog.testing import capture_logs

from app.backing import Backing
from app.plugins import App
from bot.channels.base import Answer, Call
from handlers.custom import Custom, Turn
from services.requests import id_of
from services.state import Endpoints
from store import app, ml
from store.spans import Span, of_request
from tests.fixtures.bots import Bot, bot, knobs, until
from tests.fixtures.store import add_shop
from tests.flow.pages import pages_of
from web.app import build

HOME = "http://127.0.0.1"
NAME = "proxy-7f3a-0042"
QUESTION = "¿cuánto cuesta la mochila urbana azul?"


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


async def steps(shop: Bot, request: UUID) -> Sequence[Span]:
    await shop.running.keeper.flush()
    async with shop.parts.store.tenant(shop.parts.shop) as session:
        return await of_request(session, shop.parts.shop, request)


@asynccontextmanager
async def network(shop: Bot, prefix: str) -> AsyncIterator[httpx2.AsyncClient]:
    """Calls the bot's own pages, where whatever it says is what ana says."""

    async def heard(call: Call) -> Answer:
        await shop.channel.say("ana", call.body.decode())
        return Answer(200)

    pages = build(replace(pages_of(shop, prefix), hooks=lambda _path: [heard]))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(pages), base_url=HOME) as client:
        yield client


async def answered(shop: Bot, request: UUID) -> set[str]:
    async with asyncio.timeout(120):
        await shop.channel.wait_for_replies("ana", 1)
    await shop.settled()
    return {one.name for one in await steps(shop, request)}


async def test_the_name_of_a_call_is_on_every_row_line_and_step_of_its_reply(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix, "named")) as shop, network(shop, prefix) as caller:
        answer = await caller.post("/telegram/x", content=QUESTION, headers={"X-Request-ID": NAME})
        request = id_of(NAME)
        found = await answered(shop, request)
        assert answer.headers["x-request-id"] == NAME
        assert found >= {"receive", "queue", "reply", "understand", "model", "verify", "send"}
        async with shop.parts.store.reading() as session:
            for table in (app.Message, ml.TrainingData, app.EventLog):
                assert set(await session.scalars(select(table.request_id))) == {request}, table


async def test_what_fails_is_logged_under_the_request_it_failed_for(
    backing: Backing, prefix: str
) -> None:
    async def broken(_turn: Turn) -> str | None:
        raise RuntimeError("no")

    merge = structlog.contextvars.merge_contextvars
    extension = App(replies=[Custom(lambda _turn: True, broken)])
    settings = knobs(prefix, "failing", events={"max_deliveries": 1})
    async with bot(backing, settings, extension) as shop, network(shop, prefix) as caller:
        with capture_logs(processors=[merge]) as lines:
            await caller.post("/telegram/x", content="hola", headers={"X-Request-ID": NAME})
            await until(lambda: _failed(shop, id_of(NAME)))
    told = [line for line in lines if line["event"] == "event.failed"]
    assert told
    assert {(line["request_id"], line["shop"]) for line in told} == {
        (str(id_of(NAME)), str(shop.parts.shop))
    }


async def test_a_call_without_a_name_gets_one_and_a_name_that_is_none_is_not_taken(
    backing: Backing, prefix: str
) -> None:
    async with bot(backing, knobs(prefix, "unnamed")) as shop, network(shop, prefix) as caller:
        for offered in ({}, {"X-Request-ID": "no/name\u00f1"}, {"X-Request-ID": "short"}):
            answer = await caller.post(
                "/telegram/x", content="hola", headers=httpx2.Headers(offered, encoding="latin-1")
            )
            assert UUID(answer.headers["x-request-id"]).version == 7


async def test_no_step_holds_a_word_of_anybody(backing: Backing, prefix: str) -> None:
    async with bot(backing, knobs(prefix, "silent")) as shop:
        await shop.ask("ana", "soy Canaria Uno, ¿cuánto cuesta la mochila urbana azul?")
        await shop.settled()
        await shop.running.keeper.flush()
        async with shop.parts.store.tenant(shop.parts.shop) as session:
            rows = list(await session.scalars(select(Span)))
        assert rows
        assert not any("anaria" in str(row.attributes) + str(row.error) for row in rows)
        assert not any("ochila" in str(row.attributes) for row in rows)


async def test_another_shop_sees_none_of_them(backing: Backing, prefix: str) -> None:
    async with bot(backing, knobs(prefix, "first")) as shop:
        await shop.ask("ana", QUESTION)
        await shop.settled()
        await shop.running.keeper.flush()
        other = await add_shop(shop.parts.store, "second")
        async with shop.parts.store.tenant(other) as session:
            assert list(await session.scalars(select(Span))) == []


async def _failed(shop: Bot, request: UUID) -> bool:
    return any(not one.ok for one in await steps(shop, request))
