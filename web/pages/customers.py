"""Customers: who they are, what they bought, what they agreed to, and what they asked of us."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from jobs.rights import Rights
from services.clock import Clock, now
from store.audit import record
from store.privacy import links
from store.privacy.links import Wanted
from store.session import Store
from text.folding import clean
from text.ways_in import PATH
from web import csv, customers
from web.customers import BadCursor, Card, hidden
from web.identity import actor_of, identity_of
from web.limits import soon
from web.naming import called
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route
from web.translating import SOURCE, words
from web.views import of_page
from web.wording import say
from web.wording_people import SAVED

PATIENCE_S = 8.0
UTC = ZoneInfo("UTC")
MOST_LINES = 5000
WORD = "borrar"
LINK_H = 24
LONGEST = 80
GONE = "Puede ser de otra tienda, o haberse borrado porque lo pidió."


@dataclass(frozen=True)
class Customers:
    pages: Pages
    store: Store
    shop: UUID
    rights: Rights
    ledger: bool = False
    zone: ZoneInfo = UTC
    clock: Clock = now

    def routes(self) -> Sequence[Route]:
        one = "/clientes/{customer}"
        return [
            Route("GET", "/clientes", self.show, Perm.CUSTOMER_READ),
            Route("GET", "/clientes.csv", self.file, Perm.CUSTOMER_EXPORT),
            Route("GET", one, self.card, Perm.CUSTOMER_READ),
            Route("POST", one, self.save, Perm.CUSTOMER_WRITE),
            Route("POST", f"{one}/mostrar", self.reveal, Perm.PII_REVEAL),
            Route("POST", f"{one}/aprendizaje", self.oppose, Perm.CUSTOMER_WRITE),
            Route("POST", f"{one}/bloqueo", self.restrict, Perm.CUSTOMER_WRITE),
            Route("POST", f"{one}/exportar", self.export, Perm.CUSTOMER_EXPORT),
            Route("POST", f"{one}/enlace", self.link, Perm.CUSTOMER_EXPORT),
            Route("POST", f"{one}/borrar", self.erase, Perm.CUSTOMER_ERASE),
        ]

    async def show(self, request: Request, q: str = "", antes: str = "") -> Response:
        sought = _sought(q)
        try:
            found = await soon(self._listed(sought, antes), PATIENCE_S)
        except BadCursor:
            return self._not(request, "Esa página no existe", "Vuelve al principio de la lista.")
        async with self.store.tenant(self.shop) as session:
            views = await of_page(session, request, "/clientes")
        query = {"q": sought} if sought else {}
        following = urlencode({**query, "antes": found.next}) if found.next else ""
        return self.pages.answer(
            request, "clientes.html", lines=found.lines, sought=sought, ledger=self.ledger,
            views=views,
            following=f"/clientes?{following}" if following else "",
            first=f"/clientes?{urlencode(query)}" if antes else "",
        )  # fmt: skip

    async def file(self, request: Request, q: str = "") -> Response:
        header = [
            "id",
            "cliente",
            "intensidad",
            "tono",
            "sesiones",
            "respuestas",
            "temas",
            "último",
        ]
        async with self.store.tenant(self.shop) as session:
            await record(session, self.shop, actor_of(request), "customer.csv", f"shop:{self.shop}")
        return csv.answer("clientes", header, self._lines(_sought(q)))

    async def _lines(self, sought: str) -> AsyncIterator[Sequence[Any]]:
        cursor, told = "", 0
        while told < MOST_LINES:
            found = await self._listed(sought, cursor)
            for line in found.lines:
                row, habits = line.row, line.habits
                yield (
                    str(row["id"]), called(words(SOURCE), row["name"], row["chat"]),
                    row["intensity"], say(row["tone"], "tone"),
                    habits["sessions"] if habits else 0, habits["answers"] if habits else 0,
                    " · ".join(say(one, "category") for one in habits["categories"])
                    if habits else "", csv.moment(row["last_at"], self.zone),
                )  # fmt: skip
            cursor, told = found.next, told + len(found.lines)
            if not cursor:
                return

    async def card(self, request: Request, customer: UUID, hecho: str = "") -> Response:
        return await self._card(request, customer, said=hecho if hecho in SAVED else "")

    async def reveal(self, request: Request, customer: UUID) -> Response:
        """Who looks is written down before anything is shown."""
        async with self.store.tenant(self.shop) as session:
            await record(
                session, self.shop, actor_of(request), "customer.reveal", f"customer:{customer}"
            )
        response = await self._card(request, customer, revealed=True)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    async def save(
        self,
        request: Request,
        customer: UUID,
        intensidad: Annotated[float, Form(ge=0, le=1)],
        tono: Annotated[Literal["coach", "neutral", "formal"], Form()],
        idioma: Annotated[Literal["es", "en", ""], Form()] = "",
        nombre: Annotated[str, Form(max_length=120)] = "",
    ) -> Response:
        values = {"intensity": intensidad, "tone": tono, "locale": idioma or None}
        name = " ".join(clean(nombre).split()) or None
        done = await self._rights(request).correct(customer, _by(request), name=name, **values)
        return self._back(request, customer, "guardado", done=done)

    async def oppose(
        self, request: Request, customer: UUID, aprende: Annotated[Literal["si", "no"], Form()]
    ) -> Response:
        done = await self._rights(request).oppose(customer, _by(request), to=aprende == "no")
        said = "no-aprende" if aprende == "no" else "aprende"
        return self._back(request, customer, said, done=done)

    async def restrict(
        self, request: Request, customer: UUID, bloquear: Annotated[Literal["si", "no"], Form()]
    ) -> Response:
        done = await soon(
            self._rights(request).restrict(customer, _by(request), to=bloquear == "si")
        )
        said = "bloqueado" if bloquear == "si" else "desbloqueado"
        return self._back(request, customer, said, done=done)

    async def export(self, request: Request, customer: UUID) -> Response:
        done = await self._rights(request).ask(customer, "export", _by(request)) is not None
        return self._back(request, customer, "exportando", done=done)

    async def link(self, request: Request, customer: UUID) -> Response:
        """For the customer: whoever opens it gets the ZIP, once."""
        card = await self._found(customer)
        if card is None or card.export is None or card.export.state != "done":
            return self._not(request, "Todavía no hay nada que enlazar", "Expórtalo primero.")
        at = self.clock()
        wanted = Wanted(
            self.shop, card.who.id, uuid4(), at + timedelta(hours=LINK_H), card.export.id
        )
        async with self.store.together() as store:
            async with store.batch() as connection:
                secret = await links.offer(connection, wanted)
            async with store.tenant(self.shop) as session:
                what = f"customer:{card.who.id}"
                await record(session, self.shop, actor_of(request), "customer.link", what)
        url = f"{str(request.base_url).rstrip('/')}{PATH}{secret}"
        return await self._card(request, customer, link=url)

    async def erase(
        self, request: Request, customer: UUID, palabra: Annotated[str, Form()] = ""
    ) -> Response:
        if palabra.strip().lower() != WORD:
            return await self._card(request, customer, problem="unsure", status=422)
        asking = self._rights(request).ask(customer, "erasure", _by(request))
        done = await soon(asking, PATIENCE_S) is not None
        return self._back(request, customer, "borrando", done=done)

    def _rights(self, request: Request) -> Rights:
        return self.rights.acting(actor_of(request))

    async def _listed(self, sought: str, cursor: str) -> customers.Listed:
        today = self.clock().date()
        async with self.store.tenant(self.shop) as session:
            return await customers.listed(
                session, self.shop, sought, cursor, today, ledger=self.ledger
            )

    async def _found(self, customer: UUID) -> Card | None:
        async with self.store.tenant(self.shop) as session:
            at = self.clock()
            return await customers.card(session, self.shop, customer, at, ledger=self.ledger)

    async def _card(
        self,
        request: Request,
        customer: UUID,
        *,
        status: int = 200,
        revealed: bool = False,
        **said: str,
    ) -> Response:
        found = await soon(self._found(customer), PATIENCE_S)
        if found is None:
            return self._gone(request)
        values: dict[str, Any] = {"said": "", "problem": "", "link": "", **said}
        names = [
            (one.channel, one.external_id if revealed else hidden(one)) for one in found.who.names
        ]
        return self.pages.answer(
            request, "cliente.html", status=status, card=found, names=names, revealed=revealed,
            may=identity_of(request).permissions, at=self.clock(), **values,
        )  # fmt: skip

    def _back(self, request: Request, customer: UUID, said: str, *, done: bool) -> Response:
        if not done:
            return self._gone(request)
        return RedirectResponse(f"/clientes/{customer}?hecho={said}", 303)

    def _gone(self, request: Request) -> Response:
        return self._not(request, "Ese cliente no está", GONE)

    def _not(self, request: Request, title: str, text: str) -> Response:
        return self.pages.answer(
            request, "aviso.html", status=404, title=title, text=text, back="/clientes"
        )


def _sought(typed: str) -> str:
    return " ".join(clean(typed, LONGEST).split())


def _by(request: Request) -> str:
    return identity_of(request).name
