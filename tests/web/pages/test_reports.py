"""Reports and costs: what a shop's days came to, in its own money and by its own clock."""

import csv
import html
import io
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import insert

from config.manners import BudgetSettings, HoursSettings
from learning.rollups import Rollups
from store.senses import SenseLog
from store.session import Store
from tests.fixtures.store import add_shop
from tests.learning.rollups import ZONE, Reply, add, add_people
from tests.web.conftest import KEY, asking
from web.app import WebParts, build
from web.reporting import NAMES

NOON = 12 * 60
DAYS = "desde=2026-11-18&hasta=2026-11-20"
MINE = [
    Reply(NOON, score=5, paid=24_990, led=True, thumb=1, stars=5),
    Reply(NOON + 2, who=1, provider="groq", cost=1_840_000, intent="consulta_envio"),
    Reply(24 * 60 + NOON, who=2, handed=True, score=2, paid=10_000),
]
OTHERS = [Reply(NOON, score=1, paid=777_777, led=True, provider="groq", cost=66_000_000)]


async def counted(store: Store, shop: UUID, replies: list[Reply]) -> None:
    await add_people(store, shop, 4)
    await add(store, shop, replies)
    await Rollups(store, shop, ZONE).refresh(datetime.now(UTC))


@pytest.fixture
async def busy(store: Store, shop: UUID, seller: httpx2.AsyncClient) -> httpx2.AsyncClient:
    """A seller of a shop in which something happened, as it did in another one."""
    await counted(store, shop, MINE)
    await counted(store, await add_shop(store, "other"), OTHERS)
    return seller


@pytest.fixture
async def frugal(busy: httpx2.AsyncClient, parts: WebParts) -> AsyncIterator[httpx2.AsyncClient]:
    """The same shop with caps, hours and a price list."""
    budget = BudgetSettings(shop_usd=5, customer_usd=1, prices={"llama-x": (1.0, 10.0)})
    hours = HoursSettings(week={"lun-vie": "09:00-11:00"})
    async with asking(build(replace(parts, budget=budget, hours=hours))) as client:
        await client.post("/entrar", data={"clave": KEY})
        yield client


