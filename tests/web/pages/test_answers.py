"""One answer of the bot: graded in a press, bettered, explained, and kept as a test."""

import re
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import insert, select, update

from knowledge.documents import File
from store.app import Product
from store.evaluations import EvalCase
from store.knowledge import Passage
from store.ml import TrainingData
from store.session import Store
from store.spans import SPANS
from tests.web.roles import acting, steps
from tests.web.staff import actions
from tests.web.talks import PRICE, add_talk, answer, line_of, page
from web.app import WebParts

NOW = datetime.now(UTC)


@pytest.fixture
async def ana(store: Store, shop: UUID) -> UUID:
    return await add_talk(store, shop, "Ana", *PRICE, at=NOW)


async def test_grades_are_given_in_one_press_and_shown(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, ana: UUID
) -> None:
    done = await seller.post(answer(ana, "nota"), data={"estrellas": "2"})
    assert done.headers["location"].endswith(f"#m-{line_of(ana, 1)}")
    headers = {"HX-Request": "true", "HX-Target": "div#hilo"}
    part = await seller.post(answer(ana, "nota"), data={"pulgar": "no"}, headers=headers)

    assert 'aria-label="No me gusta" aria-pressed="true"' in part.text
    assert "<html" not in part.text
    async with store.tenant(shop) as session:
        row = await session.get(TrainingData, (shop, line_of(ana, 1)))
    assert row is not None
    assert (row.stars, row.rejected) == (2, True)
    assert (await seller.post(answer(ana, "nota"), data={"estrellas": "9"})).status_code == 422


async def test_a_better_answer_is_compared_checked_and_learned(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, ana: UUID
) -> None:
    text = "La Mochila Urbana cuesta $24.990"
    diff = (await seller.post(answer(ana, "diferencia"), data={"texto": text})).text
    assert "<ins>" in diff
    assert "<del>" in diff
    same = await seller.post(answer(ana, "mejorar"), data={"texto": PRICE[1][1]})
    assert same.status_code == 422
    assert "Dice lo mismo" in same.text

    refused = await seller.post(answer(ana, "mejorar"), data={"texto": text, "mal": "precio"})
    assert refused.status_code == 422
    assert "no está en tu catálogo" in refused.text
    assert text in refused.text

    product = {"shop_id": shop, "id": ana, "sku": "MOC-001", "name": "Mochila Urbana"}
    async with store.transaction() as session:
        await session.execute(insert(Product).values(product | {"price": 24990, "stock": 3}))
    done = await seller.post(answer(ana, "mejorar"), data={"texto": text, "mal": ["precio"]})
    assert done.status_code == 303
    assert "Corregida" in (await seller.get(page(ana))).text
    async with store.tenant(shop) as session:
        row = await session.get(TrainingData, (shop, line_of(ana, 1)))
    assert row is not None
    assert row.correction == text


async def test_the_lines_before_the_question_stand_beside_it(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, ana: UUID
) -> None:
    assert "Lo que se dijo antes" not in (await seller.get(answer(ana, "mejorar"))).text
    lines = [f"cliente: línea {n}." for n in range(10)]
    async with store.transaction() as session:
        row = await session.get(TrainingData, (shop, line_of(ana, 1)))
        assert row is not None
        row.context = {**row.context, "history": lines}

    shown = (await seller.get(answer(ana, "mejorar"))).text

    assert "Lo que se dijo antes (8)" in shown.replace("</summary>", "")
    assert [line for line in lines if line in shown] == lines[2:]


async def test_why_it_answered_that_is_told_and_an_answer_is_kept_as_a_test(
    seller: httpx2.AsyncClient, parts: WebParts, store: Store, shop: UUID, ana: UUID
) -> None:
    shown = (await seller.get(answer(ana, "porque"))).text
    assert "consulta de precio" in shown
    assert "Mochila Urbana" in shown
    assert "US$0,0001" in shown
    assert str(line_of(ana, 1)) in shown

    assert (await seller.post(answer(ana, "prueba"))).status_code == 422
    done = await seller.post(answer(ana, "prueba"), data={"debe": "24.990, mochila"})
    assert "Guardada" in (await seller.get(done.headers["location"])).text
    async with store.tenant(shop) as session:
        (case,) = (await session.scalars(select(EvalCase))).all()
    assert case.expected["must"] == ["24.990", "mochila"]
    assert case.messages == [PRICE[0][1]]
    assert (await actions(parts))[0] == "case.keep"


