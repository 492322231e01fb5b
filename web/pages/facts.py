"""What the shop says of itself: its hours, its address, how it ships; the bot tells it as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from config.packs import Pack
from services.clock import Clock, now
from store.session import Store
from web.hands import hand_of
from web.identity import identity_of
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route
from web.sayings import LONGEST, facts, say

HERE: Final = "/ajustes/respuestas"
MOST: Final = 100
Line = Annotated[str, Form(max_length=4 * LONGEST)]


@dataclass(frozen=True)
class FactPages:
    pages: Pages
    store: Store
    shop: UUID
    pack: Pack
    clock: Clock = now

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", HERE, self.show, Perm.SETTINGS_READ),
            Route("POST", HERE, self.keep, Perm.SETTINGS_WRITE),
        ]

    async def show(self, request: Request, hecho: str = "") -> Response:
        async with self.store.tenant(self.shop) as session:
            known = await facts(session, self.shop, self.pack)
        return self.pages.answer(
            request,
            "respuestas.html",
            facts=known,
            told=hecho,
            longest=LONGEST,
            can_write=identity_of(request).may(Perm.SETTINGS_WRITE),
        )

    async def keep(
        self,
        request: Request,
        nombre: Annotated[Sequence[str], Form(max_length=MOST)] = (),
        texto: Annotated[Sequence[Line], Form(max_length=MOST)] = (),
    ) -> Response:
        """Each name with its text; what is sent unchanged is the shop's own from now on."""
        given = dict(zip(nombre, texto, strict=False))
        async with self.store.tenant(self.shop) as session:
            await say(session, self.pack, given, hand_of(request, self.clock()))
        return RedirectResponse(f"{HERE}?hecho=guardado", 303)
