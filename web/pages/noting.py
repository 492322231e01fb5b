"""Notes of a customer: written, changed, removed, brought back, on either page that shows them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from services.clock import Clock, now
from store.inbox import CustomerNote
from store.session import Store
from web import noting
from web.hands import hand_of
from web.identity import identity_of
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route

Said = Annotated[str, Form(max_length=2 * noting.LONGEST)]
From = Annotated[UUID | None, Form()]


@dataclass(frozen=True)
class Noting:
    """`de` is the conversation that somebody looks at, where it is not the customer."""

    pages: Pages
    store: Store
    shop: UUID
    clock: Clock = now

    def routes(self) -> Sequence[Route]:
        many, writes = "/clientes/{customer}/notas", Perm.CUSTOMER_WRITE
        one = f"{many}/{{note}}"
        return [
            Route("POST", many, self.add, writes),
            Route("POST", one, self.change, writes),
            Route("POST", f"{one}/borrar", self.remove, writes),
            Route("POST", f"{one}/deshacer", self.take_back, writes),
        ]

    async def add(
        self, request: Request, customer: UUID, nota: Said = "", de: From = None
    ) -> Response:
        hand, text, what = hand_of(request, self.clock()), noting.said(nota), f"customer:{customer}"
        if not text:
            return _back(customer, de)
        async with self.store.tenant(self.shop) as session:
            by = identity_of(request).name
            made = await noting.add(session, self.shop, customer, hand.at, by=by, text=text)
            if made is None:
                return self.pages.missing(request, "/clientes")
            await hand.note(session, "customer.noted", what)
        return _back(customer, de)

    async def change(
        self, request: Request, customer: UUID, note: UUID, nota: Said = "", de: From = None
    ) -> Response:
        text, at = noting.said(nota), self.clock()

        def write(one: CustomerNote) -> bool:
            return bool(text) and one.gone_at is None and noting.change(one, text, at)

        return await self._done(request, (customer, note, de), "customer.note_changed", write)

    async def remove(
        self, request: Request, customer: UUID, note: UUID, de: From = None
    ) -> Response:
        def write(one: CustomerNote) -> bool:
            fresh = one.gone_at is None
            if fresh:
                noting.remove(one, self.clock())
            return fresh

        return await self._done(request, (customer, note, de), "customer.note_removed", write)

    async def take_back(
        self,
        request: Request,
        customer: UUID,
        note: UUID,
        de: From = None,
        borrada: Annotated[str, Form(max_length=2)] = "",
    ) -> Response:
        """That it was removed (`borrada`), or else how it was changed."""
        back = noting.bring_back if borrada else noting.change_back

        def write(one: CustomerNote) -> bool:
            return back(one, self.clock())

        return await self._done(request, (customer, note, de), "customer.note_restored", write)

    async def _done(
        self,
        request: Request,
        where: tuple[UUID, UUID, UUID | None],
        action: str,
        write: Callable[[CustomerNote], bool],
    ) -> Response:
        """What changes nothing is not written down."""
        (customer, note, de), hand = where, hand_of(request, self.clock())
        async with self.store.tenant(self.shop) as session:
            one = await noting.find(session, self.shop, customer, note)
            if one is None:
                return self.pages.missing(request, "/clientes")
            if write(one):
                await session.flush()
                await hand.note(session, action, f"customer:{customer}")
        return _back(customer, de)


def _back(customer: UUID, talk: UUID | None) -> Response:
    to = f"/conversaciones/{talk}" if talk else f"/clientes/{customer}"
    return RedirectResponse(f"{to}#notas", 303)
