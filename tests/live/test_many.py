"""Three hundred pages at once, on a real server: everything arrives once, whatever breaks."""

import asyncio
import json
import random
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field

import httpx2
import pytest
from fastapi import FastAPI

from services.news import News, key_of
from store.api_keys import keys_of
from store.audit import Actor
from tests.web.api.conftest import bearer
from tests.web.conftest import asking, served
from tests.web.staff import a_key, let_in
from web.api.events import Events
from web.app import WebParts, build
from web.keys import revoke
from web.live import PAGES_PER_KEY
from web.pages.live import Live
from web.sessions import PLAIN

CLIENTS = 300
PATIENCE_S = 300
EVENTS = 24
FIRST_S, LAST_S = 0.1, 5.0
"""Who hears nothing comes back later and later, as a browser does; three hundred that try ten
times a second would only stand in each other's way."""
PLAIN_HTTP = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Three hundred clients need not read the certificates of the world for a server in the clear."""


@dataclass
class Listener:
    """A page that breaks off now and then, and goes on where it stopped."""

    session: str
    seen: list[str] = field(default_factory=list)
    last: str = ""
    broken: int = 0
    ended: str = ""

    async def listen(self, base: str, start: str, until: int) -> None:
        limits = httpx2.Limits(max_connections=None)
        async with httpx2.AsyncClient(
            base_url=base, timeout=60, limits=limits, verify=PLAIN_HTTP
        ) as client:
            wait_s = FIRST_S
            while len(self.seen) < until:
                heard = len(self.seen)
                try:
                    self.ended = await self._once(client, start, until)
                except httpx2.TransportError as error:
                    self.ended = repr(error)
                self.broken += 1
                wait_s = FIRST_S if len(self.seen) > heard else min(2 * wait_s, LAST_S)
                await asyncio.sleep(random.random() * wait_s)  # noqa: S311  spreads, hides nothing

    async def _once(self, client: httpx2.AsyncClient, start: str, until: int) -> str:
        """How it ended: what the server answered, for whoever has to find out."""
        headers = {"Cookie": f"{PLAIN}={self.session}"}
        headers |= {"Last-Event-ID": self.last} if self.last else {}
        leaves = random.randint(3, 12)  # noqa: S311  when, not whether
        async with client.stream("GET", f"/vivo?desde={start}", headers=headers) as answer:
            async for which, name in events(answer):
                self.seen.append(name)
                self.last = which
                leaves -= 1
                if not leaves or len(self.seen) >= until:
                    break
            return f"{answer.status_code}"


async def events(answer: httpx2.Response) -> AsyncIterator[tuple[str, str]]:
    """Told at the empty line, when all of an event is known."""
    told: dict[str, str] = {}
    async for line in answer.aiter_lines():
        name, _, value = line.partition(": ")
        if line:
            told[name] = value
        elif "data" in told:
            yield told["id"], json.loads(told["data"])["n"]
            told = {}


async def sessions(parts: WebParts, count: int) -> list[str]:
    return [await let_in(parts, None) for _ in range(count)]


@pytest.mark.timeout(450)  # a thousand connections, perhaps on a busy machine
async def test_three_hundred_pages_hear_everything_once_through_breaks_and_a_restart(
    parts: WebParts,
) -> None:
    news = News(parts.wire, key_of(parts.channel.prefix, parts.shop))
    listeners = [Listener(session) for session in await sessions(parts, CLIENTS)]

    async def speak(first: int, count: int) -> None:
        for number in range(first, first + count):
            await news.tell("message", n=number)
            await asyncio.sleep(0.02)

    async with served(parts) as base:
        port = int(base.rpartition(":")[2])
        running = [asyncio.create_task(one.listen(base, "0-0", EVENTS)) for one in listeners]
        await speak(0, EVENTS // 2)
    async with served(parts, port) as again:
        assert again == base
        await speak(EVENTS // 2, EVENTS - EVENTS // 2)
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                await asyncio.gather(*running)

    assert {one.ended for one in listeners if len(one.seen) < EVENTS} == set()
    assert {tuple(one.seen) for one in listeners} == {tuple(map(str, range(EVENTS)))}
    assert sum(one.broken for one in listeners) > CLIENTS


async def test_who_holds_too_many_pages_loses_the_oldest_and_nobody_else_does(
    parts: WebParts, address: str
) -> None:
    news = News(parts.wire, key_of(parts.channel.prefix, parts.shop))
    mine, other = await sessions(parts, 2)
    async with httpx2.AsyncClient(base_url=address, timeout=60) as client:
        first = client.stream("GET", "/vivo?desde=0-0", headers={"Cookie": f"{PLAIN}={mine}"})
        theirs = client.stream("GET", "/vivo?desde=0-0", headers={"Cookie": f"{PLAIN}={other}"})
        async with first as oldest, theirs as others:
            more = [asyncio.create_task(Listener(mine).listen(address, "0-0", 1)) for _ in range(4)]
            lines = [line async for line in oldest.aiter_lines() if line.startswith("event:")]
            assert lines == ["event: superseded"]
            await news.tell("message", n=1)
            await asyncio.gather(*more)
            assert (await anext(events(others)))[1] == "1"


@pytest.fixture
def impatient(parts: WebParts) -> FastAPI:
    """The same pages, that ask every tenth of a second whether a listener still may."""
    app = build(parts)
    for route in app.routes:
        owner = getattr(getattr(route, "endpoint", None), "__self__", None)
        if isinstance(owner, Live | Events):
            object.__setattr__(owner, "beat_s", 0.1)
        if isinstance(owner, Live):
            object.__setattr__(owner.guard, "look_again_s", 0.1)
    return app


async def test_a_stream_ends_when_somebody_logs_out(impatient: FastAPI, parts: WebParts) -> None:
    async with asyncio.timeout(120), asking(impatient) as client:
        client.cookies.set(PLAIN, await let_in(parts, None))
        listening = asyncio.create_task(client.get("/vivo?desde=0-0"))
        await asyncio.sleep(1)
        assert not listening.done()

        await client.post("/salir")

        assert (await listening).status_code == 200


async def test_a_stream_of_a_program_ends_when_its_key_is_revoked(
    impatient: FastAPI, parts: WebParts
) -> None:
    """Though nothing happens in the shop, and others behind its address try wrong keys."""
    key = await a_key(parts, ["reading"])
    async with asyncio.timeout(120), asking(impatient) as client:
        client.headers["Authorization"] = f"Bearer {key}"
        listening = asyncio.create_task(client.get("/api/v1/events"))
        for _ in range(21):
            await client.get("/api/v1/me", headers={"Authorization": "Bearer bk_live_no"})
        await asyncio.sleep(0.5)
        assert not listening.done()

        async with parts.store.tenant(parts.shop) as session:
            (made,) = await keys_of(session, parts.shop)
            await revoke(session, parts.shop, Actor("terminal:test"), made.id)

        assert (await listening).status_code == 200


async def test_a_program_that_listens_too_often_takes_the_place_of_no_other(
    parts: WebParts, address: str
) -> None:
    news = News(parts.wire, key_of(parts.channel.prefix, parts.shop))
    mine, other = [bearer(await a_key(parts, ["reading"])) for _ in range(2)]
    async with (
        httpx2.AsyncClient(base_url=address, timeout=60) as client,
        AsyncExitStack() as open_,
    ):
        theirs = await open_.enter_async_context(
            client.stream("GET", "/api/v1/events", headers=other)
        )
        many = [
            await open_.enter_async_context(client.stream("GET", "/api/v1/events", headers=mine))
            for _ in range(PAGES_PER_KEY + 1)
        ]
        lines = [line async for line in many[0].aiter_lines() if line.startswith("event:")]
        assert lines == ["event: superseded"]
        await news.tell("message", n=1)
        assert (await anext(events(theirs)))[1] == "1"
