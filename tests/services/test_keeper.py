"""What a client is told when a server cannot start."""

import subprocess
import sys
from pathlib import Path

import pytest

from services import state
from services.embedded import attached
from services.errors import ServerFailed
from services.places import made
from services.processes import alive, matching
from tests.fixtures.servers import stop
from tests.services.conftest import ROOT, eventually

CLIENT = """
import resource, sys
from pathlib import Path
from services.embedded import attached
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
with attached(Path(sys.argv[1])):
    pass
"""


def begun(var: Path) -> None:
    with attached(var) as endpoints:
        pass
    stop(endpoints.pid, var)


def test_a_damaged_append_only_file_is_named(var: Path) -> None:
    begun(var)
    (var / "redis" / "appendonly.aof").write_text("this was never written by Redis\r\n")
    with pytest.raises(ServerFailed, match=r"Redis does not start: .*append only file"):
        begun(var)


def test_data_of_another_postgres_are_not_touched(var: Path) -> None:
    begun(var)
    (var / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(ServerFailed, match="written by Postgres 17, this is 18"):
        begun(var)


def test_a_damaged_database_is_reported_with_the_words_of_postgres(var: Path) -> None:
    begun(var)
    (var / "postgres" / "global" / "pg_control").write_bytes(b"")
    with pytest.raises(ServerFailed, match=r"Postgres does not start: .*pg_control"):
        begun(var)


def test_a_failed_start_can_be_repeated_once_its_cause_is_gone(var: Path) -> None:
    begun(var)
    version = var / "postgres" / "PG_VERSION"
    version.write_text("17\n")
    for _ in range(2):
        with pytest.raises(ServerFailed):
            begun(var)
    version.write_text("18\n")
    begun(var)


def test_a_disk_that_takes_no_more_is_one_clear_error(var: Path) -> None:
    """A limit on the size of files stands for the full disk."""
    client = subprocess.run(
        [sys.executable, "-c", CLIENT, str(var)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "ServerFailed: The database could not be created: " in client.stderr
    assert "File too large" in client.stderr
    begun(var)


def test_nothing_is_left_running_after_a_failed_start(var: Path) -> None:
    begun(var)
    (var / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(ServerFailed):
        begun(var)
    told = state.read(var / "services.json")
    assert told
    eventually(lambda: not alive(told.pid))
    assert matching(lambda line: made(var).key in line) == []
