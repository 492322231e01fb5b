"""Who answers whom, in every process alike, and what happens when that model cannot."""

import asyncio
import os
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from sqlalchemy import insert, update

from learning.rollout import side
from learning.router import Router
from llm.base import (
    FixedPrompt,
    Payer,
    Request,
)
from llm.chain import chain_of
from store import app
from store.session import Store, open_store
from store.versions import ModelVersion
from tests.conftest import ROOT
from tests.fixtures.store import Databases, add_shop
from tests.learning.routed import Named, Served, served_by
from tests.learning.served import Stage


@pytest.fixture
async def served(store: Store) -> AsyncIterator[Served]:
    made = served_by(Stage(store, await add_shop(store)), store)
    yield made
    await made.router.close()


async def test_without_versions_the_settings_models_answer_and_nothing_is_marked(
    served: Served,
) -> None:
    completion = await served.ask(1)

    assert (completion.text, completion.served) == ("own usual", None)


async def test_each_customer_gets_their_side_and_keeps_it(served: Served) -> None:
    rollout = await served.stage.start(percent=30)

    first = {number: await served.ask(number) for number in range(60)}
    again = {number: (await served.ask(number)).text for number in range(60)}

    wanted = {
        number: "ollama tienda-v2"
        if side(rollout.salt, served.stage.customer(number), 30) == "canary"
        else "own usual"
        for number in range(60)
    }
    assert {number: one.text for number, one in first.items()} == wanted == again
    seen = Counter((one.served.variant, one.served.version) for one in first.values() if one.served)
    assert set(seen) == {("control", None), ("canary", str(rollout.version_id))}
    assert {one.served.rollout for one in first.values() if one.served} == {str(rollout.id)}
    assert not any(one.served.fallback for one in first.values() if one.served)


async def test_a_change_is_in_use_at_the_next_question(served: Served) -> None:
    """Whatever is older than two seconds is asked for again before anybody is answered."""
    rollout = await served.stage.start(percent=100)
    assert (await served.ask(1)).text == "ollama tienda-v2"

    await served.stage.controller.end(rollout, "rolled_back", "ana", "peor")

    assert (await served.ask(1)).text == "own usual"


async def test_who_was_promoted_answers_only_while_it_is_active(served: Served) -> None:
    """Whoever makes another version active, by whatever way, means it."""
    rollout = await served.stage.start(percent=100)
    assert (await served.ask(1)).text == "ollama tienda-v2"
    async with served.stage.store.transaction() as session:
        version = await session.get_one(ModelVersion, (rollout.shop_id, rollout.version_id))
        version.state = "retired"

    assert (await served.ask(1)).text == "own usual"


async def test_in_the_shadow_and_in_a_pause_nobody_gets_it(served: Served) -> None:
    rollout = await served.stage.start(percent=None)
    shadow = await served.ask(1)
    await served.stage.controller.advance(rollout, "ana", 99)
    wide = [(await served.ask(number)).text for number in range(20)]
    await served.stage.controller.pause(await served.stage.rollout(), "ana", paused=True)
    paused = [(await served.ask(number)).text for number in range(20)]

    assert shadow.text == "own usual"
    assert shadow.served is not None
    assert (shadow.served.variant, shadow.served.stage) == ("control", 1)
    assert wide.count("ollama tienda-v2") > 15
    assert set(paused) == {"own usual"}


async def test_who_stands_in_is_marked_as_such(served: Served) -> None:
    await served.stage.start(percent=100)
    served.opened["tienda-v2"] = Named("ollama", "tienda-v2", ill=True)

    completion = await served.ask(1)

    assert completion.text == "own usual"
    assert completion.served is not None
    assert completion.served.fallback
    assert completion.served.version is not None


async def test_a_version_that_cannot_be_opened_is_stood_in_for(served: Served) -> None:
    version = await served.stage.version()
    async with served.stage.store.transaction() as session:
        await session.execute(update(type(version)).values(provider="unknown", state="active"))

    completion = await served.ask(1)

    assert completion.text == "own usual"
    assert completion.served is not None
    assert completion.served.fallback


async def test_the_settings_model_that_stands_in_for_the_first_is_marked_too(
    served: Served,
) -> None:
    await served.stage.start(percent=None)
    second = Named("second")
    chain = chain_of(Named("first", ill=True), second)
    router = Router(chain, served.router.versions, served.router.models, served.router.persons)
    payer = Payer(str(served.stage.shop), str(served.stage.customer(1)))

    completion = await router.complete(Request(FixedPrompt(()), payer=payer))

    assert completion.served is not None
    assert (completion.text, completion.served.fallback) == ("second usual", True)


async def test_two_names_of_one_person_get_one_version(served: Served) -> None:
    rollout = await served.stage.start(percent=50)
    sides = {n: side(rollout.salt, served.stage.customer(n), 50) for n in range(40)}
    kept = next(n for n, one in sides.items() if one == "canary")
    other = next(n for n, one in sides.items() if one == "control")
    shop, customer = served.stage.shop, served.stage.customer
    async with served.stage.store.transaction() as session:
        for number, into in ((kept, None), (other, customer(kept))):
            row = {"shop_id": shop, "id": customer(number), "merged_into": into}
            await session.execute(insert(app.Customer).values(row))

    assert (await served.ask(other)).text == (await served.ask(kept)).text == "ollama tienda-v2"


async def test_another_shop_has_versions_of_its_own(served: Served, store: Store) -> None:
    await served.stage.start(percent=100)
    other = await add_shop(store, "other")
    payer = Payer(str(other), str(served.stage.customer(1)))

    completion = await served.router.complete(Request(FixedPrompt(()), payer=payer))

    assert (completion.text, completion.served) == ("own usual", None)


async def test_what_is_in_memory_survives_an_outage(databases: Databases, template: str) -> None:
    async with databases.fresh(template) as url:
        store = open_store(url, role="pipeline", pool=2)
        served = served_by(Stage(store, await add_shop(store)), store)
        await served.stage.start(percent=100)
        assert (await served.ask(1)).text == "ollama tienda-v2"
        await store.close()
        await databases.drop(urlsplit(url).path[1:])

        known = await served.ask(1)
        fresh = await served_by(served.stage, store).ask(1)
        await served.router.close()
        await store.close()

    assert known.text == "ollama tienda-v2"
    assert (fresh.text, fresh.served) == ("own usual", None), "nobody ever told it"


ASKING = """
import sys
from uuid import UUID
from learning.rollout import side
print("".join("x" if side(sys.argv[1], UUID(one), 50) == "canary" else "." for one in sys.argv[2:]))
"""


async def test_another_process_draws_the_same_customers(served: Served) -> None:
    customers = [served.stage.customer(number) for number in range(100)]
    here = "".join("x" if side("salt", one, 50) == "canary" else "." for one in customers)
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    command = [sys.executable, "-c", ASKING, "salt", *map(str, customers)]

    there = await asyncio.to_thread(
        subprocess.run, command, capture_output=True, check=True, cwd=ROOT, env=environment
    )

    assert there.stdout.decode().strip() == here
    assert {".", "x"} == set(here)


def test_uuid_customers_are_spread_whatever_their_ids_look_like() -> None:
    sides = Counter(side("salt", UUID(int=number), 50) for number in range(2_000))
    assert sides["canary"] == pytest.approx(1_000, rel=0.08)
