"""Revisar, Sin respuesta and Calidad, as a seller's browser asks for them."""

import re
from datetime import timedelta
from uuid import UUID, uuid5

import httpx2
import pytest
from markupsafe import escape
from sqlalchemy import select

from learning.questions import gather
from learning.sampling import drawn
from services.clock import now
from store.lessons import QuestionCluster, ReviewCase
from store.ml import TrainingData
from store.session import Store
from tests.fixtures.store import add_shop
from tests.learning.teachers import UNKNOWN
from tests.web.reading import outside
from tests.web.rows import add_conversation, add_row
from tests.web.talks import add_talk


@pytest.fixture
async def shop(store: Store) -> UUID:
    found = await add_shop(store)
    await add_conversation(store, found)
    return found


async def unanswered(store: Store, shop: UUID, *texts: str) -> list[UUID]:
    at = now() - timedelta(hours=1)
    return [
        await add_row(
            store, shop, f"u{number}", at=at, minutes=number, user_message=text, context=UNKNOWN
        )
        for number, text in enumerate(texts)
    ]


async def row(store: Store, shop: UUID, turn: UUID) -> TrainingData:
    async with store.reading() as session:
        return await session.get_one(TrainingData, (shop, turn))


async def cluster(store: Store, shop: UUID) -> QuestionCluster:
    await gather(store, shop, now())
    async with store.reading() as session:
        query = select(QuestionCluster).where(QuestionCluster.shop_id == shop)
        return (await session.scalars(query)).one()


async def test_with_nothing_to_review_one_is_done(seller: httpx2.AsyncClient) -> None:
    assert "¡Al día!" in (await seller.get("/revisar")).text


