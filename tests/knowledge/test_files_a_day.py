"""How many files people may send a shop within a day, counted where each is written down."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from knowledge.documents import File, Ingested
from knowledge.extraction import DocumentRefused, TooManyFiles
from knowledge.ingest import Ingest
from knowledge.uploads import Uploads
from store.audit import Actor
from store.session import Store
from tests.builders import MONDAY
from tests.fixtures.store import add_shop
from tests.knowledge.shelf import Shelf, rows, shelf

HOUR = 3_600


@pytest.fixture
async def books(store: Store, shop: UUID, tmp_path: Path) -> AsyncIterator[Shelf]:
    """A person's, who may send two a day."""
    async with shelf(store, shop, tmp_path / "kept") as opened:
        by = Actor("person:ana")
        ingest = replace(opened.ingest, a_day=2, actor=by, clock=lambda: MONDAY)
        yield replace(opened, ingest=ingest)


def later(books: Shelf, hours: float) -> Shelf:
    at = MONDAY + timedelta(hours=hours)
    return replace(books, ingest=replace(books.ingest, clock=lambda: at))


async def test_the_third_file_of_a_day_waits_until_the_first_is_a_day_old(books: Shelf) -> None:
    await books.put("uno.md", "Uno.")
    await later(books, 1).put("dos.md", "Dos.")

    with pytest.raises(TooManyFiles) as refused:
        await later(books, 2).put("tres.md", "Tres.")

    assert refused.value.retry_s == 22 * HOUR
    assert (await later(books, 24).put("tres.md", "Tres.")).outcome == "new"
    with pytest.raises(TooManyFiles):
        await later(books, 24.5).put("cuatro.md", "Cuatro.")


async def test_what_is_left_for_later_and_what_replaces_count_too(books: Shelf) -> None:
    await books.ingest.leave(books.shop, File("uno.md", b"Uno."))
    await books.put("dos.md", "Dos.")
    with pytest.raises(TooManyFiles):
        await books.put("dos.md", "Dos, de otra manera.")
    with pytest.raises(TooManyFiles):
        await books.ingest.leave(books.shop, File("tres.md", b"Tres."))


async def test_what_is_refused_does_not_count(books: Shelf) -> None:
    for _ in range(3):
        with pytest.raises(DocumentRefused, match="no text"):
            await books.put("vacio.md", " ")
    assert (await books.put("uno.md", "Uno.")).outcome == "new"


async def test_of_many_that_come_at_once_no_more_are_taken(books: Shelf, store: Store) -> None:
    async def leave(number: int) -> Ingested:
        return await books.ingest.leave(books.shop, File(f"{number}.md", b"Hola."))

    told = await asyncio.gather(*map(leave, range(8)), return_exceptions=True)

    assert sum(isinstance(one, TooManyFiles) for one in told) == 6
    found = await rows(store, "SELECT id FROM ml.document WHERE shop_id = $1", books.shop)
    assert len(found) == 2


async def test_neither_the_terminal_nor_the_bot_itself_is_counted(books: Shelf) -> None:
    nobody: Ingest = replace(books.ingest, actor=None)
    for number in range(3):
        await replace(books, ingest=nobody).put(f"propio-{number}.md", "Hola.")
    await books.put("uno.md", "Uno.")
    await books.put("dos.md", "Dos.")


async def test_each_shop_has_its_own_day(books: Shelf, store: Store) -> None:
    other = await add_shop(store, "otra")
    await books.put("uno.md", "Uno.")
    await books.put("dos.md", "Dos.")
    assert (await books.of(other).put("uno.md", "Uno.")).outcome == "new"


async def test_files_of_products_and_documents_are_counted_together(books: Shelf) -> None:
    uploads = Uploads(books.ingest.store, books.shop, 2)
    await books.put("uno.md", "Uno.")
    await uploads.note("precios.csv", "ab", Actor("person:ana"), MONDAY + timedelta(hours=1))

    with pytest.raises(TooManyFiles):
        await later(books, 2).put("dos.md", "Dos.")
    with pytest.raises(TooManyFiles) as refused:
        await uploads.look(MONDAY + timedelta(hours=2))
    assert refused.value.retry_s == 22 * HOUR
    await uploads.look(MONDAY + timedelta(hours=24))


async def test_of_many_files_of_products_at_once_no_more_are_taken(books: Shelf) -> None:
    uploads, by = Uploads(books.ingest.store, books.shop, 2), Actor("person:ana")
    notes = (uploads.note(f"{number}.csv", "ab", by, MONDAY) for number in range(8))
    told = await asyncio.gather(*notes, return_exceptions=True)
    assert sum(isinstance(one, TooManyFiles) for one in told) == 6
