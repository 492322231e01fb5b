"""Writes a registered dataset again, byte for byte, or says which of its rows have changed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

from config.packs import load_pack
from knowledge.prompt import own_recognisers
from learning.curation import Example, Kept, changed, taught
from learning.dataset import Built
from learning.errors import DatasetChanged
from learning.files import appear, drafted, written
from learning.finishing import Done, Finished, Guard, digested, finished
from learning.manifest import MANIFEST, shown, voice_of
from learning.reading import these
from learning.splits import SPLITS, Split
from learning.tallying import Tally
from learning.writing import Writer, writer
from store import datasets
from store.curating import Turn
from store.session import Store

PAGE: Final = 2_000
NAMED: Final = 20
"""So many of the rows that changed are told by their ids."""


@dataclass(slots=True)
class Changes:
    """Rows that are gone, and rows that would give another line than they did. Of who was erased
    only the number is known."""

    rows: int = 0
    gone: list[UUID] = field(default_factory=list)
    changed: list[UUID] = field(default_factory=list)
    erased: int = 0

    @property
    def none(self) -> bool:
        return not (self.gone or self.changed or self.erased)


@dataclass(frozen=True, slots=True)
class Remade:
    """A row of a dataset, `place` being its line; `done` is None where the row is gone."""

    id: UUID
    split: Split
    place: int
    done: Finished | None
    same: bool


async def rebuild_dataset(store: Store, built: Built, folder: Path) -> Path:
    """Refused when a row was corrected, masked or erased since: that is another dataset."""
    with drafted(folder.parent) as draft:
        with writer(draft) as files:
            changes = await _written(store, built, files)
        now = {name: told["sha256"] for name, told in files.files.items()}
        then = {name: told["sha256"] for name, told in built.manifest["files"].items()}
        if not changes.none or now != then:
            raise _changed(built, changes)
        with written(draft / MANIFEST) as file:
            file.write(shown(built.manifest).encode())
        await asyncio.to_thread(appear, draft, folder)
    return folder


async def changes_of(store: Store, built: Built) -> Changes:
    """Which of its rows would give other lines today."""
    changes = Changes()
    async for one in remade(store, built):
        _count(changes, one)
    changes.erased = built.rows - changes.rows
    return changes


async def _written(store: Store, built: Built, files: Writer) -> Changes:
    changes = Changes()
    async for one in remade(store, built):
        _count(changes, one)
        if one.done is not None and changes.none:
            files.write(Done([one.done], Tally()))
    changes.erased = built.rows - changes.rows
    return changes


def _count(changes: Changes, one: Remade) -> None:
    changes.rows += 1
    if one.done is None:
        changes.gone.append(one.id)
    elif not one.same:
        changes.changed.append(one.id)


async def remade(store: Store, built: Built) -> AsyncIterator[Remade]:
    """Every line from its row as it is now, composed as it was then."""
    voice = voice_of(built.manifest)
    guard = Guard(own_recognisers(load_pack(built.manifest["pack"])))
    for split in SPLITS:
        last = 0
        while rows := await datasets.lines(store, built.shop, built.id, split, last, PAGE):
            last = rows[-1]["place"]
            pairs = [row["pair"] for row in rows if row["pair"] is not None]
            worse = await datasets.worse(store, built.shop, built.id, split, pairs)
            ids = [row["training_id"] for row in rows]
            known = await these(store, built.shop, [*ids, *worse.values()])
            for row in rows:
                example = known.get(row["training_id"])
                other = known.get(worse.get(row["pair"], row["training_id"]))
                done = None
                if example is not None:
                    kept = Kept(_as_it_was(example, row), split, row["weight"], 0)
                    beside = taught(other) if other and row["pair"] in worse else None
                    done, _, _ = finished(kept, beside, voice, guard)
                yield Remade(row["training_id"], split, row["place"], done, _same(done, row))


def _as_it_was(example: Example, row: Turn) -> Example:
    """Its score may have moved on, which changes no line."""
    known = {name: row[name] for name in ("score", "corrected", "successful")}
    return changed(taught(example), **known)


def _same(done: Finished | None, row: Turn) -> bool:
    if done is None:
        return False
    pair = None if done.pair is None else digested(done.pair)
    return bool(digested(done.line) == row["digest"] and pair == row["pair_digest"])


def _changed(built: Built, changes: Changes) -> DatasetChanged:
    named = ", ".join(str(one) for one in changes.changed[:NAMED])
    gone = len(changes.gone) + changes.erased
    return DatasetChanged(
        f"Dataset {built.id} cannot be built again",
        f"{gone} of its rows are gone, {len(changes.changed)} were changed: {named or 'none'}",
        "Build a new one",
    )
