"""Fixtures that every test may ask for: real Postgres and real Redis, one pair for the run."""

import gc
import os
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import structlog
from hypothesis import HealthCheck, settings

from events.partitions import Keys
from events.stream import Stream
from services.state import Endpoints
from services.wire import Wire, connect

pytest_plugins = ["tests.fixtures.servers", "tests.fixtures.store"]
ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"
# How long an example takes says how busy the machine is.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")
# Tests start hundreds of processes: what the first compiles is there for the others.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# As a bot does: looking at what stays was a fifth of many a file's time.
gc.set_threshold(50_000, 20, 100)


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()


def pytest_report_header() -> str:
    return (
        "" if SHARED_DATA.is_dir() else f"no recorded payloads beside the checkout: {SHARED_DATA}"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Recorded payloads are not part of the project: without them nothing reads them."""
    if SHARED_DATA.is_dir():
        return
    config.hook.pytest_deselected(items=[item for item in items if _reads_them(item)])
    items[:] = [item for item in items if not _reads_them(item)]


def _reads_them(item: pytest.Item) -> bool:
    return "shared_data" in getattr(item, "fixturenames", ())


@pytest.fixture(autouse=True)
def logs() -> Iterator[None]:
    """A command sets them up for its own process, which here is everybody's."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Public data sets and recorded payloads that lie beside the checkout, not in it."""
    return SHARED_DATA


@pytest.fixture(scope="session")
def redis_url(endpoints: Endpoints) -> str:
    return endpoints.redis_url


@pytest.fixture
async def wire(redis_url: str) -> AsyncIterator[Wire]:
    wire = Wire(connect(redis_url))
    yield wire
    await wire.close()


@pytest.fixture
def prefix() -> str:
    """A corner of Redis that no other test uses."""
    return f"test-{uuid4().hex[:8]}"


@pytest.fixture
def stream(wire: Wire, prefix: str) -> Stream:
    return Stream(wire, Keys(prefix, 4))
