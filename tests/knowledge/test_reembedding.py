import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from knowledge.reembedding import index_neighbours, reembed
from llm.base import ModelUnavailable
from llm.embeddings import OfflineEmbedder
from store import passages
from store.session import Store
from tests.knowledge.shelf import Hashes, Shelf, is_exact, rows, shelf

TEXTS = [f"# Parte {n}\n\nLa regla {n} dice que la cuota {n * 7} vence el {n}." for n in range(150)]
QUESTION = "¿qué dice la regla 7?"


def quietly(_done: int, _of: int) -> None:
    """Nobody looks."""


@pytest.fixture
async def books(store: Store, shop: UUID, tmp_path: Path) -> AsyncIterator[Shelf]:
    """Of 150 passages: three calls of the model."""
    async with shelf(store, shop, tmp_path / "kept") as opened:
        await opened.put("reglas.md", "\n\n".join(TEXTS))
        yield opened


async def models(store: Store) -> dict[tuple[str, int], int]:
    found = await rows(store, "SELECT model, dim, count(*) FROM ml.vector GROUP BY 1, 2")
    return {(model, dim): count for model, dim, count in found}


async def corpus(store: Store, shop: UUID) -> Any:  # noqa: ANN401  a row
    async with store.lookup() as connection:
        return await passages.corpus(connection, shop)


async def test_the_old_vectors_answer_until_the_last_new_one_is_there(
    books: Shelf, store: Store
) -> None:
    seen: list[tuple[int, int]] = []
    with pytest.raises(ModelUnavailable):
        await reembed(store, books.shop, Hashes(left=2), lambda *told: seen.append(told))
    assert seen == [(64, 150), (128, 150)]
    assert (await corpus(store, books.shop)).model == "offline-1"
    assert await models(store) == {("offline-1", 1024): 150, ("test-384", 384): 128}
    assert await books.answers(QUESTION)

    again = Hashes()
    assert await reembed(store, books.shop, again, quietly) == 22
    assert await models(store) == {("test-384", 384): 150}
    row = await corpus(store, books.shop)
    assert (row.model, row.dim) == ("test-384", 384)
    assert await books.by(again).answers(QUESTION) == ["reglas.md"]
    assert await is_exact(store, books.shop)


async def test_the_same_model_with_shorter_vectors_is_another_one(
    books: Shelf, store: Store
) -> None:
    await reembed(store, books.shop, Hashes("m", 384), quietly)
    assert await reembed(store, books.shop, Hashes("m", 512), quietly) == 150
    assert await models(store) == {("m", 512): 150}
    assert (await corpus(store, books.shop)).dim == 512


async def test_to_move_where_it_is_costs_nothing_and_drops_what_was_begun(
    books: Shelf, store: Store
) -> None:
    with pytest.raises(ModelUnavailable):
        await reembed(store, books.shop, Hashes(left=1), quietly)
    assert await reembed(store, books.shop, OfflineEmbedder(), quietly) == 0
    assert await models(store) == {("offline-1", 1024): 150}


class Meanwhile(Hashes):
    """Something happens to the documents while the first texts are embedded."""

    happening: Any = None

    async def embed(self, texts: Any) -> Any:  # noqa: ANN401  of the one above
        if self.happening is not None:
            happening, self.happening = self.happening, None
            await happening()
        return await super().embed(texts)


async def test_documents_added_meanwhile_are_moved_too(books: Shelf, store: Store) -> None:
    embedder = Meanwhile()
    embedder.happening = lambda: books.put("nuevo.md", "# Nuevo\n\nEl retiro es gratis.")
    assert await reembed(store, books.shop, embedder, quietly) == 151
    assert await books.by(embedder).answers("¿el retiro es gratis?") == ["nuevo.md"]
    assert await is_exact(store, books.shop)


async def test_documents_switched_off_or_replaced_meanwhile_stay_out_of_answers(
    books: Shelf, store: Store
) -> None:
    embedder = Meanwhile()
    embedder.happening = lambda: books.switch("reglas.md", active=False)
    await reembed(store, books.shop, embedder, quietly)
    assert await is_exact(store, books.shop)
    assert await books.by(embedder).answers(QUESTION) == []

    other = Meanwhile("other", 512)
    other.happening = lambda: books.by(embedder).put("reglas.md", "# Otra\n\nNada de eso.")
    await reembed(store, books.shop, other, quietly)
    assert await models(store) == {("other", 512): 1}


async def test_two_who_move_at_once_move_once(books: Shelf, store: Store) -> None:
    await asyncio.gather(*(reembed(store, books.shop, Hashes(), quietly) for _ in range(3)))
    assert await models(store) == {("test-384", 384): 150}
    assert await is_exact(store, books.shop)


async def test_a_shop_without_documents_has_nothing_to_move(store: Store, shop: UUID) -> None:
    assert await reembed(store, shop, Hashes(), quietly) == 0
    assert not await index_neighbours(store, shop, quietly)


async def test_a_large_shop_gets_the_index_once_and_a_small_one_does_not(
    books: Shelf, store: Store
) -> None:
    assert not await index_neighbours(store, books.shop, quietly, large=10)
    await reembed(store, books.shop, Hashes(), quietly)
    assert not await index_neighbours(store, books.shop, quietly, large=150)
    seen: list[tuple[int, int]] = []
    assert await index_neighbours(store, books.shop, lambda *told: seen.append(told), large=149)
    assert seen == [(150, 150)]
    assert await rows(store, "SELECT count(*) FROM ml.vector WHERE ann") == [(150,)]
    assert await index_neighbours(store, books.shop, quietly, large=149)
    assert len(seen) == 1


async def test_other_vectors_leave_the_index_and_may_enter_it_again(
    books: Shelf, store: Store
) -> None:
    await reembed(store, books.shop, Hashes(), quietly)
    await index_neighbours(store, books.shop, quietly, large=1)
    await reembed(store, books.shop, Hashes("next", 768), quietly)
    assert not (await corpus(store, books.shop)).ann
    assert await rows(store, "SELECT count(*) FROM ml.vector WHERE ann") == [(0,)]
    assert await index_neighbours(store, books.shop, quietly, large=1)
