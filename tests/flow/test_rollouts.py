"""A candidate on its way through the whole pipeline: up when it is good, back at once when not."""

import asyncio
import sys
import time

import pytest

from app.backing import Backing
from app.why import explained
from config.providers import OpenAISettings
from learning.serving import FRESH_S
from services.state import Endpoints
from store.decisions import decision
from tests.conftest import ROOT
from tests.fixtures.bots import bot
from tests.flow.rollouts import ASKED, BAD, GOOD, OWN, THANKS, Shop, attended, served
from tests.servers.models import model_server, refuses, says

OWN_MODEL = OpenAISettings().model
SHORT = {"least": 3, "worse": 3.0, "shadow_answers": 3, "shadow_share": 1.0, "every_s": 0.05}


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


async def test_one_that_invents_prices_is_taken_back_by_itself_within_a_minute(
    backing: Backing, prefix: str
) -> None:
    async with model_server() as own, model_server() as candidate:
        own.will(says(OWN))
        candidate.will(says(BAD))
        settings = served(prefix, own, candidate, "bad")
        async with bot(backing, settings) as running, attended(running) as shop:
            await shop.start(percent=90)
            began = time.monotonic()
            for number in range(8):
                answer = await running.ask(f"cliente-{number}", ASKED)
                assert "1.234" not in answer
            await shop.becomes("rolled_back")
            took = time.monotonic() - began
            await asyncio.sleep(FRESH_S)
            asked = len(candidate.asked)
            for number in range(8):
                await running.ask(f"cliente-{number}", ASKED)
            last = (await shop.steps())[-1]
            version = await shop.version()
    assert took < 60
    assert asked >= 4, "each answer was asked for again"
    assert len(candidate.asked) == asked, "nobody gets it any more, without a restart"
    assert (last.to_state, last.by) == ("rolled_back", "the controller")
    assert last.reason.startswith("guard rail: invented amounts")
    assert version.state == "withdrawn"


async def test_a_good_one_goes_from_the_shadow_to_everybody(backing: Backing, prefix: str) -> None:
    async with model_server() as own, model_server() as candidate:
        own.will(says(OWN))
        candidate.will(says(GOOD))
        settings = served(prefix, own, candidate, "good", **SHORT)
        async with bot(backing, settings) as running, attended(running) as shop:
            await shop.start()
            for number in range(3):
                assert await running.ask(f"antes-{number}", ASKED) == OWN
            await shop.becomes("canary", percent=10)
            shadows = len(candidate.asked)
            await _talk(shop, until=("canary", 50))
            await _talk(shop, until=("promoted", 100))
            await asyncio.sleep(FRESH_S)
            assert await running.ask("después", ASKED) == GOOD
            steps = [(step.to_state, step.percent) for step in await shop.steps()]
            version = await shop.version()
    assert shadows == 3
    assert steps == [("shadow", 0), ("canary", 10), ("canary", 50), ("promoted", 100)]
    assert version.state == "active"


async def test_each_row_says_who_should_have_answered_and_who_did(
    backing: Backing, prefix: str
) -> None:
    async with model_server() as own, model_server() as candidate:
        own.will(says(OWN))
        candidate.will(says(GOOD), refuses(500))
        async with bot(backing, served(prefix, own, candidate, "rows")) as running:
            shop = Shop(running)
            rollout = await shop.start(percent=100)
            answers = [await running.ask(chat, ASKED) for chat in ("ana", "luis")]
            rows = await shop.rows()
            async with running.parts.store.lookup() as connection:
                told = await decision(connection, running.parts.shop, rows[1].id)
    assert answers == [GOOD, OWN]
    marks = [(one.variant, one.version_id, one.rollout_id, one.stage) for one in rows]
    assert marks == [("canary", rollout.version_id, rollout.id, 1)] * 2
    assert [(one.fallback, one.model) for one in rows] == [(False, "tienda-v2"), (True, OWN_MODEL)]
    assert told is not None
    assert explained(told)["version"] == {
        "name": "tienda-v2", "variant": "canary", "rollout": rollout.id, "fallback": True,
    }  # fmt: skip


async def test_who_watches_may_be_killed_and_another_takes_over(
    backing: Backing, prefix: str
) -> None:
    """The holder of the lease is killed with -9; the next one takes the candidate back."""
    async with model_server() as own, model_server() as candidate:
        own.will(says(OWN))
        candidate.will(says(BAD))
        async with bot(backing, served(prefix, own, candidate, "killed")) as running:
            await Shop(running).start(percent=90)
            process = await watcher(backing, prefix)
            async with attended(running) as shop:
                process.kill()
                await process.wait()
                began = time.monotonic()
                for number in range(8):
                    await running.ask(f"cliente-{number}", ASKED)
                await shop.becomes("rolled_back")
                took = time.monotonic() - began
                steps = [(step.number, step.to_state) for step in await shop.steps()]
    assert took < 60
    assert steps == [(1, "canary"), (2, "rolled_back")]


WATCHER = """
import asyncio, sys
from learning.controller import Controller
from app.rolling import Rolling
from events.happened import named
from services.leases import Lease
from services.wire import Wire, connect
from store.session import open_store

async def watch(database, redis, prefix):
    store = open_store(database, role="pipeline", pool=2)
    lease = Lease(Wire(connect(redis)), prefix + ":{rollouts}", 6000)
    rolling = Rolling(Controller(store), named("shop", "another"), lease, 0.5)
    task = asyncio.create_task(rolling.attend())
    while await lease.wire.command("EXISTS", lease.key) == 0:
        await asyncio.sleep(0.05)
    print("holds", flush=True)
    await task

asyncio.run(watch(*sys.argv[1:]))
"""


async def watcher(backing: Backing, prefix: str) -> asyncio.subprocess.Process:
    """Another process, which holds the lease already."""
    words = (backing.database_url, backing.redis_url, prefix)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WATCHER, *words, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"holds\n"
    return process


async def _talk(shop: Shop, *, until: tuple[str, int]) -> None:
    """New customers say what they want, and thanks for it, until the rollout is there."""
    for number in range(200):
        await shop.bot.ask(f"{until}-{number}", ASKED)
        await shop.bot.ask(f"{until}-{number}", THANKS)
        found = await shop.rollout()
        if (found.state, found.percent) == until:
            return
    pytest.fail(f"{until} was not reached in 200 conversations")
