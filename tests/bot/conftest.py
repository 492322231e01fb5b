"""A real Redis for the tests of this folder."""

import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pytest

from services.redis import found
from services.wire import Wire, connect


@pytest.fixture(scope="session")
def gate_url() -> Iterator[str]:
    folder = Path(mkdtemp(prefix="gate"))
    sock = folder / "redis.sock"
    server = subprocess.Popen(
        [found(), "--port", "0", "--unixsocket", sock, "--save", "", "--dir", folder],
        stdout=subprocess.DEVNULL,
    )
    while not sock.exists():
        time.sleep(0.02)
    yield f"unix://{sock}"
    server.terminate()
    server.wait()
    rmtree(folder)


@pytest.fixture
async def wire(gate_url: str) -> AsyncIterator[Wire]:
    wire = Wire(connect(gate_url))
    await wire.command("FLUSHDB")
    yield wire
    await wire.close()
