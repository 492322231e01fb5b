"""What the shop says of itself: on its page, in the first steps, and what customers hear."""

from uuid import UUID

import pytest

from store import choices
from store.session import Store
from tests.fixtures.store import add_shop
from tests.web.roles import acting
from tests.web.staff import actions
from web.app import WebParts

PAGE = "/ajustes/respuestas"
HOURS = "Abrimos todos los días de 8 a 12, {menos} los martes."


@pytest.fixture
async def shop(store: Store) -> UUID:
    return await add_shop(store)


async def said(store: Store, shop: UUID) -> dict[str, str]:
    async with store.tenant(shop) as session:
        return await choices.facts(session, shop)


async def test_samples_are_marked_until_the_shop_says_it_itself(
    parts: WebParts, store: Store, shop: UUID
) -> None:
    other = await add_shop(store, "otra")
    async with acting(parts, "owner") as owner:
        before = (await owner.get(PAGE)).text
        assert before.count("De ejemplo") == len(parts.pack.facts) + 1
        form = {"nombre": ["horario", "ubicacion"], "texto": [HOURS, " "]}
        done = await owner.post(PAGE, data=form)
        assert done.headers["location"] == f"{PAGE}?hecho=guardado"
        after = (await owner.get(PAGE)).text
        assert HOURS in after
        assert after.count("De ejemplo") == before.count("De ejemplo") - 2
        assert await said(store, shop) == {"horario": HOURS, "ubicacion": ""}
        assert await said(store, other) == {}
        told = (await owner.get("/admin/auditoria")).text
        assert "cambió lo que dice la tienda" in told
    assert (await actions(parts))[0] == "settings.facts"


async def test_what_is_not_sent_stays_and_what_is_no_fact_is_not_kept(
    parts: WebParts, store: Store, shop: UUID
) -> None:
    async with acting(parts, "owner") as owner:
        await owner.post(PAGE, data={"nombre": ["horario"], "texto": [HOURS]})
        form = {"nombre": ["pago", "greeting", "nada"], "texto": ["Solo efectivo.", "x", "y"]}
        await owner.post(PAGE, data=form)
        assert await said(store, shop) == {"horario": HOURS, "pago": "Solo efectivo."}
        await owner.post(PAGE, data={"nombre": ["pago"], "texto": ["e" * 900]})
        assert len((await said(store, shop))["pago"]) == 800


async def test_the_first_step_is_done_when_every_sample_was_seen(
    parts: WebParts, shop: UUID
) -> None:
    async with acting(parts, "owner") as owner:
        assert 'href="/ajustes/respuestas"' in (await owner.get("/primeros-pasos")).text
        assert 'href="/ajustes/respuestas"' in (await owner.get("/hoy")).text
        names = list(parts.pack.facts)
        await owner.post(PAGE, data={"nombre": names, "texto": ["Así es."] * len(names)})
        assert 'href="/ajustes/respuestas"' not in (await owner.get("/primeros-pasos")).text
        assert 'href="/ajustes/respuestas"' not in (await owner.get("/hoy")).text


async def test_who_may_not_change_settings_only_reads(
    parts: WebParts, store: Store, shop: UUID
) -> None:
    async with acting(parts, "seller") as seller:
        assert "Guardar todo" not in (await seller.get(PAGE)).text
        refused = await seller.post(PAGE, data={"nombre": ["horario"], "texto": [HOURS]})
        assert refused.status_code == 403
    assert await said(store, shop) == {}
