"""What the shop says of itself: its hours, its address, how it ships; the bot tells it as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from config.packs import Pack
from services.clock import Clock, now
from store import choices
from store.audit import record
from store.session import Store, WriteSession
from text.folding import clean
from web.identity import actor_of, identity_of
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route

HERE: Final = "/ajustes/respuestas"
LONGEST: Final = 800
MOST: Final = 100
Line = Annotated[str, Form(max_length=4 * LONGEST)]


@dataclass(frozen=True, slots=True)
class Fact:
    """`text` is the shop's own, or None; `sample` is what the pack says until then."""

    name: str
    title: str
    sample: str
    text: str | None

    @property
    def shown(self) -> str:
        return self.sample if self.text is None else self.text


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
            own = await choices.facts(session, self.shop)
        return self.pages.answer(
            request,
            "respuestas.html",
            facts=facts(self.pack, own),
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
        given = {
            name: clean(text, LONGEST).strip()
            for name, text in zip(nombre, texto, strict=False)
            if name in self.pack.facts
        }
        async with self.store.tenant(self.shop) as session:
            before = await choices.facts(session, self.shop)
            stamp = {"by": identity_of(request).name, "at": self.clock()}
            await choices.choose(session, self.shop, {"facts": before | given, **stamp})
            for name, text in given.items():
                if (was := before.get(name)) != text:
                    await self._note(session, request, name, was, text)
        return RedirectResponse(f"{HERE}?hecho=guardado", 303)

    async def _note(
        self, session: WriteSession, request: Request, name: str, was: str | None, text: str
    ) -> None:
        actor, what = actor_of(request), f"fact:{name}"
        then, now = {"text": was}, {"text": text}
        await record(session, self.shop, actor, "settings.facts", what, before=then, after=now)


def facts(pack: Pack, own: Mapping[str, str]) -> list[Fact]:
    """In the order in which the pack has them."""
    return [
        Fact(name, pack.answers[name].title or name, _sample(pack, name), own.get(name))
        for name in pack.facts
    ]


def _sample(pack: Pack, name: str) -> str:
    known = {"shop": pack.identity.shop.name}
    return pack.answers[name].say(pack.identity.language, known)
