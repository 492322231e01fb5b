"""A shop's settings: what there is, where each is changed, and the first steps of a new shop."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from config.packs import Pack
from services.clock import Clock, now
from store import choices
from store.app import Shop
from store.session import Store
from web.hands import hand_of
from web.identity import identity_of
from web.pages.channels import STEPS, Lines
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route
from web.steps import taken
from web.tones import MANNERS, manner_of, speak


@dataclass(frozen=True)
class SettingsPages:
    pages: Pages
    store: Store
    lines: Lines
    pack: Pack
    clock: Clock = now

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", "/ajustes", self.show, Perm.SETTINGS_READ),
            Route("GET", STEPS, self.steps, Perm.SETTINGS_READ),
            Route("POST", f"{STEPS}/tono", self.speak, Perm.SETTINGS_WRITE),
        ]

    async def show(self, request: Request) -> Response:
        who = identity_of(request)
        async with self.store.tenant(who.shop) as session:
            shop = await session.get(Shop, who.shop)
        if shop is None:
            return RedirectResponse("/entrar", 303)
        return self.pages.answer(request, "ajustes.html", shop=shop)

    async def steps(self, request: Request, hecho: str = "") -> Response:
        who = identity_of(request)
        async with self.store.tenant(who.shop) as session:
            found = await taken(
                session,
                who.shop,
                self.pack.facts,
                account=who.person is not None,
                configured=bool(self.lines.networks()),
            )
            chosen = await choices.of_shop(session, who.shop)
        return self.pages.answer(
            request,
            "primeros_pasos.html",
            steps=found,
            told=hecho,
            tones=self.pack.tones,
            manners=tuple(MANNERS),
            manner=manner_of(chosen),
            can_connect=self.lines.connecting is not None,
            can_write=who.may(Perm.SETTINGS_WRITE),
        )

    async def speak(
        self,
        request: Request,
        tono: Annotated[Literal["cercano", "formal", "breve"], Form()] = "cercano",
    ) -> Response:
        by, (tone, intensity) = hand_of(request, self.clock()), MANNERS[tono]
        async with self.store.tenant(by.who.shop) as session:
            await speak(session, tone, intensity, by)
        return RedirectResponse(f"{STEPS}?hecho=guardado", 303)
