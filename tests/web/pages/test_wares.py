"""The catalogue tells what became of products: on its page, in its file, and by the API."""

import csv
import html
import io
import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select

from learning.rollups import Rollups
from store.app import Product
from store.session import Store
from tests.fixtures.store import add_shop
from tests.learning.rollups import ZONE, Reply, add, add_people
from tests.web.api.conftest import bearer
from tests.web.conftest import KEY
from tests.web.pages.test_catalogue import imported

GOODS = """SKU;Nombre;Precio;Stock
BUF-1;Bufanda;9.990;0
GOR-1;Gorro;7.990;3
MIT-1;Mitones;5.990;1
"""
NOON = 12 * 60


async def counted(store: Store, shop: UUID) -> None:
    """The cap was sold and named twice, the scarf was named once; of the mittens nobody spoke."""
    async with store.reading() as session:
        products = await session.scalars(select(Product).where(Product.shop_id == shop))
        ids = {one.sku: one.id for one in products}
    cap, scarf = (ids[sku] for sku in ("GOR-1", "BUF-1"))
    await add_people(store, shop, 1)
    await add(store, shop, [Reply(NOON, named=(cap, scarf)), Reply(NOON + 1, named=(cap,), paid=1)])
    await Rollups(store, shop, ZONE).refresh(datetime(2026, 11, 20, 12, tzinfo=UTC))


@pytest.fixture
async def told(seller: httpx2.AsyncClient, store: Store, shop: UUID) -> httpx2.AsyncClient:
    await imported(seller, GOODS)
    await counted(store, shop)
    return seller


def lines(page: str) -> dict[str, dict[str, str]]:
    """By SKU: each cell under the name that a phone shows before it."""
    found = {}
    for row in re.findall(r'<tr class="ware.*?</tr>', page, re.DOTALL):
        sku = re.search(r"/catalogo/producto/([\w-]+)", row)
        assert sku is not None
        cells = re.findall(r'data-name="([^"]+)">(.*?)</td>', row, re.DOTALL)
        found[sku[1]] = {name: html.unescape(cell) for name, cell in cells}
    return found


def plain(cell: str) -> str:
    return re.sub(r"<[^>]+>", "", cell).strip()


async def test_each_product_tells_when_it_last_sold_and_how_often_it_was_named(
    told: httpx2.AsyncClient,
) -> None:
    page = (await told.get("/catalogo")).text
    rows = lines(page)
    names = "Última venta", "El bot lo mencionó"
    seen = {sku: tuple(plain(row[name]) for name in names) for sku, row in rows.items()}
    assert seen == {"BUF-1": ("—", "1"), "GOR-1": ("18 nov 2026", "2"), "MIT-1": ("—", "—")}
    assert "Ningún pedido pagado lo trae todavía" in rows["BUF-1"]["Última venta"]
    assert "Ninguna respuesta de los últimos 30 días" in rows["MIT-1"]["El bot lo mencionó"]
    assert "contado el " in page


async def test_before_anything_is_counted_nothing_is_said_to_be_none(
    seller: httpx2.AsyncClient,
) -> None:
    await imported(seller, GOODS)
    page = (await seller.get("/catalogo")).text
    for row in lines(page).values():
        assert "todavía no se contó" in row["Última venta"]
        assert "todavía no se contó" in row["El bot lo mencionó"]
    assert "Ninguna respuesta" not in page


async def test_the_file_holds_both_and_can_be_read_in_again(told: httpx2.AsyncClient) -> None:
    text = (await told.get("/catalogo.csv")).text.lstrip("\ufeff")
    rows = {row["SKU"]: row for row in csv.DictReader(io.StringIO(text))}
    names = "Última venta", "El bot lo mencionó (30 días)"
    assert [rows["GOR-1"][name] for name in names] == ["2026-11-18", "2"]
    assert [rows["MIT-1"][name] for name in names] == ["", "0"]

    again = await told.post(
        "/catalogo/importar", files={"archivo": ("catalogo.csv", text.encode(), "text/csv")}
    )
    assert "no hay nada que cambiar" in again.text


async def test_another_shop_sees_its_own_alone(
    told: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    other = await add_shop(store, "ajena")
    async with store.transaction() as session:
        for number, sku in enumerate(("GOR-1", "BUF-1")):
            row = {"shop_id": other, "id": UUID(int=number + 1), "sku": sku, "name": sku}
            session.add(Product(**row, price=1, stock=1))
    before = lines((await told.get("/catalogo")).text)
    await counted(store, other)
    assert lines((await told.get("/catalogo")).text) == before


async def test_programs_read_and_sort_by_them(told: httpx2.AsyncClient) -> None:
    async def everything(sort: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        query = {"sort": sort, "limit": "1"}
        while True:
            answer = await told.get("/api/v1/products", params=query, headers=bearer(KEY))
            assert answer.status_code == 200, answer.text
            page = answer.json()
            found += page["items"]
            if page["next_cursor"] is None:
                return found
            query["cursor"] = page["next_cursor"]

    named = await everything("-mentions_30d")
    assert [(one["sku"], one["mentions_30d"]) for one in named] == [
        ("GOR-1", 2), ("BUF-1", 1), ("MIT-1", 0),
    ]  # fmt: skip
    sold = await everything("-last_sold_on")
    assert [(one["sku"], one["last_sold_on"]) for one in sold] == [
        ("GOR-1", "2026-11-18"), ("MIT-1", None), ("BUF-1", None),
    ]  # fmt: skip
    assert [one["sku"] for one in await everything("last_sold_on")] == ["BUF-1", "MIT-1", "GOR-1"]


async def test_who_changes_a_product_is_not_disturbed_by_what_the_bot_says_meanwhile(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    await imported(seller, GOODS)
    listed = await seller.get("/api/v1/products", headers=bearer(KEY))
    where = f"/api/v1/products/{listed.json()['items'][1]['id']}"
    tag = (await seller.get(where, headers=bearer(KEY))).headers["etag"]
    await counted(store, shop)
    body = {"name": "Gorro", "price": {"amount": "1", "currency": "CLP"}, "stock": 1}
    done = await seller.put(where, json=body, headers=bearer(KEY) | {"If-Match": tag})
    assert done.status_code == 200, done.text
