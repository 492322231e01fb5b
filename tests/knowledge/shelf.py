"""A shop's documents in a test: what they say, and a recount of everything that is counted."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np

from knowledge.documents import File, Ingested, document_id
from knowledge.extraction import opened_reader
from knowledge.ingest import Ingest
from knowledge.search import NO_SYNONYMS, Search, Searched, Synonyms
from llm.base import ModelUnavailable
from llm.embeddings import Embedder, Embedders, Vector, Weight, hashed, plainly
from services.files import Files
from store.session import Store
from text.lexemes import trigrams


@dataclass
class Hashes:
    """Vectors of a model of its own length, made as the offline ones are; `left` calls succeed."""

    model: str = "test-384"
    dim: int = 384
    left: int = 1_000_000
    texts: list[str] = field(default_factory=list)

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        if not self.left:
            raise ModelUnavailable("no more today")
        self.left -= 1
        self.texts += texts
        return [self._shorter(hashed(text)) for text in texts]

    async def embed_query(self, text: str, weight: Weight = plainly) -> Vector:
        return self._shorter(hashed(text, weight))

    async def close(self) -> None:
        """Nothing is open."""

    def _shorter(self, vector: Vector) -> Vector:
        short = np.asarray(vector[: self.dim] + 1e-6, np.float32)
        return np.asarray(short / np.linalg.norm(short), np.float32)


@dataclass(frozen=True)
class Shelf:
    ingest: Ingest
    shop: UUID

    async def put(self, name: str, text: str) -> Ingested:
        return await self.ingest.ingest(self.shop, File(name, text.encode()))

    async def switch(self, name: str, *, active: bool) -> bool:
        return await self.ingest.switch(self.shop, document_id(self.shop, name), active=active)

    async def remove(self, name: str) -> bool:
        return await self.ingest.remove(self.shop, document_id(self.shop, name))

    async def find(
        self, question: str, *, count: int = 5, also: Synonyms = NO_SYNONYMS, large: int = 10_000
    ) -> Searched:
        search = Search(self.ingest.store, self.ingest.embedders, large)
        return await search.search(self.shop, question, count=count, also=also)

    async def answers(self, question: str, **how: Any) -> list[str]:  # noqa: ANN401  of find
        """The names of the documents that answer, the best first."""
        return [hit.told.file_name for hit in (await self.find(question, **how)).answering]

    def of(self, shop: UUID) -> "Shelf":
        return replace(self, shop=shop)

    def by(self, embedder: Embedder) -> "Shelf":
        return replace(self, ingest=replace(self.ingest, embedders=Embedders(embedder)))


@asynccontextmanager
async def shelf(store: Store, shop: UUID, folder: Path) -> AsyncIterator[Shelf]:
    async with opened_reader() as reader:
        yield Shelf(Ingest(store, reader, files=Files(folder)), shop)


async def rows(store: Store, sql: str, *values: object) -> list[tuple[Any, ...]]:
    async with store.lookup() as connection:
        return [tuple(row.values()) for row in await connection.fetch(sql, *values)]


async def counted(store: Store, shop: UUID) -> dict[str, Any]:
    """What is written down beside the passages."""
    postings = await rows(
        store, "SELECT lexeme, passage_id, count, words FROM ml.posting WHERE shop_id = $1", shop
    )
    lexemes = await rows(store, "SELECT lexeme, passages FROM ml.lexeme WHERE shop_id = $1", shop)
    grams = await rows(store, "SELECT gram, lexeme FROM ml.lexeme_gram WHERE shop_id = $1", shop)
    corpus = await rows(store, "SELECT passages, words FROM ml.corpus WHERE shop_id = $1", shop)
    vectors = await rows(store, "SELECT passage_id, active FROM ml.vector WHERE shop_id = $1", shop)
    return {
        "postings": sorted(postings, key=str),
        "lexemes": dict(lexemes),
        "grams": set(grams),
        "corpus": corpus[0] if corpus else (0, 0),
        "vectors": dict(vectors),
    }


async def recounted(store: Store, shop: UUID) -> dict[str, Any]:
    """The same from the passages alone."""
    found = await rows(
        store,
        "SELECT p.id, p.lexemes, p.words, d.active FROM ml.passage p JOIN ml.document d"
        " ON d.shop_id = p.shop_id AND d.id = p.document_id WHERE p.shop_id = $1",
        shop,
    )
    told = [(id_, lexemes.split(), words) for id_, lexemes, words, active in found if active]
    postings = [
        (lexeme, id_, count, words)
        for id_, lexemes, words in told
        for lexeme, count in Counter(lexemes).items()
    ]
    known = Counter(lexeme for lexeme, *_ in postings)
    return {
        "postings": sorted(postings, key=str),
        "lexemes": dict(known),
        "grams": {(gram, lexeme) for lexeme in known for gram in trigrams(lexeme)},
        "corpus": (len(told), sum(words for _, _, words in told)),
        "vectors": {id_: active for id_, _, _, active in found},
    }


async def is_exact(store: Store, shop: UUID) -> bool:
    return await counted(store, shop) == await recounted(store, shop)
