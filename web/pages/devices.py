"""One's own sessions: where one is in, and how to be out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from web import devices
from web.agents import device
from web.hands import Hand, hand_of
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route
from web.sessions import Sessions

DEVICES: Final = "/ajustes/sesiones"


@dataclass(frozen=True, slots=True)
class Devices:
    pages: Pages
    sessions: Sessions

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", DEVICES, self.show, Perm.SETTINGS_READ),
            Route("POST", f"{DEVICES}/otras", self.end_others, Perm.SETTINGS_READ),
            Route("POST", f"{DEVICES}/{{one}}/cerrar", self.end, Perm.SETTINGS_READ),
        ]

    async def show(self, request: Request, hecho: str = "") -> Response:
        by = self._by(request)
        async with self.sessions.store.tenant(by.who.shop) as session:
            found = await devices.mine(session, by)
        listed = [(one, device(one.agent)) for one in found]
        return self.pages.answer(request, "sesiones.html", listed=listed, told=hecho)

    async def end(self, request: Request, one: UUID) -> Response:
        by = self._by(request)
        async with self.sessions.store.tenant(by.who.shop) as session:
            await devices.end(session, by, one)
        return RedirectResponse(f"{DEVICES}?hecho=cerrada", 303)

    async def end_others(self, request: Request) -> Response:
        by = self._by(request)
        async with self.sessions.store.tenant(by.who.shop) as session:
            await devices.end_others(session, by)
        return RedirectResponse(f"{DEVICES}?hecho=cerradas", 303)

    def _by(self, request: Request) -> Hand:
        return hand_of(request, self.sessions.clock())
