"""The way in and out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Annotated, Any, Final

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from store import people as rows
from store.people import Person
from web.addresses import address_of
from web.entering import Doorman, Wait
from web.identity import known
from web.limits import Limit, soon
from web.rendering import Pages
from web.routing import PUBLIC, Route
from web.security import local
from web.sessions import Sessions

HOME: Final = "/hoy"
WRONG, NOT_THE_KEY, NO_KEY, TOO_OFTEN = "wrong", "not_the_key", "no_key", "espera"
Sent = Annotated[str, Form()]


@dataclass(frozen=True, slots=True)
class Entry:
    """`tries` are those of the shop's key; `demo` are the e-mails of accounts that anybody may take
    on this machine, by what their buttons say."""

    pages: Pages
    sessions: Sessions
    doorman: Doorman
    tries: Limit
    demo: Mapping[str, str] = field(default_factory=dict)

    def routes(self) -> Sequence[Route]:
        routes = [
            Route("GET", "/", self.home, PUBLIC),
            Route("GET", "/entrar", self.show, PUBLIC),
            Route("POST", "/entrar", self.enter, PUBLIC),
            Route("POST", "/salir", self.leave, PUBLIC),
        ]
        return [*routes, Route("POST", "/entrar/demo", self.play, PUBLIC)] if self.demo else routes

    async def home(self, request: Request) -> Response:
        """Customers know the shop's bare address; its people have their own first page."""
        return RedirectResponse(HOME if known(request) else "/chat", 307)

    async def show(self, request: Request, clave: str = "", sigue: str = HOME) -> Response:
        """A link with the key opens at once; the key leaves the address bar with the redirect."""
        if clave:
            return await self._by_key(request, clave, sigue)
        return await self._form(request, sigue)

    async def enter(
        self,
        request: Request,
        correo: Sent = "",
        contrasena: Sent = "",
        mantener: Sent = "",
        clave: Sent = "",
        sigue: Sent = HOME,
    ) -> Response:
        if clave:
            return await self._by_key(request, clave, sigue)
        found = await self.doorman.known(request, correo, contrasena)
        if isinstance(found, Wait):
            return await self._waits(request, sigue, found.ms, correo)
        if found is None:
            return await self._form(request, sigue, 403, WRONG, correo=correo)
        return await self._opened(request, found, sigue, kept=bool(mantener))

    async def play(self, request: Request, quien: Sent = "", sigue: Sent = HOME) -> Response:
        """One of the accounts of the demo, without a password."""
        shop = self.sessions.shop
        person = None
        if quien in self.demo.values():
            async with self.sessions.store.tenant(shop) as session:
                person = await rows.person_by_email(session, shop, quien)
        if person is None or person.disabled_at is not None:
            return await self._form(request, sigue, 403, WRONG)
        return await self._opened(request, person, sigue, kept=True)

    async def leave(self, request: Request) -> Response:
        response = RedirectResponse("/entrar", 303)
        await self.doorman.let_out(request, response)
        return response

    async def _by_key(self, request: Request, key: str, follow: str) -> Response:
        address = address_of(request)
        wait_ms = await soon(self.tries.wait_ms(address))
        if wait_ms:
            return await self._waits(request, follow, wait_ms)
        async with self.sessions.store.tenant(self.sessions.shop) as session:
            led = await self.sessions.is_led(session)
        if led:
            return await self._form(request, follow, 403, NO_KEY)
        if not self.sessions.fits(key):
            return await self._form(request, follow, 403, NOT_THE_KEY)
        await soon(self.tries.forget(address))
        return await self._opened(request, None, follow, kept=True)

    async def _opened(
        self, request: Request, person: Person | None, follow: str, *, kept: bool
    ) -> Response:
        response = RedirectResponse(local(follow, HOME), 303)
        await self.doorman.let_in(request, response, person, kept=kept)
        return response

    async def _waits(self, request: Request, follow: str, ms: int, email: str = "") -> Response:
        shown: dict[str, Any] = {"correo": email, "minutes": ceil(ms / 60_000)}
        return await self._form(request, follow, 429, TOO_OFTEN, wait_s=ceil(ms / 1000), **shown)

    async def _form(
        self,
        request: Request,
        follow: str,
        status: int = 200,
        problem: str = "",
        **values: Any,  # noqa: ANN401  what the form shows again
    ) -> Response:
        shop = self.sessions.shop
        async with self.sessions.store.tenant(shop) as session:
            led = await self.sessions.is_led(session)
            peopled = led or await rows.is_peopled(session, shop)
        shown: dict[str, Any] = {
            "correo": "",
            "minutes": 0,
            **values,
            "led": led,
            "peopled": peopled,
        }
        return self.pages.answer(
            request,
            "entrar.html",
            status=status,
            follow=local(follow, HOME),
            problem=problem,
            demo=self.demo,
            **shown,
        )
