"""The environment of a terminal."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from services.state import Endpoints
from tests.app.terminal import KEY, TOKEN


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
def logs() -> Iterator[None]:
    """A command sets them up for its own process."""
    yield
    structlog.reset_defaults()
