"""Folders that appear whole or not at all, and what their errors mean."""

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from learning.errors import DiskFull, FolderRefused

FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
DRAFT: Final = ".draft-"
ABANDONED_S: Final = 86_400.0


def publish(folder: Path, contents: Mapping[str, str]) -> None:
    """Small texts, whole or not at all."""
    with drafted(folder.parent) as draft:
        for name, text in contents.items():
            with written(draft / name) as file:
                file.write(text.encode())
        appear(draft, folder)


@contextmanager
def drafted(parent: Path) -> Iterator[Path]:
    """A folder to write into, beside the place where it will appear; else it is gone again."""
    with translated(parent):
        parent.mkdir(parents=True, exist_ok=True)
        _sweep(parent)
        draft = Path(tempfile.mkdtemp(prefix=DRAFT, dir=parent))
        try:
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def appear(draft: Path, folder: Path) -> None:
    """A folder that is there already has the same content: its name carries the hash of it."""
    _sync(draft)
    draft.chmod(0o755)
    _rename(draft, folder)
    _sync(folder.parent)


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """Safe from a power cut once it is left."""
    with path.open("wb", buffering=1 << 20) as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


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
