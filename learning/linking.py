"""The rows of a dataset as its files tell them: a million links are never in memory together."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from learning.finishing import digested
from learning.splits import SPLITS
from learning.writing import BESIDE, LINES, PAIRS
from store.datasets import Link

AT_ONCE: Final = 5_000


class _Beside(msgspec.Struct):
    """What a link needs of what stands beside a line."""

    id: UUID
    quality_score: int | None
    corrected: bool
    successful: bool
    weight: float
    paired: bool
    worse: UUID | None


_BESIDE: Final = msgspec.json.Decoder(_Beside)


def links(folder: Path, shop: UUID, dataset: UUID) -> Iterator[list[Link]]:
    """Some thousands at a time; both halves of a pair, where they are different rows."""
    together: list[Link] = []
    for split in SPLITS:
        for told in _told(folder, split):
            together.extend((shop, dataset, *link) for link in told)
            if len(together) >= AT_ONCE:
                yield together
                together = []
    if together:
        yield together


def _told(folder: Path, split: str) -> Iterator[list[Link]]:
    paired = 0
    with (
        (folder / LINES.format(split)).open("rb") as lines,
        (folder / BESIDE.format(split)).open("rb") as beside,
        (folder / PAIRS.format(split)).open("rb") as pairs,
    ):
        for place, (line, known) in enumerate(zip(lines, beside, strict=True), 1):
            row, pair = _BESIDE.decode(known), None
            if row.paired:
                paired, pair = paired + 1, digested(next(pairs))
            yield _links(row, (split, place, paired if pair else None), (digested(line), pair))


def _links(
    row: _Beside,
    where: tuple[str, int, int | None],
    digests: tuple[bytes, bytes | None],
) -> list[Link]:
    split, _, pair = where
    known = (row.weight, row.quality_score, row.corrected, row.successful, *digests)
    found: list[Link] = [(row.id, *where, *known)]
    if row.worse is not None:
        nothing = (1.0, None, False, False, None, None)
        found.append((row.worse, split, None, pair, *nothing))
    return found
