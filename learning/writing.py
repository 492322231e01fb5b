"""Writes a dataset's files line by line: those of a split run side by side."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

from learning.files import written
from learning.finishing import Done
from learning.splits import SPLITS
from learning.tallying import Tally

LINES: Final = "{}.jsonl"
BESIDE: Final = "{}.rows.jsonl"
PAIRS: Final = "{}.pairs.jsonl"
KINDS: Final = (LINES, BESIDE, PAIRS)


@dataclass(slots=True)
class Page:
    """One file, and the hash of what was written so far."""

    file: BinaryIO
    rows: int = 0
    size: int = 0
    sha: Any = field(default_factory=hashlib.sha256)

    def write(self, line: bytes) -> None:
        self.file.write(line)
        self.sha.update(line)
        self.rows, self.size = self.rows + 1, self.size + len(line)

    @property
    def told(self) -> dict[str, Any]:
        return {"rows": self.rows, "bytes": self.size, "sha256": self.sha.hexdigest()}


@dataclass(frozen=True, slots=True)
class Writer:
    pages: dict[str, Page]
    tally: Tally = field(default_factory=Tally)

    def write(self, done: Done) -> None:
        self.tally.add(done.tally)
        for row in done.rows:
            for kind, line in ((LINES, row.line), (BESIDE, row.beside), (PAIRS, row.pair)):
                if line is not None:
                    self.pages[kind.format(row.split)].write(line)

    @property
    def files(self) -> dict[str, Any]:
        return {name: page.told for name, page in sorted(self.pages.items())}


@contextmanager
def writer(folder: Path) -> Iterator[Writer]:
    """A file of each kind for each split, empty where nobody is in it."""
    names = [kind.format(split) for split in SPLITS for kind in KINDS]
    with ExitStack() as files:
        yield Writer({name: Page(files.enter_context(written(folder / name))) for name in names})
