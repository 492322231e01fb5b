"""Ejemplos: what the bot learns from, and what a seller does with it."""

import json
import re
from datetime import date
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import select

from store.lessons import Outcome
from store.ml import TrainingData
from store.session import Store
from tests.fixtures.store import add_shop
from tests.web.rows import PRAISED, add_conversation, add_row
from web.wanted import Wanted


@pytest.fixture
async def shop(store: Store) -> UUID:
    found = await add_shop(store)
    await add_conversation(store, found)
    return found


async def the_row(store: Store, shop: UUID, turn: UUID) -> TrainingData:
    async with store.reading() as session:
        return await session.get_one(TrainingData, (shop, turn))


def names(html: str) -> list[str]:
    return re.findall(r"pregunta (\w+)</span></p>", html)


def act_of(answer: httpx2.Response) -> str:
    found = re.search(r"hecho=([^&]+)", answer.headers["location"])
    assert found is not None
    return found[1].replace("%2C", ",")


async def test_an_empty_library_teaches(seller: httpx2.AsyncClient) -> None:
    html = (await seller.get("/ejemplos")).text

    assert "Todavía no hay ejemplos" in html
    assert 'href="/ejemplos/nuevo"' in html
    assert 'href="/ejemplos/importar"' in html


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["baja", "corregida", "nadie", "venta"]),
        ("venta=si", ["venta"]),
        ("venta=no", ["baja", "corregida", "nadie"]),
        ("nota=4", ["venta"]),
        ("nota=2", ["baja"]),
        ("nota=sin", ["corregida", "nadie"]),
        ("corregido=si", ["corregida"]),
        ("intencion=saludo", ["nadie"]),
        ("estado=excluido", ["baja"]),
        ("estado=aceptado", ["corregida"]),
        ("estado=propuesto", ["nadie", "venta"]),
        ("origen=chat&venta=si", ["venta"]),
        ("origen=mano", []),
        ("desde=2026-11-21", []),
        ("desde=2026-11-20&hasta=2026-11-20", ["baja", "corregida", "nadie", "venta"]),
        ("q=PREGÚNTA+venta", ["venta"]),
        ("q=%25", []),
        ("venta=si&nota=&intencion=&desde=", ["venta"]),
    ],
)
async def test_filters_in_the_address_keep_what_fits(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, query: str, expected: list[str]
) -> None:
    await add_row(store, shop, "venta", **PRAISED)
    await add_row(store, shop, "corregida", correction="mejor")
    await add_row(store, shop, "baja", quality_score=1, rejected=True)
    await add_row(store, shop, "nadie", intent="saludo")

    html = (await seller.get(f"/ejemplos?{query}")).text

    assert sorted(names(html)) == expected


@pytest.mark.parametrize("query", ["nota=9", "desde=ayer", "antes=x", "antes=" + "a" * 400])
async def test_an_address_that_makes_no_sense_is_refused(
    seller: httpx2.AsyncClient, query: str
) -> None:
    assert (await seller.get(f"/ejemplos?{query}")).status_code in {400, 422}


