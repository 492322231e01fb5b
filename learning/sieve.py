"""Keeps numbers of a shop's rows that may teach, and sets the rest of them aside in a file: memory
does not grow with what is said in a million rows."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, overload
from uuid import UUID

import numpy as np

from config.settings import CurationSettings
from learning.curation import Example, Kept, Terms
from learning.duplicates import Sketch, copies
from learning.errors import RowForeign
from learning.grouping import Places
from learning.pairing import Blamed
from learning.selection import ROW, Rows, Selection, ordered, selected
from learning.sifting import MACHINE, Sifted, sifted
from learning.sketches import BANDS, HASHES
from learning.spilling import Span, Spill, packed, spill, unpacked
from learning.splits import SPLITS, Split

POOL: Final = 20
"""So many times the rows wanted are looked at before older ones are not even read."""
PAGE: Final = 500
READ_AT_ONCE: Final = 16 << 20
_LATER: Final = np.dtype(
    [("customer", "u8", 2), ("merit", "i1"), ("begun", "i8"), ("length", "i4"), ("plain", "i4")]
)
"""What is needed of a row once it was chosen."""


class Piece(NamedTuple):
    """A chosen row as it lies there, with its question in plain words."""

    data: bytes
    question: str
    human: bool
    split: Split
    weight: float
    cluster: int

    @property
    def kept(self) -> Kept:
        return Kept(unpacked(self.data), self.split, self.weight, self.cluster)


@dataclass(frozen=True, slots=True)
class Curation:
    kept: Sequence[Kept]
    dropped: dict[str, int]
    read: int


class Chosen(Sequence[Kept]):
    """The rows that teach, in the order of time, each fetched when it is looked at."""

    def __init__(self, spill: Spill, rows: Rows, selection: Selection) -> None:
        self.rows = np.empty(len(selection.places), _LATER)
        for name in _LATER.names or ():
            self.rows[name] = rows[name][selection.places]
        self._spill, self._selection = spill, selection

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def splits(self) -> list[Split]:
        return [SPLITS[place] for place in self._selection.splits]

    def pieces(self, start: int, end: int) -> list[Piece]:
        """In one reading where they lie near each other, as those of a time do."""
        rows = self.rows[start:end]
        low, high = _reach(rows)
        if high - low > READ_AT_ONCE:
            return [self._piece(place) for place in range(start, start + len(rows))]
        data = self._spill.raw(low, high - low)
        spans = zip((rows["begun"] - low).tolist(), _sizes(rows).tolist(), strict=True)
        texts = [data[begun : begun + size] for begun, size in spans]
        return [self._made(start + nth, text) for nth, text in enumerate(texts)]

    @overload
    def __getitem__(self, place: int) -> Kept: ...
    @overload
    def __getitem__(self, place: slice) -> list[Kept]: ...
    def __getitem__(self, place: int | slice) -> Kept | list[Kept]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        return self._piece(place).kept

    def __iter__(self) -> Iterator[Kept]:
        return (self[place] for place in range(len(self)))

    def _piece(self, place: int) -> Piece:
        row = self.rows[place]
        return self._made(place, self._spill.raw(int(row["begun"]), int(_sizes(row))))

    def _made(self, place: int, data: bytes) -> Piece:
        of, row = self._selection, self.rows[place]
        merit, length = int(row["merit"]), int(row["length"])
        return Piece(
            data[:length],
            data[length:].partition(b"\n")[0].decode(),
            merit < MACHINE,
            SPLITS[of.splits[place]],
            float(of.weights[place]),
            int(of.clusters[place]),
        )


def _sizes(rows: Rows) -> Places:
    sizes: Places = rows["length"] + rows["plain"]
    return sizes


def _reach(rows: Rows) -> tuple[int, int]:
    """From where to where they lie."""
    if not len(rows):
        return 0, 0
    return int(rows["begun"].min()), int((rows["begun"] + _sizes(rows)).max())


class Sieve:
    def __init__(self, shop: UUID, terms: Terms, spill: Spill) -> None:
        self.shop, self.terms, self.spill = shop, terms, spill
        self.read = 0
        self.dropped: Counter[str] = Counter()
        self.blamed: list[Blamed] = []
        self._intents: dict[str, int] = {}
        self._rows: list[Rows] = []
        self._sketches: list[Sketch] = []
        self._candidates = 0

    @property
    def full(self) -> bool:
        newest = self.terms.settings.newest
        return bool(newest) and self._candidates >= POOL * newest

    def take(self, page: Sequence[Example]) -> None:
        self.own(page)
        self.absorb(sifted([packed(example) for example in page], self.terms))

    def own(self, page: Iterable[Example]) -> None:
        """Raises RowForeign when a row is another shop's."""
        for example in page:
            if example.shop != self.shop:
                raise RowForeign(
                    f"Row {example.id} is not of shop {self.shop}",
                    f"it belongs to {example.shop}",
                    "Build each shop's dataset from its own rows",
                )

    def absorb(self, page: Sifted) -> None:
        begun, rows = self.spill.put(page.data), page.rows
        known = [self._intents.setdefault(name, len(self._intents)) for name in page.intents]
        if len(rows):
            rows["begun"] += begun
            rows["intent"] = np.array(known)[rows["intent"]]
            self._rows.append(rows)
            self._sketches.append(page.sketch)
        for one in page.blamed:
            place, length = one.span
            self.blamed.append(one._replace(span=(begun + place, length)))
        self.read += page.read
        self.dropped += page.dropped
        self._candidates += len(rows)

    def result(self) -> Curation:
        rows = self._together()
        order = ordered(rows)
        rows = rows[order]
        self.spill.settle()
        begun, length = rows["begun"] + rows["length"], rows["plain"]

        def plain(place: int) -> str:
            return self.spill.raw(int(begun[place]), int(length[place])).decode()

        found = copies(self._sketched(order), plain)
        selection = selected(rows, found, list(self._intents), self.terms.settings)
        dropped = dict(sorted((self.dropped + Counter(selection.dropped)).items()))
        return Curation(Chosen(self.spill, rows, selection), dropped, self.read)

    def _together(self) -> Rows:
        """Not kept in pieces as well: of a million rows that would be a second copy."""
        rows = np.concatenate(self._rows) if self._rows else np.empty(0, ROW)
        self._rows.clear()
        return rows

    def _sketched(self, order: Places) -> Sketch:
        """In that order; they are most of what is known of a row, so each page is let go."""
        size = len(order)
        digests, bands = np.empty((size, 2), np.uint64), np.empty((size, BANDS), np.uint32)
        last, places = np.empty((size, HASHES), np.uint8), np.empty(size, np.int64)
        places[order] = np.arange(size)
        while self._sketches:
            page = self._sketches.pop()
            places, its = np.split(places, [len(places) - len(page.digests)])
            digests[its], bands[its], last[its] = page.digests, page.bands, page.bytes
        return Sketch(digests, bands, last)

    def raw(self, span: Span) -> bytes:
        return self.spill.raw(*span)


def curate(rows: Iterable[Example], shop: UUID, settings: CurationSettings) -> Curation:
    """The same rows give the same result in whatever order they come."""
    with spill() as aside:
        sieve = Sieve(shop, Terms(settings), aside)
        everything = list(rows)
        for start in range(0, len(everything), PAGE):
            sieve.take(everything[start : start + PAGE])
        found = sieve.result()
        return replace(found, kept=tuple(found.kept))