def words(page: str) -> str:
    """What is read, without its marks."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def rows_of(answer: httpx2.Response) -> list[list[str]]:
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))


async def test_a_chart_without_anything_says_why(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    await counted(store, shop, [Reply(NOON, who=1)])
    page = words((await seller.get(f"/informes?{DAYS}")).text)
    for told in ("Nadie dio estrellas", "Nadie pagó un pedido", "En estos días no hizo falta"):
        assert told in page


@pytest.mark.parametrize("path", ["/informes", "/admin/costos"])
async def test_an_empty_page_teaches(seller: httpx2.AsyncClient, path: str) -> None:
    page = await seller.get(path)

    assert page.status_code == 200
    assert "Todavía no hay" in page.text
    assert 'href="/chat"' in page.text


async def test_a_report_is_what_happened_in_the_shops_money(busy: httpx2.AsyncClient) -> None:
    page = words((await busy.get(f"/informes?{DAYS}")).text)

    assert "$24.990" in page
    assert "2 de 3 conversaciones" in page
    assert "66,7" in page
    assert "5,00 ★" in page
    assert "pidió una persona" in page
    assert "consulta de envío" in page
    assert "777" not in page


async def test_one_network_or_the_hours_of_the_shop_alone(
    busy: httpx2.AsyncClient, frugal: httpx2.AsyncClient
) -> None:
    phone = (await busy.get(f"/informes?{DAYS}&canal=whatsapp_cloud")).text
    assert "$24.990" not in phone
    assert "1 de 1 conversaciones" in phone
    assert "Solo horario de atención" not in phone

    closed = (await frugal.get(f"/informes?{DAYS}&horario=si")).text
    assert "Solo horario de atención" in closed
    assert "Todavía no hay números" in closed


async def test_the_hours_of_the_shop_are_those_of_its_files_too_and_a_holiday_is_none(
    busy: httpx2.AsyncClient, parts: WebParts
) -> None:
    hours = HoursSettings(week={"lun-vie": "11:30-13:00"}, holidays=(date(2026, 11, 19),))
    async with asking(build(replace(parts, hours=hours))) as client:
        await client.post("/entrar", data={"clave": KEY})
        page = (await client.get(f"/informes?{DAYS}&horario=si")).text
        days = rows_of(await client.get(f"/informes/respuestas.csv?{DAYS}&horario=si"))
        reasons = rows_of(await client.get(f"/informes/motivos.csv?{DAYS}&horario=si"))

    assert "una hora abierta a medias cuenta entera" in page
    assert f'href="/informes/ventas.csv?{DAYS}&horario=si"' in html.unescape(page)
    assert [sum(map(float, row[1:])) for row in days[1:]] == [2, 0, 0]
    assert reasons == [["motivo", "veces"]]
    assert "Pon tu horario" in (await busy.get(f"/informes?{DAYS}")).text


async def test_every_chart_is_a_file(busy: httpx2.AsyncClient) -> None:
    files = {name: rows_of(await busy.get(f"/informes/{name}.csv?{DAYS}")) for name in NAMES}

    assert files["ventas"] == [
        ["día", "Gracias al bot", "Otras ventas"],
        ["2026-11-18", "24990", "0"],
        ["2026-11-19", "0", "10000"],
        ["2026-11-20", "0", "0"],
    ]
    assert files["motivos"] == [["motivo", "veces"], ["pidió una persona", "1"]]
    assert files["semana"][3][13] == "2"
    assert (await busy.get("/informes/nada.csv")).status_code == 404


@pytest.mark.parametrize("by", ["intencion", "cliente", "canal", "modelo", "proveedor"])
async def test_costs_by_whatever_they_were_spent_on(busy: httpx2.AsyncClient, by: str) -> None:
    page = words((await busy.get(f"/admin/costos?{DAYS}&por={by}")).text)
    rows = rows_of(await busy.get(f"/admin/costos/tabla.csv?{DAYS}&por={by}"))

    assert "US$1,84" in page
    assert "66,00" not in page
    assert rows[0] == [by, "replies", "tokens_in", "tokens_out", "usd"]
    assert sum(float(row[4]) for row in rows[1:]) == 1.84
    assert sum(int(row[1]) for row in rows[1:]) == 3
    days = rows_of(await busy.get(f"/admin/costos/dias.csv?{DAYS}&por={by}"))
    assert [row[1:] for row in days[1:]] == [["1.840000"], ["0.000000"], ["0.000000"]]


HEARD: list[dict[str, object]] = [
    {"kind": "voice", "model": "whisper-x", "seconds": 90.0, "cost_micros": 9_000},
    {"kind": "voice", "model": "whisper-x", "seconds": 30.0, "cost_micros": 250_000},
    {"kind": "image", "model": "eyes", "tokens_in": 900, "cost_micros": None},
]


async def heard(store: Store, shop: UUID, rows: list[dict[str, object]]) -> None:
    same = {
        "shop_id": shop, "channel": "telegram", "provider": "groq", "tokens_in": 0,
        "tokens_out": 0, "seconds": None, "created_at": datetime(2026, 11, 18, 15, tzinfo=UTC),
    }  # fmt: skip
    async with store.transaction() as session:
        await session.execute(insert(SenseLog), [same | {"id": uuid4()} | one for one in rows])


async def test_voice_notes_and_pictures_are_told_apart_and_an_unknown_price_is_not_nothing(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    await heard(store, shop, HEARD)
    await heard(store, await add_shop(store, "other"), HEARD)
    await counted(store, shop, MINE)

    page = words((await seller.get(f"/admin/costos?{DAYS}")).text)
    told = (await seller.get("/api/v1/stats/costs?from=2026-11-18&to=2026-11-20")).json()

    assert "US$2,10 respuestas US$1,84 · voz US$0,26 · imágenes —" in page
    assert "Notas de voz groq · whisper-x 2 2,0 — US$0,26" in page
    assert "Imágenes groq · eyes 1 — 900 1 sin precio conocido" in page
    assert "Sin precio conocido no es gratis" in page
    assert (told["total"], told["answers_total"], told["senses_total"]) == (
        "2.099", "1.84", "0.259",
    )  # fmt: skip
    assert [(row["kind"], row["files"], row["cost"]) for row in told["senses"]] == [
        ("voice", 2, "0.259"), ("image", 1, None),
    ]  # fmt: skip
    elsewhere = words((await seller.get(f"/admin/costos?{DAYS}&canal=web")).text)
    assert "whisper-x" not in elsewhere


async def test_what_another_model_would_have_cost(
    busy: httpx2.AsyncClient, frugal: httpx2.AsyncClient
) -> None:
    """Ten tokens read and two written at 1 and 10 dollars a million: 30 millionths."""
    page = (await frugal.get("/admin/costos?leidos=1&escritos=10")).text

    assert "habría costado US$0,0000" in page
    assert "llama-x" in page
    assert "La tienda no tiene tope" not in page
    assert "La tienda no tiene tope" in (await busy.get("/admin/costos")).text


@pytest.mark.parametrize(
    "query", ["dias=0", "desde=ayer", "grupo=hora", "leidos=-1", "leidos=nan", "por=nada"]
)
async def test_what_no_page_knows_is_refused_in_words(busy: httpx2.AsyncClient, query: str) -> None:
    assert (await busy.get(f"/admin/costos?{query}")).status_code == 422


async def test_a_visitor_sees_no_numbers(visitor: httpx2.AsyncClient) -> None:
    for path in ("/informes", "/informes/ventas.csv", "/admin/costos", "/admin/costos/dias.csv"):
        answer = await visitor.get(path)
        assert answer.status_code in {303, 307, 401}, path


async def test_it_is_said_in_english_too(busy: httpx2.AsyncClient) -> None:
    busy.cookies.set("idioma", "en")
    page = words((await busy.get(f"/informes?{DAYS}")).text)

    assert "Assisted sales $24,990 1 sale" in page
    assert "2 of 3 conversations" in page
