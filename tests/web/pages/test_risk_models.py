"""The page of a lender's models of risk: how good they are, and which is used."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from jobs.schedule import Run, Terms, ask, claim, fail
from store import risk_models
from tests.web.lenders import TODAY, Lender, ended, lending, noted
from tests.web.roles import acting
from web.app import WebParts

HOME = "/riesgo"


@pytest.fixture
def lender(parts: WebParts) -> WebParts:
    return lending(parts)


@pytest.fixture
async def shop_of(lender: WebParts) -> Lender:
    return Lender(lender.store, lender.shop)


async def test_the_page_of_a_model_says_how_good_it_is(lender: WebParts, shop_of: Lender) -> None:
    await shop_of.lends("Ana Soto")
    model = await shop_of.trains()
    await shop_of.foretells(model, 0, 0.41)
    async with acting(lender, "owner") as owner:
        page = (await owner.get(f"{HOME}/modelo")).text
        curve = (await owner.get(f"{HOME}/modelo/curva.csv", params={"curva": "calibracion"})).text
        other = await owner.get(f"{HOME}/modelo", params={"de": "cuotas"})
        missing = await owner.get(f"{HOME}/modelo", params={"version": 9})
    assert "tabla de puntos" in page
    assert "ya pagó … % del préstamo" in page
    assert page.count("<polyline") == 2
    assert len(curve.splitlines()) == 11
    assert "Todavía no hay modelo" in other.text
    assert missing.status_code == 404


async def test_a_model_of_another_release_is_said_to_be_one(
    lender: WebParts, shop_of: Lender
) -> None:
    await shop_of.lends("Ana Soto")
    await shop_of.trains(schema=99)
    assert "ya no se puede leer" in await model_page(lender)


async def test_drift_is_told_in_words(lender: WebParts, shop_of: Lender) -> None:
    await shop_of.lends("Ana Soto")
    model = await shop_of.trains()
    async with lender.store.transaction() as session:
        psi = {"late_share": 0.31, "paid_share": 0.02, "score": 0.15}
        await risk_models.note_drift(session, lender.shop, model.id, TODAY, psi)
    page = await model_page(lender)
    places = [page.index(words) for words in (
        "La probabilidad misma", "Cambió un poco", "Cambió mucho", "Igual que antes",
    )]  # fmt: skip
    assert places == sorted(places)


async def model_page(lender: WebParts, path: str = f"{HOME}/modelo") -> str:
    async with acting(lender, "owner") as owner:
        answer = await owner.get(path)
    assert answer.status_code == 200
    return answer.text


async def test_who_administers_has_a_model_trained_and_used(
    lender: WebParts, shop_of: Lender
) -> None:
    await shop_of.lends("Ana Soto")
    first, second = await shop_of.trains(), await shop_of.trains()
    asked: list[Run] = []

    async def offer(run: Run) -> None:
        asked.append(run)

    place = f"{HOME}/modelo"
    async with acting(replace(lender, offer=offer), "admin") as admin:
        answer = await admin.post(f"{place}/entrenar", data={"de": "prestamos"})
        assert "Se está entrenando" in (await admin.get(answer.headers["location"])).text
        used = await admin.post(f"{place}/{first.version}/usar", data={"de": "prestamos"})
        page = (await admin.get(used.headers["location"])).text
        gone = await admin.post(f"{place}/9/usar", data={"de": "prestamos"})
    assert [(run.name, run.shop) for run in asked] == [("risk-training", lender.shop)]
    assert "Desde ahora se usa esta versión" in page
    assert gone.status_code == 404
    async with lender.store.tenant(lender.shop) as session:
        versions = await risk_models.versions(session, lender.shop, "loan")
    assert [(one.version, one.active) for one in versions] == [(second.version, False), (1, True)]
    assert [name for name, _, _ in await noted(lender)] == ["risk.activated", "risk.train"]
    async with acting(lender, "owner") as owner:
        assert (await owner.post(f"{place}/entrenar", data={"de": "cuotas"})).status_code == 403


async def test_the_page_follows_what_was_asked_for_and_says_what_came_of_it(
    lender: WebParts, shop_of: Lender
) -> None:
    await shop_of.lends("Ana Soto")
    run = Run("risk-training", lender.shop, "loan")
    assert "every 3s" not in await model_page(lender)
    await ask(lender.store, run)
    waiting = await model_page(lender)
    assert "El entrenamiento empieza en un momento" in waiting
    assert 'hx-trigger="news:job from:body, news:poll from:body, every 3s"' in waiting
    told: list[tuple[dict[str, Any], str]] = [
        ({"refused": "TooFewRows", "why": "12 cases"}, "Todavía hay muy pocos préstamos"),
        ({"refused": "LeakyColumn", "why": "late &lt; knows it"}, "late &amp;lt; knows it"),
        ({"version": 1, "active": True}, "que pasó a usarse"),
        ({"version": 2, "active": False}, "no acertaba más que la que se usaba"),
        ({"version": 3, "active": False, "proven": False}, "todavía no se distingue del azar"),
    ]
    for result, words in told:
        await ended(lender.store, run, result)
        page = await model_page(lender)
        assert words in page
        assert "every 3s" not in page
    today = Run("risk", lender.shop, datetime.now(lender.zone).date().isoformat())
    await ended(lender.store, today, {"loan": 1336, "instalment": 2})
    assert "Préstamos: 1.336; cuotas: 2." in await model_page(lender)
    await failed(lender, today, "no way <there>")
    page = await model_page(lender)
    assert "La estimación se cortó y seguirá donde quedó" in page
    assert "no way &lt;there&gt;" in page


async def test_what_is_being_estimated_is_said_and_followed(
    lender: WebParts, shop_of: Lender
) -> None:
    await shop_of.lends("Ana Soto")
    model = await shop_of.trains()
    await ask(lender.store, Run("risk", lender.shop, TODAY.isoformat()))
    empty = await model_page(lender, HOME)
    assert "Las estimaciones vienen en camino" in empty
    assert 'id="lista" hx-get="/riesgo?de=prestamos"' in empty
    await shop_of.foretells(model, 0, 0.4)
    some = await model_page(lender, HOME)
    assert 'id="lista">' in some
    assert 'role="status" hx-get="/riesgo/modelo?de=prestamos" hx-select="#avance"' in some


async def failed(lender: WebParts, run: Run, error: str) -> None:
    await ask(lender.store, run)
    attempt = await claim(lender.store, run, Terms())
    assert attempt is not None
    await fail(lender.store, run, attempt, error, Terms())
