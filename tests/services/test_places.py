"""Folders, locks and logs of the embedded servers."""

import os
from pathlib import Path

import pytest

from services.accounts import me
from services.errors import PlaceRefused
from services.places import (
    LARGEST_LOG,
    last_words,
    locked,
    made,
    opened_log,
    private,
    room_in,
    socket_in,
    still_there,
)


def test_a_private_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = private(tmp_path / "sockets", me())
    assert folder.stat().st_mode & 0o777 == 0o700
    assert private(folder, me()) == folder


def test_a_folder_that_others_can_enter_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "sockets"
    folder.mkdir(mode=0o755)
    with pytest.raises(PlaceRefused, match="other users can enter it"):
        private(folder, me())


def test_a_link_somebody_laid_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "sockets").symlink_to(tmp_path / "real")
    with pytest.raises(PlaceRefused, match="it belongs to another user"):
        private(tmp_path / "sockets", me())


def test_the_folders_of_two_checkouts_have_different_names(tmp_path: Path) -> None:
    here, there = made(tmp_path / "a"), made(tmp_path / "b")
    assert here.sockets("redis") != there.sockets("redis")


def test_a_folder_keeps_its_name_and_a_new_one_in_its_place_gets_another(tmp_path: Path) -> None:
    first = made(tmp_path / "var")
    assert made(tmp_path / "var") == first
    assert still_there(first)
    (tmp_path / "var" / "supervisor.lock").unlink()
    assert not still_there(first)
    assert made(tmp_path / "var").key != first.key


def test_the_sockets_fit_however_deep_the_checkout_lies(tmp_path: Path) -> None:
    places = made(tmp_path.joinpath(*["twenty characters long"] * 30))
    assert len(os.fsencode(socket_in(places.sockets("postgres"), ".s.PGSQL.5432"))) < 104


def test_a_socket_the_system_would_cut_off_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlaceRefused, match="too long"):
        socket_in(tmp_path / ("x" * 100), "redis.sock")


def test_a_lock_is_free_again_when_its_last_holder_closed_it(tmp_path: Path) -> None:
    made(tmp_path)
    first = locked(tmp_path / "supervisor.lock")
    assert first is not None
    assert locked(tmp_path / "supervisor.lock", patience=0.1) is None
    os.close(first)
    second = locked(tmp_path / "supervisor.lock")
    assert second is not None
    os.close(second)


def test_a_log_that_grew_too_large_is_put_aside(tmp_path: Path) -> None:
    log = tmp_path / "redis.log"
    log.write_bytes(b"x" * (LARGEST_LOG + 1))
    os.close(opened_log(log))
    assert log.stat().st_size == 0
    assert (tmp_path / "redis.1.log").stat().st_size == LARGEST_LOG + 1


def test_the_last_words_of_a_log_fit_into_a_sentence(tmp_path: Path) -> None:
    log = tmp_path / "redis.log"
    assert last_words(log) == "no log was written"
    log.write_text("")
    assert last_words(log) == "its log is empty"
    log.write_text("one\ntwo\nthree\nfour\n")
    assert last_words(log) == "two | three | four"


def test_a_full_disk_is_refused_before_it_is_written_to(tmp_path: Path) -> None:
    room_in(tmp_path, 1)
    with pytest.raises(PlaceRefused, match=r"the disk of .* is full"):
        room_in(tmp_path, 10**18)
