"""What a visitor likes: light or dark, and which language. Accounts keep it too."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from store.people import change_person
from store.session import Store
from web.identity import known
from web.rendering import THEMES
from web.routing import PUBLIC, Route
from web.security import keep_cookie, local
from web.translating import LOCALES, SOURCE

KEPT_S = 365 * 86400


@dataclass(frozen=True, slots=True)
class Tastes:
    store: Store

    def routes(self) -> Sequence[Route]:
        return [
            Route("POST", "/tema", self.theme, PUBLIC),
            Route("POST", "/idioma", self.language, PUBLIC),
        ]

    async def theme(
        self,
        request: Request,
        tema: Annotated[str, Form()] = "auto",
        sigue: Annotated[str, Form()] = "/",
    ) -> Response:
        chosen = tema if tema in THEMES else "auto"
        await self._keep(request, theme=chosen)
        response = RedirectResponse(local(sigue), 303)
        keep_cookie(request, response, "tema", chosen, KEPT_S)
        return response

    async def language(
        self,
        request: Request,
        idioma: Annotated[str, Form()] = SOURCE,
        sigue: Annotated[str, Form()] = "/",
    ) -> Response:
        chosen = idioma if idioma in LOCALES else SOURCE
        await self._keep(request, locale=chosen)
        response = RedirectResponse(local(sigue), 303)
        keep_cookie(request, response, "idioma", chosen, KEPT_S)
        return response

    async def _keep(self, request: Request, **taste: str) -> None:
        who = known(request)
        if who is not None and who.person is not None:
            async with self.store.tenant(who.shop) as session:
                await change_person(session, who.shop, who.person, **taste)
