"""Every page that somebody looks at, by the routes themselves, and where it stands once there is
one row of each kind."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from fastapi import FastAPI

from services.clock import now
from store.audit import Actor
from store.session import Store
from store.spans import SPANS
from tests.web.api.seeds import ids, sow
from tests.web.pages.test_own_data import link
from tests.web.roles import steps
from tests.web.talks import PRICE, add_order, add_talk, answer, hand_over, page
from web.app import WebParts
from web.membership import Membership

FILES: Final = (".csv", ".json", ".jsonl", ".md", ".svg")
NO_PAGES: Final = frozenset({
    "/", "/admin/alertas/campana", "/admin/entrenamientos/datos/{dataset}/archivos/{kind}",
    "/archivos/{file}",
    "/c/{tienda}", "/chat/stream", "/filas", "/filas/{row}", "/listo",
    "/livez", "/metrics", "/mis-datos/{secret}", "/prueba/{token}", "/readyz", "/salud",
    "/static/{version}/{name:path}", "/vivo", "/whatsapp/{path}",
})  # fmt: skip
"""Files, answers to programs, streams, and addresses that lead elsewhere or open once."""
NEEDS_ROWS: Final = {"/admin/modelos/comparar", "/mis-datos"}
"""Pages whose address names nothing, but which say nothing of nobody."""
VIEWS: Final[Mapping[str, tuple[str, ...]]] = {
    "/revisar": ("", "?ver=hechas"),
    "/sin-respuesta": ("", "?ver=faltan"),
    "/pedidos": ("", "?estado=otros"),
    "/riesgo": ("", "?de=cuotas"),
    "/admin/alertas": ("", "?ver=resueltas"),
    "/admin/calidad": ("", "?conjunto=vivo"),
    "/admin/costos": ("?dias=365",),
}
"""One address that shows one thing or another."""
PART: Final = re.compile(r"\{(\w+)(?::\w+)?\}")
ANA: Final = "Ana Rojas"


def pages(app: FastAPI) -> list[str]:
    """Paths of what a person may open."""
    return sorted(
        path
        for method, path in app.state.needs
        if method == "GET"
        and not path.startswith("/api/")
        and not path.endswith(FILES)
        and path not in NO_PAGES
    )


def plain(app: FastAPI) -> Iterator[str]:
    """Addresses that stand in every shop, also in an empty one."""
    for path in pages(app):
        if not PART.search(path) and path not in NEEDS_ROWS:
            yield from (f"{path}{view}" for view in VIEWS.get(path, ("",)))


def places(shop: UUID) -> dict[str, str]:
    """Where the pages of one thing stand after `settle`."""
    known, talk = ids(shop), uuid5(shop, ANA)
    desk, data = "/admin", "/admin/entrenamientos"
    return {
        "/admin/alertas/reglas/{kind}": f"{desk}/alertas/reglas/latency",
        "/admin/entrenamientos/datos/{dataset}": f"{data}/datos/{known['dataset']}",
        "/admin/entrenamientos/trabajos/{job}": f"{data}/trabajos/{known['training_job']}",
        "/admin/evaluaciones/casos/{case}": f"{desk}/evaluaciones/casos/{known['eval_case']}",
        "/admin/evaluaciones/{run}": f"{desk}/evaluaciones/{known['evaluation']}",
        "/admin/modelos/comparar": f"{desk}/modelos/comparar?a={known['model']}&b={known['model']}",
        "/admin/modelos/despliegues/{rollout}": f"{desk}/modelos/despliegues/{known['rollout']}",
        "/admin/modelos/{version}": f"{desk}/modelos/{known['model']}",
        "/admin/trazas/{request_id}": f"{desk}/trazas/{uuid5(talk, 'trace')}",
        "/catalogo/producto/{sku:path}": f"/catalogo/producto/sku%20{shop}",
        "/clientes/{customer}": f"/clientes/{talk}",
        "/conversaciones/{conversation}": page(talk),
        "/conversaciones/{conversation}/respuestas/{reply}/mejorar": answer(talk, "mejorar"),
        "/conversaciones/{conversation}/respuestas/{reply}/porque": answer(talk, "porque"),
        "/documentos/{document}": f"/documentos/{known['document']}",
        "/ejemplos/{row}": f"/ejemplos/{known['example']}",
        "/ejemplos/{row}/editar": f"/ejemplos/{known['example']}/editar",
        "/riesgo/{prediction}": f"/riesgo/{known['risk_prediction']}",
    }


async def settle(store: Store, shop: UUID, at: datetime | None = None) -> None:
    """One row of each kind, and a customer who was answered, ordered and wants a person."""
    at = at or now() - timedelta(minutes=9)
    await sow(store, shop)
    talk = await add_talk(store, shop, ANA, *PRICE, at=at)
    await add_order(store, shop, talk, state="receipt", at=at)
    await hand_over(store, shop, talk, at=at)
    async with store.batch() as connection:
        await SPANS.write(connection, steps(shop, uuid5(talk, "trace"), talk, at))


async def opened_once(parts: WebParts) -> dict[str, str]:
    """Addresses that somebody was given: an invitation, and a customer's way to their own data."""
    async with parts.store.tenant(parts.shop) as session:
        found = await Membership(session, parts.shop, Actor("terminal:test")).invite(
            "eva@tienda.cl", "Eva", "seller"
        )
    assert not isinstance(found, str)
    own = await link(parts.store, parts.shop, uuid5(parts.shop, ANA))
    return {"/invitacion/{token}": f"/invitacion/{found.token}", "/mis-datos": own}