async def test_the_first_page_counts_the_questions_that_wait(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    await add_talk(store, shop, "Pedro", ("customer", "hola"), at=now())
    assert "¡Al día!" in (await seller.get("/hoy")).text
    other = await add_shop(store, "otra")
    await add_conversation(store, other)
    await unanswered(store, other, "¿hacen envíos a Lima?")
    await gather(store, other, now())

    await unanswered(store, shop, "¿hacen envíos a Arica?")
    await gather(store, shop, now())

    page = (await seller.get("/hoy")).text
    assert '<a href="/sin-respuesta">1 pregunta sin respuesta</a>' in page
    assert "¡Al día!" not in page
    assert "Mirar una muestra" in page


async def test_a_case_is_saved_and_the_next_one_comes(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    first, _ = await unanswered(store, shop, "¿hacen envíos a Arica?", "¿venden termos?")
    html = (await seller.get("/revisar")).text
    assert "¿hacen envíos a Arica?" in html
    assert "2 → 0 · unos 1 min" in html
    told = {"accion": "guardar", "nota": "4", "intencion": "consulta_envio",
            "antes": "respuesta u0", "mejor": "respuesta u0"}  # fmt: skip

    done = await seller.post(f"/revisar/{first}", data=told)

    assert (await row(store, shop, first)).stars == 4
    html = (await seller.get(done.headers["location"])).text
    assert "¿venden termos?" in html
    act = re.search(r'name="acto" value="([^"]+)"', html)
    assert act is not None
    await seller.post("/revisar/deshacer", data={"acto": act[1]})
    assert (await row(store, shop, first)).stars is None
    assert "¿hacen envíos a Arica?" in (await seller.get("/revisar")).text


async def test_a_fault_in_a_better_answer_is_shown_beside_what_was_filled_in(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    (turn,) = await unanswered(store, shop, "¿cuánto cuesta?")
    await seller.get("/revisar")
    told = {"accion": "guardar", "nota": "3", "mejor": "Cuesta $1.234.", "antes": "x"}

    answer = await seller.post(f"/revisar/{turn}", data=told)

    assert answer.status_code == 422
    assert "Cuesta $1.234." in answer.text
    assert "Estoy seguro" in answer.text
    assert (await row(store, shop, turn)).stars is None
    await seller.post(f"/revisar/{turn}", data=told | {"seguro": "si"})
    assert (await row(store, shop, turn)).correction == "Cuesta $1.234."


@pytest.mark.parametrize(
    ("action", "tab", "state"),
    [("borrador", "borradores", "draft"), ("descartar", "descartadas", "discarded")],
)
async def test_a_case_that_is_put_away_stands_in_its_list(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, action: str, tab: str, state: str
) -> None:
    (turn,) = await unanswered(store, shop, "¿hacen envíos a Arica?")
    await seller.get("/revisar")

    await seller.post(f"/revisar/{turn}", data={"accion": action})

    assert "¿hacen envíos a Arica?" in (await seller.get(f"/revisar?ver={tab}")).text
    async with store.reading() as session:
        assert (await session.get_one(ReviewCase, (shop, turn))).state == state


async def test_another_shops_case_cannot_be_decided(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    other = await add_shop(store, "otra")
    await add_conversation(store, other)
    (turn,) = await unanswered(store, other, "¿ajena?")
    await gather(store, other, now())

    assert "ajena" not in (await seller.get(f"/revisar?caso={turn}")).text
    assert "ajena" not in (await seller.get("/sin-respuesta")).text
    done = await seller.post(f"/revisar/{turn}", data={"accion": "guardar", "nota": "1"})
    assert "error=tomado" in done.headers["location"]
    assert (await row(store, other, turn)).stars is None


async def test_questions_are_grouped_answered_and_undone(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    await unanswered(store, shop, "hacen envios a punta arenas?", "¿Hacen envíos a Punta Arenas??")
    one = await cluster(store, shop)
    assert "2 veces" in (await seller.get("/sin-respuesta")).text

    told = {"respuesta": "Sí, a Punta Arenas llegamos por avión."}
    done = await seller.post(f"/sin-respuesta/{one.id}/responder", data=told)

    html = (await seller.get(done.headers["location"])).text
    assert "Tu bot supo responder todo" in html
    assert told["respuesta"] in (await seller.get("/sin-respuesta?ver=respondidas")).text
    assert "preguntas-frecuentes.md" in (await seller.get("/documentos")).text
    act = re.search(r'name="acto" value="([^"]+)"', html)
    assert act is not None
    await seller.post("/sin-respuesta/deshacer", data={"acto": act[1]})
    assert "2 veces" in (await seller.get("/sin-respuesta")).text


async def test_what_is_asked_for_and_not_sold_becomes_a_table(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    await unanswered(store, shop, "¿venden termos?")
    one = await cluster(store, shop)

    await seller.post(f"/sin-respuesta/{one.id}/falta", data={"producto": "=termo"})

    table = (await seller.get("/sin-respuesta.csv?ver=faltan")).text
    assert re.search(r"¿venden termos\?,1,1,[-,\d]+,,'=termo", table)


async def test_another_shops_question_is_not_answered(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    other = await add_shop(store, "otra")
    await add_conversation(store, other)
    await unanswered(store, other, "¿ajena de verdad?")
    one = await cluster(store, other)

    for path, data in (("responder", {"respuesta": "sí"}), ("falta", {}), ("ignorar", {})):
        answer = await seller.post(f"/sin-respuesta/{one.id}/{path}", data=data)
        assert answer.status_code == 404, path
    assert "ajena" not in (await seller.get("/sin-respuesta.csv?ver=faltan")).text


async def test_the_fixed_test_shows_figures_bounds_and_what_is_confused(
    seller: httpx2.AsyncClient,
) -> None:
    html = (await seller.get("/admin/calidad")).text

    assert "F1 por intención" in html
    assert '<th scope="row">consulta de precio</th>' in html
    link = re.search(r'<td class="c\d+"><a href="([^"]+)"', html)
    assert link is not None
    assert "confianza" in (await seller.get(link[1].replace("&amp;", "&"))).text
    table = (await seller.get("/admin/calidad.csv")).text
    assert table.splitlines()[0].endswith("intencion,f1,desde,hasta,mensajes")
    assert len(table.splitlines()) > 10


async def test_only_drawn_turns_measure_the_bot(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    at = now() - timedelta(hours=2)
    lucky = [name for name in map(str, range(900)) if drawn(uuid5(shop, name))][:25]
    plain = [name for name in map(str, range(900)) if not drawn(uuid5(shop, name))][:5]
    for name in lucky:
        await add_row(store, shop, name, at=at)
    for name in plain:
        await add_row(store, shop, name, at=at, quality_score=1, evaluated_at=at, user_feedback="n")
    html = (await seller.get("/admin/calidad?conjunto=vivo")).text
    assert "Se necesitan ≥ 20 mensajes" in html
    told = {"accion": "guardar", "nota": "5", "intencion": "consulta_precio"}
    await seller.get("/revisar")
    for name in lucky:
        await seller.post(f"/revisar/{uuid5(shop, name)}", data=told)
    for name in plain:
        worst = told | {"nota": "1", "intencion": "reclamo"}
        await seller.post(f"/revisar/{uuid5(shop, name)}", data=worst)

    html = (await seller.get("/admin/calidad?conjunto=vivo")).text

    assert "De 25 respuestas elegidas al azar se revisaron 25." in html
    assert "5,0" in html
    assert '<th scope="row">reclamo</th>' not in html


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
async def test_what_people_wrote_is_only_text(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, text: str
) -> None:
    at = now() - timedelta(hours=1)
    await add_row(
        store, shop, "x", at=at, user_message=text, bot_response=text, user_feedback=text,
        context=UNKNOWN | {"history": [text]},
    )  # fmt: skip
    await gather(store, shop, now())

    pages = [await seller.get(path) for path in ("/revisar", "/sin-respuesta")]

    assert [outside(page.text, text) for page in pages] == [[], []]
    assert all(str(escape(text)) in page.text for page in pages)
