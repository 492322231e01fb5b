"""Where customers write: how each account is, whether the bot answers there, and connecting one."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from html import escape
from typing import Annotated, Any, Final, Literal

from fastapi import Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.states import States, Told
from handlers.pausing import Voices
from services.clock import Clock, now
from store.accounts import versions_of
from store.audit import record
from store.session import Store
from web.connecting import CLOUD, LONGEST, TELEGRAM, Connecting, Found, Offer, bot_of, number_of
from web.hands import hand_of
from web.identity import actor_of, identity_of
from web.limits import Limit, soon
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route

UNHEARD: Final = frozenset({"console", "memory", "demo"})
"""Channels that no customer has at all."""
LOCAL: Final = UNHEARD | {"web"}
"""Those that reach no customer's phone."""
HERE: Final = "/ajustes/canales"
STEPS: Final = "/primeros-pasos"
SAID: Final = "-dice"
"""How the id of the place ends where a form shows what a network said."""
ANSWER_S: Final = 40.0
Account = Annotated[str, Form(max_length=200)]
Pasted = Annotated[str, Form(max_length=LONGEST)]
Back = Annotated[Literal["", "pasos"], Form()]


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form says of an account; without an `offer` it was none."""

    network: str
    offer: Offer | None
    empty: bool


def _typed(
    cuenta: Account = "",
    red: Annotated[Literal["", "whatsapp_cloud"], Form()] = "",
    token: Pasted = "",
    numero: Account = "",
    secreto: Pasted = "",
) -> Typed:
    if red == CLOUD:
        offer = number_of(numero, token, secreto, new=not cuenta)
        return Typed(CLOUD, offer, empty=False)
    return Typed(TELEGRAM, bot_of(token), empty=not token)


FromForm = Annotated[Typed, Depends(_typed)]


@dataclass(frozen=True, slots=True)
class Line:
    """An account of the shop on a network, and what it last told of itself; `silent`: the bot does
    not answer there. One that is `stored` may be changed here, unless the settings name it too:
    then `fixed` goes before it."""

    account: str
    told: Told | None
    silent: bool = False
    stored: bool = False
    fixed: bool = False

    @property
    def network(self) -> str:
        return self.account.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Lines:
    """`channels` are the accounts of this process, by name; they come and go."""

    store: Store
    states: States
    channels: Collection[str]
    voices: Voices
    connecting: Connecting | None = None

    async def of(self, request: Request) -> list[Line]:
        who, fixed = identity_of(request), self.connecting.fixed if self.connecting else ()
        async with self.store.tenant(who.shop) as session:
            stored = await versions_of(session, who.shop)
        known = sorted(
            one for one in {*self.channels, *stored} if one.partition(":")[0] not in UNHEARD
        )
        told = await soon(self.states.of(known))
        silent = await soon(self.voices.silent(known))
        return [
            Line(one, told.get(one), one in silent, one in stored, one in fixed) for one in known
        ]

    def networks(self) -> list[str]:
        return sorted(one for one in self.channels if one.partition(":")[0] not in LOCAL)


@dataclass(frozen=True)
class ChannelPages:
    """`often` is how many times a shop may ask networks. Pages of `embeds` may frame the chat,
    which lies at `home`."""

    pages: Pages
    lines: Lines
    often: Limit
    embeds: Sequence[str] = ()
    home: str | None = None
    clock: Clock = now

    def routes(self) -> Sequence[Route]:
        write = Perm.SETTINGS_WRITE
        return [
            Route("GET", HERE, self.show, Perm.SETTINGS_READ),
            Route("POST", HERE, self.voice, write),
            Route("POST", f"{HERE}/probar", self.probe, write),
            Route("POST", f"{HERE}/conectar", self.connect, write),
            Route("POST", f"{HERE}/quitar", self.remove, write),
        ]

    async def show(self, request: Request, hecho: str = "") -> Response:
        return await self._page(request, told=hecho)

    async def voice(
        self,
        request: Request,
        cuenta: Account = "",
        contesta: Annotated[Literal["si", "no"], Form()] = "si",
    ) -> Response:
        """Nothing of the bot's leaves there once this has answered; people of the shop go on."""
        lines = self.lines
        if cuenta not in lines.channels:
            return RedirectResponse(HERE, 303)
        who = identity_of(request)
        if contesta == "no":
            await soon(lines.voices.silence(cuenta, by=who.name))
        else:
            await soon(lines.voices.give(cuenta))
        async with lines.store.tenant(who.shop) as session:
            actor, after = actor_of(request), {"answers": contesta}
            await record(session, who.shop, actor, "settings.channel", cuenta, after=after)
        return RedirectResponse(HERE, 303)

    async def probe(self, request: Request, typed: FromForm, cuenta: Account = "") -> Response:
        """With a token, what an account of it would be; else how the account is now."""
        testing = bool(cuenta) and typed.empty
        if testing:
            found = await self._asked(request, lambda at: at.test(cuenta))
        else:
            found = await self._offered(request, typed, lambda at, one: at.probe(cuenta, one))
        shown: dict[str, Any] = {"found": found, "tried": not testing, "red": typed.network}
        if request.headers.get("hx-target", "").endswith(SAID):
            return self.pages.answer(request, "_conexion.html", **shown)
        return await self._page(request, for_=cuenta, **shown)

    async def connect(
        self,
        request: Request,
        typed: FromForm,
        cuenta: Account = "",
        igual: Annotated[str, Form(max_length=2)] = "",
        desde: Back = "",
    ) -> Response:
        by, anyway = hand_of(request, self.clock()), igual == "si"
        found = await self._offered(
            request, typed, lambda at, one: at.connect(cuenta, one, by, anyway=anyway)
        )
        if not found.fine:
            shown = {"found": found, "tried": True, "for_": cuenta, "red": typed.network}
            return await self._page(request, 422, **shown)
        if found.path:
            shown_once = await self._page(request, meta=found)
            shown_once.headers["Cache-Control"] = "no-store"
            return shown_once
        back = STEPS if desde == "pasos" else HERE
        return RedirectResponse(f"{back}?hecho={'cambiado' if cuenta else 'conectado'}", 303)

    async def remove(self, request: Request, cuenta: Account = "") -> Response:
        done = False
        if self.lines.connecting is not None:
            by = hand_of(request, self.clock())
            done = await soon(self.lines.connecting.remove(cuenta, by), ANSWER_S)
        return RedirectResponse(f"{HERE}?hecho=quitado" if done else HERE, 303)

    async def _offered(
        self,
        request: Request,
        typed: Typed,
        ask: Callable[[Connecting, Offer], Awaitable[Found]],
    ) -> Found:
        if (offer := typed.offer) is None:
            return Found(why="cloud" if typed.network == CLOUD else "shape")
        return await self._asked(request, lambda at: ask(at, offer))

    async def _asked(
        self, request: Request, ask: Callable[[Connecting], Awaitable[Found]]
    ) -> Found:
        connecting = self.lines.connecting
        if connecting is None:
            return Found(why="gone")
        if await soon(self.often.wait_ms(str(identity_of(request).shop))):
            return Found(why="often")
        return await soon(ask(connecting), ANSWER_S)

    async def _page(self, request: Request, status: int = 200, **values: Any) -> Response:  # noqa: ANN401  what the page shows
        shown: dict[str, Any] = {
            "told": "",
            "found": None,
            "tried": False,
            "for_": "",
            "red": TELEGRAM,
            "meta": None,
            "home": self._home(request),
            "lines": await self.lines.of(request),
            "networks": self.lines.networks(),
            "can_connect": self.lines.connecting is not None,
            "can_write": identity_of(request).may(Perm.SETTINGS_WRITE),
            "embeds": self.embeds,
            "frame": self._frame(request),
        }
        return self.pages.answer(request, "canales.html", status=status, **(shown | values))

    def _frame(self, request: Request) -> str:
        """What shows the chat within a page of the shop's own."""
        home = self._home(request)
        title = escape(f"Chat · {self.pages.shared['shop_name']}")
        return (
            f'<iframe src="{escape(home)}/chat" title="{title}" width="380" height="600"'
            ' style="border:0" loading="lazy"></iframe>'
        )

    def _home(self, request: Request) -> str:
        return (self.home or str(request.base_url)).rstrip("/")
