"""Documents in the browser: left to be read, seen, switched, removed, and asked."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx2

from knowledge.documents import File, document_id
from knowledge.left import read_left
from store import waiting
from tests.fixtures.store import add_shop
from tests.knowledge.importing.files import workbook
from tests.web.conftest import KEY, asking
from web.app import WebParts, build
from web.library import end_of, last_day

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
    assert 1 <= int(answer.headers["retry-after"]) <= 86_400
    assert "dos.md: hoy ya llegaron todos los archivos de un día: súbelo mañana" in answer.text
    assert "uno.md:" not in answer.text
    assert "hasta 20 MB y 300 páginas" in answer.text


async def test_after_its_last_day_a_document_answers_nothing_until_it_gets_another(
    seller: httpx2.AsyncClient, parts: WebParts
) -> None:
    at, asked = f"/documentos/{await known(parts, parts.shop)}", {"pregunta": "¿días para cambiar?"}

    await seller.post(at, data={"titulo": "Cambios", "hasta": "2020-03-31"})
    listed = (await seller.get("/documentos", params=asked)).text
    assert "Vencido el 31 mar 2020" in listed
    assert "Ningún documento responde eso" in listed
    assert 'value="2020-03-31"' in (await seller.get(at)).text

    await seller.post(at, data={"titulo": "Cambios", "hasta": "2900-03-31"})
    listed = (await seller.get("/documentos", params=asked)).text
    assert "Válido hasta el 31 mar 2900" in listed
    assert "treinta dias para cambiar" in listed
    await seller.post(at, data={"titulo": "Cambios", "hasta": ""})
    assert "Válido hasta el" not in (await seller.get("/documentos")).text


async def test_a_file_is_left_with_its_last_day(
    seller: httpx2.AsyncClient, parts: WebParts
) -> None:
    files = [("archivos", ("cambios.md", RETURNS, "text/markdown"))]
    await seller.post("/documentos", files=files, data={"hasta": "2020-03-31"})

    ingest, which = parts.reading.ingest, document_id(parts.shop, "cambios.md")
    async with parts.store.lookup() as connection:
        left = await waiting.left_for(connection, parts.shop, which)
    assert left is not None
    await read_left(ingest, parts.shop, which, left.at)

    assert "Vencido el 31 mar 2020" in (await seller.get("/documentos")).text


def test_a_last_day_ends_when_the_shops_clock_says_so() -> None:
    end = end_of(date(2026, 11, 22), ZoneInfo("America/Santiago"))

    assert end == datetime(2026, 11, 23, 3, tzinfo=UTC)
    assert last_day(end, ZoneInfo("America/Santiago")) == date(2026, 11, 22)


async def test_the_newest_stands_first_and_pages_end(
    seller: httpx2.AsyncClient, parts: WebParts
) -> None:
    for number in range(51):
        text = f"# Aviso {number:02}\n\nEl aviso dice {number}.\n".encode()
        await parts.reading.ingest.ingest(parts.shop, File(f"a{90 - number}.md", text))
    first = (await seller.get("/documentos")).text
    assert first.index("Aviso 50") < first.index("Aviso 49")
    assert "Aviso 00" not in first
    following = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    second = (await seller.get(following.replace("&amp;", "&"))).text
    assert "Aviso 00" in second
    assert "Aviso 01" not in second
    assert "Aviso 50" in (await seller.get("/documentos?desde=basura")).text


async def test_a_question_tells_what_is_kept_out_of_answers_and_why(
    seller: httpx2.AsyncClient, parts: WebParts
) -> None:
    which = await known(parts, parts.shop)
    asked = {"pregunta": "¿cuántos días para cambiar?"}
    assert 'id="fuera"' not in (await seller.get("/documentos", params=asked)).text

    await seller.post(f"/documentos/{which}/estado", data={"activo": "false"})
    out = (await seller.get("/documentos", params=asked)).text
    assert "Ningún documento responde eso" in out
    told = out.split('id="fuera"')[1].split("</section>")[0]
    assert f'href="/documentos/{which}"' in told
    assert "Apagado" in told
    other = {"pregunta": "¿venden submarinos amarillos?"}
    assert 'id="fuera"' not in (await seller.get("/documentos", params=other)).text


async def test_a_sheet_is_told_where_it_goes(seller: httpx2.AsyncClient) -> None:
    sheet = workbook([["SKU", "Precio"], ["A", 1]])
    answer = await seller.post("/documentos", files=[("archivos", ("lista.xlsx", sheet))])

    assert answer.status_code == 422
    assert "lista.xlsx: es una planilla: impórtala como catálogo" in answer.text
