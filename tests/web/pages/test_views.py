"""Lists that a person keeps under a name: of one page, theirs alone, and few."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import func, select

from store.people import Person
from store.session import Store
from store.views import MOST, SavedView
from tests.web.roles import acting
from tests.web.talks import PRICE, add_talk
from web.app import WebParts
from web.pages.team import TEAM
from web.views import PAGES

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ASKED = {
    "/conversaciones": "ver=bot&buscar=mochila",
    "/ejemplos": "venta=si&q=mochila",
    "/clientes": "q=ana",
    "/catalogo": "busca=mochila",
    "/admin/trazas": "ver=lentas",
    "/admin/auditoria": "que=model.",
}


@pytest.fixture
async def admin(parts: WebParts) -> AsyncIterator[httpx2.AsyncClient]:
    async with acting(parts, "admin") as client:
        yield client


async def keep(
    client: httpx2.AsyncClient, page: str, query: str, name: str = "Lo mío"
) -> httpx2.Response:
    return await client.post("/vistas", data={"pagina": page, "consulta": query, "nombre": name})


def kept(page: str) -> list[tuple[str, str]]:
    found = re.findall(r'<a class="pill" href="([^"]+)"[^>]*><span hx-ignore>([^<]+)</span>', page)
    return [(href.replace("&amp;", "&"), name) for href, name in found]


@pytest.mark.parametrize("page", sorted(PAGES))
async def test_a_list_is_kept_under_a_name_and_leads_back_to_its_filters(
    admin: httpx2.AsyncClient, page: str
) -> None:
    blank = (await admin.get(page)).text
    offered = (await admin.get(f"{page}?{ASKED[page]}")).text
    done = await keep(admin, page, ASKED[page])
    shown = (await admin.get(done.headers["location"])).text

    assert "Guardar esta vista" not in blank
    assert "Guardar esta vista" in offered
    assert done.status_code == 303
    assert "Guardar esta vista" not in shown
    (one,) = kept(shown)
    assert one[1] == "Lo mío"
    assert dict(httpx2.URL(one[0]).params) == dict(httpx2.QueryParams(ASKED[page]))
    assert f'href="{one[0].replace("&", "&amp;")}" aria-current="true"' in shown
    assert kept((await admin.get(page)).text) == [one]


async def test_an_open_conversation_shows_those_of_its_list(
    admin: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    talk = await add_talk(store, shop, "Ana", *PRICE, at=NOW)
    await keep(admin, "/conversaciones", "ver=bot")

    shown = (await admin.get(f"/conversaciones/{talk}?ver=bot")).text
    assert kept(shown) == [("/conversaciones?ver=bot", "Lo mío")]


async def test_one_tap_removes_it_and_the_list_stays_as_it_was(admin: httpx2.AsyncClient) -> None:
    await keep(admin, "/ejemplos", "venta=si")
    shown = (await admin.get("/ejemplos?venta=si&q=termo")).text
    (action,) = re.findall(r'action="(/vistas/[^"]+/quitar)"', shown)
    done = await admin.post(action, data={"consulta": "venta=si&q=termo"})

    assert done.headers["location"] == "/ejemplos?venta=si&q=termo"
    assert kept((await admin.get("/ejemplos")).text) == []
    assert (await admin.post(action)).status_code == 404


async def test_the_same_name_again_means_something_else(admin: httpx2.AsyncClient) -> None:
    await keep(admin, "/ejemplos", "venta=si")
    await keep(admin, "/ejemplos", "venta=no", "  Lo   mío ")
    assert kept((await admin.get("/ejemplos")).text) == [("/ejemplos?venta=no", "Lo mío")]


async def test_they_are_of_one_person_of_one_page_and_nobody_else_removes_them(
    parts: WebParts, admin: httpx2.AsyncClient
) -> None:
    await keep(admin, "/ejemplos", "venta=si")
    action = re.findall(r'action="(/vistas/[^"]+/quitar)"', (await admin.get("/ejemplos")).text)[0]
    async with acting(parts, "admin") as other:
        assert kept((await other.get("/ejemplos")).text) == []
        assert (await other.post(action)).status_code == 404

    assert kept((await admin.get("/clientes")).text) == []
    assert len(kept((await admin.get("/ejemplos")).text)) == 1


async def test_there_is_room_for_so_many_and_not_for_nothing(
    admin: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    for number in range(MOST):
        assert (await keep(admin, "/clientes", f"q=a{number}", f"n{number}")).status_code == 303

    assert (await keep(admin, "/clientes", "q=otra", "una más")).status_code == 422
    assert (await keep(admin, "/clientes", "q=otra", "n1")).status_code == 303
    assert (await keep(admin, "/ejemplos", "venta=si")).status_code == 303
    assert (await keep(admin, "/ejemplos", "", "sin filtro")).status_code == 422
    assert (await keep(admin, "/ejemplos", "venta=si", "   ")).status_code == 422
    assert "Guardar esta vista" not in (await admin.get("/clientes?q=nueva")).text
    async with store.reading() as session:
        held = select(func.count()).select_from(SavedView).where(SavedView.shop_id == shop)
        assert await session.scalar(held) == MOST + 1


async def test_an_address_is_never_somebody_else_s_and_knows_only_its_filters(
    admin: httpx2.AsyncClient,
) -> None:
    assert (await keep(admin, "https://malo.cl", "q=a")).status_code == 404
    await keep(admin, "/clientes", "q=ana&antes=x&hecho=borrado&//malo.cl=1")
    assert kept((await admin.get("/clientes")).text) == [("/clientes?q=ana", "Lo mío")]


async def test_who_may_not_see_a_list_keeps_nothing_of_it(
    parts: WebParts, seller: httpx2.AsyncClient
) -> None:
    """The shop's key is one for all who hold it, and nobody's own."""
    async with acting(parts, "viewer") as viewer:
        assert (await keep(viewer, "/admin/trazas", "ver=lentas")).status_code == 403
    assert (await keep(seller, "/ejemplos", "venta=si")).status_code == 404
    assert "Guardar esta vista" not in (await seller.get("/ejemplos?venta=si")).text


async def test_they_go_when_their_person_is_shut_out(
    parts: WebParts, admin: httpx2.AsyncClient
) -> None:
    async with acting(parts, "seller") as gone:
        await keep(gone, "/ejemplos", "venta=si")
    async with parts.store.reading() as session:
        who = await session.scalar(select(Person.id).where(Person.role == "seller"))
    done = await admin.post(f"{TEAM}/{who}", data={"accion": "quitar"})

    assert done.status_code == 303
    async with parts.store.reading() as session:
        assert await session.scalar(select(func.count()).select_from(SavedView)) == 0
