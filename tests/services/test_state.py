"""What the supervisor writes down for its clients."""

from pathlib import Path

import pytest

from services.errors import BinaryMissing, PlaceRefused, ServerFailed, ServicesError
from services.state import Endpoints, State, read, write


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    endpoints = Endpoints("postgresql://postgres@/postgres?host=/x", "unix:///x/redis.sock", 7)
    write(tmp_path / "state", State(7, "starting Redis", endpoints))
    assert read(tmp_path / "state") == State(7, "starting Redis", endpoints)
    assert list(tmp_path.iterdir()) == [tmp_path / "state"]


@pytest.mark.parametrize("kind", [BinaryMissing, PlaceRefused, ServerFailed, ServicesError])
def test_an_error_reaches_the_client_as_what_it_was(
    tmp_path: Path, kind: type[ServicesError]
) -> None:
    write(tmp_path / "state", State(7, failure=kind("It failed", "a reason", "Do this")))
    told = read(tmp_path / "state")
    assert told
    assert type(told.failure) is kind
    assert str(told.failure) == "It failed: a reason. Do this"


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"pid": "x"}', "null", '{"failure": []}'])
def test_a_damaged_file_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "state").write_text(text)
    assert read(tmp_path / "state") is None


def test_an_absent_file_counts_as_none(tmp_path: Path) -> None:
    assert read(tmp_path / "state") is None
