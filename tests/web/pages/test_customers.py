"""Clientes: found, read, corrected, and what they ask of their data."""

import csv
import io
from dataclasses import replace
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import httpx2
import pytest
from sqlalchemy import select, text

from jobs.schedule import Run
from store import app
from store.audit import Wanted, events
from store.dealings import Order
from store.privacy.tables import Consent, PrivacyRequest
from store.session import Store
from tests.capture.talk import START
from tests.fixtures.store import add_shop
from tests.web.conftest import KEY, asking
from tests.web.reading import outside
from web.app import WebParts, build

ANA, PHONE = UUID(int=21), "+56912345678"


async def add_customer(
    store: Store, shop: UUID, customer: UUID, name: str | None, *, minutes: int = 0
) -> None:
    async with store.transaction() as session:
        session.add(app.Customer(shop_id=shop, id=customer, name=name))
        await session.flush()
        session.add(
            app.CustomerAlias(
                shop_id=shop, channel="phone", external_id=f"{PHONE}{minutes or ''}",
                customer_id=customer,
            )
        )  # fmt: skip
        session.add(
            app.Conversation(
                shop_id=shop, id=uuid4(), customer_id=customer, account="web:main",
                chat=str(customer), last_at=START.replace(minute=minutes),
            )
        )  # fmt: skip


@pytest.fixture
async def ana(store: Store, shop: UUID) -> UUID:
    await add_customer(store, shop, ANA, "Ana Rojas")
    async with store.transaction() as session:
        talk = await session.scalar(select(app.Conversation))
        assert talk is not None
        session.add(
            Order(
                shop_id=shop, id=uuid4(), customer_id=ANA, conversation_id=talk.id,
                account="web:main", chat="x", state="paid", currency="CLP", total=24990,
                updated_at=START,
            )
        )  # fmt: skip
    return ANA


async def test_without_a_key_nobody_sees_a_customer(visitor: httpx2.AsyncClient, ana: UUID) -> None:
    for path in ("/clientes", f"/clientes/{ana}", "/clientes.csv"):
        assert (await visitor.get(path)).headers["location"].startswith("/entrar")


async def test_an_empty_list_says_what_it_will_show(seller: httpx2.AsyncClient) -> None:
    page = (await seller.get("/clientes")).text
    assert "Todavía no hay clientes" in page


