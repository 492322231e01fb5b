"""Price and stock are changed where the catalogue is listed."""

import html
import re
from uuid import UUID

import httpx2
from sqlalchemy import select

from store.app import Product
from store.session import Store
from tests.web.pages.test_catalogue import imported


async def test_price_and_stock_are_changed_in_the_list_and_nothing_else(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    await imported(seller, "SKU;Nombre;Descripción;Precio;Stock\nGOR-1;Gorro;De lana;7.990;3\n")
    page = (await seller.get("/catalogo?busca=gorro")).text
    form = page.split('action="/catalogo/producto"')[1].split("</form>")[0]
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    given = {name: html.unescape(value) for name, value in hidden.items()}

    done = await seller.post("/catalogo/producto", data={**given, "price": "8.490", "stock": "9"})
    assert done.headers["location"] == "/catalogo?busca=gorro&hecho=guardado"
    async with store.tenant(shop) as session:
        (one,) = (await session.scalars(select(Product))).all()
    assert (one.price, one.stock, one.description, one.active) == (8490, 9, "De lana", True)
    stale = await seller.post("/catalogo/producto", data={**given, "price": "1", "stock": "1"})
    assert stale.status_code == 409
    assert "De lana" in stale.text
