"""The environment of a terminal."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.state import Endpoints
from tests.app.packs import small_pack
from tests.app.terminal import KEY, TOKEN
from tests.servers.finetuning import FineTuningServer, finetuning_server


@pytest.fixture
def env(database_url: str, endpoints: Endpoints, prefix: str, tmp_path: Path) -> dict[str, str]:
    return {
        "APRENDIZ_DATABASE_URL": database_url,
        "APRENDIZ_REDIS_URL": endpoints.redis_url,
        "APRENDIZ_REDIS__PREFIX": prefix,
        "APRENDIZ_APP__VAR": str(tmp_path / "var"),
        "APRENDIZ_SECRET_KEY": KEY,
        "MY_TOKEN": TOKEN,
    }


@pytest.fixture
def terminal(env: dict[str, str], tmp_path: Path) -> dict[str, str]:
    pack = {"APRENDIZ_APP__PACK": str(small_pack(tmp_path / "pack"))}
    return env | pack | {"APRENDIZ_MODELS__ORDER": '["offline"]'}


@pytest.fixture
async def server() -> AsyncIterator[FineTuningServer]:
    async with finetuning_server() as server:
        yield server


@pytest.fixture
def places(env: dict[str, str], server: FineTuningServer, tmp_path: Path) -> dict[str, str]:
    return env | {
        "APRENDIZ_OPENAI__KEY": "sk-test",
        "APRENDIZ_OPENAI__BASE_URL": server.url,
        "APRENDIZ_TRAINING__POLL_S": "0.1",
        "APRENDIZ_CURATION__PER_CUSTOMER": "1.0",
        "APRENDIZ_JOBS__DATASETS": str(tmp_path / "datasets"),
    }
