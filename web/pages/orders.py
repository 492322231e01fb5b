"""The seller's orders: what came in, its proof, and the word on whether the money did."""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from handlers.payments import OrderClosed, OrderUnknown, Payments
from services.files import Files
from store.dealings import MediaFile
from store.session import Store
from web import orders
from web.limits import soon
from web.rendering import Pages
from web.security import local
from web.wording import ORDERS

PATIENCE_S = 8.0
BY = "página"
HOME = "/pedidos"
SHOWN_INSIDE = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "application/pdf"})
"""Anything else a customer sent is only ever saved, never opened by a browser of the shop's."""


@dataclass(frozen=True)
class Orders:
    pages: Pages
    store: Store
    shop: UUID
    payments: Payments
    files: Files

    async def show(
        self,
        request: Request,
        estado: Literal["revisar", "pendientes", "pagados", "otros"] = "revisar",
    ) -> Response:
        async with self.store.tenant(self.shop) as session:
            counts = await orders.counted(session, self.shop)
            listed = await orders.listed(session, self.shop, estado)
        return self.pages.answer(
            request, "pedidos.html", listed=listed, counts=counts, group=estado
        )

    async def decide(
        self,
        request: Request,
        order: UUID,
        decision: Annotated[Literal["pagado", "rechazado"], Form()],
        sigue: Annotated[str, Form()] = HOME,
    ) -> Response:
        """The customer is told, and who taps twice says nothing new."""
        paid = decision == "pagado"
        deciding = self.payments.decide(self.shop, order, paid=paid, by=BY)
        try:
            await soon(deciding, PATIENCE_S)
        except OrderUnknown:
            return self._not(request, 404, "Ese pedido no está", "Puede ser de otra tienda.")
        except OrderClosed as closed:
            state = ORDERS.get(str(closed), str(closed)).lower()
            said = f"Está {state}: ya no se puede decidir otra cosa."
            return self._not(request, 409, "Ese pedido ya se decidió", said)
        return RedirectResponse(local(sigue, HOME), 303)

    async def file(self, file: UUID) -> Response:
        async with self.store.tenant(self.shop) as session:
            found = await session.get(MediaFile, (self.shop, file))
        path = self.files.path(found.path) if found is not None and found.path else None
        if found is None or path is None:
            raise HTTPException(404)
        mime = (found.mime or "").partition(";")[0]
        inside = mime in SHOWN_INSIDE
        return FileResponse(
            path,
            media_type=mime if inside else "application/octet-stream",
            filename=f"{found.kind}-{str(found.id)[:8]}",
            content_disposition_type="inline" if inside else "attachment",
            headers={"Cache-Control": "private, no-store"},
        )

    def _not(self, request: Request, status: int, title: str, text: str) -> Response:
        return self.pages.answer(
            request, "aviso.html", status=status, title=title, text=text, back=HOME
        )
