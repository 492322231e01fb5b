"""Folders that appear whole or not at all, and what their errors mean."""

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from learning.errors import DiskFull, FolderRefused

FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
DRAFT: Final = ".draft-"
ABANDONED_S: Final = 86_400.0


def publish(folder: Path, contents: Mapping[str, str]) -> None:
    """Writes beside the place and renames. A folder that is there already has the same content:
    its name carries the hash of it."""
    with translated(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        _sweep(folder.parent)
        draft = Path(tempfile.mkdtemp(prefix=DRAFT, dir=folder.parent))
        try:
            for name, text in contents.items():
                _write(draft / name, text.encode())
            _sync(draft)
            draft.chmod(0o755)
            _rename(draft, folder)
            _sync(folder.parent)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def translated(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        what = f"The dataset cannot be written to {folder}"
        if error.errno in FULL:
            raise DiskFull(what, why, "Free some space and start it again") from error
        raise FolderRefused(what, why, "Choose a folder that you may write to") from error


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _rename(draft: Path, folder: Path) -> None:
    try:
        draft.rename(folder)
    except OSError as error:
        if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
            raise


def _sweep(parent: Path) -> None:
    """What builds that were killed have left behind."""
    for draft in parent.glob(f"{DRAFT}*"):
        if time.time() - draft.stat().st_mtime > ABANDONED_S:
            shutil.rmtree(draft, ignore_errors=True)
