"""Traces: found by their names, by what went wrong, and never another shop's."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx2
import pytest

from services.requests import id_of
from store.session import Store
from store.spans import SPANS
from tests.fixtures.store import add_shop
from tests.web.roles import acting, steps
from tests.web.staff import actions
from tests.web.talks import PRICE, add_talk, answer, line_of
from web.app import WebParts

HOME = "/admin/trazas"
NAME = "proxy-7f3a-0042"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
async def admin(parts: WebParts) -> AsyncIterator[httpx2.AsyncClient]:
    async with acting(parts, "admin") as client:
        yield client


async def stored(
    store: Store, shop: UUID, request: UUID, *, at: datetime = NOW, conversation: UUID | None = None
) -> UUID:
    talk = conversation or uuid4()
    async with store.batch() as connection:
        await SPANS.write(connection, steps(shop, request, talk, at))
    return talk


async def failed(store: Store, shop: UUID, at: datetime) -> UUID:
    request = uuid4()
    row = (
        shop, request, uuid4(), None, None, "model", "client", at, 4_000_000, False,
        "ModelUnavailable", "{}",
    )  # fmt: skip
    async with store.batch() as connection:
        await SPANS.write(connection, [row])
    return request


async def test_an_empty_page_says_what_will_be_there(admin: httpx2.AsyncClient) -> None:
    page = (await admin.get(HOME)).text
    assert "Todavía no hay trazas" in page
    assert 'href="/chat"' in page


async def test_the_name_a_call_came_with_leads_to_its_steps(
    admin: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    talk = await stored(store, shop, id_of(NAME))
    found = await admin.get(HOME, params={"buscar": NAME})
    assert (found.status_code, found.headers["location"]) == (303, f"{HOME}/{NAME}")
    page = (await admin.get(f"{HOME}/{NAME}")).text
    for word in ("Llegada", "Cola", "Entender", "Modelo", "Comprobar", "Envío", "gpt-oss-20b"):
        assert word in page
    assert str(id_of(NAME)) in page
    assert f'href="/conversaciones/{talk}"' in page
    assert page.partition('class="fall')[2].count("<rect class") == 8


async def test_a_trace_tells_how_long_it_waited_and_what_for(
    admin: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    """It arrived within 6.2 ms, lay in the queue until 10.1, and was answered at 1970; the answer
    ended at 2782 and began to leave at 2790, for 143 ms."""
    request = uuid4()
    await stored(store, shop, request)
    page = (await admin.get(f"{HOME}/{request}")).text
    assert "Trabajó 961 ms. Esperó 1.972 ms:" in page
    assert "en la cola, 4 ms" in page
    assert "a que el cliente terminara de escribir, 1.960 ms" in page
    assert "antes de enviar, al ritmo de quien escribe, 8 ms." in page
    assert page.count('class="waited words"') == 1


async def test_a_conversation_is_found_by_its_id(
    admin: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    mine, other = uuid4(), uuid4()
    talk = await stored(store, shop, mine)
    await stored(store, shop, other)
    page = (await admin.get(HOME, params={"buscar": str(talk)})).text
    assert f"{HOME}/{mine}" in page
    assert f"{HOME}/{other}" not in page
    assert "Nada con ese id" in (await admin.get(HOME, params={"buscar": str(uuid4())})).text


async def test_what_went_wrong_and_what_was_slow_are_found_apart(
    admin: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    fine = uuid4()
    await stored(store, shop, fine)
    wrong = await failed(store, shop, NOW)
    page = (await admin.get(HOME, params={"ver": "fallos"})).text
    assert f"{HOME}/{wrong}" in page
    assert "Falló: ModelUnavailable" in page
    assert f"{HOME}/{fine}" not in page
    assert "Ninguna respuesta lenta" in (await admin.get(HOME, params={"ver": "lentas"})).text


async def test_all_of_them_are_walked_through_once(
    admin: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    wanted = {uuid4() for _ in range(61)}
    for number, request in enumerate(sorted(wanted)):
        await stored(store, shop, request, at=NOW + timedelta(seconds=number // 3))
    first = (await admin.get(HOME)).text
    cursor = first.split("antes=")[1].split('"')[0]
    second = (await admin.get(f"{HOME}?antes={cursor}")).text
    shown = (
        [one for one in wanted if str(one) in first],
        [one for one in wanted if str(one) in second],
    )
    assert (len(shown[0]), len(shown[1])) == (50, 11)
    assert set(shown[0]).isdisjoint(shown[1])
    file = (await admin.get(f"{HOME}.csv")).text
    assert all(str(one) in file for one in wanted)


async def test_a_seller_has_no_traces_and_nobody_sees_another_shops(
    parts: WebParts, admin: httpx2.AsyncClient, store: Store
) -> None:
    theirs = uuid4()
    await stored(store, await add_shop(store, "theirs"), theirs)
    assert str(theirs) not in (await admin.get(HOME)).text
    assert (await admin.get(f"{HOME}/{theirs}")).status_code == 404
    async with acting(parts, "seller") as seller:
        assert (await seller.get(HOME)).status_code == 403


@pytest.mark.parametrize("bad", ["../../etc", "x", "ñ" * 9, "a" * 65, "2026-01-01T00:00:00Z_no"])
async def test_nonsense_is_no_error(admin: httpx2.AsyncClient, bad: str) -> None:
    assert (await admin.get(HOME, params={"buscar": bad})).status_code == 200
    assert (await admin.get(HOME, params={"antes": bad})).status_code in {200, 422}
    assert (await admin.get(f"{HOME}/{bad}")).status_code == 404


async def test_the_answer_of_a_trace_is_put_first_in_revisar_and_taken_back(
    parts: WebParts, admin: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    talk = await add_talk(store, shop, "Ana", *PRICE, at=NOW)
    reply = line_of(talk, 1)
    await stored(store, shop, reply, conversation=talk)
    here = f"{HOME}/{reply}"
    page = (await admin.get(here)).text
    assert PRICE[0][1] in page
    assert f'href="{answer(talk, "porque#prueba")}"' in page
    add = f"/revisar/{reply}/agregar"
    assert f'action="{add}"' in page

    done = await admin.post(add, data={"vuelve": here})

    assert done.headers["location"].startswith(f"{here}?hecho=")
    page = (await admin.get(done.headers["location"])).text
    assert "Está primera en Revisar." in page
    assert f'action="{add}"' not in page
    case = (await admin.get("/revisar")).text
    assert "agregado a mano" in case
    assert PRICE[0][1] in case
    act = page.partition('name="acto" value="')[2].partition('"')[0]
    undone = await admin.post("/revisar/deshacer", data={"acto": act, "vuelve": here})
    assert undone.headers["location"] == f"{here}?que=deshecho"
    assert f'action="{add}"' in (await admin.get(here)).text
    assert (await actions(parts))[:2] == ["example.undone", "review.added"]


async def test_nobody_adds_what_is_not_there_nor_another_shops(
    admin: httpx2.AsyncClient, store: Store
) -> None:
    other = await add_shop(store, "theirs")
    talk = await add_talk(store, other, "Eva", *PRICE, at=NOW)
    for reply in (uuid4(), line_of(talk, 1)):
        assert (await admin.post(f"/revisar/{reply}/agregar")).status_code == 404
