"""The pages of models: what a version was made of, and how it comes to answer."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import update

from config.packs import Pack
from jobs.evaluating import asked_in
from learning.controller import Controller
from store import registry
from store.evaluations import EvalRun
from store.ml import Dataset
from store.session import Store
from store.versions import ModelVersion
from tests.fixtures.store import add_shop
from tests.flow.rollouts import PASSED, add_version
from tests.web.desks import Jobs, desk_of, equipped, settings_in
from tests.web.pages.test_alerts import fired
from tests.web.scenes import add_past, add_run
from web.app import WebParts

HOME = "/admin/modelos"


@pytest.fixture
def tooled(parts: WebParts, tmp_path: Path, prefix: str, redis_url: str) -> tuple[WebParts, Jobs]:
    return equipped(parts, settings_in(tmp_path, prefix, redis_url, rollout={"least": 10}))


@pytest.fixture
async def eva(tooled: tuple[WebParts, Jobs]) -> AsyncIterator[httpx2.AsyncClient]:
    async with desk_of(tooled[0]) as client:
        yield client


async def test_a_shop_without_models_is_told_what_to_do(eva: httpx2.AsyncClient) -> None:
    page = await eva.get(HOME)

    assert page.status_code == 200
    assert "Todavía no hay modelos propios" in page.text


async def test_the_panel_shows_what_rings_with_a_way_to_its_rule(
    eva: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    assert "Alertas abiertas" not in (await eva.get("/admin")).text
    await fired(store, await add_shop(store, "otra"), "cost")
    assert "Alertas abiertas" not in (await eva.get("/admin")).text

    await fired(store, shop, "errors")

    shown = (await eva.get("/admin")).text
    assert "Alertas abiertas" in shown
    assert 'href="/admin/alertas/reglas/errors"' in shown


async def test_a_version_goes_up_and_back_by_the_page_alone(
    eva: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    version = await add_version(store, shop, provider="offline")
    card = f"{HOME}/{version.id}"
    refused = await eva.post(f"{card}/canario", data={"porcentaje": 10, "motivo": "probar"})
    forced = {"porcentaje": 10, "motivo": "probar", "igual": "si"}
    rollout = (await eva.post(f"{card}/canario", data=forced)).headers["location"]
    unready = await eva.post(f"{card}/activar", data={"motivo": "va bien"})
    again = await eva.post(f"{card}/activar", data={"motivo": "va bien", "igual": "si"})
    active = await eva.get(card)
    without = await eva.post(f"{rollout}/volver", data={"motivo": " "})
    await eva.post(f"{rollout}/volver", data={"motivo": "no convence"})
    after = await eva.get(rollout)

    assert refused.status_code == 409
    assert "No pasó su evaluación" in refused.text
    assert (unready.status_code, without.status_code) == (422, 422)
    assert again.headers["location"] == rollout
    assert "Activo" in active.text
    assert "Se devolvió" in after.text
    assert "no convence" in after.text


async def test_a_typed_reason_stands_in_the_step(
    eva: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    version = await add_version(store, shop, provider="offline")
    await eva.post(f"{HOME}/{version.id}/activar", data={"motivo": "es <b>mejor", "igual": "si"})

    async with store.reading() as session:
        (rollout,) = await registry.latest(session, shop)
        (step,) = await registry.steps_of(session, shop, rollout.id)
    assert (step.reason, step.by, step.percent) == ("es <b>mejor", "Eva", 100)
    assert "es &lt;b&gt;mejor" in (await eva.get(f"{HOME}/despliegues/{rollout.id}")).text


async def test_a_paused_canary_goes_on_and_is_stopped(
    eva: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    version = await add_version(store, shop, provider="offline")
    one = await Controller(store).start(version, PASSED, "Eva", 10, forced=False)
    path = f"{HOME}/despliegues/{one.id}"
    for step, data in (
        ("pausar", {}), ("seguir", {}), ("subir", {"porcentaje": "25"}),
        ("detener", {"motivo": "se acabó"}),
    ):  # fmt: skip
        assert (await eva.post(f"{path}/{step}", data=data)).status_code == 303, step
    ended = await eva.post(f"{path}/subir", data={"porcentaje": "50"})

    assert ended.status_code == 409
    assert "Ese despliegue ya terminó" in ended.text


async def test_an_evaluation_is_left_to_a_worker(
    tooled: tuple[WebParts, Jobs], eva: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    version = await add_version(store, shop, provider="offline")
    await eva.post(f"{HOME}/{version.id}/evaluar")

    (run,) = tooled[1].offered
    assert (run.shop, asked_in(run.period).version) == (shop, "tienda-v2")
    waiting = (await eva.get("/admin/evaluaciones")).text
    assert "1 evaluación en cola · la pidió Eva" in waiting
    assert run.by == "Eva"

    await eva.post("/admin/evaluaciones", data={"conjunto": "lab", "version": str(version.id)})
    lab = asked_in(tooled[1].offered[1].period)
    assert (lab.split, lab.version) == ("lab", "tienda-v2")


async def test_evaluations_lead_to_the_alert_that_watches_them(eva: httpx2.AsyncClient) -> None:
    way = "/admin/alertas/reglas/f1"

    assert f'href="{way}"' in (await eva.get("/admin/evaluaciones")).text
    rule = (await eva.get(way)).text
    assert "bajo la mejor evaluación anterior con los mismos casos" in rule
    assert "más conversaciones" not in rule


async def test_a_repeated_evaluation_says_that_it_was_judged_more_strictly(
    eva: httpx2.AsyncClient, store: Store, shop: UUID, pack: Pack
) -> None:
    version = await add_version(store, shop, provider="offline")
    runs = [await add_run(store, shop, pack, version, [], wrong=0) for _ in range(2)]
    first, second = [(await eva.get(f"/admin/evaluaciones/{run}")).text for run in runs]
    listed = (await eva.get("/admin/evaluaciones")).text

    assert "Es la primera evaluación de este modelo" not in second
    assert (
        "número 2 de este modelo con estos casos: se juzga con 99,24\N{NO-BREAK SPACE}%" in second
    )
    assert "la pidió Eva" in first
    assert listed.count("intento 2") == 1
    assert "aunque se interrumpa" not in first
    async with store.transaction() as session:
        going = update(EvalRun).where(EvalRun.id == runs[1])
        await session.execute(going.values(state="running", verdict=None))
        few = update(EvalRun).where(EvalRun.id == runs[0])
        await session.execute(few.values(spent=False))
    cut = (await eva.get(f"/admin/evaluaciones/{runs[1]}")).text
    assert "Cuenta aunque se interrumpa." in cut
    poor = (await eva.get(f"/admin/evaluaciones/{runs[0]}")).text
    assert "no gasta un intento" in poor


async def test_a_full_shop_shows_its_canary_with_bounds_and_what_flipped(
    eva: httpx2.AsyncClient, store: Store, shop: UUID, pack: Pack, tmp_path: Path
) -> None:
    first, second, _ = await add_past(store, shop, pack, tmp_path)
    async with store.reading() as session:
        (rollout,) = await registry.latest(session, shop)
    listed = await eva.get(HOME)
    seen = await eva.get(f"{HOME}/despliegues/{rollout.id}")
    compared = await eva.get(f"{HOME}/comparar?a={first.id}&b={second.id}")
    panel = await eva.get("/admin")

    assert "mejor por 6,0\N{NO-BREAK SPACE}%" in listed.text
    assert "160 conversaciones" in seen.text
    assert "<polygon" in seen.text
    assert compared.text.count("B la arregló") == 3
    assert "bajó 0,03" in panel.text


async def test_what_an_evaluation_found_wrong_stands_in_words(
    eva: httpx2.AsyncClient, store: Store, shop: UUID, pack: Pack, tmp_path: Path
) -> None:
    await add_past(store, shop, pack, tmp_path)
    runs = (await eva.get("/admin/evaluaciones")).text
    found = {match[0] for match in re.finditer(r"/admin/evaluaciones/[0-9a-f-]{36}", runs)}
    pages = [(await eva.get(address)).text for address in found]

    assert any("le faltó decir: 24.990" in page for page in pages)


async def test_withdrawn_data_are_warned_about(
    eva: httpx2.AsyncClient, store: Store, shop: UUID, pack: Pack, tmp_path: Path
) -> None:
    first, *_ = await add_past(store, shop, pack, tmp_path)
    async with store.transaction() as session:
        await session.execute(
            update(Dataset).values(
                stale_at=first.created_at, stale_reason="customers of its rows no longer take part"
            )
        )

    page = await eva.get(f"{HOME}/{first.id}")

    assert "Incluye datos retirados" in page.text
    assert "Hay clientes que ya no participan" in page.text


async def test_another_shops_models_are_not_there(eva: httpx2.AsyncClient, store: Store) -> None:
    other = await add_shop(store, "ajena")
    version = await add_version(store, other, "secreta-v1", "offline")
    rollout = await Controller(store).start(version, PASSED, "ana", 10, forced=False)
    paths = [f"{HOME}/{version.id}", f"{HOME}/despliegues/{rollout.id}"]

    assert "secreta-v1" not in (await eva.get(HOME)).text
    for path in paths:
        assert (await eva.get(path)).status_code == 404
    for path in (f"{paths[0]}/evaluar", f"{paths[1]}/volver", f"{paths[0]}/activar"):
        done = await eva.post(path, data={"motivo": "x", "igual": "si"})
        assert done.status_code == 404, path
    async with store.reading() as session:
        kept = await session.get_one(ModelVersion, (other, version.id))
    assert kept.state == "canary"


async def test_an_owner_looks_and_a_seller_does_not(
    tooled: tuple[WebParts, Jobs], store: Store, shop: UUID
) -> None:
    version = await add_version(store, shop, provider="offline")
    async with desk_of(tooled[0], "owner") as owner:
        page = await owner.get(f"{HOME}/{version.id}")
        done = await owner.post(f"{HOME}/{version.id}/activar", data={"motivo": "x"})
    async with desk_of(tooled[0], "seller") as seller:
        closed = await seller.get(HOME)

    assert "Activar para todos" not in page.text
    assert "/evaluar" not in page.text
    assert (done.status_code, closed.status_code) == (403, 403)


async def test_a_bad_mark_is_not_there(eva: httpx2.AsyncClient) -> None:
    assert (await eva.get(f"{HOME}?antes=nada")).status_code == 404
