"""One conversation: what a seller does in it, and what they see of an answer."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import insert, select

from store.app import CustomerAlias
from store.inbox import ConversationState, Note
from store.lessons import Outcome
from store.session import Store
from tests.web.conftest import asking
from tests.web.staff import staff
from tests.web.talks import PRICE, add_order, add_talk, answer, hand_over, line_of, page
from web.app import WebParts, build
from web.profile import masked

NOW = datetime.now(UTC)


@pytest.fixture
async def ana(store: Store, shop: UUID) -> UUID:
    return await add_talk(store, shop, "Ana", *PRICE, at=NOW)


async def state(store: Store, shop: UUID, talk: UUID) -> ConversationState | None:
    async with store.tenant(shop) as session:
        return await session.get(ConversationState, (shop, talk))


async def outcomes(store: Store, shop: UUID) -> dict[UUID, bool]:
    async with store.tenant(shop) as session:
        return {one.training_id: one.converted for one in await session.scalars(select(Outcome))}


async def test_a_note_is_for_the_team_and_stands_where_it_was_written(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, ana: UUID
) -> None:
    done = await seller.post(page(ana, "/nota"), data={"nota": "<i>paga</i> siempre tarde"})
    await seller.post(page(ana, "/nota"), data={"nota": "  "})

    assert done.status_code == 303
    shown = (await seller.get(page(ana))).text
    assert "&lt;i&gt;paga&lt;/i&gt; siempre tarde" in shown
    assert shown.index("La mochila cuesta") < shown.index("siempre tarde")
    async with store.tenant(shop) as session:
        assert len((await session.scalars(select(Note))).all()) == 1


async def test_resolving_goes_on_to_whoever_has_waited_longest(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, ana: UUID
) -> None:
    early = await add_talk(store, shop, "Luis", ("customer", "hola"), at=NOW)
    late = await add_talk(store, shop, "Eva", ("customer", "hola"), at=NOW)
    await hand_over(store, shop, late, at=NOW - timedelta(minutes=1))
    await hand_over(store, shop, early, at=NOW - timedelta(minutes=9))

    done = await seller.post(page(ana, "/resolver"), data={"siguiente": "si"})
    assert done.headers["location"].startswith(f"{page(early)}?que=resuelta&")
    assert done.headers["location"].endswith("#final")
    found = await state(store, shop, ana)
    assert found is not None
    assert found.state == "resolved"
    plain = await seller.post(page(early, "/resolver"))
    assert plain.headers["location"].startswith(f"{page(early)}?que=resuelta&")


async def test_a_chat_that_waits_says_so_until_somebody_takes_it(
    parts: WebParts, seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    luis = await add_talk(
        store, shop, "Luis", *PRICE, at=NOW, silenced=True, silenced_until=NOW + timedelta(hours=9)
    )
    await hand_over(store, shop, luis, at=NOW - timedelta(minutes=1))
    shown = (await seller.get(page(luis))).text
    assert "Esperando a una persona · el bot calla" in shown
    assert "Tomar la conversación" in shown
    assert "atendiendo tú" not in shown

    await seller.post(page(luis, "/tomar"), data={"clave": "una"})

    assert "Estás atendiendo tú" in (await seller.get(page(luis))).text
    async with staff(parts, "seller") as eva:
        theirs = (await eva.get(page(luis))).text
    assert "atendiendo tú" not in theirs
    assert "La atiende una persona" in theirs


async def test_how_long_the_bot_keeps_silent_is_said(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    until = NOW + timedelta(hours=12)
    eva = await add_talk(store, shop, "Eva", *PRICE, at=NOW, silenced=True, silenced_until=until)

    shown = (await seller.get(page(eva))).text

    assert until.isoformat() in shown
    assert "o cuando se la devuelvas; si escribes calla más, nunca menos" in shown


async def test_whoever_attends_is_named_to_everybody_else(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    until = NOW + timedelta(hours=9)
    luis = await add_talk(
        store, shop, "Luis", *PRICE, at=NOW, silenced=True, silenced_until=until, silenced_by="Eva"
    )

    assert "La atiende Eva · el bot calla" in (await seller.get(page(luis))).text
    assert "La atiende Eva<" in (await seller.get("/conversaciones")).text


async def test_a_sale_is_known_from_the_order_and_corrected_by_a_person(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, ana: UUID
) -> None:
    assert "sin pedido aquí" in (await seller.get(page(ana))).text
    await add_order(store, shop, ana, at=NOW)
    assert "por su pedido" in (await seller.get(page(ana))).text

    await seller.post(page(ana, "/venta"), data={"venta": "no"})

    shown = (await seller.get(page(ana))).text
    assert "lo dijo Tienda de Prueba" in shown
    assert "Marcar venta" in shown
    found = await state(store, shop, ana)
    assert found is not None
    assert (found.converted, found.converted_by) == (False, "Tienda de Prueba")
    assert await outcomes(store, shop) == {line_of(ana, 1): False}

    await seller.post(page(ana, "/venta"), data={"venta": "auto"})
    assert "por su pedido" in (await seller.get(page(ana))).text
    assert await outcomes(store, shop) == {}


async def test_a_phone_is_masked_until_somebody_asks_and_then_in_that_answer_alone(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, ana: UUID
) -> None:
    row = {"shop_id": shop, "channel": "phone", "external_id": "56987651234"}
    async with store.transaction() as session:
        await session.execute(insert(CustomerAlias).values(row | {"customer_id": ana}))

    assert "+56 •••• 1234" in (await seller.get(page(ana))).text
    assert "+56987651234" in (await seller.post(page(ana, "/telefono"))).text
    assert "56987651234" not in (await seller.get(page(ana))).text


@pytest.mark.parametrize(
    ("phone", "shown"), [("56987651234", "+56 •••• 1234"), ("1234567", "••••"), ("", "")]
)
def test_a_mask_never_shows_most_of_a_number(phone: str, shown: str) -> None:
    assert masked(phone) == shown


async def test_labels_and_quick_replies_are_kept_once_each(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, ana: UUID
) -> None:
    await seller.post(page(ana, "/etiquetas"), data={"etiquetas": "#vip, vip,  mayor ista ,"})
    found = await state(store, shop, ana)
    assert found is not None
    assert found.labels == ["vip", "mayor ista"]

    for text in ("Abrimos a las 9", "Abrimos a las 10"):
        form = {"atajo": "/Horario hoy", "texto": text, "sigue": str(ana)}
        assert (await seller.post("/conversaciones/rapidas", data=form)).status_code == 303
    shown = (await seller.get(page(ana))).text
    assert shown.count("/horario-hoy</strong>") == 1
    assert "Abrimos a las 10" in shown
    kept = shown.split("/rapidas/")[1].split("/quitar")[0]
    await seller.post(f"/conversaciones/rapidas/{kept}/quitar", data={"sigue": "//mal"})
    assert "horario-hoy" not in (await seller.get(page(ana))).text


async def test_older_messages_come_page_by_page(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    lines = [("customer", f"línea {number:03}.") for number in range(90)]
    talk = await add_talk(store, shop, "Ana", *lines, at=NOW)
    await seller.post(page(talk, "/nota"), data={"nota": "Vuelve el lunes"})
    seen: list[str] = []
    path = page(talk)
    for _ in range(3):
        shown = (await seller.get(path)).text
        assert ("Vuelve el lunes" in shown) == (path == page(talk))
        seen = [one for _, one in lines if f'class="text" hx-ignore>{one}<' in shown] + seen
        if "?antes=" not in shown:
            break
        path = page(talk, "?antes=") + shown.split("?antes=")[1].split('"')[0]

    assert seen == [one for _, one in lines]
    headers = {"HX-Request": "true", "HX-Target": "nav#anteriores"}
    part = (await seller.get(path, headers=headers)).text
    assert "línea 000." in part
    assert "<html" not in part


async def test_what_a_customer_writes_is_text_on_every_page(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    bad = '<img src=x onerror=alert(1)><a hx-post="/salir">'
    talk = await add_talk(store, shop, bad, ("customer", bad), ("bot", bad), at=NOW)
    await hand_over(store, shop, talk, at=NOW)
    paths = ["/hoy", "/conversaciones", page(talk), answer(talk, "porque"), answer(talk, "mejorar")]

    for path in paths:
        shown = (await seller.get(path)).text
        assert "<img src=x" not in shown, path
        assert '<a hx-post="/salir">' not in shown, path


async def test_english_is_spoken_too(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, ana: UUID
) -> None:
    await seller.post("/idioma", data={"idioma": "en"})

    assert "Waiting for you" in (await seller.get("/hoy")).text
    assert "The bot attends" in (await seller.get(page(ana))).text


async def test_a_closed_window_takes_a_named_template_alone(
    parts: WebParts, store: Store, shop: UUID
) -> None:
    parts = WebParts(
        **{name: getattr(parts, name) for name in WebParts.__slots__}
        | {"templates": ("aviso:es:Ana",)}
    )
    old = NOW - timedelta(hours=30)
    talk = await add_talk(store, shop, "Ana", *PRICE, at=old, account="whatsapp_cloud:main")
    async with asking(build(parts)) as client:
        await client.post("/entrar", data={"clave": "llave-de-prueba"})
        shown = (await client.get(page(talk))).text
        assert "Plantilla aprobada" in shown
        assert "required" in shown
        assert 'placeholder="Escribe tu respuesta" disabled' in shown
        strange = await client.post(page(talk, "/plantilla"), data={"plantilla": "otra:es"})
        named = await client.post(page(talk, "/plantilla"), data={"plantilla": "aviso:es:Ana"})

    assert strange.status_code == named.status_code == 303
    keys = parts.word.stream.keys
    entries = await parts.wire.command("XRANGE", keys.stream(keys.partition(talk)), "-", "+")
    drafts = [fields for _, fields in entries if b"ReplyDrafted" in fields]
    assert len(drafts) == 1
    assert b"aviso" in b" ".join(drafts[0])