async def test_every_row_is_shown_once_page_after_page(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    for number in range(45):
        await add_row(store, shop, f"n{number:02}", minutes=number)
    seen: list[str] = []
    path: str | None = "/ejemplos?venta=no"
    while path:
        html = (await seller.get(path)).text
        seen += names(html)
        found = re.search(r'href="([^"]+)" rel="next"', html)
        path = found[1].replace("&amp;", "&") if found else None

    assert seen == [f"n{number:02}" for number in range(44, -1, -1)]


async def test_a_sale_is_corrected_with_its_amount_and_undone(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    turn = await add_row(store, shop, "a")

    told = {"venta": "si", "monto": "$24.990", "vuelve": f"/ejemplos/{turn}"}
    done = await seller.post(f"/ejemplos/{turn}/venta", data=told)

    assert done.status_code == 303
    html = (await seller.get(done.headers["location"])).text
    assert "Marcada como venta." in html
    assert "$24.990" in html
    assert (await the_row(store, shop, turn)).is_successful
    await seller.post("/ejemplos/deshacer", data={"acto": act_of(done)})
    assert not (await the_row(store, shop, turn)).is_successful
    async with store.reading() as session:
        assert list(await session.scalars(select(Outcome))) == []


async def test_an_amount_nobody_can_read_changes_nothing(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    turn = await add_row(store, shop, "a")

    done = await seller.post(f"/ejemplos/{turn}/venta", data={"venta": "si", "monto": "mucho"})

    assert "No entendimos el monto" in (await seller.get(done.headers["location"])).text
    assert not (await the_row(store, shop, turn)).is_successful


@pytest.mark.parametrize("use", ["incluir", "excluir", "venta", "noventa"])
async def test_many_are_decided_at_once_and_undone(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, use: str
) -> None:
    turns = [await add_row(store, shop, name) for name in "abc"]
    data = {"filas": [str(turn) for turn in turns[:2]], "accion": use}

    done = await seller.post("/ejemplos/varios", data=data)

    rows = [await the_row(store, shop, turn) for turn in turns]
    expected = {
        "incluir": [True, True, None],
        "excluir": [False, False, None],
        "venta": [None] * 3,
        "noventa": [None] * 3,
    }
    assert [row.allowed for row in rows] == expected[use]
    assert [row.is_successful for row in rows] == [use == "venta"] * 2 + [False]
    await seller.post("/ejemplos/deshacer", data={"acto": act_of(done)})
    rows = [await the_row(store, shop, turn) for turn in turns]
    assert [(row.allowed, row.is_successful) for row in rows] == [(None, False)] * 3


async def test_nothing_chosen_is_said(seller: httpx2.AsyncClient) -> None:
    done = await seller.post("/ejemplos/varios", data={"accion": "excluir"})

    assert "No elegiste ningún ejemplo" in (await seller.get(done.headers["location"])).text


async def test_what_a_customer_took_back_is_shown_as_withdrawn(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    await add_row(store, shop, "a")
    async with store.batch() as connection:
        await connection.execute("UPDATE app.customer SET no_training = true")

    assert "Retirado por el cliente" in (await seller.get("/ejemplos?estado=retirado")).text
    assert names((await seller.get("/ejemplos?estado=propuesto")).text) == []


async def test_another_shops_rows_never_show(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    other = await add_shop(store, "otra")
    await add_conversation(store, other)
    turn = await add_row(store, other, "ajena", **PRAISED)

    assert "ajena" not in (await seller.get("/ejemplos")).text
    assert "ajena" not in (await seller.get("/ejemplos/exportar.csv")).text
    gone = await seller.get(f"/ejemplos/{turn}", headers={"Accept-Language": "en"})
    assert gone.status_code == 404
    assert "deleted" in gone.text
    for path, data in (
        (f"/ejemplos/{turn}/venta", {"venta": "no"}),
        (f"/ejemplos/{turn}/uso", {"accion": "excluir"}),
        ("/ejemplos/varios", {"accion": "excluir", "filas": str(turn)}),
    ):
        assert (await seller.post(path, data=data)).status_code == 404, path
    assert (await the_row(store, other, turn)).is_successful


async def test_a_library_is_exported_as_it_is_filtered(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    await add_row(store, shop, "venta", bot_response="=1+1", **PRAISED)
    await add_row(store, shop, "otra")

    table = (await seller.get("/ejemplos/exportar.csv?venta=si")).text
    lines = (await seller.get("/ejemplos/exportar.jsonl?venta=si")).text.splitlines()

    assert len(table.strip().splitlines()) == 2
    assert "'=1+1" in table
    assert [json.loads(line)["respuesta"] for line in lines] == ["=1+1"]


async def test_the_old_addresses_lead_here(seller: httpx2.AsyncClient) -> None:
    row = uuid4()
    for old, new in (
        ("/filas", "/ejemplos"),
        ("/filas?nota=5&venta=si", "/ejemplos?venta=si&nota=4"),
        (f"/filas/{row}", f"/ejemplos/{row}"),
    ):
        answer = await seller.get(old)
        assert (answer.status_code, answer.headers["location"]) == (308, new)


async def test_one_is_never_led_elsewhere(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    turn = await add_row(store, shop, "a")
    for bad in ("https://malo.example", "//malo.example", "/\\malo", "/salir"):
        data = {"accion": "excluir", "vuelve": bad}
        done = await seller.post(f"/ejemplos/{turn}/uso", data=data)
        assert done.headers["location"].startswith("/ejemplos?hecho=")


def test_an_address_says_what_is_filtered_and_nothing_else() -> None:
    wanted = Wanted(venta="si", desde=date(2026, 11, 1))

    assert wanted.address() == "/ejemplos?venta=si&desde=2026-11-01"
    assert wanted.address(venta=None, nota="4") == "/ejemplos?desde=2026-11-01&nota=4"
    assert Wanted().address() == "/ejemplos"
