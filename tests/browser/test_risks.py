"""A lender's pages of risks in a real browser: empty, with one and with many."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from playwright.async_api import expect

from jobs.schedule import Run, ask
from store import risk_models
from tests.browser.conftest import Open, Scheme
from tests.browser.test_everybody import LONG, LOOKS, check
from tests.web.desks import seen_by
from tests.web.lenders import TODAY, Lender, ended, lending
from web.app import WebParts
from web.server import serve

HOME = "/riesgo"
EMPTY = (HOME, f"{HOME}?de=cuotas", f"{HOME}/modelo")


@pytest.fixture
async def address(parts: WebParts) -> AsyncIterator[str]:
    """A real server, where whoever comes is an administrator."""
    ports: asyncio.Queue[int] = asyncio.Queue()
    app = seen_by(lending(parts), "admin")
    running = asyncio.create_task(serve(app, "127.0.0.1", 0, ports.put_nowait))
    try:
        yield f"http://127.0.0.1:{await asyncio.wait_for(ports.get(), 60)}"
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


@pytest.fixture
def lender(parts: WebParts) -> Lender:
    return Lender(parts.store, parts.shop)


async def full(lender: Lender) -> str:
    """Many loans, the likeliest of which has a past; its page."""
    await lender.lends("Rosa Marín Fuentes", LONG, *(f"Persona número {n}" for n in range(28)))
    loans, plans = await lender.trains(), await lender.trains("instalment")
    for days_ago in range(12, 0, -1):
        await lender.foretells(loans, 0, 0.2 + 0.04 * (12 - days_ago), days_ago=days_ago)
    for place in range(30):
        await lender.foretells(loans, place, 0.72 - place * 0.024)
        await lender.foretells(plans, place, 0.72 - place * 0.024)
    async with lender.store.transaction() as session:
        psi = {"late_share": 0.31, "paid_share": 0.12, "score": 0.04}
        await risk_models.note_drift(session, lender.shop, loans.id, TODAY, psi)
    return f"{HOME}/{await lender.foretells(loans, 0, 0.7, days_ago=13)}"


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
async def test_pages_without_a_loan_have_no_barrier(
    open_page: Open, width: int, scheme: Scheme
) -> None:
    page = await open_page(HOME, width=width, scheme=scheme)
    for path in EMPTY:
        await page.goto(path)
        await check(page)


@pytest.mark.timeout(180)
@pytest.mark.parametrize(("width", "scheme"), LOOKS)
async def test_full_pages_have_no_barrier(
    open_page: Open, lender: Lender, width: int, scheme: Scheme
) -> None:
    one = await full(lender)
    page = await open_page(HOME, width=width, scheme=scheme)
    for path in (*EMPTY, f"{HOME}?q=nadie", one):
        await page.goto(path)
        for details in await page.locator("main details").all():
            await details.evaluate("one => one.open = true")
        await check(page)


async def test_what_was_asked_for_is_followed_until_it_has_ended(
    open_page: Open, lender: Lender
) -> None:
    await lender.lends("Rosa Marín Fuentes")
    training = Run("risk-training", lender.shop, "loan")
    await ask(lender.store, training)
    page = await open_page(f"{HOME}/modelo")
    await expect(page.get_by_text("El entrenamiento empieza en un momento")).to_be_visible()
    model = await lender.trains()
    await ended(lender.store, training, {"version": 1, "active": True})
    await expect(page.get_by_text("que pasó a usarse")).to_be_visible()
    await expect(page.get_by_role("heading", name="Versiones")).to_be_visible()

    asking = Run("risk", lender.shop, TODAY.isoformat())
    await ask(lender.store, asking)
    await page.goto(HOME)
    await expect(page.get_by_text("Las estimaciones vienen en camino")).to_be_visible()
    await lender.foretells(model, 0, 0.41)
    await ended(lender.store, asking, {"loan": 1, "instalment": 0})
    await expect(page.get_by_role("link", name="Rosa Marín Fuentes")).to_be_visible()


async def test_what_somebody_unfolded_stays_so_while_the_page_renews_itself(
    open_page: Open, lender: Lender
) -> None:
    await lender.lends("Rosa Marín Fuentes")
    await lender.trains()
    training = Run("risk-training", lender.shop, "loan")
    await ask(lender.store, training)
    page = await open_page(f"{HOME}/modelo")
    curve, other = await page.locator("details.data").all()
    await curve.get_by_text("Ver datos").click()
    await ended(lender.store, training, {"version": 2, "active": False})
    await expect(page.get_by_text("quedó guardada")).to_be_visible()
    await expect(curve.get_by_role("table")).to_be_visible()
    await expect(other.get_by_role("table")).to_be_hidden()


async def test_without_scripts_a_person_looks_and_reviews(open_page: Open, lender: Lender) -> None:
    await lender.lends("Rosa Marín Fuentes")
    await lender.foretells(await lender.trains(), 0, 0.41)
    page = await open_page(HOME, scripts=False)
    await page.get_by_role("link", name="Rosa Marín Fuentes").click()
    await expect(page.get_by_text("unos 41 llegan a 90 días").first).to_be_visible()
    await page.get_by_label("Se corrige").check()
    await page.get_by_label("Por qué, y qué se hará").fill("Pagó en la sucursal")
    await page.get_by_role("button", name="Guardar la revisión").click()
    await expect(page.get_by_text("La revisión quedó anotada")).to_be_visible()
    await expect(page.get_by_text("Pagó en la sucursal")).to_be_visible()
