"""Makes a file part of what the bot knows: read, cut, embedded, and written whole or not at all."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias
from uuid import UUID

from knowledge.documents import Cut, File, Ingested, document_id, prepared, titled
from knowledge.extraction import DocumentError, DocumentRefused, Reader, sniffed
from knowledge.uploads import counted
from llm.embeddings import Embedder, Embedders, Vector
from services.clock import Clock, now
from services.files import Files
from store import passages as stored
from store import waiting
from store.audit import Actor, record_by
from store.passages import Contents, State
from store.session import BatchConnection, Store
from store.waiting import Left

Step: TypeAlias = Callable[[str, int, int], None]
"""What is done, how much of it, of how much."""
AT_ONCE: Final = 64
"""Passages embedded in one call."""


class OtherModel(DocumentError):
    """The shop's documents have vectors of a model that is not at hand."""


class Superseded(DocumentError):
    """Another file of the same name was left, or the document removed, while this one was read."""


def silently(_step: str, _done: int, _of: int) -> None:
    """Nobody looks."""


@dataclass(frozen=True, slots=True)
class Ingest:
    """A file of more than `at_once` bytes is left to a worker by `take`; None is never. Where an
    `actor` asks, each act and its line in the audit count together, and at most `a_day` files are
    taken within 24 hours; None is any number."""

    store: Store
    reader: Reader
    embedders: Embedders = field(default_factory=Embedders)
    files: Files | None = None
    clock: Clock = now
    at_once: int | None = None
    a_day: int | None = None
    actor: Actor | None = None

    async def take(self, shop: UUID, file: File) -> Ingested:
        """At once, or `waiting` for a worker if it is large. Raises as `ingest` does."""
        if self.at_once is None or self.files is None or len(file.data) <= self.at_once:
            return await self.ingest(shop, file)
        return await self.leave(shop, file)

    async def leave(self, shop: UUID, file: File) -> Ingested:
        """Keeps a file to be read later; what the document says now stays in answers till then."""
        if self.files is None:
            raise LookupError("there is no place to keep files in")
        if len(file.data) > self.reader.caps.size:
            raise DocumentRefused("too_big")
        kind = sniffed(file.data, file.name)
        id_ = document_id(shop, file.name)
        title = file.title or titled(file.name)
        async with self.store.batch() as connection:
            await stored.hold(connection, shop)
            await self._counted(connection, shop)
            before = await stored.state(connection, shop, id_)
            _, place = await asyncio.to_thread(self.files.keep, str(shop), file.data)
            left = Left(
                stored=place,
                at=self.clock().isoformat(),
                name=file.name,
                title=file.title,
                description=file.description,
                origin=file.origin,
                size=len(file.data),
                lapses_at=file.lapses_at.isoformat() if file.lapses_at else None,
            )
            await waiting.leave(connection, shop, id_, left, shown_as=title, kind=kind)
            await self._note(connection, shop, id_, "document.uploaded", name=file.name)
        await self._tidy(shop, before)
        return Ingested(id_, file.name, title, kind, "waiting")

    async def ingest(
        self,
        shop: UUID,
        file: File,
        *,
        dry_run: bool = False,
        step: Step = silently,
        asked: str | None = None,
    ) -> Ingested:
        """Raises DocumentError, ModelError or StoreError; then everything is as it was.

        `asked` is when the file was left to be read: one that no longer waits is not written.
        """
        async with self.store.lookup() as connection:  # nothing is read for what is not taken
            await self._counted(connection, shop)
            before = await stored.state(connection, shop, document_id(shop, file.name))
        step("reading", 0, 1)
        kind, extract = await self.reader.read(file.data, file.name)
        cut = await asyncio.to_thread(prepared, shop, file, kind, extract.blocks, extract.pages)
        if before is not None and before.sha256 == file.digest and not asked:
            return replace(cut.told, outcome="unchanged")
        if dry_run:
            return cut.told
        embedder = await self._embedder(shop)
        vectors = await _embedded(cut, embedder, step)
        ids = [row[0] for row in cut.passages]
        contents = Contents(cut.chunks, cut.passages, list(zip(ids, vectors, strict=True)))
        before = await self._write(shop, (file, cut), contents, embedder, asked)
        await self._tidy(shop, before)
        step("written", 1, 1)
        fresh = before is None or not before.processed
        return replace(cut.told, outcome="new" if fresh else "replaced")

    async def _write(
        self,
        shop: UUID,
        wanted: tuple[File, Cut],
        contents: Contents,
        embedder: Embedder,
        asked: str | None,
    ) -> State | None:
        """What stood there before. A person's switch is looked at last: it may have been used while
        the file was read."""
        file, cut = wanted
        async with self.store.batch() as connection:
            await stored.hold(connection, shop)
            await self._counted(connection, shop)
            await self._same_model(connection, shop, embedder)
            before = await stored.state(connection, shop, cut.row.id)
            if asked and (before is None or before.asked != asked):
                raise Superseded(f"{file.name} no longer waits to be read")
            place = None
            if self.files is not None:
                _, place = await asyncio.to_thread(self.files.keep, str(shop), file.data)
            active = (before is None or before.active) and not cut.told.flags
            row = replace(cut.row, stored=place, active=active)
            await stored.write(connection, shop, row, contents, self.clock())
            await self._note(connection, shop, row.id, "document.uploaded", name=file.name)
        return before

    async def switch(self, shop: UUID, document: UUID, *, active: bool) -> bool:
        """In or out of answers, at once; False when there is no such document."""
        async with self.store.batch() as connection:
            await stored.hold(connection, shop)
            at = self.clock()
            known = await stored.switch(connection, shop, document, active=active, at=at)
            if known:
                await self._note(connection, shop, document, "document.changed", active=active)
            return known

    async def remove(self, shop: UUID, document: UUID) -> bool:
        """With its file."""
        async with self.store.batch() as connection:
            await stored.hold(connection, shop)
            before = await stored.state(connection, shop, document)
            await stored.remove(connection, shop, document)
            if before is not None:
                await self._note(connection, shop, document, "document.removed")
        await self._tidy(shop, before)
        return before is not None

    async def _note(
        self, connection: BatchConnection, shop: UUID, document: UUID, action: str, **told: object
    ) -> None:
        if self.actor is not None:
            deed = (action, f"document:{document}", None, told or None)
            await record_by(connection, shop, self.clock(), self.actor, deed)

    async def _tidy(self, shop: UUID, before: State | None) -> None:
        """The files of what is no longer there go too, unless another document is the same."""
        places = [before.stored, before.waiting_in] if before else []
        if self.files is None or not any(places):
            return
        async with self.store.batch() as connection:
            await stored.hold(connection, shop)
            for place in filter(None, places):
                if not await waiting.kept(connection, shop, place):
                    await asyncio.to_thread(self.files.forget, place)

    async def _counted(self, connection: BatchConnection, shop: UUID) -> None:
        """Raises TooManyFiles; to be sure of it, the caller holds the shop."""
        if self.actor is not None:
            await counted(connection, shop, self.a_day, self.clock())

    async def _embedder(self, shop: UUID) -> Embedder:
        """The model of the shop's other documents; the first one gets the configured model."""
        async with self.store.lookup() as connection:
            row = await stored.corpus(connection, shop)
        if row is None:
            return self.embedders.ours
        known = self.embedders.of(row.model, row.dim)
        if known is None:
            raise OtherModel(
                f"the shop's documents have vectors of {row.model} ({row.dim} numbers), "
                f"the settings name {self.embedders.ours.model}"
            )
        return known

    async def _same_model(
        self, connection: BatchConnection, shop: UUID, embedder: Embedder
    ) -> None:
        """The model may have been changed while the vectors were made."""
        row = await stored.begin(connection, shop, embedder.model, embedder.dim)
        if (row.model, row.dim) != (embedder.model, embedder.dim):
            raise OtherModel(f"the shop's documents changed to vectors of {row.model} meanwhile")


async def _embedded(cut: Cut, embedder: Embedder, step: Step) -> list[Vector]:
    vectors: list[Vector] = []
    step("embedding", 0, len(cut.texts))
    for start in range(0, len(cut.texts), AT_ONCE):
        vectors += await embedder.embed(cut.texts[start : start + AT_ONCE])
        step("embedding", len(vectors), len(cut.texts))
    return vectors
