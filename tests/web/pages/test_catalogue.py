"""The catalogue in the browser: looked through, corrected by hand, imported and taken back."""

import re
from dataclasses import replace

import httpx2
import pytest

from store.app import Product
from store.session import Store
from tests.fixtures.store import add_shop
from tests.web.conftest import KEY, asking
from web.app import WebParts, build

LIST = """SKU;Nombre;Precio;Stock
GOR-1;Gorro de lana;7.990;3
BUF-1;Bufanda;9.990;0
MAL-1;Cosa;abc;1
"""
SPREADSHEET = {"archivo": ("lista.csv", LIST.encode(), "text/csv")}


async def imported(seller: httpx2.AsyncClient, text: str = LIST) -> httpx2.Response:
    files = {"archivo": ("lista.csv", text.encode(), "text/csv")}
    seen = await seller.post("/catalogo/importar", files=files)
    address = re.search(r"/catalogo/importar/[0-9a-f]{64}", seen.text)
    assert address is not None
    return await seller.post(address[0], data={"nombre": "lista.csv"})


async def test_an_empty_catalogue_says_how_to_begin(seller: httpx2.AsyncClient) -> None:
    answer = await seller.get("/catalogo")

    assert "Tu catálogo está vacío" in answer.text
    assert "/catalogo/plantilla.csv" in answer.text


async def test_a_file_is_seen_before_it_is_taken(seller: httpx2.AsyncClient) -> None:
    seen = await seller.post("/catalogo/importar", files=SPREADSHEET)

    assert "2 nuevos" in seen.text
    assert "No leímos" not in seen.text
    assert "Línea 4, Precio: «abc» no es un precio en CLP" in seen.text.replace("\n", " ")
    assert "Gorro" not in (await seller.get("/catalogo")).text


async def test_a_new_product_does_not_take_the_place_of_another(
    seller: httpx2.AsyncClient,
) -> None:
    await imported(seller)

    given = {"sku": " GOR-1 ", "name": "Otro gorro", "price": "1", "stock": "1", "version": ""}
    refused = await seller.post("/catalogo/producto", data=given)

    assert refused.status_code == 409
    assert "ya hay un producto con ese SKU" in refused.text
    assert 'value="Otro gorro"' in refused.text
    assert "$7.990" in (await seller.get("/catalogo")).text


async def test_who_saves_an_old_form_is_told_what_happened_meanwhile(
    seller: httpx2.AsyncClient,
) -> None:
    await imported(seller)
    form = await form_of(seller, "GOR-1")
    first = {"name": "Gorro de lana", "price": "8490", "stock": "3", "active": "1"}
    await seller.post("/catalogo/producto", data=form | first)

    late = await seller.post("/catalogo/producto", data=form | first | {"price": "7000"})

    assert late.status_code == 409
    assert "alguien lo cambió mientras lo editabas" in late.text
    assert 'value="7000"' in late.text
    assert "$8.490" in (await seller.get("/catalogo")).text
    again = re.search(r'name="version" value="(\w+)"', late.text)
    assert again is not None
    sure = form | first | {"price": "7000", "version": again[1]}
    await seller.post("/catalogo/producto", data=sure)
    assert "$7.000" in (await seller.get("/catalogo")).text


async def test_of_two_columns_that_may_hold_the_price_one_is_chosen(
    seller: httpx2.AsyncClient,
) -> None:
    text = "SKU;Nombre;Precio web;Precio tienda;Stock\nA-1;Taza;990;1290;4\n"
    files = {"archivo": ("lista.csv", text.encode(), "text/csv")}
    seen = (await seller.post("/catalogo/importar", files=files)).text
    assert "¿Qué columna es cuál?" in seen
    address = re.search(r"(/catalogo/importar/[0-9a-f]{64})/columnas", seen)
    assert address is not None

    told = {"nombre": "lista.csv", "c_price": "Precio tienda"}
    again = (await seller.post(address[0], data=told)).text

    assert "Precio ← «Precio tienda»" in again
    assert "¿Qué columna es cuál?" not in again
    await seller.post(address[1], data=told)
    assert "$1.290" in (await seller.get("/catalogo")).text
    assert (await seller.post(f"/catalogo/importar/{'0' * 64}/columnas")).status_code == 404


async def test_what_was_done_with_the_catalogue_stands_in_the_audit(
    seller: httpx2.AsyncClient,
) -> None:
    await imported(seller)
    back = re.search(
        r"/catalogo/importaciones/[0-9a-f-]+/deshacer", (await seller.get("/catalogo")).text
    )
    assert back is not None
    await seller.post(back[0])

    told = (await seller.get("/admin/auditoria")).text

    assert "importó el catálogo" in told
    assert "deshizo una importación" in told


async def test_a_column_that_nobody_reads_is_named_before(seller: httpx2.AsyncClient) -> None:
    files = {
        "archivo": ("lista.csv", b"SKU;Nombre;Precio;Bodega\nA-1;Taza;990;Norte\n", "text/csv")
    }
    seen = await seller.post("/catalogo/importar", files=files)

    assert "No leímos: «Bodega»" in seen.text


