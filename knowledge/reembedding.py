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
from store.knowledge import DIMENSIONS
from store.passages import CorpusRow
from store.session import Store

Progress: TypeAlias = Callable[[int, int], None]
AT_ONCE: Final = 64


async def reembed(store: Store, shop: UUID, embedder: Embedder, progress: Progress) -> int:
    """How many vectors were made. Raises ModelError or StoreError; then the old ones go on."""
    wanted = CorpusRow(embedder.model, embedder.dim)
    made, after = 0, revectoring.FIRST
    async with store.lookup() as connection:
        of = await revectoring.count(connection, shop)
    while True:
        async with store.lookup() as connection:
            left = await revectoring.lacking(
                connection, shop, wanted.model, wanted.dim, after=after, most=AT_ONCE
            )
        if left:
            vectors = await embedder.embed([one.text for one in left])
            async with store.batch() as connection:
                await stored.hold(connection, shop)
                await revectoring.add(connection, shop, wanted, left, vectors)
            made, after = made + len(left), left[-1].id
            progress(made, max(of, made))
        elif await _taken_over(store, shop, wanted):
            return made
        else:
            after = revectoring.FIRST


async def _taken_over(store: Store, shop: UUID, wanted: CorpusRow) -> bool:
    """Nobody adds documents in between; False when somebody has."""
    async with store.batch() as connection:
        await stored.hold(connection, shop)
        corpus = await stored.corpus(connection, shop)
        if corpus is None or (corpus.model, corpus.dim) == (wanted.model, wanted.dim):
            await revectoring.forget(connection, shop, wanted.model, wanted.dim)
            return True
        if await revectoring.lacking(
            connection, shop, wanted.model, wanted.dim, after=revectoring.FIRST, most=1
        ):
            return False
        await revectoring.take_over(connection, shop, wanted.model, wanted.dim)
        return True


async def index_neighbours(
    store: Store, shop: UUID, progress: Progress, *, large: int = LARGE
) -> bool:
    """A shop that has grown large gets the index, unless its vectors are offline ones, or of a
    length that has none. Whether it has the index now."""
    async with store.lookup() as connection:
        corpus = await stored.corpus(connection, shop)
    if corpus is None or corpus.ann or corpus.passages <= large or not indexable(corpus):
        return corpus is not None and corpus.ann
    done = 0
    while moved := await _moved(store, shop, corpus):
        done += moved
        progress(done, max(corpus.passages, done))
    async with store.batch() as connection:
        await stored.hold(connection, shop)
        now = await stored.corpus(connection, shop)
        if now is None or (now.model, now.dim) != (corpus.model, corpus.dim):
            return False
        await revectoring.index(connection, shop, corpus, None)
        await revectoring.indexed(connection, shop)
    return True


def indexable(corpus: CorpusRow) -> bool:
    return corpus.dim in DIMENSIONS and not offline(corpus)


async def _moved(store: Store, shop: UUID, corpus: CorpusRow) -> int:
    async with store.batch() as connection:
        return await revectoring.index(connection, shop, corpus, AT_ONCE * 8)
