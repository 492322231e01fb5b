"""What a file becomes: its name and title, the rows of its chunks and passages."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import PurePath
from typing import Final, Literal, TypeAlias
from uuid import UUID, uuid5

from knowledge.blocks import Block
from knowledge.chunking import Chunk, cut
from store.batches import Row
from store.passages import DocumentRow
from text.folding import clean
from text.injection import Suspicion, suspicions
from text.lexemes import lexemes

Outcome: TypeAlias = Literal["new", "replaced", "unchanged", "readable", "waiting"]
NAMESPACE: Final = UUID("6f9a2c51-3a53-5b8f-9d0c-0d6f4f8f7a10")
TITLE: Final = 200


@dataclass(frozen=True, slots=True)
class File:
    """`name` is what the document is known by: the same name again replaces what it said. From
    `lapses_at` on it is out of answers."""

    name: str
    data: bytes
    title: str = ""
    description: str = ""
    origin: str = "person"
    lapses_at: datetime | None = None

    @property
    def digest(self) -> str:
        return sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Ingested:
    """`flags` is what a person should look at before customers are told what it says."""

    id: UUID
    name: str
    title: str
    format: str
    outcome: Outcome
    pages: int = 0
    chunks: int = 0
    passages: int = 0
    flags: tuple[Suspicion, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """A document as it will be written, but for its vectors; `texts` are what those are made of."""

    told: Ingested
    row: DocumentRow
    chunks: Sequence[Row]
    passages: Sequence[Row]
    texts: Sequence[str]


def document_id(shop: UUID, name: str) -> UUID:
    return uuid5(NAMESPACE, f"{shop}:{name}")


def titled(name: str, blocks: Iterable[Block] = ()) -> str:
    """Its first heading, if it begins with one; else the name of its file."""
    first = next(iter(blocks), None)
    if first is not None and first.kind == "heading":
        return clean(first.text, TITLE)
    return clean(" ".join(PurePath(name).stem.replace("_", " ").replace("-", " ").split()), TITLE)


def prepared(shop: UUID, file: File, kind: str, blocks: Sequence[Block], pages: int) -> Cut:
    """Ids follow from the text, so that writing the same document twice changes nothing."""
    chunks = cut(blocks)
    told = Ingested(
        id=document_id(shop, file.name),
        name=file.name,
        title=file.title or titled(file.name, blocks),
        format=kind,
        outcome="readable",
        pages=pages,
        chunks=len(chunks),
        passages=sum(len(chunk.passages) for chunk in chunks),
        flags=tuple(suspicions(_text(chunks))),
    )
    return Cut(told, _row(told, file, chunks), *_rows(told, file.digest, chunks))


def _row(told: Ingested, file: File, chunks: Sequence[Chunk]) -> DocumentRow:
    flags = [asdict(flag) for flag in told.flags]
    return DocumentRow(
        id=told.id,
        title=told.title,
        description=file.description,
        file_name=file.name,
        format=told.format,
        size=len(file.data),
        sha256=file.digest,
        stored=None,
        text=_text(chunks),
        pages=told.pages,
        flags=json.dumps(flags, ensure_ascii=False),
        origin=file.origin,
        lapses_at=file.lapses_at,
    )


def _text(chunks: Iterable[Chunk]) -> str:
    """With the heading over each chunk: an order to a model may stand there too."""
    told = (f"{chunk.heading}\n{chunk.text}" if chunk.heading else chunk.text for chunk in chunks)
    return "\n\n".join(told)


def _rows(
    told: Ingested, digest: str, chunks: Sequence[Chunk]
) -> tuple[list[Row], list[Row], list[str]]:
    cause = uuid5(told.id, digest)
    chunk_rows: list[Row] = []
    passage_rows: list[Row] = []
    texts: list[str] = []
    for place, chunk in enumerate(chunks):
        chunk_id = uuid5(cause, f"chunk:{place}")
        chunk_rows.append((chunk_id, place, chunk.heading, chunk.text, chunk.tokens))
        for passage in chunk.passages:
            searched = f"{told.title}. {passage.heading}. {passage.text}"
            words = lexemes(searched)
            passage_id = uuid5(cause, f"passage:{len(passage_rows)}")
            passage_rows.append(
                (passage_id, chunk_id, passage.page, passage.heading, passage.text, len(words),
                 " ".join(words))
            )  # fmt: skip
            texts.append(searched)
    return chunk_rows, passage_rows, texts
