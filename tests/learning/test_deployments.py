"""The last step of a training on this machine: its model on a server, over a real engine."""

import os
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest

from config.providers import OllamaSettings
from config.settings import JobSettings, Settings
from examples.loop.ollama import OllamaServer, ollama_server
from jobs.cron import Cron
from jobs.deploying import deployment_of, order
from jobs.queue import Queue
from jobs.schedule import DEPLOYMENT, SWEEPING, Run, Terms, ask
from jobs.tasks import perform
from jobs.training import go_on, training_of
from learning.answerable import Unanswerable, answerable
from learning.controller import Controller
from learning.ollama import Ollama, Recipe, TemplateMismatch, open_server
from learning.rollout import Refused
from learning.trainers.base import Trained
from services.clock import now
from store.session import Store
from tests.flow.rollouts import PASSED, add_version
from tests.jobs.processes import BRISK, children, environment, settings_of, start_worker, until
from tests.jobs.test_exactly_once import killed_at_last
from tests.learning.deployed import Slow, due, ended, row_of, swept

pytestmark = pytest.mark.timeout(400)
BASE = "llama3.2"


@pytest.fixture
async def ollama(base: Path, tmp_path: Path) -> AsyncIterator[Slow]:
    (tmp_path / "blobs").mkdir()
    async with ollama_server(tmp_path / "blobs", Slow) as made:
        server = cast("Slow", made)
        server.going.set()
        server.bases[BASE] = base
        yield server


@pytest.fixture
async def client(ollama: OllamaServer, base: Path) -> AsyncIterator[Ollama]:
    client = open_server(ollama.url)
    await client.create(BASE, Recipe(files={"model.gguf": base / "model.gguf"}))
    ollama.asked.clear()
    yield client
    await client.close()


@pytest.fixture
def cron(store: Store, redis_url: str, prefix: str) -> Cron:
    return Cron(store, Queue(redis_url, prefix), JobSettings(), BRISK, now)


@pytest.fixture
async def left(
    store: Store, shop: UUID, tmp_path: Path, settings: Settings, trained: Trained
) -> Run:
    """The deployment that a training has left behind."""
    _, version = await ended(store, shop, tmp_path, trained, settings)
    return deployment_of(shop, version.id)


@pytest.fixture
def places(database_url: str, redis_url: str, prefix: str, tmp_path: Path) -> dict[str, str]:
    ours = environment(database_url, redis_url, prefix, tmp_path / "datasets")
    return ours | {"APRENDIZ_APP__VAR": str(tmp_path)}


@pytest.fixture
def settings(places: dict[str, str], ollama: OllamaServer, client: Ollama) -> Settings:
    return settings_of(places).model_copy(update={"ollama": OllamaSettings(url=ollama.url)})


async def test_a_training_of_this_machine_ends_on_the_server_of_the_settings(
    store: Store, shop: UUID, tmp_path: Path, settings: Settings, ollama: OllamaServer,
    trained: Trained,
) -> None:  # fmt: skip
    job, version = await ended(store, shop, tmp_path, trained, settings)
    assert job.state == "succeeded"
    with pytest.raises(Unanswerable, match=f"has no model {trained.model}"):
        await answerable(settings, version)
    (run,) = await due(store, DEPLOYMENT)
    assert run == deployment_of(shop, version.id)
    assert await perform(run, BRISK, settings) == "done"

    row = await row_of(store, run)
    assert (row.state, row.result["model"] if row.result else "") == ("done", trained.model)
    await answerable(settings, version)
    ollama.asked.clear()
    again = await order(store, settings, version, "ana")
    assert await perform(again, BRISK, settings) == "done"
    assert [one for one in ollama.asked if one.startswith("POST /api/blobs")] == []


async def test_trained_here_and_now_it_is_deployed_here_and_now(
    store: Store, shop: UUID, tmp_path: Path, settings: Settings, ollama: OllamaServer,
    trained: Trained,
) -> None:  # fmt: skip
    job, version = await ended(store, shop, tmp_path, trained, settings)
    await go_on(store, settings, training_of(shop, job.id))
    assert (await row_of(store, deployment_of(shop, version.id))).state == "done"
    assert trained.model in ollama.models


async def test_where_no_server_is_configured_the_model_waits_and_nothing_is_spent_on_it(
    store: Store, shop: UUID, tmp_path: Path, places: dict[str, str], trained: Trained
) -> None:
    bare = settings_of(places)
    _, version = await ended(store, shop, tmp_path, trained, bare)
    assert await due(store, DEPLOYMENT) == []
    with pytest.raises(Unanswerable, match="no Ollama server is configured"):
        await answerable(bare, version)
    with pytest.raises(Refused, match="no Ollama server is configured"):
        await order(store, bare, version, "ana")


