import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from structlog.testing import capture_logs

from knowledge.reembedding import index_neighbours
from knowledge.search import NOTHING, Search, wanted_words
from llm.embeddings import Embedders, Vector, Weight, hashed, plainly
from store import finding
from store.base import StoreUnavailable
from store.passages import CorpusRow
from store.session import Store, open_store
from store.vectors import packed, teach
from tests.fixtures.store import add_shop
from tests.knowledge.shelf import Hashes, Shelf, shelf
from text.lexemes import lexemes

TEXTS: Mapping[str, str] = {
    "cambios.md": "# Cambios\n\nSe cambia dentro de treinta días con la boleta original.",
    "credito.md": "# Créditos\n\nEl préstamo se aprueba con antigüedad de doce meses y un aval.",
    "envio.md": "# Despacho\n\nEl despacho a regiones demora tres días hábiles por camión.",
    "agua.md": "# Cuidado\n\nLa mochila impermeable se lava a mano con agua fría y jabón neutro.",
}


def quietly(_done: int, _of: int) -> None:
    """Nobody looks."""


@pytest.fixture
async def books(store: Store, shop: UUID, tmp_path: Path) -> AsyncIterator[Shelf]:
    async with shelf(store, shop, tmp_path / "kept") as opened:
        for name, text in TEXTS.items():
            await opened.put(name, text)
        yield opened


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("¿cuánta antigüedad piden para un préstamo?", "credito.md"),
        ("PRESTAMOS ANTIGUEDAD", "credito.md"),
        ("antigüedades de préstamos", "credito.md"),
        ("se puede canbiar con la voleta", "cambios.md"),
        ("como se laba la mochila inpermeable", "agua.md"),
        ("despachan a regiones? 🚚🚚", "envio.md"),
        ("% _ ' \" ; -- \\ $1 despacho a regiones", "envio.md"),
        ("despacho\0 a\0 regiones", "envio.md"),
    ],
)
async def test_a_question_finds_what_answers_it(books: Shelf, question: str, name: str) -> None:
    assert (await books.answers(question))[:1] == [name]


@pytest.mark.parametrize(
    "question",
    [
        "¿quién ganó el mundial de fútbol de 1986?",
        "¿cuántos puentes tiene el río Amarillo?",
        "¿tienen zapatillas de charol?",
        "¿en qué año nació la reina Isabel?",
    ],
)
async def test_what_is_not_in_the_base_is_answered_by_nothing(books: Shelf, question: str) -> None:
    assert await books.answers(question) == []


@pytest.mark.parametrize("question", ["", "de la que", "¿?", "🎉🎉", "\0", "   ", "%%__''"])
async def test_a_question_without_a_word_finds_nothing(books: Shelf, question: str) -> None:
    assert await books.find(question) == NOTHING


@pytest.mark.parametrize("word", ["sábado", "sábados", "tarda", "tardan"])
def test_a_word_with_the_stem_of_a_greeting_is_looked_for(word: str) -> None:
    assert lexemes(word)[0] in wanted_words(f"hola, buenas tardes, quería saber: ¿{word} el envío?")
    assert lexemes("saber tardes")[0] not in wanted_words("quería saber del envío")


