"""From what customers said to a model that answers some of them, and back: by the pages alone."""

import re
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from config.packs import load_pack
from store.app import Shop
from store.evaluations import EvalRun
from store.session import Store
from store.versions import ModelVersion
from tests.app.packs import small_pack
from tests.builders import add_history
from tests.web.conftest import channel, inbox, pack, parts
from tests.web.desks import Jobs, desk_of, equipped, settings_in
from web.app import WebParts

__all__ = ["channel", "inbox", "pack", "parts"]
DATA = "/admin/entrenamientos"
pytestmark = pytest.mark.timeout(180)


async def only(store: Store, table: type) -> UUID:
    async with store.reading() as session:
        found: UUID = (await session.scalars(select(table.id))).one()  # type: ignore[attr-defined]
    return found


@pytest.fixture
async def taught(parts: WebParts, store: Store, shop: UUID, tmp_path: Path) -> WebParts:
    """The pages of a shop with a small pack, whose answers are good to learn from."""
    folder = small_pack(tmp_path / "pack")
    async with store.transaction() as session:
        here = update(Shop).where(Shop.id == shop)
        await session.execute(here.values(pack=str(folder)))
    await add_history(store, shop, 14)
    return replace(parts, pack=load_pack(str(folder)))


@pytest.fixture
def tooled(
    taught: WebParts, tmp_path: Path, database_url: str, redis_url: str, prefix: str
) -> tuple[WebParts, Jobs]:
    here = {"url": SecretStr(database_url)}
    return equipped(taught, settings_in(tmp_path, prefix, redis_url, database=here))


async def test_prepared_trained_evaluated_made_a_canary_and_taken_back(
    tooled: tuple[WebParts, Jobs], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APRENDIZ_MODELS__ORDER", '["offline"]')
    bare, jobs = tooled
    async with desk_of(bare) as eva:
        await eva.post(f"{DATA}/datos", data={"tope": "100"})
        await jobs.work()
        dataset = _first(f"{DATA}/datos/", (await eva.get(DATA)).text)
        order = {"entrenador": "examples", "conjunto": dataset, "base": "offline:reglas"}
        training = (await eva.post(f"{DATA}/trabajos", data=order)).headers["location"]
        await jobs.work()
        trained = await eva.get(training)

        card = f"/admin/modelos/{await only(store, ModelVersion)}"
        await eva.post(f"{card}/evaluar")
        await jobs.work()
        run = await eva.get(f"/admin/evaluaciones/{await only(store, EvalRun)}")
        judged = await eva.get(card)

        tried = {"porcentaje": "10", "motivo": "a ver cómo le va", "igual": "si"}
        rollout = (await eva.post(f"{card}/canario", data=tried)).headers["location"]
        during = await eva.get("/admin/modelos")
        await eva.post(f"{rollout}/volver", data={"motivo": "mejor no"})
        after = await eva.get(rollout)
        retired = await eva.get(card)

    assert "Terminado" in trained.text
    assert card in trained.text
    assert "casos con problemas" in run.text or "caso con problemas" in run.text
    assert "Tuvo muy pocos casos de prueba" in judged.text
    assert "Canario" in during.text
    assert "mejor no" in after.text
    assert "Retirado" in retired.text


def _first(beginning: str, page: str) -> str:
    found = re.search(rf'"{beginning}([0-9a-f-]{{36}})"', page)
    assert found is not None
    return found[1]
