"""A rollout on its page: each step once in the audit, and how content its customers are."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid5

import pytest

from learning.controller import Controller
from services.clock import now
from store.satisfaction import Csat
from store.session import Store
from tests.flow.rollouts import add_version
from tests.learning.served import Clock, Stage, Talked
from tests.web.desks import desk_of, equipped, settings_in
from web.app import WebParts

HOME, AUDIT = "/admin/modelos", "/admin/auditoria?que=rollout."


@pytest.fixture
def asking(parts: WebParts, tmp_path: Path, prefix: str, redis_url: str) -> WebParts:
    """Customers are asked how content they are."""
    settings = settings_in(tmp_path, prefix, redis_url, ratings={"csat": True})
    return equipped(parts, settings)[0]


async def test_each_step_is_one_line_of_the_audit_with_its_reason_in_words(
    asking: WebParts, store: Store, shop: UUID
) -> None:
    """What a person does on a page, and what the rules do by themselves afterwards."""
    version = await add_version(store, shop, provider="offline")
    forced = {"porcentaje": 50, "motivo": "a ver", "igual": "si"}
    async with desk_of(asking) as eva:
        path = (await eva.post(f"{HOME}/{version.id}/canario", data=forced)).headers["location"]
        await eva.post(f"{path}/pausar")
        await eva.post(f"{path}/seguir")
        await eva.post(f"{path}/subir", data={"porcentaje": 60, "motivo": "va bien"})
        stage = Stage(store, shop, Clock(now() + timedelta(minutes=2)))
        await stage.talked(*(Talked(n, variant="canary", fallback=True) for n in range(4)))
        await Controller(store, clock=stage.clock).guard(shop)
        page = re.sub(r"<[^>]+>", "", (await eva.get(AUDIT)).text)
    told = [
        "El controlador volvió al modelo anterior", "Falló en 4 de 4 respuestas",
        "movió un despliegue", "va bien", "siguió con un despliegue", "Siguió a mano",
        "pausó un despliegue", "Se pausó a mano", "puso un modelo en marcha", "a ver",
    ]  # fmt: skip
    places = [page.find(one) for one in told]
    assert -1 not in places
    assert places == sorted(places)
    assert page.count("· Línea") + page.count("Línea ") == 5


async def test_the_page_says_how_content_its_customers_are_and_how_many_more_are_needed(
    asking: WebParts, store: Store, shop: UUID
) -> None:
    version = await add_version(store, shop, provider="offline")
    stage = Stage(store, shop, Clock(now()))
    forced = {"porcentaje": 50, "motivo": "a ver", "igual": "si"}
    async with desk_of(asking) as eva:
        path = (await eva.post(f"{HOME}/{version.id}/canario", data=forced)).headers["location"]
        none = (await eva.get(path)).text
        await stage.talked(*(Talked(n, variant="canary", scored=None) for n in range(60)))
        await _say(stage, range(30), 5)
        few = (await eva.get(path)).text
        await _say(stage, range(30, 60), 5)
        enough = (await eva.get(path)).text
    assert re.search(r"Satisfacción: <span class=\"tag warn\">faltan \d+ respuestas más", none)
    assert re.search(r"<strong>5,00</strong> con seguridad entre 4,\d+ y 5,00", few)
    assert "para pasar a todos hay que mostrar 4,5" in few
    assert '<span class="tag good">al menos 4,5</span>' in enough
    assert "En sus últimas 50 respuestas, o en los últimos 10 minutos si son más." in enough
    assert "Insultos" in enough


async def test_the_page_compares_hand_overs_and_delays_and_the_panel_asks_it(
    asking: WebParts, store: Store, shop: UUID
) -> None:
    """With what is sure of each, and why it was taken back in words."""
    version = await add_version(store, shop, provider="offline")
    stage = Stage(store, shop, Clock(now()))
    forced = {"porcentaje": 50, "motivo": "a ver", "igual": "si"}
    async with desk_of(asking) as eva:
        path = (await eva.post(f"{HOME}/{version.id}/canario", data=forced)).headers["location"]
        await stage.talked(
            *(Talked(n, variant=("control", "canary")[n % 2], scored=4 - n // 2 % 3,
                     latency_ms=(500, 2_500)[n % 2] + n) for n in range(400))
        )  # fmt: skip
        shown, panel = (await eva.get(path)).text, (await eva.get("/admin")).text
        await Controller(store, clock=stage.clock).step(shop)
        after, audit = (await eva.get(path)).text, (await eva.get(AUDIT)).text
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown))
    assert f'hx-get="{path}"' in panel
    assert 'hx-select=".compared"' in panel
    assert re.search(r"Derivadas a una persona — \(0\) — \(0\) — faltan datos", words)
    assert re.search(r"Demora p95 0,88 s \(200\) 2,88 s \(200\) 2,00 s 1,\d\d s … \S+", words)
    assert shown.count('<span class="tag bad">peor</span>') == 1
    assert "deriva a una persona 2,0 % más de sus conversaciones" in words
    for page in (after, audit):
        told = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
        assert "Resultó peor, con seguridad: demora p95" in told


async def test_a_rollout_gets_limits_of_its_own_on_its_page(
    asking: WebParts, store: Store, shop: UUID
) -> None:
    """Those that only programs set stay; an empty field is as the settings have it."""
    version = await add_version(store, shop, provider="offline")
    stage = Stage(store, shop, Clock(now()))
    forced = {"porcentaje": 50, "motivo": "a ver", "igual": "si"}
    async with desk_of(asking) as eva:
        path = (await eva.post(f"{HOME}/{version.id}/canario", data=forced)).headers["location"]
        await Controller(store).limit(await stage.rollout(), "ana", {"leaks": 3, "errors": 0.2})
        given = {"derivadas": "1.5", "demora": "50", "errores": "", "lentas": ""}
        saved = await eva.post(f"{path}/limites", data=given)
        kept = (await stage.rollout()).gate["guards"]
        page, audit = (await eva.get(path)).text, (await eva.get(AUDIT)).text
        odd = await eva.post(f"{path}/limites", data={"derivadas": "100"})
        gone = await eva.post(f"{HOME}/despliegues/{version.id}/limites", data=given)
    assert (saved.status_code, saved.headers["location"]) == (303, path)
    assert kept == {"leaks": 3, "handover": 0.015, "latency_share": 0.5}
    assert re.search(r'name="derivadas"[^>]* value="1.5"', page)
    assert re.search(r'name="errores"[^>]* placeholder="5,0 %" value=""', page)
    assert "Se pusieron otros límites a mano" in page
    assert "límites propios" in audit
    assert (odd.status_code, gone.status_code) == (422, 404)
    assert (await stage.rollout()).gate["guards"] == kept


async def _say(stage: Stage, customers: range, stars: int) -> None:
    at = stage.clock() + timedelta(hours=1)
    async with stage.store.transaction() as session:
        session.add_all(
            Csat(shop_id=stage.shop, id=uuid5(stage.customer(n), "asked"), asked_at=at,
                 conversation_id=uuid5(stage.customer(n), "chat"), stars=stars)
            for n in customers
        )  # fmt: skip
