"""Asking Postgres whether it is ready, and telling its processes from others."""

import signal
import socket
import threading
from pathlib import Path

import pytest

from services.accounts import me
from services.postgres import Postgres, answers
from tests.services.test_redis import serve_once


@pytest.fixture
def server(tmp_path: Path) -> Postgres:
    return Postgres(
        programs=Path("/opt/bin"),
        data=tmp_path / "postgres",
        folder=tmp_path,
        account=me(),
        log=tmp_path / "log",
        key="ab12cd34",
    )


@pytest.mark.parametrize(
    ("reply", "ready"),
    [
        (b"R\0\0\0\x08\0\0\0\0", True),
        (b"E\0\0\0\x20SFATAL\0C53300\0Mtoo many clients\0\0", True),
        (b"E\0\0\0\x20SFATAL\0C57P03\0Mstarting up\0\0", False),
        (b"", False),
    ],
)
def test_a_postgres_that_still_recovers_is_not_ready(
    tmp_path: Path, reply: bytes, *, ready: bool
) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / ".s.PGSQL.5432"))
        listener.listen()
        thread = threading.Thread(target=serve_once, args=(listener, reply))
        thread.start()
        assert answers(tmp_path) is ready
        thread.join()


def test_its_own_processes_are_told_from_those_of_others(server: Postgres) -> None:
    main = " ".join([str(server.program().path), *server.program().arguments])
    assert server.is_main(main)
    assert server.is_part("postgres: aprendiz-ab12cd34: checkpointer")
    assert not server.is_part(main.replace("ab12cd34", "00000000"))
    assert not server.is_part(f"/usr/bin/psql -h {server.folder} aprendiz-ab12cd34")
    assert not server.is_part("postgres: aprendiz-ab12cd3: checkpointer")


def test_open_transactions_are_rolled_back_and_not_waited_for(server: Postgres) -> None:
    assert server.stop_signal == signal.SIGINT
