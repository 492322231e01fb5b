"""The first page of the day: who waits, what was sold, and the pause of the whole bot."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import httpx2
import pytest

from bot.states import States
from store.session import Store
from tests.fixtures.store import add_shop
from tests.web.roles import acting
from tests.web.rows import add_day
from tests.web.talks import add_order, add_talk, hand_over
from web.app import WebParts

NOW = datetime.now(UTC)


async def test_an_empty_day_teaches(seller: httpx2.AsyncClient, shop: UUID) -> None:
    page = (await seller.get("/hoy")).text

    assert "Todavía no hay conversaciones" in page
    assert "Primeros pasos" in page
    assert "El bot está atendiendo" in page


async def test_whoever_waits_is_named_with_the_reason_and_nobody_of_another_shop(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    said, at = ("customer", "quiero reclamar"), datetime.now(UTC)
    await hand_over(store, shop, await add_talk(store, shop, "Pedro", said, at=at), at=at)
    other = await add_shop(store, "otra")
    theirs = await add_talk(store, other, "Zoila", said, at=at)
    await hand_over(store, other, theirs, at=at)
    await add_order(store, other, theirs, at=at, total=55_555)
    await add_order(store, shop, await add_talk(store, shop, "Ana", said, at=at), at=at)

    page = (await seller.get("/hoy")).text

    assert "Te esperan (1)" in page
    assert "reclama" in page
    assert "Atender a Pedro" in page
    assert "$24.990" in page
    assert "1 venta" in page
    assert "Zoila" not in page
    assert "55.555" not in page


async def test_who_was_put_off_does_not_wait_until_then(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    talk = await add_talk(store, shop, "Pedro", ("customer", "hola"), at=NOW)
    await hand_over(store, shop, talk, at=NOW)
    await seller.post(f"/conversaciones/{talk}/posponer", data={"hasta": "3h"})

    assert "Te esperan (0)" in (await seller.get("/hoy")).text
    assert 'hasta <time datetime="' in (await seller.get(f"/conversaciones/{talk}")).text
    await seller.post(f"/conversaciones/{talk}/reabrir")
    assert "Te esperan (1)" in (await seller.get("/hoy")).text


async def test_the_week_is_told_in_one_sentence(
    seller: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    await add_talk(store, shop, "Pedro", ("customer", "hola"), at=NOW)
    await add_day(store, shop, 2, replies=400, hand_overs=30, corrections=7, scored=10,
                  score_sum=43)  # fmt: skip
    await add_day(store, shop, 9, replies=100, scored=10, score_sum=40)

    page = (await seller.get("/hoy")).text

    assert "respondió 400 · derivó 30 (7,5\u00a0%)" in page
    assert "juntó 7 ejemplos buenos · nota 4,0 → 4,3 de 5" in page


async def test_the_whole_bot_is_paused_with_a_reason_and_goes_on(
    seller: httpx2.AsyncClient, shop: UUID
) -> None:
    await seller.post("/hoy/pausar", data={"motivo": "<b>inventario</b>", "dura": "240"})
    page = (await seller.get("/hoy")).text
    assert "Bot en pausa" in page
    assert 'hasta <time datetime="' in page
    assert "&lt;b&gt;inventario" in page

    await seller.post("/hoy/reanudar")
    assert "El bot está atendiendo" in (await seller.get("/hoy")).text
    assert (await seller.post("/hoy/pausar", data={"dura": "9"})).status_code == 422
    told = (await seller.get("/admin/auditoria")).text
    assert "dejó callado al bot" in told
    assert "inventario" in told
    assert "volvió a dejar hablar al bot" in told


@pytest.mark.parametrize(
    ("account", "said"),
    [
        ("telegram:main", "Tu Telegram no responde (telegram:main): revisa el token."),
        ("whatsapp_cloud:x", "Tu WhatsApp no responde (whatsapp_cloud:x): revisa el token."),
        ("whatsapp:qr", "Tu WhatsApp no responde (whatsapp:qr): hay que vincular el teléfono"),
    ],
)
async def test_a_channel_that_is_refused_is_told_with_what_to_do_until_it_is_well(
    parts: WebParts, account: str, said: str
) -> None:
    states = States(parts.wire, parts.channel.prefix)
    async with acting(replace(parts, channels=(account, "web:main")), "owner") as owner:
        await states.tell(account, "refused", "Unauthorized")
        page = (await owner.get("/hoy")).text
        assert said in page
        assert 'href="/ajustes/canales">Ver canales' in page
        await states.tell(account, "ready")
        assert said not in (await owner.get("/hoy")).text


async def test_nobody_reads_of_a_channel_of_another_shop(parts: WebParts) -> None:
    await States(parts.wire, parts.channel.prefix).tell("telegram:otra", "refused")
    async with acting(parts, "owner") as owner:
        assert "no responde" not in (await owner.get("/hoy")).text
