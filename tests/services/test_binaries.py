"""Programs for a user that cannot enter the checkout."""

import subprocess
from pathlib import Path

import pytest

from services.accounts import me
from services.binaries import copied, package_folder, programs_for
from services.errors import PlaceRefused


def test_the_programs_in_place_serve_whoever_reaches_them() -> None:
    assert programs_for(me()).is_relative_to(package_folder())


def test_a_copy_of_the_programs_runs_and_is_made_once(tmp_path: Path) -> None:
    first = copied(package_folder(), tmp_path)
    (initdb,) = first.glob("*/*/bin/initdb")
    done = subprocess.run([initdb, "--version"], capture_output=True, text=True, check=True, env={})
    assert done.stdout.startswith("initdb (PostgreSQL) 18")
    before = initdb.stat().st_ino
    assert copied(package_folder(), tmp_path) == first
    assert initdb.stat().st_ino == before
    assert list(tmp_path.iterdir()) == [first]


def test_everybody_may_read_the_copy(tmp_path: Path) -> None:
    for path in copied(package_folder(), tmp_path).rglob("*"):
        assert path.stat().st_mode & 0o004, path


def test_a_place_that_cannot_be_made_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PlaceRefused, match="APRENDIZ_DATABASE_URL"):
        copied(package_folder(), tmp_path / "file" / "below")
