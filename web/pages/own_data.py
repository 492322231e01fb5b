"""What a customer may see and decide of their own data, by a link that works once.

The link came through their chat, so whoever holds it holds the chat. It is used by a button: chats
open links by themselves, to show a preview. From then on the browser keeps a secret for an hour.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from sqlalchemy import select

from jobs.exporting import place_in
from jobs.rights import Rights
from services.clock import Clock, now
from store.app import Message
from store.privacy import links
from store.privacy.tables import PrivacyLink, PrivacyRequest
from store.session import Store
from text.folding import clean
from web import customers
from web.addresses import address_of
from web.customer import COOKIE, visitor_of
from web.limits import Limit, soon
from web.rendering import Pages
from web.routing import PUBLIC, Route
from web.security import keep_cookie
from web.wording_people import SAVED

KEPT: Final = timedelta(hours=1)
SECRET: Final = re.compile(r"[0-9a-f]{43}")
LINES: Final = 50
WORD: Final = "borrar"
BY: Final = "customer"
HOME: Final = "/mis-datos"


@dataclass(frozen=True)
class OwnPage:
    """`rights` are confined to the rows of who asks; `var` is where exports lie."""

    pages: Pages
    store: Store
    shop: UUID
    rights: Rights
    var: Path
    tries: Limit
    clock: Clock = now

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", HOME, self.show, PUBLIC),
            Route("POST", f"{HOME}/corregir", self.correct, PUBLIC),
            Route("POST", f"{HOME}/aprendizaje", self.oppose, PUBLIC),
            Route("POST", f"{HOME}/copia", self.export, PUBLIC),
            Route("POST", f"{HOME}/copia/{{export}}", self.download, PUBLIC),
            Route("POST", f"{HOME}/borrar", self.erase, PUBLIC),
            Route("POST", f"{HOME}/salir", self.leave, PUBLIC),
            Route("GET", f"{HOME}/{{secret}}", self.door, PUBLIC),
            Route("POST", f"{HOME}/{{secret}}", self.enter, PUBLIC),
        ]

    async def door(self, request: Request, secret: str) -> Response:
        """Looking at a link does not use it."""
        found = await self._waiting(request, secret)
        if found is None:
            return self._over(request)
        return self.pages.answer(request, "mis_datos_puerta.html", export=found.request_id)

    async def enter(self, request: Request, secret: str) -> Response:
        found = await self._waiting(request, secret)
        if found is None:
            return self._over(request)
        keep, at = secrets.token_urlsafe(32), self.clock()
        async with self.store.tenant(self.shop) as session:
            used = await links.use(session, self.shop, secret, at, keep=keep, until=at + KEPT)
        if used is None:
            return self._over(request)
        if used.request_id is not None:
            return self._zip(request, used.request_id)
        response = RedirectResponse(HOME, 303)
        keep_cookie(request, response, COOKIE, keep, round(KEPT.total_seconds()))
        return response

    async def show(self, request: Request, hecho: str = "") -> Response:
        customer = await self._visitor(request)
        if customer is None:
            return self._over(request)
        return await self._page(request, customer, said=hecho if hecho in SAVED else "")

    async def correct(
        self,
        request: Request,
        nombre: Annotated[str, Form(max_length=120)] = "",
        idioma: Annotated[Literal["es", "en", ""], Form()] = "",
    ) -> Response:
        customer = await self._visitor(request)
        if customer is None:
            return self._over(request)
        name = " ".join(clean(nombre).split()) or None
        await self.rights.correct(customer, BY, name=name, locale=idioma or None)
        return _back("guardado")

    async def oppose(
        self, request: Request, aprende: Annotated[Literal["si", "no"], Form()]
    ) -> Response:
        customer = await self._visitor(request)
        if customer is None:
            return self._over(request)
        await self.rights.oppose(customer, BY, to=aprende == "no")
        return _back("no-aprende" if aprende == "no" else "aprende")

    async def export(self, request: Request) -> Response:
        customer = await self._visitor(request)
        if customer is None:
            return self._over(request)
        await self.rights.ask(customer, "export", BY)
        return _back("exportando")

    async def download(self, request: Request, export: UUID) -> Response:
        """Row-level security says whose it is."""
        customer = await self._visitor(request)
        if customer is None:
            return self._over(request)
        async with self.store.tenant(self.shop, customer) as session:
            found = await session.get(PrivacyRequest, (self.shop, export))
        if found is None or found.kind != "export" or found.state != "done":
            return self._over(request)
        return self._zip(request, found.id)

    async def erase(self, request: Request, palabra: Annotated[str, Form()] = "") -> Response:
        customer = await self._visitor(request)
        if customer is None:
            return self._over(request)
        if palabra.strip().lower() != WORD:
            return await self._page(request, customer, problem="unsure", status=422)
        await soon(self.rights.ask(customer, "erasure", BY), 8.0)
        response = self.pages.answer(request, "mis_datos_adios.html")
        response.delete_cookie(COOKIE)
        return response

    async def leave(self, request: Request) -> Response:
        kept = request.cookies.get(COOKIE, "")
        async with self.store.tenant(self.shop) as session:
            await links.drop(session, self.shop, kept)
        response = RedirectResponse("/chat", 303)
        response.delete_cookie(COOKIE)
        return response

    async def _page(
        self, request: Request, customer: UUID, *, status: int = 200, said: str = "",
        problem: str = "",
    ) -> Response:  # fmt: skip
        at = self.clock()
        async with self.store.tenant(self.shop, customer) as session:
            card = await customers.card(session, self.shop, customer, at, ledger=False)
            newest = select(Message).where(Message.shop_id == self.shop)
            if card is not None:
                newest = newest.where(Message.conversation_id.in_(card.who.conversations))
            order = Message.position.desc()
            said_ = (await session.scalars(newest.order_by(order).limit(LINES))).all()
        if card is None:
            return self._over(request)
        response = self.pages.answer(
            request, "mis_datos.html", status=status, card=card, lines=said_[::-1], at=at,
            said=said, problem=problem,
        )  # fmt: skip
        response.headers["Cache-Control"] = "private, no-store"
        return response

    async def _waiting(self, request: Request, secret: str) -> PrivacyLink | None:
        if not SECRET.fullmatch(secret):
            return None
        who = address_of(request)
        if await soon(self.tries.wait_ms(who)):
            return None
        async with self.store.tenant(self.shop) as session:
            return await links.waiting(session, self.shop, secret, self.clock())

    async def _visitor(self, request: Request) -> UUID | None:
        return await visitor_of(request, self.store, self.shop, self.clock())

    def _zip(self, request: Request, export: UUID) -> Response:
        path = place_in(self.var, self.shop, export)
        if not path.is_file():
            return self._over(request)
        headers = {"Cache-Control": "private, no-store"}
        return FileResponse(
            path, media_type="application/zip", filename="mis-datos.zip", headers=headers
        )

    def _over(self, request: Request) -> Response:
        return self.pages.answer(request, "mis_datos_sin.html", status=404)


def _back(said: str) -> Response:
    return RedirectResponse(f"{HOME}?hecho={said}", 303)
