"""What is done to the registry on its pages: models added, and put on their server."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import func, select, update

from jobs.schedule import DEPLOYMENT
from learning.ollama import ServerUnavailable
from store import trainings
from store.evaluations import EvalRun
from store.session import Store
from store.versions import ModelVersion
from store.work import JobRun
from tests.flow.rollouts import add_version
from tests.learning.training import office, prepared, versions, wanted
from tests.web.desks import Jobs, desk_of, equipped, settings_in
from web.app import WebParts

HOME = "/admin/modelos"
NOBODY = "http://127.0.0.1:9"
FORM = {"nombre": "ventas-4", "proveedor": "openai", "modelo": "gpt-6-luna", "notas": "barato"}


@pytest.fixture
def tooled(parts: WebParts, tmp_path: Path, prefix: str, redis_url: str) -> tuple[WebParts, Jobs]:
    more = {"ollama": {"url": NOBODY}, "openai": {"key": "sk-test"}}
    return equipped(parts, settings_in(tmp_path, prefix, redis_url, **more))


@pytest.fixture
async def eva(tooled: tuple[WebParts, Jobs]) -> AsyncIterator[httpx2.AsyncClient]:
    async with desk_of(tooled[0]) as client:
        yield client


@pytest.fixture
async def local(store: Store, shop: UUID, tmp_path: Path) -> ModelVersion:
    """As the trainer of this machine leaves one."""
    row = await add_version(store, shop)
    told = {
        "folder": str(tmp_path), "served_base": "llama3.2", "adapter": "gguf", "template": "",
        "architecture": "llama",
    }  # fmt: skip
    async with store.transaction() as session:
        await session.execute(update(ModelVersion).values(parameters=told))
    return row


async def test_nothing_is_spent_on_a_version_that_no_server_has(
    eva: httpx2.AsyncClient, store: Store, local: ModelVersion
) -> None:
    card = f"{HOME}/{local.id}"
    tried = [
        await eva.post(f"{card}/evaluar"),
        await eva.post("/admin/evaluaciones", data={"version": str(local.id)}),
        await eva.post(f"{card}/canario", data={"porcentaje": 10, "motivo": "x", "igual": "si"}),
        await eva.post(f"{card}/activar", data={"motivo": "x", "igual": "si"}),
    ]
    assert [one.status_code for one in tried] == [409] * 4
    assert all("El servidor Ollama no responde" in one.text for one in tried)
    async with store.reading() as session:
        for table in (EvalRun, JobRun):
            assert await session.scalar(select(func.count()).select_from(table)) == 0
    page = (await eva.get(card)).text
    assert "Hay quien lo sirva aquí" in page
    assert "Todavía no está en el servidor" in page


async def test_a_button_puts_it_there_and_says_what_went_wrong(
    tooled: tuple[WebParts, Jobs], eva: httpx2.AsyncClient, local: ModelVersion
) -> None:
    card = f"{HOME}/{local.id}"
    assert (await eva.post(f"{card}/desplegar")).headers["location"] == card
    (run,) = tooled[1].offered
    assert (run.name, run.period, run.by) == (DEPLOYMENT, str(local.id), "Eva")
    assert f'action="{card}/desplegar"' not in (await eva.get(card)).text
    with pytest.raises(ServerUnavailable):
        await tooled[1].work()
    page = (await eva.get(card)).text
    assert "El servidor Ollama no responde. Enciéndelo" in page
    assert "Lo entrenado se conserva." in page
    log = (await eva.get("/admin/auditoria")).text
    assert "mandó a poner un modelo en su servidor" in log


async def test_only_what_was_trained_here_is_put_on_a_server(
    tooled: tuple[WebParts, Jobs], eva: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    hosted = await add_version(store, shop, provider="openai")
    done = await eva.post(f"{HOME}/{hosted.id}/desplegar")
    assert (done.status_code, "No se entrenó en esta máquina" in done.text) == (409, True)
    assert "/desplegar" not in (await eva.get(f"{HOME}/{hosted.id}")).text
    assert tooled[1].offered == []
    async with desk_of(tooled[0], "owner") as owner:
        assert (await owner.post(f"{HOME}/{hosted.id}/desplegar")).status_code == 403


async def test_a_model_of_a_provider_is_registered_by_the_page(
    eva: httpx2.AsyncClient, store: Store, shop: UUID
) -> None:
    done = await eva.post(HOME, data=FORM)
    (made,) = await versions(store, shop)
    assert done.headers["location"] == f"{HOME}/{made.id}"
    assert (made.name, made.provider, made.model) == ("ventas-4", "openai", "gpt-6-luna")
    assert made.notes == "barato"
    twice = await eva.post(HOME, data=FORM | {"nombre": "otra"})
    assert twice.status_code == 422
    assert "Ese modelo ya está registrado con otro nombre." in twice.text
    assert 'value="otra"' in twice.text
    gone = await eva.post(HOME, data=FORM | {"nombre": "w", "proveedor": "ollama", "modelo": "w"})
    assert (gone.status_code, "Ese proveedor no lo sirve aquí" in gone.text) == (422, True)
    assert len(await versions(store, shop)) == 1


async def test_a_checkpoint_has_its_own_button(
    eva: httpx2.AsyncClient, store: Store, shop: UUID, tmp_path: Path
) -> None:
    none = {"nombre": "v1-5", "entrenamiento": str(UUID(int=5)), "punto": "5"}
    refused = await eva.post(HOME, data=none)
    assert (refused.status_code, "Ese punto del entrenamiento no está." in refused.text) == (
        422, True,
    )  # fmt: skip
    assert await versions(store, shop) == []

    await prepared(store, shop, tmp_path)
    job, _ = await office(store).begin(shop, wanted())
    last = {"shop_id": shop, "id": UUID(int=1), "name": "v1", "provider": "openai",
            "base_model": "b", "model": "ft:last", "job_id": job.id,
            "parameters": {"checkpoints": [{"step": 5, "model": "ft:5"}]}}  # fmt: skip
    async with store.transaction() as session:
        await trainings.register(session, last)
    page = (await eva.get(f"{HOME}/{last['id']}")).text
    assert 'name="nombre" value="v1-5"' in page
    done = await eva.post(HOME, data=none | {"entrenamiento": str(job.id)})
    assert done.status_code == 303
    assert {one.model for one in await versions(store, shop)} == {"ft:last", "ft:5"}


async def test_a_candidate_that_nobody_wants_is_discarded_for_a_reason(
    eva: httpx2.AsyncClient, store: Store, shop: UUID, tooled: tuple[WebParts, Jobs]
) -> None:
    version = await add_version(store, shop, provider="offline")
    card = f"{HOME}/{version.id}"
    assert f'action="{card}/retirar"' in (await eva.get(card)).text
    assert (await eva.post(f"{card}/retirar", data={"motivo": " "})).status_code == 422
    async with desk_of(tooled[0], "owner") as owner:
        assert (await owner.post(f"{card}/retirar", data={"motivo": "x"})).status_code == 403
    assert (await eva.post(f"{card}/retirar", data={"motivo": "Muy largo"})).status_code == 303
    (row,) = await versions(store, shop)
    assert (row.state, row.notes) == ("retired", "Muy largo")
    assert "/retirar" not in (await eva.get(card)).text
    again = await eva.post(f"{card}/retirar", data={"motivo": "x"})
    assert (again.status_code, "Solo se descarta" in again.text) == (409, True)
    assert (
        await eva.post(f"{HOME}/{UUID(int=7)}/retirar", data={"motivo": "x"})
    ).status_code == 404
    assert "descartó un modelo" in (await eva.get("/admin/auditoria")).text
