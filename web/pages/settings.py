"""A shop's settings: what there is, where each is changed, and the first steps of a new shop."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape
from typing import Annotated, Literal

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.states import States, Told
from handlers.pausing import Voices
from store.app import Shop
from store.audit import record
from store.session import Store
from web.identity import actor_of, identity_of
from web.limits import soon
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route
from web.steps import taken

LOCAL = frozenset({"web", "console", "memory", "demo"})
"""Channels that reach no customer's phone."""
UNHEARD = LOCAL - {"web"}
"""Those that no customer has at all."""
CHANNELS = "/ajustes/canales"


@dataclass(frozen=True, slots=True)
class Line:
    """An account of the shop on a network, and what it last told of itself; `silent`: the bot does
    not answer there."""

    account: str
    told: Told | None
    silent: bool = False

    @property
    def network(self) -> str:
        return self.account.partition(":")[0]


@dataclass(frozen=True)
class SettingsPages:
    """`channels` are the accounts of this process, by name; they come and go. `facts` are what the
    shop has to say itself. Pages of `embeds` may frame the chat, which lies at `home`."""

    pages: Pages
    store: Store
    states: States
    channels: Collection[str]
    voices: Voices
    facts: Sequence[str] = ()
    embeds: Sequence[str] = ()
    home: str | None = None

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", "/ajustes", self.show, Perm.SETTINGS_READ),
            Route("GET", CHANNELS, self.lines, Perm.SETTINGS_READ),
            Route("POST", CHANNELS, self.voice, Perm.SETTINGS_WRITE),
            Route("GET", "/primeros-pasos", self.steps, Perm.SETTINGS_READ),
        ]

    async def show(self, request: Request) -> Response:
        who = identity_of(request)
        async with self.store.tenant(who.shop) as session:
            shop = await session.get(Shop, who.shop)
        if shop is None:
            return RedirectResponse("/entrar", 303)
        return self.pages.answer(request, "ajustes.html", shop=shop)

    async def lines(self, request: Request) -> Response:
        accounts = sorted(one for one in self.channels if one.partition(":")[0] not in UNHEARD)
        told = await soon(self.states.of(accounts))
        silent = await soon(self.voices.silent(accounts))
        found = [Line(account, told.get(account), account in silent) for account in accounts]
        return self.pages.answer(
            request,
            "canales.html",
            lines=found,
            networks=self._networks(),
            embeds=self.embeds,
            frame=self._frame(request),
            can_write=identity_of(request).may(Perm.SETTINGS_WRITE),
        )

    async def voice(
        self,
        request: Request,
        cuenta: Annotated[str, Form(max_length=200)] = "",
        contesta: Annotated[Literal["si", "no"], Form()] = "si",
    ) -> Response:
        """Nothing of the bot's leaves there once this has answered; people of the shop go on."""
        if cuenta not in self.channels:
            return RedirectResponse(CHANNELS, 303)
        who = identity_of(request)
        if contesta == "no":
            await soon(self.voices.silence(cuenta, by=who.name))
        else:
            await soon(self.voices.give(cuenta))
        async with self.store.tenant(who.shop) as session:
            actor, after = actor_of(request), {"answers": contesta}
            await record(session, who.shop, actor, "settings.channel", cuenta, after=after)
        return RedirectResponse(CHANNELS, 303)

    async def steps(self, request: Request) -> Response:
        who = identity_of(request)
        async with self.store.tenant(who.shop) as session:
            found = await taken(
                session,
                who.shop,
                self.facts,
                account=who.person is not None,
                configured=bool(self._networks()),
            )
        return self.pages.answer(request, "primeros_pasos.html", steps=found)

    def _frame(self, request: Request) -> str:
        """What shows the chat within a page of the shop's own."""
        home = (self.home or str(request.base_url)).rstrip("/")
        title = escape(f"Chat · {self.pages.shared['shop_name']}")
        return (
            f'<iframe src="{escape(home)}/chat" title="{title}" width="380" height="600"'
            ' style="border:0" loading="lazy"></iframe>'
        )

    def _networks(self) -> list[str]:
        return sorted(one for one in self.channels if one.partition(":")[0] not in LOCAL)
