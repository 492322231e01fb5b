"""The seller's orders: what came in, its proof, and the word on whether the money did."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeAlias
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from handlers.payments import OrderClosed, OrderUnknown, Payments
from services.files import Files, kind_of_file
from store.audit import record
from store.dealings import MediaFile, Order
from store.session import Store
from web import csv, orders
from web.amounts import editable
from web.identity import actor_of, identity_of
from web.limits import soon
from web.paging import BadCursor, read_cursor
from web.permissions import Perm
from web.rendering import Pages, locale_of
from web.routing import Route
from web.security import local
from web.translating import words
from web.wording import ORDERS, say

PATIENCE_S = 8.0
HOME = "/pedidos"
DECIDED: Final = "Está %(state)s: ya no se puede decidir otra cosa."
MOST_LINES: Final = 5_000
HEADER: Final = (
    "pedido", "cambió", "estado", "cliente", "productos", "total", "moneda", "confirmado",
    "pagado", "decidió",
)  # fmt: skip
Group: TypeAlias = Literal["revisar", "pendientes", "pagados", "otros"]
SHOWN_INSIDE = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "application/pdf": ".pdf",
}
"""By what the file is, not by what was said of it. Anything else a customer sent is only ever
saved, never opened by a browser of the shop's."""
ENDINGS = {"voice": ".ogg"}


@dataclass(frozen=True)
class Orders:
    pages: Pages
    store: Store
    shop: UUID
    payments: Payments
    files: Files

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", HOME, self.show, Perm.ORDER_READ),
            Route("GET", f"{HOME}.csv", self.table, Perm.CUSTOMER_EXPORT),
            Route("POST", "/pedidos/{order}", self.decide, Perm.ORDER_DECIDE),
            Route("GET", "/archivos/{file}", self.file, Perm.CONVERSATION_READ),
        ]

    async def show(self, request: Request, estado: Group = "revisar", antes: str = "") -> Response:
        try:
            after = read_cursor(antes) if antes else None
        except BadCursor:
            return self._not(request, 404, "Esa página no existe", "Vuelve al principio.")
        async with self.store.tenant(self.shop) as session:
            counts = await orders.counted(session, self.shop)
            listed = await orders.listed(session, self.shop, estado, after)
        return self.pages.answer(
            request, "pedidos.html", listed=listed, counts=counts, group=estado, before=antes
        )

    async def table(self, request: Request, estado: Group = "revisar") -> Response:
        """It names customers, so that who takes it along is written down."""
        async with self.store.tenant(self.shop) as session:
            await record(session, self.shop, actor_of(request), "order.csv", f"shop:{self.shop}")
        return csv.answer("pedidos", HEADER, self._lines(estado))

    async def _lines(self, group: Group) -> AsyncIterator[Sequence[Any]]:
        after, told = None, 0
        while told < MOST_LINES:
            async with self.store.tenant(self.shop) as session:
                found = await orders.listed(session, self.shop, group, after)
            for one in found.rows:
                yield _line(one)
            told += len(found.rows)
            if not found.next:
                return
            after = read_cursor(found.next)

    async def decide(
        self,
        request: Request,
        order: UUID,
        decision: Annotated[Literal["pagado", "rechazado"], Form()],
        comprobante: Annotated[str, Form()] = "",
        sigue: Annotated[str, Form()] = HOME,
    ) -> Response:
        """The customer is told, and who taps twice says nothing new."""
        paid = decision == "pagado"
        if not await self._is_seen(order, comprobante):
            return self._not(request, 409, "Llegó otro comprobante", "Míralo antes de decidir.")
        by, actor = identity_of(request).name, actor_of(request)
        deciding = self.payments.decide(self.shop, order, paid=paid, by=by, actor=actor)
        try:
            await soon(deciding, PATIENCE_S)
        except OrderUnknown:
            return self._not(request, 404, "Ese pedido no está", "Puede ser de otra tienda.")
        except OrderClosed as closed:
            say = words(locale_of(request)).say
            state = say(ORDERS.get(str(closed), str(closed))).lower()
            said = say(DECIDED) % {"state": state}
            return self._not(request, 409, "Ese pedido ya se decidió", said)
        return RedirectResponse(local(sigue, HOME), 303)

    async def _is_seen(self, order: UUID, receipt: str) -> bool:
        """A page that was left open shows an older proof than the one that is decided on."""
        async with self.store.tenant(self.shop) as session:
            found = await session.get(Order, (self.shop, order))
        return found is None or str(found.receipt_id or "") == receipt

    async def file(self, file: UUID) -> Response:
        async with self.store.tenant(self.shop) as session:
            found = await session.get(MediaFile, (self.shop, file))
        path = self.files.path(found.path) if found is not None and found.path else None
        if found is None or path is None:
            raise HTTPException(404)
        kind = await asyncio.to_thread(kind_of_file, path)
        inside = kind in SHOWN_INSIDE
        ending = SHOWN_INSIDE.get(kind or "") or ENDINGS.get(found.kind, "")
        return FileResponse(
            path,
            media_type=kind if inside else "application/octet-stream",
            filename=f"{found.kind}-{str(found.id)[:8]}{ending}",
            content_disposition_type="inline" if inside else "attachment",
            headers={"Cache-Control": "private, no-store"},
        )

    def _not(self, request: Request, status: int, title: str, text: str) -> Response:
        return self.pages.answer(
            request, "aviso.html", status=status, title=title, text=text, back=HOME
        )


def _line(seen: orders.Seen) -> Sequence[Any]:
    """What it costs is a number in the currency's own unit, as a spreadsheet adds it up."""
    order = seen.order
    at = (one.isoformat() if one else "" for one in (order.confirmed_at, order.paid_at))
    goods = " · ".join(f"{line.quantity} × {line.name}" for line in seen.lines)
    return (
        str(order.id)[:8], order.updated_at.isoformat(), say(order.state, "order"),
        seen.name or order.chat, goods, editable(order.total, order.currency), order.currency,
        *at, order.decided_by or "",
    )  # fmt: skip
