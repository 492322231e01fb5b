from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from knowledge.documents import File
from store.session import Store
from tests.knowledge.shelf import Shelf, shelf

SHIPPING = "# Despacho\n\nEl despacho a regiones demora tres días hábiles por camión."


@pytest.fixture
async def books(store: Store, shop: UUID, tmp_path: Path) -> AsyncIterator[Shelf]:
    async with shelf(store, shop, tmp_path / "kept") as opened:
        await opened.put("envio.md", SHIPPING)
        yield opened


@pytest.mark.parametrize("large", [10_000, 1])
async def test_a_document_past_its_last_day_leaves_its_place_to_others(
    store: Store, books: Shelf, large: int
) -> None:
    """However many of its passages stand before what still holds."""
    old = "\n\n".join(f"# Despacho {n}\n\nEl despacho a regiones demora." for n in range(60))
    past, still = datetime(2020, 1, 1, tzinfo=UTC), datetime(2900, 1, 1, tzinfo=UTC)
    question = "¿cuánto demora el despacho a regiones?"
    await books.ingest.ingest(books.shop, File("viejo.md", old.encode(), lapses_at=still))
    assert "viejo.md" in await books.answers(question, large=large)

    async with store.batch() as connection:
        await connection.execute(
            "UPDATE ml.document SET lapses_at = $2 WHERE shop_id = $1 AND file_name = 'viejo.md'",
            books.shop,
            past,
        )

    assert (await books.answers(question, large=large))[0] == "envio.md"
    assert "viejo.md" not in [hit.told.file_name for hit in (await books.find(question)).hits]
    await books.put("viejo.md", f"{old}\n\nAhora va de nuevo.")
    assert "viejo.md" in await books.answers(question, large=large)
