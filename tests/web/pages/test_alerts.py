"""Alerts: what is wrong, who looks after it, and each rule on what it would have said."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from evaluation.alert_rules import RULES
from evaluation.watching import known_rules
from services.clock import now
from services.news import key_of
from store import alerts
from store.alerts import Alert, AlertRule
from store.session import Store
from store.spans import SPANS
from tests.fixtures.store import add_shop
from tests.web.roles import acting
from web.app import WebParts
from web.pages.alerts import number

HOME = "/admin/alertas"
BELL = f"{HOME}/campana"


@pytest.fixture
async def admin(parts: WebParts) -> AsyncIterator[httpx2.AsyncClient]:
    async with acting(parts, "admin") as client:
        yield client


async def fired(store: Store, shop: UUID, kind: str, *, ago_m: int = 20) -> UUID:
    async with store.transaction() as session:
        rules = {one.kind: one for one in await known_rules(session, shop)}
        alert = uuid4()
        at = now() - timedelta(minutes=ago_m)
        row = {"shop_id": shop, "id": alert, "rule_id": rules[kind].id, "kind": kind, "value": 0.4,
               "peak": 0.45, "threshold": 0.05, "fired_at": at}  # fmt: skip
        await alerts.fire(session, row)
        await alerts.change_rule(session, rules[kind], state="firing", value=0.4, bound=0.05)
    return alert


async def row(store: Store, shop: UUID, alert: UUID) -> Alert:
    async with store.tenant(shop) as session:
        found = await alerts.alert_called(session, shop, alert)
    assert found is not None
    return found


async def rule(store: Store, shop: UUID, kind: str) -> AlertRule:
    async with store.tenant(shop) as session:
        found = await alerts.rule_called(session, shop, kind)
    assert found is not None
    return found


async def test_without_any_all_is_well_and_every_rule_is_listed(admin: httpx2.AsyncClient) -> None:
    page = (await admin.get(HOME)).text
    assert "Todo en orden" in page
    assert all(f"{HOME}/reglas/{kind}" in page for kind in RULES)


async def test_an_alert_is_acknowledged_by_name_and_moves_to_its_list(
    admin: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    alert = await fired(store, shop, "errors")
    page = (await admin.get(HOME)).text
    assert "Respuestas que fallan" in page
    assert "45\u00a0%" in page
    done = await admin.post(f"{HOME}/{alert}/reconocer")
    assert (done.status_code, done.headers["location"]) == (303, HOME)
    seen = await row(store, shop, alert)
    assert (seen.state, seen.acknowledged_by) == ("acknowledged", "admin")
    assert "la atiende admin" in (await admin.get(HOME, params={"ver": "reconocidas"})).text
    assert "Todo en orden" not in (page := (await admin.get(HOME)).text)
    assert "ya lo mira alguien" in page
    assert "reconoció una alerta" in (await admin.get("/admin/auditoria")).text
    assert (await admin.post(f"{HOME}/{uuid4()}/reconocer")).status_code == 404


async def test_a_rule_is_muted_for_an_hour_and_told_again(
    admin: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    await admin.post(f"{HOME}/reglas/queue/silenciar", data={"horas": "1"})
    until = (await rule(store, shop, "queue")).muted_until
    assert until is not None
    assert timedelta(minutes=59) < until - now() <= timedelta(hours=1)
    assert "Volver a avisar" in (await admin.get(f"{HOME}/reglas/queue")).text
    await admin.post(f"{HOME}/reglas/queue/silenciar", data={"horas": "0"})
    assert (await rule(store, shop, "queue")).muted_until is None


async def test_a_limit_is_written_with_a_comma_and_emptied_again(
    admin: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    await admin.post(f"{HOME}/reglas/latency", data={"umbral": "2,5", "activa": "true"})
    changed = await rule(store, shop, "latency")
    assert (changed.threshold, changed.enabled, changed.changed_by) == (2.5, True, "admin")
    assert 'value="2,50"' in (await admin.get(f"{HOME}/reglas/latency")).text
    half = await admin.post(f"{HOME}/reglas/jobs", data={"umbral": "1,5", "activa": "true"})
    assert (half.status_code, "sin decimales" in half.text) == (422, True)
    await admin.post(f"{HOME}/reglas/latency", data={"umbral": "", "activa": "true"})
    assert (await rule(store, shop, "latency")).threshold is None
    assert [number(text) for text in ("-1", "0", "nan", "inf", "x", "1.5")] == [
        None, None, None, None, None, 1.5,
    ]  # fmt: skip


async def test_a_rule_that_is_off_ends_its_alert(
    admin: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    alert = await fired(store, shop, "errors")
    await admin.post(f"{HOME}/reglas/errors", data={"umbral": ""})
    off = await rule(store, shop, "errors")
    assert (off.enabled, off.state) == (False, "calm")
    assert (await row(store, shop, alert)).state == "resolved"


async def test_a_rule_is_tried_on_the_past_by_another_limit(
    admin: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    begins = (now() - timedelta(days=2)).replace(second=0, microsecond=0)
    rows = [
        (shop, uuid4(), uuid4(), None, None, "reply", "internal", begins + timedelta(seconds=n), 5,
         n % 2 == 0, None, "{}")
        for n in range(20)
    ]  # fmt: skip
    async with store.batch() as connection:
        await SPANS.write(connection, rows)
    here = f"{HOME}/reglas/errors"
    assert "Habría sonado 1 vez en 7 días." in (await admin.get(f"{here}?dias=7")).text
    calm = (await admin.get(here, params={"dias": "7", "umbral": "0,9"})).text
    assert "Habría sonado 0 veces en 7 días." in calm
    assert "de eso no queda historia" in (await admin.get(f"{HOME}/reglas/jobs?dias=7")).text


async def test_the_last_day_is_drawn_with_its_limit(
    admin: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    row_ = (shop, uuid4(), uuid4(), None, None, "queue", "consumer", now() - timedelta(hours=2),
            31_000_000, True, None, "{}")  # fmt: skip
    async with store.batch() as connection:
        await SPANS.write(connection, [row_])
    page = (await admin.get(f"{HOME}/reglas/queue")).text
    assert 'class="value"' in page
    assert 'class="limit"' in page
    assert "31\u00a0s" in page


async def test_every_rule_has_a_page_and_no_other_name_has(admin: httpx2.AsyncClient) -> None:
    for kind in RULES:
        assert (await admin.get(f"{HOME}/reglas/{kind}")).status_code == 200
    assert (await admin.get(f"{HOME}/reglas/nothing")).status_code == 404
    assert (await admin.post(f"{HOME}/reglas/nothing")).status_code == 404


async def test_owners_read_sellers_do_not_and_nobody_touches_another_shops(
    parts: WebParts, store: Store, shop: UUID
) -> None:
    other = await add_shop(store, "theirs")
    alert, own = await fired(store, other, "queue"), await fired(store, shop, "errors")
    async with acting(parts, "owner") as owner:
        page = (await owner.get(HOME)).text
        assert str(own) not in page
        assert "Respuestas que fallan" in page
        assert (await owner.post(f"{HOME}/{own}/reconocer")).status_code == 403
    async with acting(parts, "seller") as seller:
        assert (await seller.get(HOME)).status_code == 403
    async with acting(replace(parts, shop=shop), "admin") as admin:
        assert (await admin.post(f"{HOME}/{alert}/reconocer")).status_code == 404
    assert (await row(store, other, alert)).state == "firing"


async def test_the_bell_of_every_page_counts_what_nobody_looks_after(
    parts: WebParts, store: Store, shop: UUID
) -> None:
    await fired(store, await add_shop(store, "theirs"), "queue")
    async with acting(parts, "admin") as admin:
        assert "Ninguna alerta abierta" in (await admin.get(BELL)).text
        assert f'hx-get="{BELL}"' in (await admin.get("/hoy")).text
        await fired(store, shop, "errors")
        assert "1 alerta abierta" in (await admin.get(BELL)).text
        queue = await fired(store, shop, "queue")
        page = (await admin.get(BELL)).text
        assert "2 alertas abiertas" in page
        assert 'aria-hidden="true">2</span>' in page
        await admin.post(f"{HOME}/{queue}/reconocer")
        assert "1 alerta abierta" in (await admin.get(BELL)).text
        admin.cookies.set("idioma", "en")
        assert "1 open alert" in (await admin.get(BELL)).text
    async with acting(parts, "seller") as seller:
        assert (await seller.get(BELL)).status_code == 403
        assert BELL not in (await seller.get("/hoy")).text


async def test_open_pages_hear_of_whoever_looks_after_an_alert_or_changes_a_rule(
    parts: WebParts, admin: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    alert = await fired(store, shop, "errors")
    await admin.post(f"{HOME}/{alert}/reconocer")
    await admin.post(f"{HOME}/reglas/errors", data={"umbral": "0,2", "activa": "true"})
    key = key_of(parts.channel.prefix, shop)
    found: Any = await parts.wire.redis.xrange(key)
    lines = [json.loads(one[b"line"]) for _, one in found]
    assert [one["kind"] for one in lines] == ["alert", "alert"]
    assert lines[0]["id"] == str(alert)


async def test_a_fall_that_may_be_chance_is_a_weak_warning(
    admin: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    async with store.transaction() as session:
        rules = {one.kind: one for one in await known_rules(session, shop)}
        await alerts.change_rule(session, rules["f1-live"], value=0.05, bound=0.03, weak=True)
    assert "Aviso débil" in (await admin.get(HOME)).text
    page = (await admin.get(f"{HOME}/reglas/f1-live")).text
    assert "Se ve una baja de 0,050\u00a0puntos" in page
    assert 'href="/revisar"' in page


async def test_the_live_sample_leads_those_in_charge_to_the_alert_that_watches_it(
    parts: WebParts, admin: httpx2.AsyncClient
) -> None:
    live, way = "/admin/calidad?conjunto=vivo", f"{HOME}/reglas/f1-live"
    assert f'href="{way}"' in (await admin.get(live)).text
    assert "Vigilar esto" in (await admin.get(way)).text
    assert "Avisar si entiende peor" not in (await admin.get("/admin/calidad")).text

    async with acting(parts, "seller") as seller:
        shown = await seller.get(live)
    assert shown.status_code == 200
    assert "Avisar si entiende peor" not in shown.text
