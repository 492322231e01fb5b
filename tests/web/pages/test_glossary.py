"""The glossary in the browser: words are written, tried, accepted; fields are described."""

from uuid import uuid4

import httpx2

from services.clock import now
from store import fields
from store.dictionary import DictionarySuggestion
from tests.fixtures.store import add_shop
from web.app import WebParts

LUCA = {"palabra": "luca", "significado": "Mil pesos chilenos.", "sinonimos": "lucas, luquita"}


async def test_a_word_is_written_recognised_changed_and_switched_off(
    seller: httpx2.AsyncClient,
) -> None:
    assert "El glosario está vacío" in (await seller.get("/glosario")).text
    written = await seller.post("/glosario", data=LUCA)
    assert "El bot ya la conoce." in (await seller.get(written.headers["location"])).text

    tried = await seller.get("/glosario", params={"prueba": "¿cuesta veinte luquita?"})
    assert (
        "Mil pesos chilenos." in tried.text.split("¿Qué palabras reconoce?")[1].split("</form>")[0]
    )
    await seller.post("/glosario", data={**LUCA, "significado": "Mil pesos."})
    assert "Mil pesos." in (await seller.get("/glosario?busca=luca")).text
    await seller.post("/glosario/apagar", data={"palabra": "luca"})

    assert "Apagada" in (await seller.get("/glosario")).text
    assert (await seller.post("/glosario/apagar", data={"palabra": "nadie"})).status_code == 404


async def test_what_is_no_word_is_told(seller: httpx2.AsyncClient) -> None:
    answer = await seller.post("/glosario", data={"palabra": "!!!", "significado": "x"})

    assert answer.status_code == 422
    assert "No se pudo guardar" in answer.text
    assert 'value="!!!"' in answer.text, "what was typed is not typed again"


async def test_a_suggestion_waits_for_a_person(seller: httpx2.AsyncClient, parts: WebParts) -> None:
    async with parts.store.transaction() as session:
        for word in ("yapa", "altiro"):
            session.add(
                DictionarySuggestion(
                    shop_id=parts.shop, id=uuid4(), word=word, folded=word, count=3,
                    messages=[f"¿me das {word}?"], first_seen=now(), last_seen=now(), state="open",
                )
            )  # fmt: skip
    page = (await seller.get("/glosario")).text
    ids = [part.split('"')[0] for part in page.split('action="/glosario/sugerencias/')[1:]]
    assert len(ids) == 2
    by_word = dict(zip(sorted(["yapa", "altiro"]), ids, strict=True))

    unsaid = await seller.post(f"/glosario/sugerencias/{ids[0]}", data={"decision": "si"})
    assert unsaid.status_code == 422
    given = {"decision": "si", "significado": "Un regalo pequeño por la compra."}
    await seller.post(f"/glosario/sugerencias/{by_word['yapa']}", data=given)
    await seller.post(f"/glosario/sugerencias/{by_word['altiro']}", data={"decision": "no"})

    after = (await seller.get("/glosario")).text
    assert "Un regalo pequeño" in after
    assert "/glosario/sugerencias/" not in after


async def test_fields_are_described_and_stay_so(
    seller: httpx2.AsyncClient, parts: WebParts
) -> None:
    other = await add_shop(parts.store, "ajena")
    assert "Todavía no se han leído las tablas" in (await seller.get("/glosario/campos")).text
    async with parts.store.transaction() as session:
        await fields.sync(session, parts.shop)
        await fields.sync(session, other)
    said = {"significado": "Lo que paga el cliente", "ejemplos": "9990, 24990"}

    await seller.post("/glosario/campos/product/price", data=said)

    page = (await seller.get("/glosario/campos?tabla=product")).text
    assert "Lo que paga el cliente" in page
    async with parts.store.reading() as session:
        theirs = await fields.definitions(session, other)
    assert {one.description for one in theirs} == {""}
    assert (await seller.post("/glosario/campos/product/nada", data=said)).status_code == 404


async def test_what_is_never_said_is_kept_shown_and_tried(seller: httpx2.AsyncClient) -> None:
    await seller.post("/glosario", data={**LUCA, "nunca": "baratija, lo más barato"})

    tried = (await seller.get("/glosario", params={"prueba": "son baratijas"})).text
    assert "El bot nunca diría:" in tried
    assert "baratija" in tried.split("El bot nunca diría:")[1].split("</p>")[0]
    chosen = (await seller.get("/glosario", params={"palabra": "luca"})).text
    assert 'name="nunca" value="baratija, lo más barato"' in chosen
    assert "Nunca decir: baratija, lo más barato" in chosen
    refused = await seller.post("/glosario", data={**LUCA, "nunca": "!!!"})
    assert refused.status_code == 422
