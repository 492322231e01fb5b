"""Examples that a seller writes, imports and corrects."""

import re
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select

from services.clock import now
from store.ml import TrainingData
from store.session import Store
from tests.fixtures.store import add_shop
from tests.web.rows import add_conversation, add_row
from tests.web.talks import add_talk


@pytest.fixture
async def shop(store: Store) -> UUID:
    found = await add_shop(store)
    await add_conversation(store, found)
    return found


async def rows(store: Store, shop: UUID) -> list[TrainingData]:
    async with store.reading() as session:
        query = select(TrainingData).where(TrainingData.shop_id == shop)
        return list(await session.scalars(query.order_by(TrainingData.user_message)))


async def test_an_example_is_written_and_accepted(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    told = {"pregunta": "¿abren los domingos?", "respuesta": "No, de lunes a sábado."}

    done = await seller.post("/ejemplos/nuevo", data=told | {"intencion": "horario"})

    assert "Ejemplo guardado" in (await seller.get(done.headers["location"])).text
    (row,) = await rows(store, shop)
    assert (row.origin, row.author, row.allowed, row.intent) == ("hand", "human", True, "horario")


async def test_half_an_example_is_asked_for_again(seller: httpx2.AsyncClient) -> None:
    answer = await seller.post("/ejemplos/nuevo", data={"pregunta": "¿abren?", "respuesta": " "})

    assert answer.status_code == 422
    assert "Falta la pregunta o la respuesta." in answer.text
    assert "¿abren?" in answer.text


async def test_a_file_is_seen_before_anything_is_kept(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    data = 'pregunta,respuesta\n"¿abren? soy ana@example.com",Sí\nsola,\n'.encode()

    seen = await seller.post("/ejemplos/importar", files={"archivo": ("x.csv", data)})

    assert "1 ejemplo listo para importar" in seen.text
    assert "línea 3" in seen.text
    assert "ana@example.com" not in seen.text
    assert await rows(store, shop) == []
    key = re.search(r'name="clave" value="([^"]+)"', seen.text)
    assert key is not None

    done = await seller.post("/ejemplos/importar/aplicar", data={"clave": key[1]})

    (row,) = await rows(store, shop)
    assert (row.origin, row.allowed, row.bot_response) == ("file", None, "Sí")
    assert "[MAIL_1]" in row.user_message
    assert "Importado." in (await seller.get(done.headers["location"])).text
    again = await seller.post("/ejemplos/importar/aplicar", data={"clave": key[1]})
    assert "No hay nada que importar" in (await seller.get(again.headers["location"])).text


async def test_a_chat_of_whatsapp_becomes_proposals_without_names(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    chat = (
        "20/11/2026, 10:33 - Camila Rojas: tienen mochilas?\n"
        "20/11/2026, 10:35 - Tienda de Prueba: Sí, Camila Rojas, cuatro\n"
    ).encode()

    seen = await seller.post("/ejemplos/importar", files={"archivo": ("chat.txt", chat)})

    assert "Quien responde en este chat: Tienda de Prueba." in seen.text
    key = re.search(r'name="clave" value="([^"]+)"', seen.text)
    assert key is not None
    await seller.post("/ejemplos/importar/aplicar", data={"clave": key[1]})
    (row,) = await rows(store, shop)
    assert (row.origin, row.allowed) == ("whatsapp", None)
    assert "Rojas" not in row.bot_response


async def test_no_file_is_said(seller: httpx2.AsyncClient) -> None:
    done = await seller.post("/ejemplos/importar", files={"archivo": ("x.csv", b"")})

    assert "elige el archivo otra vez" in (await seller.get(done.headers["location"])).text


async def test_a_correction_is_checked_shown_and_undone(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    turn = await add_row(store, shop, "a", bot_response="Sí, tenemos de todo.")

    seen = await seller.post(
        f"/ejemplos/{turn}/editar", data={"texto": "Sí, tenemos mochilas.", "motivo": "Tono"}
    )

    assert "<del>" in seen.text
    assert "<ins>" in seen.text
    proposal = re.search(r'name="propuesta" value="([^"]+)"', seen.text)
    assert proposal is not None
    done = await seller.post(f"/ejemplos/{turn}/editar/guardar", data={"propuesta": proposal[1]})
    assert [row.correction for row in await rows(store, shop)] == ["Sí, tenemos mochilas."]
    act = re.search(r"hecho=([^&]+)", done.headers["location"])
    assert act is not None
    await seller.post("/ejemplos/deshacer", data={"acto": act[1]})
    assert [row.correction for row in await rows(store, shop)] == [None]


async def test_a_price_that_no_source_holds_needs_a_persons_word(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    turn = await add_row(store, shop, "a", bot_response="Sí.")
    seen = await seller.post(f"/ejemplos/{turn}/editar", data={"texto": "Cuesta $1.234."})
    assert "Estoy seguro" in seen.text
    proposal = re.search(r'name="propuesta" value="([^"]+)"', seen.text)
    assert proposal is not None
    data = {"propuesta": proposal[1]}

    await seller.post(f"/ejemplos/{turn}/editar/guardar", data=data)
    assert [row.correction for row in await rows(store, shop)] == [None]

    await seller.post(f"/ejemplos/{turn}/editar/guardar", data=data | {"seguro": "si"})
    assert [row.correction for row in await rows(store, shop)] == ["Cuesta $1.234."]


async def test_the_same_words_again_are_no_correction(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    turn = await add_row(store, shop, "a", bot_response="Sí.")

    seen = await seller.post(f"/ejemplos/{turn}/editar", data={"texto": "Sí."})

    assert "quedó igual que antes" in seen.text


async def test_another_shops_answer_is_not_corrected(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    other = await add_shop(store, "otra")
    await add_conversation(store, other)
    turn = await add_row(store, other, "ajena")

    assert (await seller.get(f"/ejemplos/{turn}/editar")).status_code == 404
    answer = await seller.post(f"/ejemplos/{turn}/editar", data={"texto": "otra"})
    assert answer.status_code == 404


async def test_what_nobody_chatted_is_no_conversation_and_its_customer_nobody(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    talk = await add_talk(store, shop, "Ana", ("customer", "hola"), at=now())
    told = {"pregunta": "¿abren los domingos?", "respuesta": "No, de lunes a sábado."}

    await seller.post("/ejemplos/nuevo", data=told)

    assert [one.origin for one in await rows(store, shop)] == ["hand"]
    both = {str(talk), str(shop)}
    inbox = (await seller.get("/conversaciones")).text
    assert set(re.findall(r'href="/conversaciones/([0-9a-f-]{36})', inbox)) == both
    assert 'value="own"' not in inbox
    people = (await seller.get("/clientes")).text
    assert len(set(re.findall(r'href="/clientes/([0-9a-f-]{36})', people))) == 2
    today = (await seller.get("/hoy")).text
    assert set(re.findall(r'href="/conversaciones/([0-9a-f-]{36})', today)) == both
    assert "own:library" not in (await seller.get("/conversaciones.csv")).text
    assert len((await seller.get("/clientes.csv")).text.splitlines()) == 3
