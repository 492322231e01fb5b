"""Documents in the browser: left to be read, seen, switched, removed, and asked."""

from dataclasses import replace
from uuid import UUID

import httpx2

from knowledge.documents import File
from tests.fixtures.store import add_shop
from tests.web.conftest import KEY, asking
from web.app import WebParts, build

RETURNS = b"# Cambios\n\nTienes treinta dias para cambiar un producto con su boleta.\n"


async def known(parts: WebParts, shop: UUID, name: str = "cambios.md") -> UUID:
    done = await parts.reading.ingest.ingest(shop, File(name, RETURNS))
    return done.id


async def test_without_documents_the_page_says_what_to_bring(seller: httpx2.AsyncClient) -> None:
    assert "Todavía no hay documentos" in (await seller.get("/documentos")).text


async def test_a_file_is_left_for_a_worker_and_a_bad_one_is_told(
    seller: httpx2.AsyncClient,
) -> None:
    files = [
        ("archivos", ("cambios.md", RETURNS, "text/markdown")),
        ("archivos", ("vacio.txt", b"  ", "text/plain")),
        ("archivos", ("foto.pdf", b"\x89PNG\r\n\x1a\n" + bytes(99), "application/pdf")),
    ]

    answer = await seller.post("/documentos", files=files)

    assert answer.status_code == 422
    assert "vacio.txt: no tiene texto" in answer.text
    assert "foto.pdf: no es PDF, Word ni texto" in answer.text
    assert "Leyendo…" in (await seller.get("/documentos")).text


async def test_a_question_finds_its_passage_or_says_that_none_answers(
    seller: httpx2.AsyncClient, parts: WebParts
) -> None:
    await known(parts, parts.shop)

    found = await seller.get("/documentos", params={"pregunta": "¿cuántos días para cambiar?"})
    none = await seller.get("/documentos", params={"pregunta": "¿venden submarinos amarillos?"})

    assert "treinta dias para cambiar" in found.text
    assert "Ningún documento responde eso" in none.text


async def test_it_is_taken_out_put_back_renamed_and_removed(
    seller: httpx2.AsyncClient, parts: WebParts
) -> None:
    at = f"/documentos/{await known(parts, parts.shop)}"
    assert "Tienes treinta dias" in (await seller.get(at)).text

    await seller.post(f"{at}/estado", data={"activo": "false"})
    assert "Apagado" in (await seller.get("/documentos")).text
    await seller.post(f"{at}/estado", data={"activo": "true"})
    await seller.post(at, data={"titulo": "Política de cambios", "descripcion": "de 2026"})
    assert "Política de cambios" in (await seller.get("/documentos")).text
    await seller.post(f"{at}/quitar")

    assert (await seller.get(at)).status_code == 404


async def test_a_document_of_another_shop_is_not_there(
    seller: httpx2.AsyncClient, parts: WebParts
) -> None:
    other = await add_shop(parts.store, "ajena")
    at = f"/documentos/{await known(parts, other, 'ajeno.md')}"

    assert (await seller.get(at)).status_code == 404
    assert (await seller.post(f"{at}/estado", data={"activo": "false"})).status_code == 404
    assert (await seller.post(f"{at}/quitar")).status_code == 404
    assert (await seller.post(at, data={"titulo": "x"})).status_code == 404
    assert "ajeno.md" not in (await seller.get("/documentos")).text


async def test_one_file_too_many_for_a_day_is_told_beside_those_that_were_taken(
    parts: WebParts,
) -> None:
    reading = replace(parts.reading, ingest=replace(parts.reading.ingest, a_day=1))
    files = [("archivos", (name, RETURNS, "text/markdown")) for name in ("uno.md", "dos.md")]
    async with asking(build(replace(parts, reading=reading))) as seller:
        await seller.post("/entrar", data={"clave": KEY})
        answer = await seller.post("/documentos", files=files)

    assert answer.status_code == 429
    assert "dos.md: hoy ya llegaron todos los archivos de un día: súbelo mañana" in answer.text
    assert "uno.md:" not in answer.text
    assert "hasta 20 MB y 300 páginas" in answer.text
