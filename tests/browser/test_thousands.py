"""A thousand of everything: no list is longer than a page, and none of them is a barrier."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest

from store.session import Store
from tests.browser.conftest import Open, Scheme
from tests.browser.test_everybody import LOOKS, check
from tests.browser.thousands import sow_thousands
from tests.fixtures.store import add_shop
from tests.web.desks import equipped, seen_by, settings_in
from web.app import WebParts
from web.server import serve

SELLERS = (
    "/hoy", "/conversaciones", "/revisar", "/ejemplos", "/sin-respuesta", "/pedidos?estado=otros",
    "/clientes", "/informes",
)  # fmt: skip
OWNERS = (
    "/catalogo", "/documentos", "/glosario", "/ajustes", "/ajustes/tienda", "/ajustes/canales",
    "/ajustes/respuestas", "/ajustes/privacidad", "/ajustes/equipo", "/ajustes/claves",
)  # fmt: skip
DESK = (
    "/admin", "/admin/calidad", "/admin/modelos", "/admin/entrenamientos",
    "/admin/entrenamientos/trabajos", "/admin/evaluaciones", "/admin/evaluaciones/casos",
    "/admin/costos?dias=365", "/admin/trazas", "/admin/alertas?ver=resueltas", "/admin/auditoria",
    "/admin/sistema", "/api",
)  # fmt: skip
MOST_BYTES = 100_000
"""Of the page itself: what grows with a shop would be far over it."""


@pytest.fixture
async def shop(store: Store) -> UUID:
    found = await add_shop(store)
    await sow_thousands(store, found)
    return found


@pytest.fixture
async def address(
    parts: WebParts, tmp_path: Path, prefix: str, redis_url: str
) -> AsyncIterator[str]:
    """A real server, where whoever comes is an administrator."""
    ports: asyncio.Queue[int] = asyncio.Queue()
    tooled, _ = equipped(parts, settings_in(tmp_path, prefix, redis_url))
    running = asyncio.create_task(serve(seen_by(tooled, "admin"), "127.0.0.1", 0, ports.put_nowait))
    try:
        yield f"http://127.0.0.1:{await asyncio.wait_for(ports.get(), 60)}"
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


@pytest.mark.timeout(600)
@pytest.mark.parametrize("paths", [SELLERS, OWNERS, DESK], ids=["sellers", "owners", "desk"])
async def test_a_thousand_of_each_are_no_barrier(open_page: Open, paths: tuple[str, ...]) -> None:
    page = await open_page("/mas", width=390)
    wrong: dict[str, object] = {}
    for path in paths:
        answer = await page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        if len(await answer.body()) > MOST_BYTES:
            wrong[path] = len(await answer.body())
        for look in LOOKS:
            width, scheme = cast("tuple[int, Scheme]", look.values)
            await page.set_viewport_size({"width": width, "height": 800})
            await page.emulate_media(color_scheme=scheme)
            try:
                await check(page)
            except AssertionError as error:
                wrong[f"{path} {look.id}"] = str(error)[:600]
    assert wrong == {}
