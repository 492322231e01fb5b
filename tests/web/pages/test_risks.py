"""The pages of a lender's risks: who sees them, what they say, and what is written down."""

import csv
import io
from dataclasses import replace
from uuid import UUID

import pytest

from config.risk import RiskSettings
from tests.fixtures.store import add_shop
from tests.web.lenders import Lender, lending, noted
from tests.web.roles import acting
from tests.web.staff import staff
from web.app import WebParts
from web.risks import written

HOME = "/riesgo"


@pytest.fixture
def lender(parts: WebParts) -> WebParts:
    return lending(parts)


@pytest.fixture
async def shop_of(lender: WebParts) -> Lender:
    return Lender(lender.store, lender.shop)


async def listed(lender: WebParts, **query: str) -> str:
    async with acting(lender, "owner") as owner:
        answer = await owner.get(HOME, params=query)
    assert answer.status_code == 200
    return answer.text


async def test_a_shop_that_lends_nothing_has_no_such_page(parts: WebParts) -> None:
    async with staff(parts, "owner") as owner:
        assert (await owner.get(HOME)).status_code == 404
        assert "Riesgo" not in (await owner.get("/mas")).text


async def test_the_menu_of_a_lender_offers_it_to_whoever_may_look(lender: WebParts) -> None:
    async with staff(lender, "owner") as owner:
        assert f'href="{HOME}"' in (await owner.get("/mas")).text
    async with staff(lender, "seller") as seller:
        assert f'href="{HOME}"' not in (await seller.get("/mas")).text
        assert (await seller.get(HOME)).status_code == 403


async def test_an_empty_page_says_what_is_missing(lender: WebParts, shop_of: Lender) -> None:
    assert "Todavía no hay préstamos" in await listed(lender)
    await shop_of.lends("Ana Soto")
    assert "Falta el modelo" in await listed(lender)
    await shop_of.trains()
    assert "Todavía no hay estimaciones" in await listed(lender)


async def test_the_likeliest_stand_first_with_their_reasons(
    lender: WebParts, shop_of: Lender
) -> None:
    await shop_of.lends("Ana Soto", "<b>Luis</b> Mella")
    model = await shop_of.trains()
    await shop_of.foretells(model, 0, 0.12)
    await shop_of.foretells(model, 1, 0.61)
    page = await listed(lender)
    assert page.index("&lt;b&gt;Luis") < page.index("Ana Soto")
    assert "61 de cada 100" in page
    assert "Riesgo alto" in page
    assert "Riesgo bajo" in page
    assert "pagó con atraso 75 % de sus cuotas" in page
    assert "$1.200.000" in page


async def test_what_is_high_is_the_shops_to_say(lender: WebParts, shop_of: Lender) -> None:
    await shop_of.lends("Ana Soto")
    await shop_of.foretells(await shop_of.trains(), 0, 0.12)
    assert "Riesgo alto" in await listed(replace(lender, risk=RiskSettings(threshold=0.1)))


async def test_lists_are_filtered_and_come_in_pages(lender: WebParts, shop_of: Lender) -> None:
    await shop_of.lends(*(f"Persona {n}" for n in range(30)))
    model = await shop_of.trains("instalment")
    for place in range(30):
        await shop_of.foretells(model, place, 0.01 + place * 0.03)
    first = await listed(lender, de="cuotas", nivel="", q="persona")
    assert shown(first) == 25
    more = following(first)
    assert "q=persona" in more
    async with acting(lender, "owner") as owner:
        rest = (await owner.get(more)).text
    assert shown(rest) == 5
    assert "q=persona" in rest.partition("Volver al principio")[0].rpartition("href=")[2]
    for query, count in (
        ({"q": "c-7"}, 1), ({"q": "1009"}, 1), ({"q": "Persóna 9"}, 1), ({"q": "pers 2"}, 11),
        ({"q": "ersona"}, 0), ({"q": "100%"}, 0), ({"nivel": "alto"}, 20), ({"nivel": "medio"}, 5),
        ({"nivel": "bajo"}, 5), ({"monto": "110.000"}, 25), ({"monto": "110.001"}, 0),
        ({"monto": "mucho"}, 25), ({"desde": "2099-01-01"}, 0), ({"q": "C-99"}, 0),
    ):  # fmt: skip
        page = await listed(lender, de="cuotas", **query)
        assert shown(page) == count, query
        assert ("Nada con estos filtros" in page) == (count == 0)
    async with acting(lender, "owner") as owner:
        for mark in ("AAAA", written("left", {"place": 10**30, "tie": UUID(int=1)})):
            query = {"antes": mark, "orden": "monto"}
            assert (await owner.get(HOME, params=query)).status_code == 404
        other = written("probability", {"place": 0.4, "tie": UUID(int=1)})
        answer = await owner.get(HOME, params={"antes": other, "orden": "monto"})
        assert answer.status_code == 404


async def test_where_most_is_left_to_pay_may_stand_first(lender: WebParts, shop_of: Lender) -> None:
    await shop_of.lends(*(f"Persona {n}" for n in range(30)))
    model = await shop_of.trains()
    for place in range(30):
        await shop_of.foretells(model, place, 0.01 + place * 0.03)
    first = await listed(lender, orden="monto")
    assert first.index("Persona 0<") < first.index("Persona 1<") < first.index("Persona 24<")
    assert "falta pagar $800.000" in first
    async with acting(lender, "owner") as owner:
        rest = (await owner.get(following(first))).text
        lines = (await owner.get(f"{HOME}.csv", params={"orden": "monto", "nivel": "alto"})).text
    assert rest.index("Persona 25<") < rest.index("Persona 29<")
    assert shown(first) + shown(rest) == 30
    assert "Persona 24<" not in rest
    assert shown(await listed(lender, orden="monto", monto="$700.000")) == 6
    assert [line.split(",")[0] for line in lines.splitlines()[1:3]] == ["1010", "1011"]


