"""Jobs, as whoever waits for one follows them."""

import json
from uuid import UUID

import httpx2

from jobs.asking import TERMS
from jobs.attempts import Attempt
from jobs.preparing import prepare
from jobs.schedule import PREPARATION, Run, claim, fail
from tests.web.api.conftest import bearer, refusal
from tests.web.conftest import KEY, served
from tests.web.staff import actions
from tests.web.streams import listening
from web.api.jobs import id_of
from web.api.means import Means
from web.app import WebParts

JOBS = "/api/v1/jobs"


async def begun(program: httpx2.AsyncClient) -> UUID:
    asked = await program.post("/api/v1/training/datasets", json={})
    assert asked.status_code == 202
    return UUID(asked.json()["id"])


async def test_a_job_is_followed_until_it_has_ended(
    program: httpx2.AsyncClient, first: WebParts, means: Means
) -> None:
    which = await begun(program)
    place = f"{JOBS}/{id_of(PREPARATION, str(which))}"
    async with (
        served(first) as address,
        httpx2.AsyncClient(base_url=address, headers=bearer(KEY)) as client,
        listening(client, f"{place}/events") as ear,
    ):
        waiting = await ear.next()
        told = json.loads(waiting.data)
        assert (waiting.event, told["status"], told["progress"]) == ("job", "pending", 0.0)
        attempt = await Attempt.claim(first.store, Run(PREPARATION, first.shop, str(which)), TERMS)
        assert attempt is not None
        async with attempt:
            await prepare(attempt, means.settings)
        heard = [await ear.next()]
        while heard[-1].event != "end":
            heard.append(await ear.next())
        last = json.loads(heard[-2].data)
        assert (last["status"], last["progress"]) == ("succeeded", 1.0)
        assert json.loads(heard[-1].data) == {"status": "succeeded"}
        async with listening(client, f"{place}/events", heard[-2].id) as again:
            assert (await again.next()).event == "end", "what it knows is not told again"


async def test_a_job_of_another_shop_cannot_be_followed(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient
) -> None:
    place = f"{JOBS}/{id_of(PREPARATION, str(await begun(program)))}"
    assert refusal(await neighbour.get(f"{place}/events")) == (404, "not_found")
    assert refusal(await neighbour.get(place)) == (404, "not_found")
    assert (await program.get(place)).json()["progress"] == 0.0


async def test_what_failed_is_tried_again_and_nothing_else(
    program: httpx2.AsyncClient, first: WebParts
) -> None:
    which = await begun(program)
    place = f"{JOBS}/{id_of(PREPARATION, str(which))}"
    assert refusal(await program.post(f"{place}/retries")) == (409, "conflict")
    run = Run(PREPARATION, first.shop, str(which))
    for _ in range(TERMS.failures):
        number = await claim(first.store, run, TERMS)
        assert number is not None
        await fail(first.store, run, number, "no space", TERMS)
        async with first.store.batch() as connection:
            await connection.execute("UPDATE app.job_run SET lease_until = NULL")
    failed = (await program.get(JOBS, params={"status": "failed"})).json()["items"]
    assert [one["error"] for one in failed] == ["no space"]
    again = await program.post(f"{place}/retries")
    assert (again.status_code, again.json()["status"]) == (202, "pending")
    assert (await actions(first))[0] == "job.retried"
