"""The seller's pages about captured rows."""

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx2
import pytest
from markupsafe import escape

from store.session import Store
from tests.fixtures.store import add_shop
from tests.web.conftest import KEY, asking
from tests.web.reading import outside
from tests.web.rows import PRAISED, add_conversation, add_delivery, add_row, add_score
from tests.web.streams import listening
from web.app import WebParts, build

PART = {"HX-Request": "true", "HX-Target": "section#tabla"}


@pytest.fixture
async def shop(store: Store) -> UUID:
    found = await add_shop(store)
    await add_conversation(store, found)
    return found


async def test_an_empty_page_teaches(seller: httpx2.AsyncClient) -> None:
    answer = await seller.get("/filas")

    assert answer.status_code == 200
    assert "Todavía no hay conversaciones" in answer.text
    assert 'href="/chat"' in answer.text


async def test_a_filter_that_keeps_nothing_can_be_taken_off(seller: httpx2.AsyncClient) -> None:
    assert "Quitar filtros" in (await seller.get("/filas?nota=5")).text


async def test_a_row_tells_the_question_the_answer_and_the_score(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    row = await add_row(store, shop, "a", product_name="Mochila Azul", latency_ms=1234, **PRAISED)
    await add_score(store, shop, row, 1)

    html = (await seller.get("/filas")).text

    for text in (
        "pregunta a", "respuesta a", "genial, la quiero", "5 de 5", "excelente", "Venta",
        "quiere comprar", "confianza 0,90", "la quiero", "Mochila Azul", "consulta de precio",
        "respuesta local", "reglas", "1.234 ms",
    ):  # fmt: skip
        assert text in html


async def test_what_is_missing_is_said(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    await add_row(store, shop, "a")
    await add_row(store, shop, "b", user_feedback="[NOMBRE_1]")
    await add_row(store, shop, "c", user_feedback="dale", evaluated_at=None)

    html = (await seller.get("/filas")).text

    assert "Aún sin respuesta del cliente" in html
    assert "Sin señal</strong>" in html
    assert "Evaluando…" in html


async def test_todays_figures_stand_on_top(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    today = datetime.now(UTC)
    await add_row(store, shop, "a", at=today, latency_ms=100, **PRAISED)
    await add_row(store, shop, "b", at=today, latency_ms=100)

    html = (await seller.get("/filas")).text
    figures = re.findall(r"<dd>([^<]*)", html)[:5]

    assert figures == ["2", "1", "5,0", "1", "100"]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
async def test_what_people_wrote_is_only_text(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, text: str
) -> None:
    row = await add_row(
        store, shop, "a", user_message=text, bot_response=text, user_feedback=text,
        product_name=text, category=text, model=text, slots={text: text}, quality_score=3,
        quality_label=text, context={"history": [text], "sources": [{"kind": text, "id": text,
        "title": text}], "verdict": text},
    )  # fmt: skip
    await add_score(store, shop, row, 1, label=text, evidence=[{"text": text, "weight": 1}])
    await add_delivery(store, shop, row, "failed", text)

    pages = [await seller.get(path) for path in ("/filas", f"/filas/{row}")]

    assert [page.status_code for page in pages] == [200, 200]
    assert [outside(page.text, text) for page in pages] == [[], []]
    assert all(str(escape(text)) in page.text for page in pages)


async def test_filters_and_pages_are_in_the_address(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    for number in range(25):
        await add_row(store, shop, f"n{number:02}", minutes=number, **PRAISED)
    first = (await seller.get("/filas?nota=5&venta=si&categoria=consulta_precio")).text
    link = re.search(r'href="(/filas\?[^"]*antes=[^"]*)"', first)
    assert link is not None

    second = (await seller.get(link[1].replace("&amp;", "&"))).text

    assert "nota=5&amp;venta=si&amp;categoria=consulta_precio&amp;antes=" in link[1]
    assert re.findall(r"pregunta (n\d\d)</span>", first) == [f"n{n:02}" for n in range(24, 4, -1)]
    assert re.findall(r"pregunta (n\d\d)</span>", second) == [f"n{n:02}" for n in range(4, -1, -1)]
    assert "Lo más nuevo" in second


@pytest.mark.parametrize(
    ("query", "status"), [("antes=basura", 400), ("nota=9", 422), ("nota=5' OR 1=1", 422)]
)
async def test_an_address_that_is_not_ours_is_refused_kindly(
    seller: httpx2.AsyncClient, query: str, status: int
) -> None:
    answer = await seller.get(f"/filas?{query}")

    assert answer.status_code == status
    assert "Volver" in answer.text


async def test_a_part_is_only_the_part_and_costs_nothing_twice(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    await add_row(store, shop, "a")
    part = await seller.get("/filas", headers=PART)
    known = {**PART, "If-None-Match": part.headers["etag"]}

    again = await seller.get("/filas", headers=known)
    await add_row(store, shop, "b")
    changed = await seller.get("/filas", headers=known)

    assert part.text.lstrip().startswith('<section id="tabla"')
    assert (again.status_code, again.text) == (304, "")
    assert changed.status_code == 200


async def test_the_detail_tells_the_whole_story(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    row = await add_row(
        store, shop, "a", slots={"cantidad": 2, "colores": ["azul", "gris"]}, context={
            "history": ["hola", "¡Hola!"], "verdict": "ok",
            "sources": [{"kind": "product", "id": "MOC-001", "title": "Mochila Azul"}]},
        **PRAISED,
    )  # fmt: skip
    await add_score(store, shop, row, 1)
    await add_delivery(store, shop, row, "uncertain", "sin respuesta de la red")

    html = (await seller.get(f"/filas/{row}")).text

    for text in (
        "pregunta a", "Lo que se dijo antes (2)", "¡Hola!", "azul, gris", "Mochila Azul",
        "Todo lo que afirma tiene respaldo", "lexicon v1", "Sin confirmar",
        "sin respuesta de la red", str(row), "10 de entrada", "Tapados",
    ):  # fmt: skip
        assert text in html


async def test_a_bare_row_has_a_story_too(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    row = await add_row(store, shop, "a", turn_id=None)

    html = (await seller.get(f"/filas/{row}")).text

    assert "Ningún evaluador" in html
    assert "Sin registro" in html
    assert "Ninguna fuente" in html


async def test_another_shops_row_is_not_there(seller: httpx2.AsyncClient, store: Store) -> None:
    other = await add_shop(store, "otra")
    await add_conversation(store, other)
    row = await add_row(store, other, "ajena")

    answers = [await seller.get(f"/filas/{one}") for one in (row, uuid4())]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert "ajena" not in answers[0].text
    assert (await seller.get("/filas/no-es-un-id")).status_code == 422


async def test_without_postgres_the_page_says_to_come_back(parts: WebParts, away: Store) -> None:
    async with asking(build(replace(parts, store=away))) as client:
        await client.post("/entrar", data={"clave": KEY})
        answers = [await client.get(path) for path in ("/filas", f"/filas/{uuid4()}")]

    assert [answer.status_code for answer in answers] == [503, 503]


async def test_an_open_page_is_told_of_new_rows_and_scores(
    address: str, parts: WebParts, store: Store, shop: UUID
) -> None:
    async with asking(build(parts), address) as client:
        await client.post("/entrar", data={"clave": KEY})
        html = (await client.get("/filas")).text
        connect = re.search(r'hx-sse:connect="([^"]+)"', html)
        assert connect is not None
        async with listening(client, connect[1]) as ear:
            row = await add_row(store, shop, "a")
            first = await asyncio.wait_for(ear.next(), 5)
            await add_score(store, shop, row, 1)
            await add_row(store, shop, "b", **PRAISED)
            second = await asyncio.wait_for(ear.next(), 5)

    assert first.event == second.event == "cambio"
    assert first.id != second.id


async def test_a_stranger_hears_nothing(address: str, parts: WebParts) -> None:
    async with asking(build(parts), address) as client:
        assert (await client.get("/filas/vivo")).status_code == 303