async def test_what_a_server_refuses_waits_for_a_person_and_the_adapter_stays(
    store: Store, shop: UUID, tmp_path: Path, settings: Settings, trained: Trained
) -> None:
    wrong = str(trained.parameters["template"]).replace("<|im_end|>\n", "<|im_end|>\n\n", 1)
    other = replace(trained, parameters={**trained.parameters, "template": wrong})
    _, version = await ended(store, shop, tmp_path, other, settings)
    (run,) = await due(store, DEPLOYMENT)
    with pytest.raises(TemplateMismatch):
        await perform(run, BRISK, settings)
    row = await row_of(store, run)
    assert (row.state, (row.error or "").split(":")[0]) == ("failed", "TemplateMismatch")
    assert Path(version.parameters["folder"], "adapter", "adapter_config.json").exists()
    assert await due(store, DEPLOYMENT) == []


async def test_a_server_out_of_reach_is_tried_again(
    store: Store, shop: UUID, tmp_path: Path, settings: Settings, trained: Trained
) -> None:
    _, version = await ended(store, shop, tmp_path, trained, settings)
    deaf = settings.model_copy(update={"ollama": OllamaSettings(url="http://127.0.0.1:9")})
    (run,) = await due(store, DEPLOYMENT)
    with pytest.raises(Exception, match="does not answer"):
        await perform(run, Terms(backoff_s=0), deaf)
    assert (await row_of(store, run)).state == "waiting"
    assert await perform(run, BRISK, settings) == "done"
    await answerable(settings, version)


async def test_a_folder_that_is_gone_is_said_so(
    store: Store, shop: UUID, tmp_path: Path, settings: Settings, trained: Trained
) -> None:
    lost = replace(trained, parameters={**trained.parameters, "folder": str(tmp_path / "lost")})
    await ended(store, shop, tmp_path, lost, settings)
    (run,) = await due(store, DEPLOYMENT)
    with pytest.raises(Exception, match="Bring back the folder"):
        await perform(run, BRISK, settings)
    assert (await row_of(store, run)).state == "failed"


async def test_killed_between_the_files_and_the_model_it_is_gone_on_with(
    store: Store, left: Run, cron: Cron, ollama: Slow, places: dict[str, str], trained: Trained
) -> None:
    there = places | {"APRENDIZ_OLLAMA__URL": ollama.url}
    ollama.going.clear()
    first = start_worker(there)

    async def sent() -> bool:
        await cron.tick()
        return "POST /api/create" in ollama.asked

    with killed_at_last([first]):
        await until(sent, within=150)
        for pid in [first.pid, *children(first.pid)]:
            os.kill(pid, signal.SIGKILL)
    assert trained.model not in ollama.models
    ollama.going.set()
    with killed_at_last([start_worker(there)]):

        async def finished() -> bool:
            await cron.tick()
            return (await row_of(store, left)).state == "done"

        await until(finished, within=150)
    assert trained.model in ollama.models
    assert len([one for one in ollama.asked if one.startswith("POST /api/blobs")]) == 2


async def test_old_models_leave_the_server_after_a_promotion_but_not_what_may_come_back(
    store: Store, shop: UUID, settings: Settings, client: Ollama
) -> None:
    controller = Controller(store)
    names = [f"aprendiz-v{number}:1" for number in range(4)]
    for name in (*names, "aprendiz-of-somebody-else:1", "mine:1"):
        await client.copy(BASE, name)
    rows = [await add_version(store, shop, name) for name in names]
    for row in rows[:3]:
        await controller.start(row, PASSED, "ana", 100, forced=True)
    assert await swept(store, settings) == [names[0]]

    canary = await controller.start(rows[3], PASSED, "ana", 10, forced=True)
    assert await swept(store, settings) == []
    await controller.end(canary, "rolled_back", "ana", "worse")
    assert await swept(store, settings) == [names[1], names[3]]
    assert sorted(await client.models()) == sorted(
        [f"{BASE}:latest", names[2], "aprendiz-of-somebody-else:1", "mine:1"]
    )


async def test_a_sweep_that_finds_nobody_is_left_to_the_next(
    store: Store, shop: UUID, settings: Settings
) -> None:
    run = Run(SWEEPING, shop, "x@1")
    await ask(store, run)
    deaf = settings.model_copy(update={"ollama": OllamaSettings(url="http://127.0.0.1:9")})
    assert await perform(run, BRISK, deaf) == "done"
