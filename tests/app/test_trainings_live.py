"""`main.py train` while the provider goes on, and while it rests."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from uuid import UUID

import pytest

from app.commands_train import train
from config.settings import ROOT
from store.session import Store
from tests.app.terminal import Ended, typed
from tests.app.training import started
from tests.fixtures.bots import until
from tests.learning.training import job_of, prepared
from tests.servers.finetuning import FineTuningServer


async def in_a_process(places: dict[str, str], *words: str) -> Ended:
    """Beside another command: two cannot share the terminal of one process."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, str(ROOT / "main.py"), "train", *words,
        env={**os.environ, **places}, stdout=PIPE, stderr=PIPE,
    )  # fmt: skip
    out, err = await child.communicate()
    return Ended(child.returncode or 0, out.decode(), err.decode())


async def provided(server: FineTuningServer, status: str) -> None:
    """The provider goes on by itself."""

    async def begun() -> bool:
        return "ftjob-0001" in server.jobs

    await until(begun)
    server.steps("ftjob-0001", 40)
    await asyncio.sleep(0.3)
    if status == "failed":
        server.fails("ftjob-0001", "too few examples")
    else:
        server.succeeds("ftjob-0001")


@pytest.mark.parametrize("end", [("succeeded", 0), ("failed", 1)])
async def test_one_that_is_followed_is_followed_to_its_end(
    places: dict[str, str], store: Store, shop: UUID, tmp_path: Path, server: FineTuningServer,
    end: tuple[str, int],
) -> None:  # fmt: skip
    status, code = end
    await prepared(store, shop, tmp_path)
    job = await started(places)
    words = ("--trainer", "openai", "--base", "g", "--here", "--json")
    here, watched, _ = await asyncio.gather(
        in_a_process(places, "start", *words),
        in_a_process(places, "follow", job["id"], "--json"),
        provided(server, status),
    )
    assert (here.code, watched.code) == (code, code)
    assert here.json["state"] == watched.json["state"] == status
    assert len(server.jobs) == 1


async def test_a_training_rests_where_its_trainer_can(
    places: dict[str, str], store: Store, shop: UUID, tmp_path: Path, server: FineTuningServer
) -> None:
    await prepared(store, shop, tmp_path)
    job = await started(places)
    early = await typed(train, places, "pause", "last")
    assert early.code == 1
    assert "it has not begun" in early.said
    words = ("--trainer", "openai", "--base", "g", "--here", "--json")
    here = asyncio.create_task(in_a_process(places, "start", *words))

    async def becomes(wish: str) -> None:
        async def so() -> bool:
            row = await job_of(store, shop, UUID(job["id"]))
            return row.provider_job_id is not None and row.state == wish

        await until(so)

    await becomes("running")
    assert "will pause" in (await typed(train, places, "pause", "last")).said
    await becomes("paused")
    assert (await typed(train, places, "resume", "last")).code == 0
    await becomes("running")
    server.succeeds("ftjob-0001")
    assert (await here).json["state"] == "succeeded"
