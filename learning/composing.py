"""Writes what a sieve has chosen: lines, what stands beside them, pairs, and the manifest."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from learning.crew import Crew, Job
from learning.files import written
from learning.finishing import Done, Guard, Rough, finished_all
from learning.grouping import grouped
from learning.manifest import MANIFEST, About, Sum, manifest_of, shown
from learning.pairing import Worse, corrects
from learning.sieve import Chosen, Curation, Piece, Sieve
from learning.spilling import unpacked
from learning.splits import Split
from learning.writing import writer

PAGE: Final = 2_000


async def compose(
    about: About,
    sieve: Sieve,
    curation: Curation,
    folder: Path,
    crew: Crew,
    progress: Callable[[str, int], None],
) -> dict[str, Any]:
    """The manifest of what was written into the folder."""
    chosen = curation.kept
    assert isinstance(chosen, Chosen), "a sieve's rows are fetched one by one"  # noqa: S101  narrows the type
    with writer(folder) as files:
        async for done in crew.done(_jobs(about, sieve, chosen)):
            files.write(done)
            progress("written", files.tally.rows)
    counts = files.tally.counts | {"customers": people(chosen)}
    found = Sum(curation.read, curation.dropped, counts, files.tally.personal, files.files)
    manifest = manifest_of(about, found)
    with written(folder / MANIFEST) as file:
        file.write(shown(manifest).encode())
    return manifest


async def _jobs(about: About, sieve: Sieve, chosen: Chosen) -> AsyncIterator[Job[Done]]:
    guard, pairs = Guard(about.terms.recognisers), Pairs(sieve, chosen)
    for start in range(0, len(chosen), PAGE):
        page = list(pairs.joined(chosen.pieces(start, start + PAGE)))
        yield finished_all, (page, about.voice, guard)


def sides(chosen: Chosen, customers: set[UUID]) -> dict[UUID, Split]:
    """On which side of the splits some customers stand."""
    found: dict[UUID, Split] = {}
    for (high, low), split in zip(chosen.rows["customer"].tolist(), chosen.splits, strict=True):
        customer = UUID(int=high << 64 | low)
        if customer in customers:
            found[customer] = split
    return found


def people(chosen: Chosen) -> int:
    return len(grouped(*chosen.rows["customer"].T)[1])


class Pairs:
    """Blamed answers beside good ones. Each is used once, and whose words it answers stands on one
    side of the splits only."""

    def __init__(self, sieve: Sieve, chosen: Chosen) -> None:
        self._sieve = sieve
        self._worse = Worse.of(sieve.blamed)
        self._used: set[int] = set()
        self._side = sides(chosen, {row.customer for row in sieve.blamed})

    def joined(self, page: Sequence[Piece]) -> Iterator[Rough]:
        if not self._worse.rows:
            yield from (Rough(piece.data, piece.split, piece.weight, None) for piece in page)
            return
        near = self._worse.like([piece.question for piece in page])
        for piece, places in zip(page, near, strict=True):
            own = piece.human and corrects(unpacked(piece.data))
            worse = None if own else self._first(piece.split, places)
            yield Rough(piece.data, piece.split, piece.weight, worse)

    def _first(self, split: Split, places: Sequence[int]) -> bytes | None:
        for place in places:
            customer = self._worse.rows[place].customer
            if place not in self._used and self._side.setdefault(customer, split) == split:
                self._used.add(place)
                return self._sieve.raw(self._worse.rows[place].span)
        return None