async def test_what_was_taken_can_be_taken_back(seller: httpx2.AsyncClient) -> None:
    done = await imported(seller)
    assert (done.status_code, done.headers["location"]) == (303, "/catalogo?hecho=aplicado")
    page = await seller.get("/catalogo")
    assert "Gorro de lana" in page.text
    assert "$7.990" in page.text
    back = re.search(r"/catalogo/importaciones/[0-9a-f-]+/deshacer", page.text)
    assert back is not None
    told = (await seller.get("/catalogo?hecho=aplicado")).text
    assert re.search(rf'class="told".*{back[0]}', told)

    await seller.post(back[0])

    again = await seller.get("/catalogo?estado=activos")
    assert "Gorro de lana" not in again.text
    assert (await seller.post(back[0])).status_code == 409


async def test_a_file_that_nobody_saw_is_not_taken(seller: httpx2.AsyncClient) -> None:
    assert (await seller.post(f"/catalogo/importar/{'0' * 64}")).status_code == 404
    assert (await seller.post("/catalogo/importar/..%2f..%2fetc")).status_code == 404


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "", "price": "10"}, "le falta el nombre"),
        ({"name": "Gorro", "price": "mucho"}, "«mucho» no es un precio en CLP"),
        ({"name": "Gorro", "price": "10", "stock": "tres"}, "«tres» no es una cantidad"),
    ],
)
async def test_who_types_a_product_is_told_what_is_wrong_with_it(
    seller: httpx2.AsyncClient, given: dict[str, str], said: str
) -> None:
    answer = await seller.post("/catalogo/producto", data={"sku": "X-1", "stock": "1", **given})

    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="X-1"' in answer.text


async def form_of(seller: httpx2.AsyncClient, sku: str) -> dict[str, str]:
    """With the version of the product that the page showed."""
    page = (await seller.get(f"/catalogo/producto/{sku}")).text
    version = re.search(r'name="version" value="(\w+)"', page)
    assert version is not None
    return {"sku": sku, "version": version[1]}


async def test_a_corrected_price_holds_and_the_product_can_be_switched_off(
    seller: httpx2.AsyncClient,
) -> None:
    await imported(seller)
    given = {"name": "Gorro de lana", "price": "8490", "stock": "3"}

    form = await form_of(seller, "GOR-1")
    await seller.post("/catalogo/producto", data={**form, **given, "active": "1"})
    assert "$8.490" in (await seller.get("/catalogo")).text
    await seller.post("/catalogo/producto", data=await form_of(seller, "GOR-1") | given)

    assert "Gorro" in (await seller.get("/catalogo?estado=apagados")).text
    assert "Gorro" not in (await seller.get("/catalogo?estado=activos")).text


async def test_a_long_catalogue_comes_in_pages_and_whole_as_a_file(
    seller: httpx2.AsyncClient,
) -> None:
    lines = [f"P-{number:03};Producto {number};{1000 + number};1" for number in range(120)]
    await imported(seller, "SKU;Nombre;Precio;Stock\n" + "\n".join(lines))

    first = await seller.get("/catalogo")
    following = re.search(r'href="(/catalogo\?[^"]+)" rel="next"', first.text)
    assert following is not None
    second = await seller.get(following[1].replace("&amp;", "&"))
    assert ("Producto 39<" in first.text, "Producto 40<" in first.text) == (True, False)
    assert ("Producto 40<" in second.text, "Producto 39<" in second.text) == (True, False)
    whole = (await seller.get("/catalogo.csv")).text.splitlines()
    assert len(whole) == 121


async def test_a_product_of_another_shop_is_not_there(
    seller: httpx2.AsyncClient, store: Store, parts: WebParts
) -> None:
    other = await add_shop(store, "ajena")
    async with store.transaction() as session:
        session.add(
            Product(
                shop_id=other, id=other, sku="AJENO-1", name="Ajeno", price=10, stock=1, active=True
            )
        )

    assert "Ajeno" not in (await seller.get("/catalogo?busca=ajeno")).text
    assert (await seller.get("/catalogo/producto/AJENO-1")).status_code == 404
    assert "AJENO" not in (await seller.get("/catalogo.csv")).text


async def test_a_formula_is_no_formula_in_the_file(seller: httpx2.AsyncClient) -> None:
    given = {"sku": "F-1", "name": "=1+1", "price": "10", "stock": "1", "active": "1"}
    await seller.post("/catalogo/producto", data=given)

    assert "'=1+1" in (await seller.get("/catalogo.csv")).text


async def test_a_file_of_too_many_products_is_told_with_the_number_that_is_read(
    parts: WebParts,
) -> None:
    async with asking(build(replace(parts, max_rows=3))) as seller:
        await seller.post("/entrar", data={"clave": KEY})
        form = await seller.get("/catalogo/importar")
        answer = await seller.post("/catalogo/importar", files=SPREADSHEET)

    assert "hasta 10 MB y 3 filas" in form.text
    assert answer.status_code == 422
    assert "tiene más de 3 filas: divídelo en varios archivos" in answer.text
