"""Reads a document that was left to be read later, as a worker does."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

from knowledge.documents import File
from knowledge.extraction import DocumentRefused
from knowledge.ingest import Ingest, Superseded
from store import waiting
from store.waiting import Left


async def read_left(ingest: Ingest, shop: UUID, document: UUID, asked: str) -> dict[str, Any]:
    """What came of it. Twice is once: what was read no longer waits. Raises ModelError,
    StoreError, or a DocumentError that says nothing against the file; then it waits on."""
    async with ingest.store.lookup() as connection:
        left = await waiting.left_for(connection, shop, document)
    if left is None or left.at != asked:
        return {"outcome": "superseded"}
    try:
        told = await ingest.ingest(shop, await _file(ingest, left), asked=asked)
    except DocumentRefused as error:
        async with ingest.store.batch() as connection:
            await waiting.settle(connection, shop, document, asked, error.problem)
        return {"outcome": "refused", "problem": error.problem}
    except Superseded:
        return {"outcome": "superseded"}
    return {"outcome": told.outcome, "pages": told.pages, "passages": told.passages}


async def _file(ingest: Ingest, left: Left) -> File:
    path = ingest.files.path(left.stored) if ingest.files else None
    if path is None:
        raise DocumentRefused("lost")
    data = await asyncio.to_thread(path.read_bytes)
    lapses = datetime.fromisoformat(left.lapses_at) if left.lapses_at else None
    return File(left.name, data, left.title, left.description, left.origin, lapses)