async def test_a_pasted_book_is_no_slower_than_a_question(books: Shelf) -> None:
    async with asyncio.timeout(60):
        await books.find("despacho regiones " + "zzxxyy qwerty asdfgh " * 50_000)
        await books.find(
            " ".join(f"palabra{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(90))
        )


async def test_a_synonym_is_looked_for_like_the_word(books: Shelf) -> None:
    (word,), (other,) = lexemes("encomienda"), lexemes("despacho")
    question = "¿cuánto demora la encomienda a regiones?"
    assert (await books.answers(question, also={word: {other: 0.9}}))[0] == "envio.md"
    found = await books.find("encomienda", also={word: {other: 0.9}})
    assert [hit.told.file_name for hit in found.answering] == ["envio.md"]


async def test_a_shop_without_documents_finds_nothing(books: Shelf, store: Store) -> None:
    other = books.of(await add_shop(store, "other"))
    assert await other.find("¿se cambia con boleta?") == NOTHING


async def test_of_one_chunk_only_its_best_passage_is_told_and_no_more_than_asked(
    books: Shelf,
) -> None:
    long = "\n\n".join(
        f"El despacho número {n} sale temprano. " + "Va lejos. " * 60 for n in range(9)
    )
    await books.put("largo.md", long)
    found = await books.find("¿cuándo sale el despacho?", count=3)
    assert len(found.hits) <= 3
    assert len({hit.told.chunk for hit in found.hits}) == len(found.hits)


async def test_the_same_text_twice_gives_way_to_another(books: Shelf) -> None:
    for number in range(4):
        await books.put(f"copia{number}.md", TEXTS["envio.md"])
    await books.put("costo.md", "# Despacho\n\nEl despacho a regiones cuesta $4.990 por bulto.")
    told = await books.answers("¿cómo es el despacho a regiones por camión?", count=3)
    assert "costo.md" in told


async def test_every_way_to_compare_vectors_finds_the_same(books: Shelf) -> None:
    question = "¿cuántos días demora el despacho a regiones?"
    exact = await books.find(question)
    ranked = await books.find(question, large=1)
    assert exact.hits[0].told.file_name == ranked.hits[0].told.file_name == "envio.md"
    assert exact.hits[0].cosine == pytest.approx(ranked.hits[0].cosine, abs=1e-3)


def test_which_way_vectors_are_compared_depends_on_their_number_and_model() -> None:
    each, ranked = "ORDER BY (embedding <=>", "CROSS JOIN LATERAL"
    assert each in finding.near_by(CorpusRow("offline-1", 1024, passages=10_000))
    assert ranked in finding.near_by(CorpusRow("offline-1", 1024, passages=10_001))
    assert each in finding.near_by(CorpusRow("m", 768, passages=10_001))
    assert "WHERE ann" in finding.near_by(CorpusRow("m", 768, ann=True))
    assert each in finding.near_by(CorpusRow("m", 1000, ann=True, passages=10_001))


async def test_neighbours_are_found_by_the_index_and_only_those_of_the_shop(
    store: Store, tmp_path: Path
) -> None:
    shops = [await add_shop(store, key) for key in ("one", "two")]
    async with shelf(store, shops[0], tmp_path) as plain:
        books = plain.by(Hashes())
        for name, text in TEXTS.items():
            await books.put(name, text)
            await books.of(shops[1]).put(f"otra-{name}", text)
        question = "¿cuántos días demora el despacho a regiones?"
        before = await books.find(question)
        assert await index_neighbours(store, shops[0], quietly, large=1)
        after = await books.find(question)
        assert [hit.told.id for hit in after.hits] == [hit.told.id for hit in before.hits]
        assert all(hit.cosine is not None for hit in after.hits[:1])
        await books.switch("envio.md", active=False)
        assert "envio.md" not in await books.answers(question)
        await books.put("nuevo.md", "# Retiro\n\nEl retiro en tienda está listo mañana.")
        assert await books.answers("¿el retiro en tienda?") == ["nuevo.md"]


async def test_of_a_chunk_only_its_best_passage_brings_its_vector(books: Shelf) -> None:
    """The others are told with it; nothing else is compared with them."""
    rules = "\n\n".join(f"El despacho número {n} tarda {n} días hábiles. " * 8 for n in range(9))
    await books.put("despachos.md", f"# Despachos\n\n{rules}")
    words = lexemes("despacho días")
    async with books.ingest.store.lookup() as connection:
        known = await finding.known(connection, books.shop, words)
        assert known is not None
        vector = np.ones(known.corpus.dim, np.float32)
        weights = dict.fromkeys(words, 1.0)
        found = await finding.find(connection, books.shop, known.corpus, weights, vector)
    best: dict[UUID, UUID] = {}
    for one in found:
        best.setdefault(one.chunk, one.id)
    assert len(best) < len(found), "some chunk has several passages"
    assert {one.id for one in found if one.vector is not None} == set(best.values())


async def test_the_index_is_really_used(store: Store, shop: UUID) -> None:
    row = CorpusRow("m", 384, ann=True)
    near = finding.near_by(row).replace("$6", "$3").replace("$5", "$2")
    async with finding.opened(store, row) as connection:
        await teach(connection)
        await connection.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        told = await connection.fetch(f"EXPLAIN {near}", shop, "m", packed(np.ones(384)))
    assert "ix_vector_near_384" in str(told)


async def test_a_length_that_has_no_index_is_compared_one_by_one(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    async with shelf(store, shop, tmp_path) as plain:
        books = plain.by(Hashes("odd", 500))
        await books.put("envio.md", TEXTS["envio.md"])
        assert not await index_neighbours(store, shop, quietly, large=0)
        found = await books.find("¿despacho a regiones?")
    assert found.hits[0].cosine is not None


async def test_without_the_model_of_the_vectors_words_find_what_they_can(books: Shelf) -> None:
    with capture_logs() as logs:
        found = await books.by(Hashes()).find("¿despacho a regiones?")
        assert [hit.told.file_name for hit in found.answering] == ["envio.md"]
    assert [line["event"] for line in logs] == ["search.found"]
    async with books.ingest.store.batch() as connection:
        await connection.execute("UPDATE ml.corpus SET model = 'gone'")
    with capture_logs() as logs:
        assert await books.answers("¿despacho a regiones?") == ["envio.md"]
    assert logs[0]["event"] == "search.other_model"


class Slow(Hashes):
    async def embed_query(self, text: str, weight: Weight = plainly) -> Vector:
        await asyncio.sleep(600)
        return hashed(text, weight)


async def test_a_customer_does_not_wait_for_a_model_that_hangs(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    async with shelf(store, shop, tmp_path) as plain:
        books = plain.by(Slow())
        await books.put("envio.md", TEXTS["envio.md"])
        async with asyncio.timeout(60):
            assert await books.answers("¿despacho a regiones?") == ["envio.md"]


async def test_hits_scores_and_the_threshold_are_logged_and_never_the_question(
    books: Shelf,
) -> None:
    with capture_logs() as logs:
        await books.find("¿despacho a regiones para 12.345.678-5?")
        await books.find("¿zyxwv?")
    first, second = logs
    assert first["hits"][0].keys() == {
        "passage", "score", "bm25", "coverage", "cosine", "answers",
    }  # fmt: skip
    assert first["threshold"] == {"coverage": 0.4, "cosine": {"offline": 0.25, "model": 0.45}}
    assert "678" not in str(logs)
    assert "despach" not in str(logs)
    assert not any(hit["answers"] for hit in second["hits"])


async def test_without_postgres_it_says_so() -> None:
    nowhere = open_store("postgresql://nobody@127.0.0.1:1/nothing", role="pipeline", pool=1)
    with pytest.raises(StoreUnavailable):
        await Search(nowhere, Embedders()).search(UUID(int=1), "¿despacho?")
    await nowhere.close()
