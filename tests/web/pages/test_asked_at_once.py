"""What a page shows costs few questions, and the same ones however much there is to show."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import event

from store.session import Store
from tests.web.talks import PRICE, add_talk

BEFORE = "before_cursor_execute"


@contextmanager
def asked(store: Store) -> Iterator[list[str]]:
    """The statements of the pages, in order."""
    told: list[str] = []

    def tell(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        told.append(statement)

    engine = store.engine.sync_engine
    event.listen(engine, BEFORE, tell)
    yield told
    event.remove(engine, BEFORE, tell)


@pytest.mark.parametrize(
    ("path", "most"),
    [("/hoy", 14), ("/conversaciones", 8), ("/conversaciones/{talk}", 25), ("/revisar", 5)],
)
async def test_a_page_asks_at_once_for_what_it_counts(
    store: Store, shop: UUID, seller: httpx2.AsyncClient, path: str, most: int
) -> None:
    talk = await add_talk(store, shop, "Ana", *PRICE)
    with asked(store) as told:
        answer = await seller.get(path.format(talk=talk))
    assert answer.status_code == 200
    assert len(told) <= most


async def test_two_people_more_are_no_other_questions(
    store: Store, shop: UUID, seller: httpx2.AsyncClient
) -> None:
    found = []
    for names in (("Ana",), ("Pedro", "Rosa")):
        for name in names:
            await add_talk(store, shop, name, *PRICE)
        with asked(store) as told:
            page = await seller.get("/conversaciones")
        found.append((page.text.count('<li class="talk'), told))
    (few, once), (many, again) = found
    assert (few, many) == (1, 3)
    assert again == once
