"""Files of products and documents share what a shop may send in a day."""

from dataclasses import replace

from tests.web.conftest import KEY, asking
from tests.web.pages.test_catalogue import LIST, imported
from web.app import WebParts, build


async def test_one_file_too_many_for_a_day_is_told_and_the_one_before_goes_on(
    parts: WebParts,
) -> None:
    reading = replace(parts.reading, ingest=replace(parts.reading.ingest, a_day=1))
    async with asking(build(replace(parts, reading=reading))) as seller:
        await seller.post("/entrar", data={"clave": KEY})
        wrong = await seller.post("/catalogo/importar", data={"pegado": "nada"})
        assert (await imported(seller)).status_code == 303
        again = await seller.post("/catalogo/importar", data={"pegado": LIST})
        note = [("archivos", ("uno.md", b"Hola.", "text/markdown"))]
        document = await seller.post("/documentos", files=note)
        audit = (await seller.get("/admin/auditoria")).text

    assert (wrong.status_code, again.status_code, document.status_code) == (422, 429, 429)
    assert 86_000 < int(again.headers["retry-after"]) <= 86_400
    assert "Hoy ya llegaron todos los archivos de un día, contando los documentos" in again.text
    assert "subió un archivo de productos" in audit
