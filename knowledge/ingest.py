"""Makes a file part of what the bot knows: read, cut, embedded, and written whole or not at all."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from pathlib import PurePath
from typing import Final, Literal, TypeAlias
from uuid import UUID, uuid5

from knowledge.blocks import Block
from knowledge.chunking import Chunk, cut
from knowledge.extraction import DocumentError, Reader
from llm.embeddings import Embedder, Embedders, Vector
from services.clock import Clock, now
from services.files import Files
from store import passages as stored
from store.batches import Row
from store.passages import Contents, DocumentRow
from store.session import BatchConnection, Store
from text.folding import clean
from text.injection import Suspicion, suspicions
from text.lexemes import lexemes

Outcome: TypeAlias = Literal["new", "replaced", "unchanged", "readable"]
Step: TypeAlias = Callable[[str, int, int], None]
"""What is done, how much of it, of how much."""
NAMESPACE: Final = UUID("6f9a2c51-3a53-5b8f-9d0c-0d6f4f8f7a10")
AT_ONCE: Final = 64
"""Passages embedded in one call."""


class OtherModel(DocumentError):
    """The shop's documents have vectors of a model that is not at hand."""


def silently(_step: str, _done: int, _of: int) -> None:
    """Nobody looks."""


@dataclass(frozen=True, slots=True)
class File:
    """`name` is what the document is known by: the same name again replaces what it said."""

    name: str
    data: bytes
    title: str = ""
    description: str = ""
    origin: str = "person"


@dataclass(frozen=True, slots=True)
class Ingested:
    """`flags` is what a person should look at before customers are told what it says."""

    id: UUID
    name: str
    title: str
    format: str
    outcome: Outcome
    pages: int
    chunks: int
    passages: int
    flags: tuple[Suspicion, ...] = ()


@dataclass(frozen=True, slots=True)
class Ingest:
    store: Store
    reader: Reader
    embedders: Embedders = field(default_factory=Embedders)
    files: Files | None = None
    clock: Clock = now

    async def ingest(
        self, shop: UUID, file: File, *, dry_run: bool = False, step: Step = silently
    ) -> Ingested:
        """Raises DocumentError, ModelError or StoreError; then everything is as it was."""
        before = await self._state(shop, document_id(shop, file.name))
        step("reading", 0, 1)
        told, chunks = await self._read(shop, file)
        digest = sha256(file.data).hexdigest()
        if before is not None and before.sha256 == digest:
            return replace(told, outcome="unchanged")
        if dry_run:
            return told
        row = _row(told, file, digest, chunks)
        row = replace(
            row,
            stored=self.files.keep(str(shop), file.data)[1] if self.files else None,
            active=(before is None or before.active) and not told.flags,
        )
        embedder = await self._embedder(shop)
        contents = await _contents(row, chunks, embedder, step)
        async with self.store.batch() as connection:
            await stored.hold(connection, shop)
            await self._same_model(connection, shop, embedder)
            await stored.write(connection, shop, row, contents, self.clock())
        return replace(told, outcome="new" if before is None else "replaced")

    async def _read(self, shop: UUID, file: File) -> tuple[Ingested, list[Chunk]]:
        kind, extract = await self.reader.read(file.data, file.name)
        chunks = cut(extract.blocks)
        told = Ingested(
            id=document_id(shop, file.name),
            name=file.name,
            title=file.title or titled(file.name, extract.blocks),
            format=kind,
            outcome="readable",
            pages=extract.pages,
            chunks=len(chunks),
            passages=sum(len(chunk.passages) for chunk in chunks),
            flags=tuple(suspicions(_text(chunks))),
        )
        return told, chunks

    async def switch(self, shop: UUID, document: UUID, *, active: bool) -> bool:
        """In or out of answers, at once; False when there is no such document."""
        async with self.store.batch() as connection:
            await stored.hold(connection, shop)
            return await stored.switch(connection, shop, document, active=active, at=self.clock())

    async def remove(self, shop: UUID, document: UUID) -> bool:
        async with self.store.batch() as connection:
            await stored.hold(connection, shop)
            return await stored.remove(connection, shop, document)

    async def _state(self, shop: UUID, document: UUID) -> stored.State | None:
        async with self.store.lookup() as connection:
            return await stored.state(connection, shop, document)

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


def _row(told: Ingested, file: File, digest: str, chunks: Sequence[Chunk]) -> DocumentRow:
    flags = [asdict(flag) for flag in told.flags]
    return DocumentRow(
        id=told.id,
        title=told.title,
        description=file.description,
        file_name=file.name,
        format=told.format,
        size=len(file.data),
        sha256=digest,
        stored=None,
        text=_text(chunks),
        pages=told.pages,
        flags=json.dumps(flags, ensure_ascii=False),
        origin=file.origin,
    )


def _text(chunks: Iterable[Chunk]) -> str:
    return "\n\n".join(chunk.text for chunk in chunks)


def document_id(shop: UUID, name: str) -> UUID:
    return uuid5(NAMESPACE, f"{shop}:{name}")


def titled(name: str, blocks: Iterable[Block]) -> str:
    """Its first heading, if it begins with one; else the name of its file."""
    first = next(iter(blocks), None)
    if first is not None and first.kind == "heading":
        return clean(first.text, 200)
    return clean(" ".join(PurePath(name).stem.replace("_", " ").replace("-", " ").split()), 200)


async def _contents(
    document: DocumentRow, chunks: Sequence[Chunk], embedder: Embedder, step: Step
) -> Contents:
    """Ids follow from the text, so that writing the same document twice changes nothing."""
    cause = uuid5(document.id, f"{document.sha256}:{embedder.model}")
    chunk_rows: list[Row] = []
    passage_rows: list[Row] = []
    texts: list[str] = []
    for place, chunk in enumerate(chunks):
        chunk_id = uuid5(cause, f"chunk:{place}")
        chunk_rows.append((chunk_id, place, chunk.heading, chunk.text, chunk.tokens))
        for passage in chunk.passages:
            searched = f"{document.title}. {passage.heading}. {passage.text}"
            words = lexemes(searched)
            passage_id = uuid5(cause, f"passage:{len(passage_rows)}")
            passage_rows.append(
                (passage_id, chunk_id, passage.page, passage.heading, passage.text, len(words),
                 " ".join(words))
            )  # fmt: skip
            texts.append(searched)
    vectors: list[Vector] = []
    for start in range(0, len(texts), AT_ONCE):
        vectors += await embedder.embed(texts[start : start + AT_ONCE])
        step("embedding", len(vectors), len(texts))
    ids = [row[0] for row in passage_rows]
    return Contents(chunk_rows, passage_rows, list(zip(ids, vectors, strict=True)))
