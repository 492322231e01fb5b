"""Choosing a Redis and asking whether it answers."""

import socket
import threading
from pathlib import Path

import pytest

from services.errors import BinaryMissing
from services.redis import answers, found, on_path, version


def program(folder: Path, name: str, says: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return path


def test_a_redis_is_at_hand_that_knows_streams() -> None:
    assert version(found()) >= (6, 2)


def test_valkey_on_path_serves_as_well(tmp_path: Path) -> None:
    valkey = program(tmp_path, "valkey-server", "Valkey server v=8.1.1 sha=0:0 bits=64")
    assert on_path(str(tmp_path)) == valkey
    assert version(valkey) == (8, 1)


def test_redis_comes_before_valkey(tmp_path: Path) -> None:
    program(tmp_path, "valkey-server", "Valkey server v=8.1.1 sha=0:0")
    redis = program(tmp_path, "redis-server", "Redis server v=7.0.15 sha=0:0")
    assert on_path(str(tmp_path)) == redis


def test_without_any_the_package_to_install_is_named(tmp_path: Path) -> None:
    with pytest.raises(BinaryMissing, match="apt install redis-server"):
        on_path(str(tmp_path))


def test_nobody_at_the_socket_is_no_answer(tmp_path: Path) -> None:
    assert not answers(tmp_path / "redis.sock")


@pytest.mark.parametrize(("reply", "ready"), [(b"+PONG\r\n", True), (b"-LOADING it\r\n", False)])
def test_a_redis_that_still_loads_its_file_is_not_ready(
    tmp_path: Path, reply: bytes, *, ready: bool
) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "redis.sock"))
        listener.listen()
        thread = threading.Thread(target=serve_once, args=(listener, reply))
        thread.start()
        assert answers(tmp_path / "redis.sock") is ready
        thread.join()


def serve_once(listener: socket.socket, reply: bytes) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(64)
        connection.sendall(reply)
