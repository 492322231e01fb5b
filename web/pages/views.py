"""Keeps a list with its filters under a name, for whoever looks at it, and lets it go."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from store import views
from store.session import Store
from text.folding import clean
from web.identity import Forbidden, identity_of
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route
from web.views import NAMED, PAGES, address, read

MISSING = 404


@dataclass(frozen=True, slots=True)
class ViewsPage:
    pages: Pages
    store: Store

    def routes(self) -> Sequence[Route]:
        return [
            Route("POST", "/vistas", self.keep, Perm.SETTINGS_READ),
            Route("POST", "/vistas/{view}/quitar", self.drop, Perm.SETTINGS_READ),
        ]

    async def keep(
        self,
        request: Request,
        pagina: Annotated[str, Form(max_length=40)],
        consulta: Annotated[str, Form(max_length=4_000)] = "",
        nombre: Annotated[str, Form(max_length=200)] = "",
    ) -> Response:
        """Back on the list, where it stands among the others."""
        who, person = identity_of(request), _person(request)
        if pagina not in PAGES:
            raise HTTPException(MISSING)
        if not who.may(PAGES[pagina].needs):
            raise Forbidden
        name, query = " ".join(clean(nombre, NAMED).split()), read(pagina, consulta)
        done = bool(name and query)
        if done:
            async with self.store.tenant(who.shop) as session:
                done = await views.keep(session, who.shop, person, pagina, name, query)
        return (
            RedirectResponse(_list(pagina, consulta), 303) if done else self._not(request, pagina)
        )

    async def drop(
        self, request: Request, view: UUID, consulta: Annotated[str, Form(max_length=4_000)] = ""
    ) -> Response:
        who, person = identity_of(request), _person(request)
        async with self.store.tenant(who.shop) as session:
            page = await views.drop(session, who.shop, person, view)
        if page not in PAGES:
            raise HTTPException(MISSING)
        return RedirectResponse(_list(page, consulta), 303)

    def _not(self, request: Request, page: str) -> Response:
        return self.pages.answer(
            request,
            "aviso.html",
            status=422,
            title="Esa vista no se guardó",
            text="Ponle un nombre y elige algún filtro. Caben 20 vistas por lista: quita otra.",
            back=page,
        )


def _person(request: Request) -> UUID:
    """Raises HTTPException: what is kept is somebody's own, and the shop's key is everybody's."""
    found = identity_of(request).person
    if found is None:
        raise HTTPException(MISSING)
    return found


def _list(page: str, query: str) -> str:
    asked = address(page, read(page, query))
    return f"{page}?{asked}" if asked else page
