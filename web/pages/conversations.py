"""The seller's view of the conversations: which there are, one of them, and speaking in it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Final, Literal, TypeAlias
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from fastapi import Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from handlers.reach import template_of
from handlers.word import Place
from store.audit import record
from text.folding import clean
from web import conversations, csv, filing
from web.identity import Identity, actor_of, identity_of
from web.inbox import Wanted
from web.limits import Unavailable, soon
from web.looking import wanted_of
from web.naming import called
from web.paging import BadCursor
from web.permissions import Perm
from web.rendering import is_part
from web.routing import Route
from web.talking import LIST, PATIENCE_S, Talking, me_of
from web.talks import Row
from web.translating import SOURCE, words
from web.undoing import Did, did_of

LONGEST = 4_000
MOST_LINES: Final = 5_000
HEADER: Final = (
    "conversación", "cliente", "canal", "último mensaje", "estado", "nota", "venta", "texto",
)  # fmt: skip


def told_of(*, enviado: bool = False, sugerencia: Literal["", "ninguna"] = "") -> dict[str, bool]:
    """What the page says of what was just asked of it."""
    return {"sent": enviado, "unadvised": bool(sugerencia)}


Suggest: TypeAlias = Callable[[Place], Awaitable[str]]
Filters: TypeAlias = Annotated[Wanted, Depends(wanted_of)]
Done: TypeAlias = Annotated[Did | None, Depends(did_of)]
Told: TypeAlias = Annotated[dict[str, bool], Depends(told_of)]
Before: TypeAlias = Annotated[int | None, Query(ge=0, le=2**62)]


@dataclass(frozen=True)
class Conversations:
    """`suggest` is what the bot would answer now; empty where it would not."""

    at: Talking
    suggest: Suggest | None = None

    def routes(self) -> Sequence[Route]:
        one = f"{LIST}/{{conversation}}"
        routes = [
            Route("GET", LIST, self.show, Perm.CONVERSATION_READ),
            Route("GET", f"{LIST}.csv", self.table, Perm.CUSTOMER_EXPORT),
            Route("GET", one, self.detail, Perm.CONVERSATION_READ),
            Route("POST", f"{one}/tomar", self.take, Perm.CONVERSATION_WRITE),
            Route("POST", f"{one}/devolver", self.give, Perm.CONVERSATION_WRITE),
            Route("POST", f"{one}/mensaje", self.speak, Perm.CONVERSATION_WRITE),
            Route("POST", f"{one}/plantilla", self.offer, Perm.CONVERSATION_WRITE),
        ]
        if self.suggest is not None:
            path = f"{one}/sugerencia"
            ask = Route("POST", path, self.proposed, Perm.CONVERSATION_WRITE)
            routes += [ask, Route("GET", path, self.unasked, Perm.CONVERSATION_READ)]
        return routes

    async def show(self, request: Request, wanted: Filters, did: Done, antes: str = "") -> Response:
        at = self.at
        try:
            async with at.store.tenant(at.shop) as session:
                values = await soon(at.listing(session, request, wanted, antes), PATIENCE_S)
        except BadCursor:
            return at.pages.answer(
                request,
                "aviso.html",
                status=400,
                title="Esa página no existe",
                text="El enlace está incompleto. Vuelve al principio de la lista.",
                back=LIST,
            )
        template = "_lista.html" if is_part(request, "lista") else "conversaciones.html"
        values |= {"thread": None, "talk": None, "query": "", "did": did}
        return at.pages.answer(request, template, **values)

    async def table(self, request: Request, wanted: Filters) -> Response:
        """What the list shows with these filters. It names customers, so that who takes it along is
        written down."""
        at = self.at
        async with at.store.tenant(at.shop) as session:
            what = f"shop:{at.shop}"
            await record(session, at.shop, actor_of(request), "conversation.csv", what)
        return csv.answer("conversaciones", HEADER, self._lines(identity_of(request), wanted))

    async def _lines(self, who: Identity, wanted: Wanted) -> AsyncIterator[Sequence[Any]]:
        before, told = "", 0
        while told < MOST_LINES:
            async with self.at.store.tenant(self.at.shop) as session:
                found = await self.at.looked_through(session, who, wanted, before)
            for row in found.rows:
                yield _line(row, self.at.zone)
            before, told = found.next, told + len(found.rows)
            if not before:
                return

    async def detail(
        self,
        request: Request,
        conversation: UUID,
        wanted: Filters,
        did: Done,
        antes: Before = None,
        *,
        told: Told,
    ) -> Response:
        return await self.at.shown(request, conversation, wanted, antes, did=did, **told)

    async def take(
        self, request: Request, conversation: UUID, clave: Annotated[str, Form()] = ""
    ) -> Response:
        place = await self._place(conversation)
        if place is None:
            return self.at.missing(request)
        by, was = identity_of(request).name, await self.at.stood(conversation)
        await soon(self.at.word.take(place, by=by, key=_key(clave)), PATIENCE_S)
        await self._mine(request, conversation)
        did = Did("tomada", conversation, "" if was.waiting else "devolver")
        return await self.at.again(request, conversation, did=did)

    async def give(
        self, request: Request, conversation: UUID, clave: Annotated[str, Form()] = ""
    ) -> Response:
        place = await self._place(conversation)
        if place is None:
            return self.at.missing(request)
        by = identity_of(request).name
        await soon(self.at.word.give_back(place, by=by, key=_key(clave)), PATIENCE_S)
        async with self.at.store.tenant(self.at.shop) as session:
            here = self.at.clock()
            await filing.change(session, self.at.shop, conversation, here, assigned_to=None)
        did = Did("devuelta", conversation, "tomar")
        return await self.at.again(request, conversation, did=did)

    async def speak(
        self,
        request: Request,
        conversation: UUID,
        texto: Annotated[str, Form()] = "",
        clave: Annotated[str, Form()] = "",
    ) -> Response:
        """The same form sent twice says it once; a corrected text is another message, and one that
        could not be stored is still in its field."""
        place = await self._place(conversation)
        if place is None:
            return self.at.missing(request)
        text = clean(texto, LONGEST).strip()
        if not text:
            return await self.at.again(request, conversation)
        once = f"{_key(clave)}.{sha256(text.encode()).hexdigest()[:16]}"
        who = identity_of(request)
        speaking = self.at.word.speak(place, text, by=who.name, key=once, called=who.first_name)
        try:
            await soon(speaking, PATIENCE_S)
        except Unavailable:
            key = clave or str(uuid4())
            return await self.at.shown(request, conversation, text=text, key=key, failed=True)
        await self._mine(request, conversation)
        return await self.at.again(request, conversation, told="enviado=true")

    async def offer(
        self,
        request: Request,
        conversation: UUID,
        plantilla: Annotated[str, Form(max_length=200)] = "",
        clave: Annotated[str, Form()] = "",
    ) -> Response:
        """Only templates that the shop has named leave."""
        place = await self._place(conversation)
        if place is None:
            return self.at.missing(request)
        template = template_of(plantilla) if plantilla in self.at.templates else None
        if template is not None:
            by = identity_of(request).name
            once = f"{_key(clave)}.{template.name}"
            await soon(self.at.word.offer(place, template, by=by, key=once), PATIENCE_S)
            await self._mine(request, conversation)
        return await self.at.again(request, conversation)

    async def proposed(self, request: Request, conversation: UUID) -> Response:
        """What the bot would say, in the field: nothing leaves until a person sends it."""
        place = await self._place(conversation)
        if place is None or self.suggest is None:
            return self.at.missing(request)
        text = await soon(self.suggest(place), 2 * PATIENCE_S)
        if not text:
            return await self.at.again(request, conversation, told="sugerencia=ninguna")
        return await self.at.shown(request, conversation, text=text, proposed=True)

    async def unasked(self, conversation: UUID) -> Response:
        """Where a page with a suggestion is loaded anew, or its address was kept."""
        return RedirectResponse(f"{LIST}/{conversation}#final", 303)

    async def _place(self, conversation: UUID) -> Place | None:
        return await conversations.place(self.at.store, self.at.shop, conversation)

    async def _mine(self, request: Request, conversation: UUID) -> None:
        """Who speaks has it, and it is open."""
        me = me_of(identity_of(request))
        given = {"state": "open", "until": None, "by": me, "assigned_to": me}
        async with self.at.store.tenant(self.at.shop) as session:
            await filing.change(session, self.at.shop, conversation, self.at.clock(), **given)


def _line(row: Row, zone: ZoneInfo) -> Sequence[Any]:
    talk, last = row.conversation, row.last
    done = row.state is not None and row.state.state == "resolved"
    state = "resuelta" if done else "espera" if row.waiting else "abierta"
    return (
        str(talk.id), called(words(SOURCE), row.name, talk.chat), row.network,
        csv.moment(talk.last_at, zone), state, row.score or "", "sí" if row.sale else "no",
        (last.text or "") if last else "",
    )  # fmt: skip


def _key(given: str) -> str:
    """Without a key of the form's own every press is an act of its own."""
    return given[:64] or str(uuid4())
