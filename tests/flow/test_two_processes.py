"""Two `main.py run` of one shop obey the same rollout, and both leave it when it is taken back."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

import pytest

from events.happened import named
from learning.controller import Controller
from services.state import Endpoints
from store.session import Store
from tests.conftest import ROOT
from tests.fixtures.bots import until
from tests.flow.rollouts import ASKED, BAD, GOOD, OWN, PASSED, add_version
from tests.flow.test_run import TOKEN, texts
from tests.servers.models import ModelServer, model_server, says
from tests.servers.telegram import BotApi, serving

KEY = "twice"
SHOP = named("shop", KEY)


@dataclass
class Town:
    """Customers, each of whom writes once and is answered; the bot itself has a smaller number."""

    api: BotApi
    chats: Iterator[int] = field(default_factory=lambda: count(1_000))

    async def asks(self) -> str:
        before = len(texts(self.api))
        await self.api.customer_says(ASKED, chat=next(self.chats))
        await until(lambda: self._answered(before))
        return texts(self.api)[-1]

    async def _answered(self, before: int) -> bool:
        return len(texts(self.api)) > before


def environment(
    database_url: str, endpoints: Endpoints, prefix: str, own: ModelServer, api: BotApi
) -> dict[str, str]:
    return {
        **os.environ,
        "APRENDIZ_DATABASE_URL": database_url,
        "APRENDIZ_REDIS_URL": endpoints.redis_url,
        "APRENDIZ_REDIS__PREFIX": prefix,
        "APRENDIZ_EVENTS__PARTITIONS": "8",
        "APRENDIZ_APP__SHOP": KEY,
        "APRENDIZ_KNOWLEDGE__STARTER": "false",
        "APRENDIZ_MODELS__ORDER": '["openai","offline"]',
        "APRENDIZ_OPENAI__BASE_URL": f"{own.url}/v1",
        "APRENDIZ_TELEGRAM__BASE_URL": api.url,
        "APRENDIZ_TURNS__PATIENCE": "0",
        "OPENAI_API_KEY": "sk-loopback",
        "TELEGRAM_BOT_TOKEN": TOKEN,
    }


@asynccontextmanager
async def running(env: Mapping[str, str]) -> AsyncIterator[None]:
    """`main.py run`; nobody reads what it logs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "main.py", "run", "--no-web", "--no-jobs", cwd=ROOT, env=env,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        process.kill()
        await process.wait()


@pytest.mark.timeout(240)
async def test_a_candidate_that_is_taken_back_is_gone_from_both_within_a_minute(
    database_url: str, endpoints: Endpoints, prefix: str, store: Store
) -> None:
    async with AsyncExitStack() as stack:
        own, *candidates = [await stack.enter_async_context(model_server()) for _ in range(3)]
        api = await stack.enter_async_context(serving(BotApi(token=TOKEN)))
        own.will(says(OWN))
        env = environment(database_url, endpoints, prefix, own, api)
        for one in candidates:
            one.will(says(GOOD))
            await stack.enter_async_context(running(env | {"APRENDIZ_OLLAMA__URL": one.url}))
        town = Town(api)
        assert await town.asks() == OWN
        version = await add_version(store, SHOP)
        await Controller(store).start(version, PASSED, "ana", 100 - 1, forced=False)
        while not all(one.asked for one in candidates):
            await town.asks()

        for one in candidates:
            one.will(says(BAD))
        began = time.monotonic()
        while await _open(store):
            assert "1.234" not in await town.asks()
        took = time.monotonic() - began
        await _forgotten(town, candidates)
        gone = time.monotonic() - began
        asked = [len(one.asked) for one in candidates]
        said = [await town.asks() for _ in range(12)]
    assert took < 60
    assert gone < 60
    assert said == [OWN] * 12
    assert [len(one.asked) for one in candidates] == asked


async def _open(store: Store) -> bool:
    return await Controller(store).current(SHOP) is not None


async def _forgotten(town: Town, candidates: list[ModelServer]) -> None:
    """Until so many in a row were answered without either of them that both processes took part."""
    quiet = 0
    while quiet < 20:
        before = [len(one.asked) for one in candidates]
        await town.asks()
        quiet = quiet + 1 if before == [len(one.asked) for one in candidates] else 0
