"""Moves a shop's passages to the vectors of another model, or into the index of neighbours.

The old vectors answer until the last new one is there; a killed run goes on where it was.
"""

from collections.abc import Callable
from typing import Final, TypeAlias
from uuid import UUID

from llm.embeddings import Embedder
from store import passages as stored
from store import revectoring
from store.finding import LARGE, offline
from store.session import Store

Progress: TypeAlias = Callable[[int, int], None]
AT_ONCE: Final = 64


async def reembed(store: Store, shop: UUID, embedder: Embedder, progress: Progress) -> int:
    """How many vectors were made. Raises ModelError or StoreError; then the old ones go on."""
    made = 0
    while True:
        async with store.lookup() as connection:
            left = await revectoring.lacking(connection, shop, embedder.model, AT_ONCE)
            of = await revectoring.count(connection, shop)
        if not left and await _taken_over(store, shop, embedder):
            return made
        vectors = await embedder.embed([one.text for one in left])
        async with store.batch() as connection:
            await revectoring.add(connection, shop, embedder.model, embedder.dim, left, vectors)
        made += len(left)
        progress(made, of)


async def _taken_over(store: Store, shop: UUID, embedder: Embedder) -> bool:
    """Nobody adds documents in between; False when somebody has."""
    async with store.batch() as connection:
        await stored.hold(connection, shop)
        if await revectoring.lacking(connection, shop, embedder.model, 1):
            return False
        await revectoring.take_over(connection, shop, embedder.model, embedder.dim)
        return True


async def index_neighbours(store: Store, shop: UUID, progress: Progress) -> bool:
    """A shop that has grown large gets the index, unless its vectors are offline ones."""
    async with store.lookup() as connection:
        corpus = await stored.corpus(connection, shop)
    if corpus is None or corpus.ann or corpus.passages <= LARGE or offline(corpus):
        return corpus is not None and corpus.ann
    done = 0
    while moved := await _moved(store, shop, corpus.model):
        done += moved
        progress(done, corpus.passages)
    async with store.batch() as connection:
        await stored.hold(connection, shop)
        await revectoring.index(connection, shop, corpus.model, 2 * corpus.passages)
        await revectoring.indexed(connection, shop)
    return True


async def _moved(store: Store, shop: UUID, model: str) -> int:
    async with store.batch() as connection:
        return await revectoring.index(connection, shop, model, AT_ONCE * 8)
