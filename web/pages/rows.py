"""The seller's view of what the bot learns from: captured rows and how customers scored them."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from time import time
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Header, Request
from fastapi.responses import Response
from fastapi.sse import ServerSentEvent

from store.session import Store
from web import charts, training
from web.limits import soon
from web.live import Changes
from web.rendering import Pages, is_part
from web.security import Guard
from web.training import BadCursor, Mark, Wanted

PATIENCE_S = 8.0


@dataclass(frozen=True)
class Rows:
    pages: Pages
    store: Store
    shop: UUID
    changes: Changes
    guard: Guard
    categories: Sequence[str]

    async def show(
        self,
        request: Request,
        nota: Mark = "",
        venta: str = "",
        categoria: str = "",
        antes: str = "",
    ) -> Response:
        wanted = Wanted(nota, venta == "si", categoria)
        try:
            values = await soon(self._values(wanted, antes), PATIENCE_S)
        except BadCursor:
            return self.pages.answer(
                request,
                "aviso.html",
                status=400,
                title="Esa página no existe",
                text="El enlace está incompleto. Vuelve al principio de la lista.",
                back="/filas",
            )
        template = "_filas.html" if is_part(request, "tabla") else "filas.html"
        response = self.pages.answer(request, template, **values)
        return unless_known(request, response)

    async def detail(self, request: Request, row: UUID) -> Response:
        async with self.store.tenant(self.shop) as session:
            story = await training.story(session, self.shop, row)
        if story is None:
            return self.pages.answer(
                request,
                "aviso.html",
                status=404,
                title="Esa fila no está",
                text="Puede ser de otra tienda, o haberse borrado a pedido del cliente.",
                back="/filas",
            )
        return self.pages.answer(request, "fila.html", story=story, one=story.captured)

    async def stream(
        self,
        request: Request,
        desde: str = "",
        last_event_id: Annotated[str | None, Header()] = None,
    ) -> AsyncIterator[ServerSentEvent]:
        """Says that something changed; the page asks for its own part of it."""
        until = self.guard.seller(request) or 0
        async for version in self.changes.follow(last_event_id or desde):
            if time() > until:
                return
            yield ServerSentEvent(event="cambio", raw_data=version, id=version)

    async def _values(self, wanted: Wanted, before: str) -> dict[str, Any]:
        async with self.store.tenant(self.shop) as session:
            version = await training.version(session, self.shop)
            listed = await training.listed(session, self.shop, wanted, before=before)
            days = await training.recent_days(session, self.shop, training.today())
        return {
            "version": version,
            "listed": listed,
            "wanted": wanted,
            "before": before,
            "days": days,
            "today": next((day for day in days if day.day == training.today()), None),
            "bars": charts.bars([day.replies for day in charts.every_day(days, training.today())]),
            "categories": self.categories,
            "address": address,
        }


async def version_of(store: Store, shop: UUID) -> str:
    async with store.tenant(shop) as session:
        return await training.version(session, shop)


def address(wanted: Wanted, before: str = "", **changed: str) -> str:
    """The page's address with these filters, so that it can be shared."""
    sale = "si" if wanted.sale else ""
    query = {"nota": wanted.mark, "venta": sale, "categoria": wanted.category}
    query |= {**changed, "antes": before}
    filled = urlencode({name: value for name, value in query.items() if value})
    return f"/filas?{filled}" if filled else "/filas"


def unless_known(request: Request, response: Response) -> Response:
    """304 when the browser already holds exactly this."""
    tag = f'"{hashlib.sha256(bytes(response.body)).hexdigest()[:24]}"'
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    return response