async def test_the_other_kind_is_searched_for_the_same(lender: WebParts, shop_of: Lender) -> None:
    await shop_of.lends("Ana Soto")
    await shop_of.trains()
    page = await listed(lender, de="cuotas", q="ana", nivel="alto", desde="2026-01-01")
    assert 'href="/riesgo?de=prestamos&amp;q=ana&amp;nivel=alto"' in page


def shown(page: str) -> int:
    return page.count('class="card risk"')


def following(page: str) -> str:
    """The address of the next page."""
    found = page.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    return found.replace("&amp;", "&")


async def test_another_shop_sees_nothing_of_it(lender: WebParts, shop_of: Lender) -> None:
    await shop_of.lends("Ana Soto")
    mine = await shop_of.foretells(await shop_of.trains(), 0, 0.4)
    other = replace(lender, shop=await add_shop(lender.store, "otra"))
    async with acting(other, "owner") as owner:
        assert "Ana" not in (await owner.get(HOME)).text
        assert "Ana" not in (await owner.get(f"{HOME}.csv")).text
        assert (await owner.get(f"{HOME}/{mine}")).status_code == 404
        given = {"resultado": "upheld", "nota": "Miré sus pagos"}
        assert (await owner.post(f"{HOME}/{mine}/revision", data=given)).status_code == 404
    assert await noted(other) == []


async def test_who_saw_whom_is_written_down(lender: WebParts, shop_of: Lender) -> None:
    await shop_of.lends("Ana Soto")
    one = await shop_of.foretells(await shop_of.trains(), 0, 0.4)
    async with acting(lender, "owner") as owner:
        await owner.get(HOME)
        await owner.get(f"{HOME}.csv")
        await owner.get(f"{HOME}/{one}")
    client = str((await noted(lender))[0][1]).removeprefix("client:")
    assert await noted(lender) == [
        ("risk.seen", f"client:{UUID(client)}", {"prediction": str(one)}),
        *[("risk.listed", f"shop:{lender.shop}", {"clients": [client], "count": 1})] * 2,
    ]


async def test_the_file_holds_what_the_list_shows(lender: WebParts, shop_of: Lender) -> None:
    await shop_of.lends("Ana Soto", "Luis Mella")
    model = await shop_of.trains()
    for place, probability in enumerate((0.2, 0.5)):
        await shop_of.foretells(model, place, probability)
    async with acting(lender, "owner") as owner:
        text = (await owner.get(f"{HOME}.csv")).text
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [(row["préstamo"], row["probabilidad"]) for row in rows] == [
        ("1001", "0.5"),
        ("1000", "0.2"),
    ]
    assert "Ana" not in text


async def test_one_estimate_says_what_why_and_how_to_contest_it(
    lender: WebParts, shop_of: Lender
) -> None:
    await shop_of.lends("Ana Soto")
    model = await shop_of.trains()
    for days_ago, probability in ((2, 0.2), (1, 0.3)):
        await shop_of.foretells(model, 0, probability, days_ago=days_ago)
    one = await shop_of.foretells(model, 0, 0.41)
    async with acting(lender, "owner") as owner:
        answer = await owner.get(f"{HOME}/{one}")
    page = answer.text
    assert "no-store" in answer.headers["cache-control"]
    assert "De cada 100 préstamos parecidos, unos 41 llegan a 90 días de atraso" in page
    assert "20,0" in page
    assert "30,0" in page
    assert 'class="spark"' in page
    assert "puedes pedir que una persona la revise" in page
    assert "en 30 días como máximo" in page
    assert "tabla de puntos" in page


async def test_a_person_reviews_and_says_why(lender: WebParts, shop_of: Lender) -> None:
    await shop_of.lends("Ana Soto")
    one = await shop_of.foretells(await shop_of.trains(), 0, 0.41)
    place = f"{HOME}/{one}"
    async with acting(lender, "owner") as owner:
        empty = await owner.post(f"{place}/revision", data={"resultado": "upheld", "nota": "  "})
        assert empty.status_code == 422
        assert "No se guardó nada" in empty.text
        given = {"resultado": "withdrawn", "nota": "El pago de <mayo> estaba sin anotar"}
        answer = await owner.post(f"{place}/revision", data=given)
        assert answer.status_code == 303
        page = (await owner.get(answer.headers["location"])).text
    assert "La revisión quedó anotada" in page
    assert "no la uses para decidir" in page
    assert "El pago de &lt;mayo&gt; estaba sin anotar" in page
    assert ("risk.reviewed", f"prediction:{one}", {"outcome": "withdrawn"}) in await noted(lender)
    assert "Se retira" in await listed(lender)


async def test_english_pages_keep_the_reasons_as_they_are(
    lender: WebParts, shop_of: Lender
) -> None:
    await shop_of.lends("Ana Soto")
    one = await shop_of.foretells(await shop_of.trains(), 0, 0.41)
    async with acting(lender, "owner") as owner:
        owner.cookies.set("idioma", "en")
        page = (await owner.get(f"{HOME}/{one}")).text
    assert "41 in 100" in page
    assert '<span lang="es">pagó con atraso 75 % de sus cuotas</span>' in page
