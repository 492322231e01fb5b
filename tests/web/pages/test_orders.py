"""The list of orders: page by page, and as a file for whoever may take customers along."""

import csv
import html
import io
import re
from datetime import timedelta

import pytest

from store.dealings import OrderLine
from tests.web.rows import START
from tests.web.staff import actions, staff
from tests.web.talks import add_order, add_talk, order_of
from web.app import WebParts
from web.orders import SHOWN

HOME = "/pedidos"


async def sow(parts: WebParts, count: int, state: str) -> None:
    for number in range(count):
        talk = await add_talk(parts.store, parts.shop, f"Cliente {number:03}")
        at = START + timedelta(minutes=number // 2)
        await add_order(parts.store, parts.shop, talk, state=state, at=at, total=1000 + number)


@pytest.mark.parametrize(("group", "state"), [("revisar", "receipt"), ("pagados", "paid")])
async def test_orders_come_in_pages_each_once(parts: WebParts, group: str, state: str) -> None:
    await sow(parts, SHOWN + 5, state)
    async with staff(parts, "seller") as seller:
        first = (await seller.get(f"{HOME}?estado={group}")).text
        more = re.search(r'href="([^"]+)" rel="next"', first)
        assert more is not None
        second = (await seller.get(html.unescape(more[1]))).text
        assert (await seller.get(f"{HOME}?antes=x")).status_code == 404

    told = re.findall(r"<h3>\$1\.0(\d\d)</h3>", first + second)
    assert second.count("card order") == 5
    assert 'rel="next"' not in second
    assert f'href="{HOME}?estado={group}">Volver al principio' in second
    order = sorted(told) if group == "revisar" else sorted(told, reverse=True)
    assert len(set(told)) == SHOWN + 5
    assert [int(one) // 2 for one in told] == [int(one) // 2 for one in order]
    if group == "revisar":
        assert "antes=" in re.findall(r'name="sigue" value="([^"]*)"', second)[-1]


async def test_the_file_holds_every_order_of_its_group_and_no_formula(parts: WebParts) -> None:
    await sow(parts, SHOWN + 5, "paid")
    talk = await add_talk(parts.store, parts.shop, "=HYPERLINK(1)")
    await add_order(parts.store, parts.shop, talk, at=START + timedelta(days=1), total=24990)
    async with parts.store.transaction() as session:
        for sku, name, count, price in (("a", "Polera", 2, 9990), ("b", "Gorro", 1, 5010)):
            session.add(OrderLine(
                shop_id=parts.shop, order_id=order_of(talk), sku=sku, name=name,
                quantity=count, price=price,
            ))  # fmt: skip
    async with staff(parts, "owner") as owner:
        page = (await owner.get(f"{HOME}?estado=pagados")).text
        assert f'href="{HOME}.csv?estado=pagados"' in page
        answer = await owner.get(f"{HOME}.csv?estado=pagados")
        empty = await owner.get(f"{HOME}.csv")

    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == SHOWN + 6
    assert rows[0] | {"cliente": "'=HYPERLINK(1)", "total": "24990", "moneda": "CLP"} == rows[0]
    assert rows[0]["productos"] == "2 × Polera · 1 × Gorro"
    assert rows[0]["estado"] == "Pagado"
    assert rows[0]["pagado"].startswith(str((START + timedelta(days=1)).date()))
    assert len(empty.text.splitlines()) == 1
    assert await actions(parts) == ["order.csv", "order.csv"]


async def test_who_may_not_take_customers_along_is_not_offered_the_file(parts: WebParts) -> None:
    async with staff(parts, "seller") as seller:
        assert f"{HOME}.csv" not in (await seller.get(HOME)).text
        assert (await seller.get(f"{HOME}.csv")).status_code == 403
        assert "/clientes.csv" not in (await seller.get("/clientes")).text
