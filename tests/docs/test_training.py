"""What the page about training says is what happens."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from learning.following import STAGES
from learning.trainers.opening import OPENERS
from services.state import Endpoints
from store.session import Store
from store.versions import JOB_STATES
from tests.builders import add_history
from tests.docs.pages import ROOT, codes, page, rows

PAGE = page("docs/training.md")


@pytest.fixture
async def taught(store: Store, shop: UUID) -> UUID:
    """A shop with a dozen good answers."""
    await add_history(store, shop, 12)
    return shop


async def test_the_commands_of_the_page_lead_from_answers_to_a_model(
    taught: UUID, database_url: str, endpoints: Endpoints, prefix: str, tmp_path: Path
) -> None:
    places = {
        "APRENDIZ_DATABASE_URL": database_url,
        "APRENDIZ_REDIS_URL": endpoints.redis_url,
        "APRENDIZ_REDIS__PREFIX": prefix,
        "APRENDIZ_CURATION__PER_CUSTOMER": "1.0",
        "APRENDIZ_JOBS__DATASETS": str(tmp_path),
    }
    done = await asyncio.to_thread(
        subprocess.run,
        ["bash", "-ec", PAGE.blocks("bash")[0].replace(".venv/bin/python", sys.executable)],
        capture_output=True, timeout=200, check=False, cwd=ROOT, env={**os.environ, **places},
    )  # fmt: skip
    said = done.stdout.decode()
    assert done.returncode == 0, done.stderr.decode()
    assert "12 rows are prepared" in said
    assert "has succeeded" in said
    assert "model version examples-" in said
    assert said.count("groq") >= 2


def test_every_trainer_that_can_be_chosen_is_told() -> None:
    told = {codes(row[0])[0] for row in rows(PAGE.section("Who trains"))}
    assert told == set(OPENERS)


def test_every_state_and_stage_is_told() -> None:
    section = PAGE.section("The states of a training")
    assert {codes(row[0])[0] for row in rows(section)} == set(JOB_STATES)
    assert {f"`{stage}`" in section for stage in (*STAGES.values(), "given up")} == {True}
