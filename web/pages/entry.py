"""The seller's way in and out, and the visitor's choice of light or dark."""

from dataclasses import dataclass
from math import ceil
from typing import Annotated

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from web.limits import Limit, soon
from web.rendering import THEMES, Pages
from web.security import SESSION, SESSION_S, Keyring, keep_cookie, local

HOME = "/filas"
THEME_S = 365 * 86400


@dataclass(frozen=True, slots=True)
class Entry:
    pages: Pages
    keyring: Keyring
    tries: Limit

    async def show(self, request: Request, clave: str = "", sigue: str = HOME) -> Response:
        """A link with the key opens at once; the key leaves the address bar with the redirect."""
        if clave:
            return await self.enter(request, clave, sigue)
        return self._form(request, sigue)

    async def enter(
        self,
        request: Request,
        clave: Annotated[str, Form()] = "",
        sigue: Annotated[str, Form()] = HOME,
    ) -> Response:
        who = request.client.host if request.client else ""
        wait_ms = await soon(self.tries.wait_ms(who))
        if wait_ms:
            minutes = ceil(wait_ms / 60_000)
            return self._form(request, sigue, 429, f"Demasiados intentos. Espera {minutes} min.")
        if not self.keyring.fits(clave.strip()):
            return self._form(request, sigue, 403, "Esa clave no es la de esta tienda.")
        await soon(self.tries.forget(who))
        response = RedirectResponse(local(sigue, HOME), 303)
        keep_cookie(request, response, SESSION, self.keyring.session(), SESSION_S)
        return response

    async def leave(self) -> Response:
        response = RedirectResponse("/entrar", 303)
        response.delete_cookie(SESSION)
        return response

    async def theme(
        self,
        request: Request,
        tema: Annotated[str, Form()] = "auto",
        sigue: Annotated[str, Form()] = "/",
    ) -> Response:
        response = RedirectResponse(local(sigue), 303)
        keep_cookie(request, response, "tema", tema if tema in THEMES else "auto", THEME_S)
        return response

    def _form(
        self, request: Request, follow: str, status: int = 200, problem: str = ""
    ) -> Response:
        return self.pages.answer(
            request, "entrar.html", status=status, follow=local(follow, HOME), problem=problem
        )
