"""Files of programs that are too many, or too much: told with the code, the reason and the way."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx2
import pytest

from knowledge.extraction import Caps, Reader
from web.api.means import Means

NOTE = ("cambios.md", b"Se cambia dentro de treinta dias.", "text/markdown")
LONG = ("largo.md", b"hola " * 20, "text/markdown")
SHEET = ("precios.csv", b"nombre,precio\nTaza,1\nVaso,2\n", "text/csv")


@pytest.fixture
async def means(means: Means) -> AsyncIterator[Means]:
    """One file a day, of sixty letters; one product."""
    knobs = means.settings.knowledge.model_copy(update={"max_rows": 2, "files_a_day": 1})
    reader = Reader(Caps(letters=60))
    assert means.ingest is not None
    ingest = replace(means.ingest, reader=reader, a_day=1)
    yield replace(
        means, settings=means.settings.model_copy(update={"knowledge": knobs}), ingest=ingest
    )
    await reader.close()


async def test_one_file_too_many_is_429_and_says_when_to_come_again(
    program: httpx2.AsyncClient,
) -> None:
    first = await program.post("/api/v1/documents", files={"file": NOTE})
    again = await program.post("/api/v1/documents", files={"file": NOTE})

    assert (first.status_code, again.status_code) == (201, 429)
    assert again.json()["code"] == "too_many"
    assert "within a day: send it tomorrow" in again.json()["detail"]
    assert 86_000 < int(again.headers["Retry-After"]) <= 86_400


async def test_a_file_of_products_counts_as_a_document_does_once_it_was_read(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient
) -> None:
    path, taken = (
        "/api/v1/product-imports",
        {"file": ("uno.csv", b"nombre,precio\nTaza,1\n", "text/csv")},
    )
    wrong = await program.post(path, files={"file": SHEET})
    first = await program.post(path, files=taken)
    again = await program.post(path, files=taken)
    document = await program.post("/api/v1/documents", files={"file": NOTE})

    told = [one.status_code for one in (wrong, first, again, document)]
    assert told == [413, 201, 429, 429]
    assert again.json()["code"] == "too_many"
    assert 86_000 < int(again.headers["Retry-After"]) <= 86_400
    applied = await program.post(f"{path}/{first.json()['id']}/application")
    assert applied.status_code == 200, "what was taken goes on"
    assert (await neighbour.post(path, files=taken)).status_code == 201


async def test_too_much_text_is_413_and_says_what_to_do(program: httpx2.AsyncClient) -> None:
    told = await program.post("/api/v1/documents", files={"file": LONG})

    assert (told.status_code, told.json()["code"]) == (413, "too_large")
    assert told.json()["detail"] == "it holds too much text: cut it into several documents"


async def test_too_many_products_are_413_with_the_number_that_is_read(
    program: httpx2.AsyncClient,
) -> None:
    told = await program.post("/api/v1/product-imports", files={"file": SHEET})

    assert (told.status_code, told.json()["code"]) == (413, "too_large")
    assert "more than 2 rows" in told.json()["detail"]
    assert "split it" in told.json()["detail"]


async def test_a_document_holds_until_a_day_that_programs_set_and_take_away(
    program: httpx2.AsyncClient,
) -> None:
    sent = await program.post(
        "/api/v1/documents", files={"file": NOTE}, data={"valid_until": "2026-12-31"}
    )
    at = sent.headers["Location"]
    first = await program.get(at)
    assert first.json()["valid_until"] == "2026-12-31"

    tag = {"If-Match": first.headers["ETag"]}
    moved = await program.patch(at, json={"valid_until": "2020-01-31"}, headers=tag)
    assert moved.json()["valid_until"] == "2020-01-31"
    tag = {"If-Match": moved.headers["ETag"]}
    named = await program.patch(at, json={"title": "Cambios"}, headers=tag)
    assert named.json()["valid_until"] == "2020-01-31"
    tag = {"If-Match": named.headers["ETag"]}
    gone = await program.patch(at, json={"valid_until": None}, headers=tag)
    assert (gone.status_code, gone.json()["valid_until"]) == (200, None)
