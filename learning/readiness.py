"""Whether a dataset is what it was, and may be trained on: looked at before any training starts."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

from config.packs import load_pack
from knowledge.prompt import own_recognisers
from learning.dataset import Built, as_built
from learning.errors import DatasetChanged, DatasetStale, DatasetUnfit, DatasetUnknown
from learning.finishing import digested
from learning.manifest import MANIFEST, shown
from learning.rebuilding import Changes, changes_of
from learning.splits import SPLITS
from learning.validating import For, Inspector, Report
from learning.writing import LINES, PAIRS
from store import datasets
from store.curating import Turn
from store.session import Store

PAGE: Final = 2_000
NAMED: Final = 20
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Altered:
    """A place in a file that is not what was written; without a line it is the file, or its end."""

    file: str
    line: int | None = None
    row: UUID | None = None


@dataclass(slots=True)
class Verdict:
    altered: list[Altered] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)

    @property
    def ok(self) -> bool:
        return not self.altered and self.changes.none


async def find(store: Store, shop: UUID, which: str) -> Built:
    """By its period, or by the beginning of its id; looked at for customers who left since."""
    async with store.batch() as connection:
        await datasets.mark_stale(connection, shop)
    async with store.reading() as session:
        every = await datasets.every(session, shop)
    found = [one for one in every if which in {one.period, str(one.id)[: max(len(which), 4)]}]
    if len(found) != 1:
        none, many = "There is no dataset", f"{len(found)} datasets begin like"
        raise DatasetUnknown(
            f"{many if found else none} {which!r}",
            "a week like 2026-W47 or the beginning of an id names one",
            "Look at main.py dataset list",
        )
    return as_built(found[0])


async def ready(store: Store, shop: UUID, which: str, provider: For) -> Built:
    """Raises DatasetStale, DatasetChanged or DatasetUnfit when nothing may be trained on it."""
    built = fresh(await find(store, shop, which))
    altered = await asyncio.to_thread(_altered_files, built)
    if altered:
        raise DatasetChanged(
            f"Dataset {built.id} was changed on disk",
            f"{', '.join(altered)} are not what was written",
            "Write it again: main.py dataset rebuild",
        )
    for report in await asyncio.to_thread(inspect, built, provider):
        if not report.ok:
            first = report.problems[0]
            where = "" if first.line is None else f"line {first.line}: "
            raise DatasetUnfit(
                f"{provider} would refuse dataset {built.id}",
                f"{where}{first.what}, {first.why}",
                f"{first.next[:1].upper()}{first.next[1:]}",
            )
    return built


def fresh(built: Built) -> Built:
    if built.stale is not None:
        raise DatasetStale(
            f"Dataset {built.id} is stale", built.stale, "Build a new one of the rows that are left"
        )
    return built


def inspect(built: Built, provider: For) -> Iterator[Report]:
    """What a trainer is given: to train on, and to look at meanwhile."""
    recognisers = own_recognisers(load_pack(built.manifest["pack"]))
    inspector = Inspector(provider, recognisers)
    kind = PAIRS if provider == "openai-dpo" else LINES
    for split in ("train", "validation"):
        name = kind.format(split)
        with (built.path / name).open("rb") as lines:
            yield inspector.inspected(name, lines, trained=split == "train")


async def verify(store: Store, built: Built) -> Verdict:
    """Every byte of its files, and every row it was made of."""
    verdict = Verdict(changes=await changes_of(store, built))
    for name in await asyncio.to_thread(_altered_files, built):
        found = [one async for one in _altered_lines(store, built, name)]
        verdict.altered.extend(found or [Altered(name)])
    return verdict


def _altered_files(built: Built) -> list[str]:
    said = {name: told["sha256"] for name, told in built.manifest["files"].items()}
    said[MANIFEST] = hashlib.sha256(shown(built.manifest).encode()).hexdigest()
    return [name for name, sha in said.items() if _sha(built.path / name) != sha]


def _sha(path: Path) -> str:
    sha = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                sha.update(chunk)
    except OSError:
        return ""
    return sha.hexdigest()


async def _altered_lines(store: Store, built: Built, name: str) -> AsyncIterator[Altered]:
    split = name.partition(".")[0]
    column = {LINES.format(split): "digest", PAIRS.format(split): "pair_digest"}.get(name)
    if split not in SPLITS or column is None or not (built.path / name).is_file():
        return
    found = 0
    with (built.path / name).open("rb") as lines:
        number = 0
        async for row in _rows(store, built, split):
            if row[column] is None:
                continue
            number += 1
            if digested(next(lines, b"")) != row[column]:
                found += 1
                yield Altered(name, number, row["training_id"])
            if found == NAMED:
                return


async def _rows(store: Store, built: Built, split: str) -> AsyncIterator[Turn]:
    last = 0
    while rows := await datasets.lines(store, built.shop, built.id, split, last, PAGE):
        last = rows[-1]["place"]
        for row in rows:
            yield row