async def test_whoever_spoke_last_stands_first_and_pages_end_somewhere(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    for minute in range(30):
        await add_customer(store, shop, UUID(int=100 + minute), f"N {minute:02}", minutes=minute)
    first = (await seller.get("/clientes")).text
    assert first.index("N 29") < first.index("N 28")
    assert "N 04" not in first
    following = first.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    second = (await seller.get(following.replace("&amp;", "&"))).text
    assert "N 04" in second
    assert "N 05" not in second
    assert (await seller.get("/clientes?antes=basura")).status_code == 404


async def test_a_customer_is_found_by_how_their_name_or_phone_begins(
    seller: httpx2.AsyncClient, ana: UUID, store: Store, shop: UUID
) -> None:
    await add_customer(store, shop, UUID(int=22), "Beto", minutes=5)
    for sought in ("ana", "ANA R", "%2B5691234567"):
        page = (await seller.get(f"/clientes?q={sought}")).text
        assert str(ana) in page
    assert "Beto" not in (await seller.get("/clientes?q=ana")).text
    assert "Nadie con ese nombre" in (await seller.get("/clientes?q=%25")).text


async def test_a_name_on_a_network_is_hidden_until_somebody_says_they_look(
    parts: WebParts, ana: UUID
) -> None:
    async with asking(build(parts)) as client:
        await client.post("/entrar", data={"clave": KEY})
        hidden = (await client.get(f"/clientes/{ana}")).text
        shown = (await client.post(f"/clientes/{ana}/mostrar")).text
    async with parts.store.tenant(parts.shop) as session:
        told = await events(session, parts.shop, Wanted())
    assert [(one.action, one.object) for one in told if one.action.startswith("customer.")] == [
        ("customer.reveal", f"customer:{ana}")
    ]
    assert PHONE not in hidden
    assert "•••• 678" in hidden
    assert PHONE in shown


async def test_what_is_corrected_is_kept_and_noted(
    seller: httpx2.AsyncClient, ana: UUID, store: Store
) -> None:
    form = {"nombre": "Ana María", "tono": "formal", "intensidad": "0.2", "idioma": "es"}
    done = await seller.post(f"/clientes/{ana}", data=form)
    assert done.status_code == 303
    page = (await seller.get(done.headers["location"])).text
    assert "Los cambios quedaron guardados." in page
    assert "Corrección" in page
    async with store.reading() as session:
        row = (await session.scalars(select(app.Customer))).one()
    assert (row.name, row.tone, row.intensity, row.locale) == ("Ana María", "formal", 0.2, "es")
    bad = await seller.post(f"/clientes/{ana}", data=form | {"intensidad": "7"})
    assert bad.status_code == 422


async def test_who_opposes_or_is_blocked_is_so_on_the_record(
    seller: httpx2.AsyncClient, ana: UUID, store: Store
) -> None:
    await seller.post(f"/clientes/{ana}/aprendizaje", data={"aprende": "no"})
    await seller.post(f"/clientes/{ana}/bloqueo", data={"bloquear": "si"})
    async with store.reading() as session:
        row = (await session.scalars(select(app.Customer))).one()
        said = (await session.execute(select(Consent.subject, Consent.granted))).all()
    assert (row.no_training, row.restricted_at is not None) == (True, True)
    assert {tuple(one) for one in said} == {("training", False), ("processing", False)}
    await seller.post(f"/clientes/{ana}/bloqueo", data={"bloquear": "no"})
    async with store.reading() as session:
        assert (await session.scalars(select(app.Customer))).one().restricted_at is None


async def test_an_erasure_takes_the_word_and_is_asked_for_once(
    parts: WebParts, ana: UUID, store: Store
) -> None:
    offered: list[Run] = []

    async def offer(run: Run) -> None:
        offered.append(run)

    async with asking(build(replace(parts, offer=offer))) as client:
        await client.post("/entrar", data={"clave": KEY})
        refused = await client.post(f"/clientes/{ana}/borrar", data={"palabra": "si"})
        assert refused.status_code == 422
        assert "No se borró nada" in refused.text
        assert '<details class="sure" open>' in refused.text
        for _ in range(2):
            await client.post(f"/clientes/{ana}/borrar", data={"palabra": "Borrar"})
        page = (await client.get(f"/clientes/{ana}")).text
    async with store.reading() as session:
        rows = (await session.scalars(select(PrivacyRequest))).all()
    assert [(row.kind, row.state) for row in rows] == [("erasure", "open")]
    assert {(run.name, run.period) for run in offered} == {("customer-erasure", str(rows[0].id))}
    assert "Borrando sus datos" in page


async def test_an_export_that_is_ready_gets_a_link_that_works_once(
    parts: WebParts, ana: UUID, store: Store
) -> None:
    async with asking(build(parts)) as client:
        await client.post("/entrar", data={"clave": KEY})
        early = await client.post(f"/clientes/{ana}/enlace")
        assert early.status_code == 404
        await client.post(f"/clientes/{ana}/exportar")
        async with store.transaction() as session:
            query = text("UPDATE app.privacy_request SET state = 'done' RETURNING id")
            request = await session.scalar(query)
        folder = parts.media.folder.parent / "exports" / str(parts.shop)
        folder.mkdir(parents=True)
        (folder / f"{request}.zip").write_bytes(b"PK the zip")
        page = (await client.post(f"/clientes/{ana}/enlace")).text
    path = page.partition("/mis-datos/")[2].partition('"')[0]
    async with asking(build(parts)) as stranger:
        looked = await stranger.get(f"/mis-datos/{path}")
        assert "Descarga tu copia" in looked.text
        taken = await stranger.post(f"/mis-datos/{path}")
        assert taken.content == b"PK the zip"
        assert (await stranger.post(f"/mis-datos/{path}")).status_code == 404


@pytest.fixture
async def other(store: Store) -> UUID:
    shop = await add_shop(store, "other")
    await add_customer(store, shop, UUID(int=31), "Vecina", minutes=9)
    return UUID(int=31)


async def test_another_shop_s_customers_are_nowhere(
    seller: httpx2.AsyncClient, ana: UUID, other: UUID
) -> None:
    page = (await seller.get("/clientes")).text
    assert str(ana) in page
    assert "Vecina" not in page
    assert "Vecina" not in (await seller.get("/clientes?q=vecina")).text.partition("<table")[2]
    assert (await seller.get(f"/clientes/{other}")).status_code == 404
    assert (await seller.post(f"/clientes/{other}/exportar")).status_code == 404
    assert "Vecina" not in (await seller.get("/clientes.csv")).text


async def test_a_name_is_words_and_never_a_page(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    evil = "<b>x</b>=HYPERLINK(1)"
    await add_customer(store, shop, ANA, evil)
    for path in ("/clientes", f"/clientes/{ANA}"):
        assert outside((await seller.get(path)).text, "HYPERLINK") == []
    async with store.transaction() as session:
        await session.execute(text("UPDATE app.customer SET name = '=1+1'"))
    assert "'=1+1" in (await seller.get("/clientes.csv")).text


async def test_the_file_of_customers_reads_as_the_page_does(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    await add_customer(store, shop, ANA, "Ana Rojas")
    unnamed = UUID(int=33)
    await add_customer(store, shop, unnamed, None, minutes=5)
    told = (await seller.get("/clientes.csv")).text.removeprefix("\ufeff")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(told))}
    assert rows[str(ANA)]["cliente"] == "Ana Rojas"
    assert rows[str(unnamed)]["cliente"] not in {"", str(unnamed)[:8]}
    here = START.astimezone(ZoneInfo("America/Santiago")).replace(minute=0)
    assert rows[str(ANA)]["último"] == f"{here:%Y-%m-%d %H:%M}"


async def test_a_name_hides_nothing_and_turns_nothing_round(
    parts: WebParts, seller: httpx2.AsyncClient, ana: UUID, store: Store
) -> None:
    like = {"intensidad": "0.5", "tono": "neutral", "idioma": ""}
    saved = await seller.post(f"/clientes/{ana}", data=like | {"nombre": "A\u202en\x00a\u200b"})
    assert saved.status_code == 303
    async with store.reading() as session:
        row = await session.get_one(app.Customer, (parts.shop, ana))
    assert row.name == "Ana"
