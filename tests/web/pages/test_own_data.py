"""Mis datos: a link that works once, and behind it one's own rows alone."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import select, text

from services.clock import now
from store import app
from store.privacy import links
from store.privacy.links import Wanted
from store.privacy.tables import PrivacyRequest
from store.session import Store
from tests.capture.talk import START
from tests.web.conftest import asking
from tests.web.pages.test_customers import ANA, add_customer
from tests.web.reading import outside
from web.app import WebParts, build


async def say(store: Store, shop: UUID, customer: UUID, words: str) -> None:
    async with store.transaction() as session:
        query = select(app.Conversation).where(app.Conversation.customer_id == customer)
        talk = (await session.scalars(query)).one()
        session.add(
            app.Message(
                shop_id=shop, id=uuid4(), conversation_id=talk.id, position=1, author="customer",
                content="text", text=words, request_id=talk.id, at=START, received_at=START,
            )
        )  # fmt: skip


@pytest.fixture
async def ana(store: Store, shop: UUID) -> UUID:
    await add_customer(store, shop, ANA, "Ana Rojas")
    await say(store, shop, ANA, "quiero una mochila")
    await add_customer(store, shop, UUID(int=22), "Beto", minutes=5)
    await say(store, shop, UUID(int=22), "secreto de Beto")
    return ANA


async def link(store: Store, shop: UUID, customer: UUID, *, hours: float = 24) -> str:
    wanted = Wanted(shop, customer, uuid4(), now() + timedelta(hours=hours))
    async with store.batch() as connection:
        return f"/mis-datos/{await links.offer(connection, wanted)}"


async def test_a_link_is_looked_at_as_often_as_one_likes_and_used_once(
    visitor: httpx2.AsyncClient, parts: WebParts, store: Store, shop: UUID, ana: UUID
) -> None:
    path = await link(store, shop, ana)
    for _ in range(2):
        assert "Ver mis datos" in (await visitor.get(path)).text
    entered = await visitor.post(path)
    assert (entered.status_code, entered.headers["location"]) == (303, "/mis-datos")
    page = (await visitor.get("/mis-datos")).text
    assert "quiero una mochila" in page
    assert "secreto de Beto" not in page
    async with asking(build(parts)) as thief:
        assert (await thief.post(path)).status_code == 404
        assert (await thief.get("/mis-datos")).status_code == 404


async def test_an_old_link_and_an_invented_one_say_how_to_get_another(
    visitor: httpx2.AsyncClient, store: Store, shop: UUID, ana: UUID
) -> None:
    old = await link(store, shop, ana, hours=-1)
    for path in (old, f"/mis-datos/{'a' * 43}", "/mis-datos/hola"):
        answer = await visitor.get(path)
        assert answer.status_code == 404
        assert "/misdatos" in answer.text


async def test_who_guesses_links_is_turned_away_for_a_while(
    visitor: httpx2.AsyncClient, store: Store, shop: UUID, ana: UUID
) -> None:
    good = await link(store, shop, ana)
    for number in range(40):
        await visitor.get(f"/mis-datos/{number:043x}")
    assert (await visitor.get(good)).status_code == 404


async def test_a_customer_corrects_opposes_and_asks_for_a_copy(
    visitor: httpx2.AsyncClient, parts: WebParts, store: Store, shop: UUID, ana: UUID
) -> None:
    await visitor.post(await link(store, shop, ana))
    await visitor.post("/mis-datos/corregir", data={"nombre": "Ana M.", "idioma": "es"})
    await visitor.post("/mis-datos/aprendizaje", data={"aprende": "no"})
    await visitor.post("/mis-datos/copia")
    async with store.transaction() as session:
        row = await session.get(app.Customer, (shop, ana))
        asked = (await session.scalars(select(PrivacyRequest))).all()
        export = next(one.id for one in asked if one.kind == "export")
        await session.execute(text("UPDATE app.privacy_request SET state = 'done'"))
    assert row is not None
    assert (row.name, row.no_training) == ("Ana M.", True)
    assert {one.by for one in asked} == {"customer"}
    folder = parts.media.folder.parent / "exports" / str(shop)
    folder.mkdir(parents=True)
    (folder / f"{export}.zip").write_bytes(b"PK mine")
    assert (await visitor.post(f"/mis-datos/copia/{export}")).content == b"PK mine"


async def test_nobody_downloads_another_one_s_copy(
    visitor: httpx2.AsyncClient, parts: WebParts, store: Store, shop: UUID, ana: UUID
) -> None:
    request = uuid4()
    async with store.transaction() as session:
        session.add(
            PrivacyRequest(
                shop_id=shop, id=request, customer_id=UUID(int=22), kind="export", state="done",
                by="customer", due_at=now(),
            )
        )  # fmt: skip
    folder = parts.media.folder.parent / "exports" / str(shop)
    folder.mkdir(parents=True)
    (folder / f"{request}.zip").write_bytes(b"PK theirs")
    await visitor.post(await link(store, shop, ana))
    assert (await visitor.post(f"/mis-datos/copia/{request}")).status_code == 404


async def test_an_erasure_needs_the_word_and_says_what_becomes_of_everything(
    visitor: httpx2.AsyncClient, store: Store, shop: UUID, ana: UUID
) -> None:
    await visitor.post(await link(store, shop, ana))
    assert (await visitor.post("/mis-datos/borrar", data={"palabra": "no"})).status_code == 422
    done = await visitor.post("/mis-datos/borrar", data={"palabra": "borrar"})
    assert "Estamos borrando tus datos" in done.text
    async with store.reading() as session:
        row = (await session.scalars(select(PrivacyRequest))).one()
    assert (row.kind, row.customer_id, row.by) == ("erasure", ana, "customer")
    assert (await visitor.get("/mis-datos")).status_code == 404


async def test_leaving_ends_it_in_the_browser_and_here(
    visitor: httpx2.AsyncClient, store: Store, shop: UUID, ana: UUID
) -> None:
    await visitor.post(await link(store, shop, ana))
    kept = visitor.cookies["mis_datos"]
    await visitor.post("/mis-datos/salir")
    visitor.cookies.set("mis_datos", kept)
    assert (await visitor.get("/mis-datos")).status_code == 404


async def test_an_hour_later_the_page_is_closed(
    parts: WebParts, store: Store, shop: UUID, ana: UUID
) -> None:
    async with asking(build(replace(parts))) as client:
        await client.post(await link(store, shop, ana))
        async with store.transaction() as session:
            await session.execute(text("UPDATE app.privacy_link SET expires_at = now()"))
        assert (await client.get("/mis-datos")).status_code == 404


async def test_what_was_said_is_words_and_never_a_page(
    visitor: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    await add_customer(store, shop, ANA, "Ana")
    await say(store, shop, ANA, "<b>x</b> PWNED")
    await visitor.post(await link(store, shop, ANA))
    assert outside((await visitor.get("/mis-datos")).text, "PWNED") == []


async def test_the_public_chat_bears_the_shop_s_key_and_says_what_it_is(
    visitor: httpx2.AsyncClient,
) -> None:
    page = await visitor.get("/c/demo")
    assert "Soy un asistente virtual de Tienda de Prueba." in page.text
    assert "Hablar con una persona" in page.text
    assert (await visitor.get("/c/otra")).status_code == 404


async def test_privacy_is_explained_in_the_shop_s_own_words_first(
    visitor: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    async with store.transaction() as session:
        notice = "INSERT INTO app.privacy_rule (shop_id, notice, by) VALUES (:shop, :said, 'x')"
        await session.execute(text(notice), {"shop": shop, "said": "Somos <b>Tienda</b>, RUT 1-9"})
    page = (await visitor.get("/privacidad")).text
    assert "Somos &lt;b&gt;Tienda&lt;/b&gt;, RUT 1-9" in page
    assert "30 días" in page


async def test_one_s_own_requests_are_told_to_oneself(
    visitor: httpx2.AsyncClient, store: Store, shop: UUID, ana: UUID
) -> None:
    await visitor.post(await link(store, shop, ana))
    await visitor.post("/mis-datos/copia")
    page = (await visitor.get("/mis-datos")).text
    assert "Copia de tus datos" in page
    assert "Copia de sus datos" not in page
