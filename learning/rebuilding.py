"""Writes a registered dataset again, byte for byte, from the rows it used."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

from learning.curation import Kept, taught
from learning.dataset import Built
from learning.errors import DatasetChanged
from learning.files import publish
from learning.manifest import MANIFEST, digest, lines_of, written
from learning.reading import these
from store.session import Store


async def rebuild_dataset(store: Store, built: Built, folder: Path) -> Path:
    """Refused when a row was corrected, masked or erased since: that is another dataset."""
    rows = built.manifest["rows"]
    kept = await _kept(store, built.shop, rows)
    files = lines_of(built.manifest["persona"], kept)
    now = {name: digest(text) for name, text in files.items()}
    then = {name: said["sha256"] for name, said in built.manifest["files"].items()}
    if len(kept) < len(rows) or now != then:
        raise DatasetChanged(
            f"Dataset {built.id} cannot be built again",
            f"{len(rows) - len(kept)} of its rows are gone, or others were changed",
            "Build a new one",
        )
    contents = {**files, MANIFEST: written(built.manifest)}
    await asyncio.to_thread(publish, folder, contents)
    return folder


async def _kept(store: Store, shop: UUID, rows: list[dict[str, Any]]) -> list[Kept]:
    examples = await these(store, shop, [UUID(row["id"]) for row in rows])
    found = [(row, examples[UUID(row["id"])]) for row in rows if UUID(row["id"]) in examples]
    return [Kept(taught(one), row["split"], row["weight"], 0) for row, one in found]
