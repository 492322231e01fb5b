"""The list of conversations: tabs, filters, search and paging, each bound to one shop."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import UUID

import httpx2

from store.session import Store
from tests.fixtures.store import add_shop
from tests.web.staff import actions
from tests.web.talks import add_order, add_talk, hand_over, line_of
from web.app import WebParts

NOW = datetime.now(UTC)
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
PRICE = [("customer", "¿cuánto cuesta la mochila?"), ("bot", "La mochila cuesta $24.990")]


async def names(seller: httpx2.AsyncClient, query: str = "", *wanted: str) -> list[str]:
    """Those of the wanted ones that the list holds, in the order given."""
    page = await seller.get(f"/conversaciones{query}")
    assert page.status_code == 200
    return [name for name in wanted if f"hx-ignore>{name}</span>" in page.text]


async def test_an_empty_list_teaches(seller: httpx2.AsyncClient, shop: UUID) -> None:
    page = (await seller.get("/conversaciones")).text

    assert "Todavía no hay conversaciones" in page
    assert "Probar el bot" in page


async def test_the_tabs_hold_what_they_say(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    await add_talk(store, shop, "Ana", *PRICE, at=NOW)
    waits = await add_talk(store, shop, "Pedro", ("customer", "quiero reclamar"), at=NOW)
    done = await add_talk(store, shop, "Luis", *PRICE, at=NOW, silenced=True)
    await hand_over(store, shop, waits, at=NOW)
    await seller.post(f"/conversaciones/{done}/resolver")
    everybody = ("Ana", "Pedro", "Luis")

    assert await names(seller, "", *everybody) == ["Ana", "Pedro", "Luis"]
    assert await names(seller, "?ver=esperan", *everybody) == ["Pedro"]
    assert await names(seller, "?ver=resueltas", *everybody) == ["Luis"]
    assert await names(seller, "?ver=mias", *everybody) == []
    await seller.post(f"/conversaciones/{waits}/tomar")
    assert await names(seller, "?ver=mias", *everybody) == ["Pedro"]
    assert await names(seller, "?ver=bot", *everybody) == ["Ana", "Pedro"]


async def test_whoever_waits_longest_stands_first_and_all_that_wait_are_told_of(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    """Thirty-two ask for a person, each an hour after the other; who asked first wrote last."""
    for number in range(32):
        spoke, asked = timedelta(minutes=number), timedelta(hours=40 - number)
        talk = await add_talk(store, shop, f"C{number}.", ("customer", "hola"), at=NOW - spoke)
        await hand_over(store, shop, talk, at=NOW - asked)
    everybody = [f"C{number}." for number in range(32)]

    def listed(text: str) -> list[str]:
        return re.findall(r"hx-ignore>(C\d+\.)</span>", text)

    every = (await seller.get("/conversaciones")).text
    page = (await seller.get("/conversaciones?ver=esperan")).text
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following is not None
    rest = (await seller.get(unescape(following[1]))).text

    assert listed(every)[:10] == everybody[:10]
    assert "y 22 más te esperan" in every
    assert listed(page) + listed(rest) == everybody
    assert "más te esperan" not in page


async def test_filters_are_in_the_address_and_narrow_the_list(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    await add_talk(store, shop, "Ana", *PRICE, at=NOW)
    sold = await add_talk(store, shop, "Pedro", ("customer", "lo llevo"), at=NOW,
                          account="telegram:main")  # fmt: skip
    await add_order(store, shop, sold, at=NOW)
    old = NOW - timedelta(days=9)
    await add_talk(store, shop, "Luis", ("customer", "hola"), at=old)
    everybody = ("Ana", "Pedro", "Luis")
    yesterday = (NOW - timedelta(days=2)).date()

    assert await names(seller, "?canal=telegram", *everybody) == ["Pedro"]
    assert await names(seller, "?intencion=consulta_precio", *everybody) == ["Ana"]
    assert await names(seller, "?venta=si", *everybody) == ["Pedro"]
    assert await names(seller, f"?hasta={yesterday}", *everybody) == ["Luis"]
    assert await names(seller, f"?desde={yesterday}", *everybody) == ["Ana", "Pedro"]
    assert await names(seller, "?nota=3", *everybody) == []
    assert await names(seller, "?nota=nunca&desde=ayer&ver=otra", *everybody) == list(everybody)
    nothing = (await seller.get("/conversaciones?etiqueta=urgente")).text
    assert "Nada por aquí" in nothing
    assert "Quitar filtros" in nothing


async def test_a_search_finds_what_was_said_and_who(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    await add_talk(store, shop, "Ana", ("customer", "¿hacen envíos a Punta Arenas?"), at=NOW)
    await add_talk(store, shop, "Pedro", *PRICE, at=NOW)
    other = await add_shop(store, "otra")
    await add_talk(store, other, "Zoila", ("customer", "envíos a Punta Arenas"), at=NOW)
    everybody = ("Ana", "Pedro", "Zoila")

    assert await names(seller, "?buscar=envio punta", *everybody) == ["Ana"]
    assert await names(seller, "?buscar=hacen envios", *everybody) == ["Ana"]
    assert await names(seller, '?buscar="hacen envíos"', *everybody) == ["Ana"]
    assert await names(seller, "?buscar=punta -hacen", *everybody) == []
    assert await names(seller, '?buscar=punta -"hacen envíos"', *everybody) == []
    assert await names(seller, '?buscar=punta -"envíos hacen"', *everybody) == ["Ana"]
    assert await names(seller, '?buscar=-"hacen envíos"', *everybody) == ["Pedro"]
    assert await names(seller, "?buscar=mochilas", *everybody) == ["Pedro"]
    assert await names(seller, "?buscar=ped", *everybody) == ["Pedro"]
    assert await names(seller, "?buscar=zoi", *everybody) == []
    assert await names(seller, "?buscar=%22%27()%3A*%26|!%00", *everybody) == []


async def test_pages_follow_each_other_without_holes(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    for number in range(33):
        at = NOW - timedelta(minutes=number // 2)
        await add_talk(store, shop, f"Cliente{number:02}", ("customer", "hola"), at=at)
    everybody = [f"Cliente{number:02}" for number in range(33)]
    first = (await seller.get("/conversaciones")).text
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")

    seen = await names(seller, "", *everybody)
    rest = await names(seller, following.removeprefix("/conversaciones"), *everybody)

    assert len(seen) == 30
    assert sorted(seen + rest) == everybody
    assert (await seller.get("/conversaciones?antes=roto")).status_code == 400


async def test_what_nobody_has_seen_is_marked_until_somebody_looks(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    talk = await add_talk(store, shop, "Ana", ("customer", "hola"), ("customer", "¿hay?"), at=NOW)

    assert 'class="badge">2<' in (await seller.get("/conversaciones")).text
    await seller.get(f"/conversaciones/{talk}")
    assert 'class="badge"' not in (await seller.get("/conversaciones")).text


async def test_the_window_of_a_network_is_told_on_the_list(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    cloud = "whatsapp_cloud:main"
    await add_talk(store, shop, "Ana", ("customer", "hola"), at=NOW, account=cloud)
    old = NOW - timedelta(hours=25)
    await add_talk(store, shop, "Luis", ("customer", "hola"), at=old, account=cloud)
    page = (await seller.get("/conversaciones")).text

    assert "Ventana 23 h" in page
    assert "Ventana cerrada" in page


async def test_htmx_gets_the_list_alone(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    await add_talk(store, shop, "Ana", *PRICE, at=NOW)
    headers = {"HX-Request": "true", "HX-Target": "div#lista"}
    part = (await seller.get("/conversaciones", headers=headers)).text

    assert "Ana" in part
    assert "<html" not in part


async def test_another_shops_conversation_is_not_there(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    other = await add_shop(store, "otra")
    theirs = await add_talk(store, other, "Zoila", *PRICE, at=NOW)
    here = f"/conversaciones/{theirs}"
    reply = f"{here}/respuestas/{line_of(theirs, 1)}"
    asked = [here, f"{reply}/porque", f"{reply}/mejorar"]
    done = [
        f"{here}/{what}" for what in ("nota", "resolver", "reabrir", "posponer", "etiquetas",
                                      "venta", "telefono", "tomar", "devolver", "mensaje",
                                      "plantilla")
    ]  # fmt: skip
    done += [f"{reply}/{what}" for what in ("nota", "prueba", "mejorar", "diferencia")]
    fields = {"nota": "x", "texto": "x", "pulgar": "si", "debe": "x"}

    for path in asked:
        assert (await seller.get(path)).status_code == 404, path
    for path in done:
        if not path.endswith(f"{line_of(theirs, 1)}/nota"):
            assert (await seller.post(path, data=fields)).status_code == 404, path
    graded = await seller.post(f"{reply}/nota", data={"pulgar": "si"})
    assert graded.status_code == 404
    assert "Zoila" not in (await seller.get("/conversaciones")).text


async def test_what_the_filters_leave_is_a_file_and_who_takes_it_is_written_down(
    seller: httpx2.AsyncClient, parts: WebParts
) -> None:
    store, shop = parts.store, parts.shop
    for number in range(60):
        await add_talk(store, shop, f"Cliente {number}", ("customer", "hola"), ("bot", "=HOLA()"))
    await add_talk(store, await add_shop(store, "otra"), "Zoila", ("customer", "hola"))
    sold = await add_talk(store, shop, "Ana", ("customer", "lo quiero"))
    await add_order(store, shop, sold)

    told = (await seller.get("/conversaciones.csv")).text.removeprefix("\ufeff")
    every = list(csv.DictReader(io.StringIO(told)))
    bought = (await seller.get("/conversaciones.csv?venta=si")).text

    assert len(every) == 61
    assert {one["texto"] for one in every if one["cliente"] == "Cliente 3"} == {"'=HOLA()"}
    assert all(MOMENT.fullmatch(one["último mensaje"]) for one in every)
    assert "Zoila" not in {one["cliente"] for one in every}
    assert "Ana" in bought
    assert "Cliente" not in bought
    assert (await actions(parts))[:2] == ["conversation.csv", "conversation.csv"]
