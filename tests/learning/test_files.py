import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from learning.errors import DatasetError, DiskFull, FolderRefused
from learning.files import publish

CONTENTS = {"train.jsonl": "una línea\n" * 1000, "manifest.json": "{}\n"}


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """What a full disk does, done to this process alone."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_folder_appears_with_everything_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "dataset"
    publish(folder, CONTENTS)
    assert {path.name: path.read_text("utf-8") for path in folder.iterdir()} == CONTENTS
    assert [path.name for path in folder.parent.iterdir()] == ["dataset"]


def test_a_folder_that_is_there_already_stays_as_it_is(tmp_path: Path) -> None:
    publish(tmp_path / "dataset", CONTENTS)
    publish(tmp_path / "dataset", {"train.jsonl": "something else"})
    assert (tmp_path / "dataset" / "manifest.json").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["dataset"]


def test_on_a_full_disk_nothing_appears_and_the_error_says_so(tmp_path: Path) -> None:
    with no_file_longer_than(500), pytest.raises(DiskFull, match="Free some space") as raised:
        publish(tmp_path / "dataset", CONTENTS)
    assert str(tmp_path) in raised.value.what
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["file/dataset", "file/deeper/dataset"])
def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(FolderRefused, match="Choose a folder that you may write to") as raised:
        publish(tmp_path / place, CONTENTS)
    assert isinstance(raised.value, DatasetError)
    assert not isinstance(raised.value, DiskFull)


def test_drafts_of_builds_that_were_killed_are_removed_a_day_later(tmp_path: Path) -> None:
    old, young = tmp_path / ".draft-old", tmp_path / ".draft-young"
    for draft in (old, young):
        draft.mkdir()
        (draft / "train.jsonl").write_text("half of a li")
    os.utime(old, (time.time() - 90_000,) * 2)
    publish(tmp_path / "dataset", CONTENTS)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".draft-young", "dataset"]
