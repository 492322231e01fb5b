"""A build that is killed, or that finds the disk full, leaves no half dataset."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from config.settings import ROOT
from learning.crew import Crew, Job, crew
from learning.errors import DiskFull
from store import ml
from store.session import Store
from tests.builders import add_history
from tests.learning.building import build, count
from tests.learning.test_files import no_file_longer_than


@pytest.mark.parametrize("stage", ["comparing", "written", "linked"])
async def test_a_killed_build_leaves_nothing_and_the_next_one_is_whole(
    store: Store, shop: UUID, database_url: str, tmp_path: Path, stage: str
) -> None:
    await add_history(store, shop, 40)
    command = [sys.executable, "-m", "tests.learning.building", database_url, str(shop)]
    child = await asyncio.create_subprocess_exec(
        *command, str(tmp_path), stage, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    assert await child.stdout.readline() == b"here\n"
    child.kill()
    await child.wait()
    assert await count(store, ml.Dataset) == await count(store, ml.DatasetRow) == 0
    whole = [path.name for path in (tmp_path / "demo").iterdir() if path.name[0] != "."]
    assert len(whole) == (stage == "linked"), "files appear whole, or not at all"
    built = await build(store, shop, tmp_path)
    assert built.rows == await count(store, ml.DatasetRow) == 40
    assert whole in ([], [built.path.name])


async def test_a_full_disk_is_said_and_leaves_nothing(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    await add_history(store, shop, 40)
    with no_file_longer_than(5_000), pytest.raises(DiskFull, match="Free some space"):
        await build(store, shop, tmp_path)
    assert list((tmp_path / "demo").iterdir()) == []
    assert await count(store, ml.Dataset) == 0
    assert (await build(store, shop, tmp_path)).rows == 40


def squared(number: int) -> int:
    return number * number


@pytest.mark.parametrize("rows", [10, 1_000_000])
async def test_work_comes_back_in_its_order_from_however_many_processes(rows: int) -> None:
    async def jobs() -> AsyncIterator[Job[int]]:
        for number in range(30):
            yield squared, (number,)

    with crew(rows) as helpers:
        assert (helpers.pool is None) == (rows == 10)
        assert [one async for one in helpers.done(jobs())] == [one * one for one in range(30)]


async def test_an_error_of_one_page_ends_the_work() -> None:
    async def jobs() -> AsyncIterator[Job[int]]:
        for value in (1, "two", 3):
            yield squared, (value,)

    with pytest.raises(TypeError):
        assert [one async for one in Crew().done(jobs())]
