"""Keeps a file between the look at what it would change and the word to apply it."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from knowledge.importing import service
from knowledge.importing.errors import PreviewOutdated, UndoRefused
from knowledge.importing.service import REGRET, Applied, Proposal, Undone, Wanted
from knowledge.importing.sheets import ROWS
from services.files import Files
from store import proposals
from store.proposals import CatalogueProposal
from store.session import Store


@dataclass(frozen=True, slots=True)
class Held:
    """`import_id` is what it became when it was applied."""

    id: UUID
    proposal: Proposal
    import_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """One shop's files; they are kept as long as an import may be regretted."""

    store: Store
    files: Files
    shop: UUID

    async def hold(self, file: str, data: bytes, wanted: Wanted, *, by: str, at: datetime) -> Held:
        """Changes nothing in the catalogue. Raises ImportRefused."""
        proposal = await service.propose(self.store, self.shop, file, data, wanted)
        digest, place = await asyncio.to_thread(self.files.keep, str(self.shop), data)
        row = CatalogueProposal(
            shop_id=self.shop,
            id=uuid4(),
            file=file,
            sha256=digest,
            stored=place,
            wanted={**asdict(wanted), "said": dict(wanted.said)},
            by=by,
            at=at,
        )
        async with self.store.transaction() as session:
            gone = await proposals.forget(session, self.shop, at - REGRET)
            await proposals.keep(session, row)
        for old in gone - {place}:
            await asyncio.to_thread(self.files.forget, old)
        return Held(row.id, proposal)

    async def find(self, which: UUID) -> Held | None:
        """As it would change the catalogue of this moment. Raises ImportRefused."""
        async with self.store.reading() as session:
            row = await proposals.proposal(session, self.shop, which)
        if row is None:
            return None
        data = await asyncio.to_thread(self._read, row.stored)
        wanted = _wanted(row.wanted)
        found = await service.propose(self.store, self.shop, row.file, data, wanted)
        return Held(row.id, found, row.import_id)

    async def apply(self, held: Held, *, by: str, at: datetime) -> Applied:
        """Raises ImportRefused."""
        if held.import_id is not None:
            raise PreviewOutdated("it was applied before", hint="look at the catalogue")
        applied = await service.apply(self.store, held.proposal, by=by, at=at)
        if applied.id is not None:
            async with self.store.transaction() as session:
                await proposals.became(session, self.shop, held.id, applied.id)
        return applied

    async def undo(self, which: UUID, *, by: str, at: datetime, force: bool) -> Undone:
        """By the id of an import, or of the proposal that it was. Raises ImportRefused."""
        async with self.store.reading() as session:
            row = await proposals.proposal(session, self.shop, which)
        if row is not None and row.import_id is None:
            raise UndoRefused(f"{row.file} was never applied")
        known = row.import_id if row is not None and row.import_id else which
        return await service.undo(self.store, self.shop, known, by=by, at=at, force=force)

    def _read(self, place: str) -> bytes:
        path: Path | None = self.files.path(place)
        if path is None:
            raise PreviewOutdated("its file is no longer kept", hint="send it again")
        return path.read_bytes()


def _wanted(told: Mapping[str, Any]) -> Wanted:
    return Wanted(told["said"], told["skip_bad"], told["missing_off"], told.get("rows", ROWS))
