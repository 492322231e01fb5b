"""Whoever sells tries the bot: a conversation that nobody has, and what each answer rests on."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from events.vocabulary import ReplyDrafted
from services.clock import Clock, now
from store.audit import record
from store.session import Store
from text.folding import clean
from web import trying, versions
from web.identity import Forbidden, actor_of, identity_of
from web.limits import Limit, soon
from web.permissions import Perm
from web.rehearsal import (
    Exchange,
    Heard,
    Network,
    Rehearsal,
    Rehearsals,
    Rehearse,
    Said,
    Scene,
    When,
    begun,
)
from web.rendering import Pages
from web.routing import Route
from web.shapes import shape
from web.trying import Ground

HOME: Final = "/probar"
LONGEST: Final = 1000
PATIENCE_S: Final = 30.0


class Wish(BaseModel):
    """`accion` is a choice of the last answer, `editar` says another thing in the last one's
    place, `contra` is a version that answers the same beside."""

    pregunta: Annotated[str, Field(max_length=LONGEST)] = ""
    accion: Annotated[str, Field(max_length=64)] = ""
    cliente: Annotated[str, Field(max_length=40)] = ""
    canal: Network = "web"
    hora: When = "ahora"
    modelo: Annotated[str, Field(max_length=40)] = ""
    contra: Annotated[str, Field(max_length=40)] = ""
    editar: str = ""

    @property
    def scene(self) -> Scene:
        return Scene(self.canal, self.hora, self.modelo, self.contra)


class Refused(Exception):
    """With the word for what was wrong, and its status."""

    def __init__(self, problem: str, status: int, wait_s: int = 0) -> None:
        super().__init__(problem)
        self.problem, self.status, self.wait_s = problem, status, wait_s


@dataclass(frozen=True)
class Trying:
    pages: Pages
    store: Store
    ground: Ground
    rehearse: Rehearse
    rehearsals: Rehearsals
    per_person: Limit
    chat: str
    clock: Clock = now

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", HOME, self.show, Perm.BOT_ASK),
            Route("POST", HOME, self.answer, Perm.BOT_ASK),
            Route("POST", f"{HOME}/limpiar", self.clear, Perm.BOT_ASK),
            Route("POST", f"{HOME}/prueba", self.keep, Perm.REVIEW_WRITE),
        ]

    async def show(
        self, request: Request, turno: int = 0, editar: str = "", hecho: str = ""
    ) -> Response:
        here = await soon(self.rehearsals.of(_who(request)))
        kept = hecho == "guardada"
        return await self._page(request, here, at=turno, editing=bool(editar), kept=kept)

    async def answer(self, request: Request, wish: Annotated[Wish, Form()]) -> Response:
        who = _who(request)
        before = await soon(self.rehearsals.of(who))
        try:
            after = await self._gone_on(request, before, wish)
        except Refused as refused:
            told: dict[str, Any] = {"problem": refused.problem, "wait_s": refused.wait_s}
            return await self._page(
                request, before, status=refused.status, wish=wish, editing=bool(wish.editar), **told
            )
        await soon(self.rehearsals.keep(who, after))
        return RedirectResponse(f"{HOME}#final", 303)

    async def clear(self, request: Request) -> Response:
        await soon(self.rehearsals.clear(_who(request)))
        return RedirectResponse(HOME, 303)

    async def keep(
        self,
        request: Request,
        turno: Annotated[int, Form(ge=1)],
        debe: Annotated[str, Form()] = "",
        nunca: Annotated[str, Form()] = "",
        ignora: Annotated[str, Form()] = "",
    ) -> Response:
        """From now on every model is asked this before it may answer customers."""
        here = await soon(self.rehearsals.of(_who(request)))
        said = [one.asked for one in here.exchanges[:turno]]
        if turno > len(here.exchanges):
            return RedirectResponse(HOME, 303)
        expected = trying.expected(debe, nunca, identity_of(request).name, unknown=ignora == "si")
        name = f"shop:{here.exchanges[turno - 1].id}"
        async with self.store.tenant(self.ground.shop) as session:
            kept = await trying.keep_case(session, self.ground, name, said, expected)
            if kept:
                what = f"case:{name}"
                await record(session, self.ground.shop, actor_of(request), "case.keep", what)
        if not kept:
            return await self._page(request, here, at=turno, status=422, unsaid=True)
        return RedirectResponse(f"{HOME}?turno={turno}&hecho=guardada#prueba", 303)

    async def _gone_on(self, request: Request, before: Rehearsal, wish: Wish) -> Rehearsal:
        """Raises Refused."""
        here = before.again() if wish.editar else before
        here = await self._as_customer(request, here, wish.cliente)
        text = clean(here.offers(wish.accion) or wish.pregunta, LONGEST).strip()
        if not text:
            raise Refused("empty", 422)
        if wait_ms := await soon(self.per_person.wait_ms(identity_of(request).who)):
            raise Refused("often", 429, ceil(wait_ms / 1000))
        at = await trying.moment(self.store, self.ground, wish.hora, self.clock())
        if at is None:
            raise Refused("hours", 422)
        action = wish.accion if here.offers(wish.accion) else ""
        said = Said(here, text, at, wish.canal, action)
        heard, rival = await soon(self._heard(said, wish), PATIENCE_S)
        if heard is None:
            raise Refused("silent", 503)
        if here.known and not here.exchanges:
            await self._tell(request, here)
        return here.going_on(_exchange(said, wish.scene, heard, rival))

    async def _heard(self, said: Said, wish: Wish) -> tuple[Heard | None, Heard | None]:
        async def by(version: str) -> Heard | None:
            which = _uuid(version)
            return await self.rehearse(replace(said, version=which)) if which else None

        first = by(wish.modelo) if wish.modelo else self.rehearse(said)
        return await asyncio.gather(first, by(wish.contra))

    async def _as_customer(self, request: Request, here: Rehearsal, wanted: str) -> Rehearsal:
        """Somebody else begins anew."""
        if not wanted:
            return begun() if here.known else here
        if not identity_of(request).may(Perm.CUSTOMER_READ):
            raise Forbidden
        if here.known and wanted == str(here.customer):
            return here
        which = _uuid(wanted)
        async with self.store.tenant(self.ground.shop) as session:
            found = which and await trying.customer(session, self.ground.shop, which)
        if not found or which is None:
            raise Refused("customer", 422)
        return begun(which)

    async def _tell(self, request: Request, here: Rehearsal) -> None:
        """Answers may tell what is known of them."""
        shop, what = self.ground.shop, f"customer:{here.customer}"
        async with self.store.tenant(shop) as session:
            await record(session, shop, actor_of(request), "customer.tried", what)

    async def _page(
        self,
        request: Request,
        here: Rehearsal,
        *,
        at: int = 0,
        status: int = 200,
        **values: Any,  # noqa: ANN401  what a template shows
    ) -> Response:
        may = identity_of(request).may(Perm.CUSTOMER_READ)
        async with self.store.tenant(self.ground.shop) as session:
            models = await versions.names(session, self.ground.shop)
            customers = await trying.customers(session, self.ground.shop) if may else []
            known = await trying.customer(session, self.ground.shop, here.customer) if may else None
        last = here.last.scene if here.last else Scene()
        wish = Wish(
            cliente=str(here.customer) if here.known else "", canal=last.network, hora=last.when,
            modelo=last.model, contra=last.against,
        )  # fmt: skip
        place = at if 0 < at <= len(here.exchanges) else len(here.exchanges)
        shown: dict[str, Any] = {
            "here": here, "place": place, "models": models, "customers": customers,
            "customer": known if here.known else None, "wish": wish, "problem": "",
            "editing": False, "kept": False, "unsaid": False, "chat": self.chat, "shape": shape,
        }  # fmt: skip
        return self.pages.answer(request, "probar.html", status=status, **(shown | values))


def _who(request: Request) -> str:
    """Each session has its own."""
    identity = identity_of(request)
    return str(identity.session or identity.who)


def _exchange(said: Said, scene: Scene, heard: Heard, rival: Heard | None) -> Exchange:
    other: ReplyDrafted | None = rival.draft if rival else None
    return Exchange(
        said.text, said.at, scene, heard.draft, other, said.action, heard.notes, heard.orders
    )


def _uuid(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None
