"""The administrator's pages of models in a real browser: for everybody, by keyboard, bare."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import select

from config.packs import Pack
from store.evaluations import EvalRun
from store.ml import Dataset
from store.rollouts import Rollout
from store.session import Store
from store.versions import ModelVersion, TrainingJob
from tests.browser.conftest import Open, Scheme, press
from tests.browser.test_everybody import LOOKS, check
from tests.web.conftest import KEY
from tests.web.desks import Jobs, equipped, seen_by, settings_in
from tests.web.scenes import add_past
from web.app import WebParts
from web.server import serve

EMPTY = ("/admin", "/admin/modelos", "/admin/entrenamientos", "/admin/entrenamientos/trabajos",
         "/admin/evaluaciones", "/admin/evaluaciones/casos")  # fmt: skip


@pytest.fixture
def tooled(parts: WebParts, tmp_path: Path, prefix: str, redis_url: str) -> tuple[WebParts, Jobs]:
    few = {"rollout": {"least": 10}, "budget": {"shop_usd": 5}}
    return equipped(parts, settings_in(tmp_path, prefix, redis_url, **few))


@pytest.fixture
async def address(tooled: tuple[WebParts, Jobs]) -> AsyncIterator[str]:
    """A real server, where whoever comes is an administrator."""
    ports: asyncio.Queue[int] = asyncio.Queue()
    app = seen_by(tooled[0], "admin")
    running = asyncio.create_task(serve(app, "127.0.0.1", 0, ports.put_nowait))
    try:
        yield f"http://127.0.0.1:{await asyncio.wait_for(ports.get(), 60)}"
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


@dataclass(frozen=True)
class Past:
    store: Store
    versions: list[ModelVersion]

    async def one(self, table: type, **of: str) -> UUID:
        query = select(table.id).filter_by(**of)  # type: ignore[attr-defined]
        async with self.store.reading() as session:
            found: UUID | None = (await session.scalars(query)).first()
        assert found is not None
        return found

    async def paths(self) -> list[str]:
        first, second, third = (one.id for one in self.versions)
        data, home = "/admin/entrenamientos/datos", "/admin/entrenamientos/trabajos"
        return [
            *EMPTY, f"/admin/modelos/{second}", f"/admin/modelos/{third}",
            f"/admin/modelos/comparar?a={first}&b={second}",
            f"/admin/modelos/despliegues/{await self.one(Rollout)}",
            f"{data}/{await self.one(Dataset)}",
            f"{home}/{await self.one(TrainingJob, state='running')}",
            f"{home}/{await self.one(TrainingJob, state='failed')}",
            f"/admin/evaluaciones/{await self.one(EvalRun)}",
        ]  # fmt: skip


@pytest.fixture
async def past(store: Store, shop: UUID, pack: Pack, tmp_path: Path) -> Past:
    return Past(store, await add_past(store, shop, pack, tmp_path))


async def settled(page: Page) -> None:
    """What asks for its parts by itself has them."""
    await expect(page.locator('[aria-busy="true"]')).to_have_count(0)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
async def test_empty_pages_have_no_barrier(open_page: Open, width: int, scheme: Scheme) -> None:
    page = await open_page("/admin", width=width, scheme=scheme)
    for path in EMPTY:
        await page.goto(path)
        await settled(page)
        await check(page)


@pytest.mark.timeout(180)
@pytest.mark.parametrize(("width", "scheme"), LOOKS)
async def test_full_pages_have_no_barrier(
    open_page: Open, past: Past, width: int, scheme: Scheme
) -> None:
    page = await open_page("/admin", width=width, scheme=scheme)
    for path in await past.paths():
        await page.goto(path)
        await settled(page)
        await check(page)


async def test_a_canary_is_taken_back_by_keyboard(open_page: Open, past: Past) -> None:
    page = await open_page("/admin/modelos", width=1280)
    await press(page, "z")
    field = page.get_by_label("¿Por qué vuelves?")
    await expect(field).to_be_visible()
    await field.focus()
    await page.keyboard.type("inventa precios")
    await press(page, "Enter")

    await expect(page.get_by_text("inventa precios")).to_be_visible()
    await expect(page.get_by_text("Se devolvió").first).to_be_visible()


async def test_without_scripts_a_training_is_asked_for_cancelled_and_a_canary_taken_back(
    open_page: Open, past: Past
) -> None:
    page = await open_page("/admin/entrenamientos/trabajos", scripts=False)
    await page.get_by_label("Modelo base").fill("groq:llama")
    await page.get_by_role("button", name="Entrenar").click()
    await expect(page.get_by_text("En cola")).to_be_visible()
    await page.get_by_role("button", name="Cancelar").click()
    await expect(page.get_by_text("Se está cancelando")).to_be_visible()

    await page.goto(f"/admin/modelos/despliegues/{await past.one(Rollout)}")
    await page.get_by_label("¿Por qué vuelves?").fill("no convence")
    await page.get_by_role("button", name="Volver a la anterior").click()

    await expect(page.get_by_text("no convence")).to_be_visible()


async def test_the_preview_follows_the_filters_and_a_dataset_appears_by_itself(
    open_page: Open, past: Past, tooled: tuple[WebParts, Jobs]
) -> None:
    page = await open_page("/entrar", width=1280)
    await page.get_by_label("Clave").fill(KEY)
    await page.get_by_role("button", name="Entrar").click()
    await page.goto("/admin/entrenamientos")
    seen = page.locator("#vista")
    await expect(seen.locator(".big")).to_have_text("41")
    await page.get_by_label("Desde").fill("2099-01-01")
    await expect(seen.get_by_text("no queda ninguna")).to_be_visible()
    await page.get_by_label("Desde").fill("")
    await page.get_by_role("button", name="Preparar").click()
    await expect(page.get_by_text("En cola")).to_be_visible()

    await tooled[1].work()

    await expect(page.locator("#preparaciones tbody tr")).to_have_count(2)


@pytest.mark.usefixtures("shop")
async def test_the_menu_shows_where_one_is_on_a_low_screen(open_page: Open) -> None:
    page = await open_page("/admin/evaluaciones", width=1280)
    await page.set_viewport_size({"width": 1280, "height": 500})
    await page.reload()
    await settled(page)

    here = await page.locator(".side [aria-current]").bounding_box()
    tools = await page.locator(".side .tools").bounding_box()

    assert here is not None
    assert tools is not None
    assert tools["y"] + tools["height"] <= 500
    assert here["y"] + here["height"] <= tools["y"]