async def test_what_else_it_may_have_wanted_is_told_with_a_bar_for_each(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, ana: UUID
) -> None:
    """What was answered before that was kept tells what it was taken for, and no more."""
    assert 'class="likely"' not in (await seller.get(answer(ana, "porque"))).text
    likely = [
        {"intent": "consulta_precio", "confidence": 0.8},
        {"intent": "consulta_stock", "confidence": 0.3},
        {"intent": "horario", "confidence": 0.1},
    ]
    row = update(TrainingData).where(TrainingData.shop_id == shop)
    async with store.transaction() as session:
        await session.execute(row.values(context={"trace": {"likely": likely}}))

    shown = (await seller.get(answer(ana, "porque"))).text
    bars = re.findall(r'max="1" value="([\d.]+)" aria-label="Confianza en ([^"]+)"', shown)

    assert bars == [
        ("0.8", "consulta de precio"), ("0.3", "consulta de stock"), ("0.1", "horario"),
    ]  # fmt: skip


async def test_administrators_see_what_each_stage_took_while_the_trace_is_kept(
    seller: httpx2.AsyncClient, parts: WebParts, ana: UUID
) -> None:
    store, shop, said = parts.store, parts.shop, line_of(ana, 1)
    async with acting(parts, "admin") as admin:
        assert "En qué se fue el tiempo" not in (await admin.get(answer(ana, "porque"))).text
        async with store.batch() as connection:
            await SPANS.write(connection, steps(shop, said, ana, NOW))
        shown = (await admin.get(answer(ana, "porque"))).text

    card = shown.partition("En qué se fue el tiempo")[2].partition("</ul>")[0]
    took = re.findall(r"</span> ([^<]+) ms</li>", card)
    widths = [float(one) for one in re.findall(r'width="([\d.]+)"', card)]
    assert took == [
        "Entender 3,4", "Buscar en documentos 21,0", "Modelo 770,0", "Comprobar 9,0", "Envío 143,0",
    ]  # fmt: skip
    assert sum(widths) == pytest.approx(1000, abs=0.5)
    assert f'href="/admin/trazas/{said}"' in shown
    assert "En qué se fue el tiempo" not in (await seller.get(answer(ana, "porque"))).text


async def test_each_source_leads_to_the_very_thing_that_is_to_be_mended(
    seller: httpx2.AsyncClient, parts: WebParts, ana: UUID
) -> None:
    """What is gone meanwhile leads to where it would be."""
    store, shop = parts.store, parts.shop
    file = File("envios.txt", "Enviamos a Arica en cinco días, con seguimiento.".encode())
    document = (await parts.reading.ingest.ingest(shop, file)).id
    async with store.tenant(shop) as session:
        passage = await session.scalar(select(Passage.id).where(Passage.document_id == document))
    sources = [
        {"kind": "product", "id": str(ana), "title": "Mochila"},
        {"kind": "product", "id": str(uuid4()), "title": "Otra"},
        {"kind": "passage", "id": str(passage), "title": "Envíos"},
        {"kind": "term", "id": "term:lucas", "title": "lucas"},
        {"kind": "answer", "id": "shipping", "title": "Envío"},
    ]
    product = {"shop_id": shop, "id": ana, "sku": "MOC/001", "name": "Mochila", "price": 1}
    row = update(TrainingData).where(TrainingData.shop_id == shop)
    async with store.transaction() as session:
        await session.execute(insert(Product).values(product | {"stock": 3}))
        await session.execute(row.values(context={"sources": sources}))

    shown = (await seller.get(answer(ana, "porque"))).text

    assert re.findall(r'<a href="([^"]+)">(Mochila|Otra|Envíos|lucas|Envío)</a>', shown) == [
        ("/catalogo/producto/MOC/001", "Mochila"), ("/catalogo", "Otra"),
        (f"/documentos/{document}", "Envíos"), ("/glosario?palabra=lucas", "lucas"),
        ("/ajustes/respuestas", "Envío"),
    ]  # fmt: skip
    assert (await seller.get("/catalogo/producto/MOC/001")).status_code == 200
