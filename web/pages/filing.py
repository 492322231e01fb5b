"""What a seller does with a conversation besides speaking: done, put off, noted, labelled."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from store.app import Conversation
from store.audit import record
from text.folding import clean
from web import conversations, filing, profile
from web.filing import NAPS
from web.identity import actor_of, identity_of
from web.limits import soon
from web.permissions import Perm
from web.routing import Route
from web.talking import LIST, PATIENCE_S, Talking, me_of
from web.teaching import Lectern
from web.undoing import Did

LONGEST = 2_000
TOLD = {"si": "venta", "no": "noventa", "auto": "auto"}
SAID: Mapping[str, bool | None] = {"si": True, "no": False, "auto": None}


@dataclass(frozen=True)
class Filing:
    at: Talking
    lectern: Lectern

    def routes(self) -> Sequence[Route]:
        one, writes = f"{LIST}/{{conversation}}", Perm.CONVERSATION_WRITE
        return [
            Route("POST", f"{LIST}/rapidas", self.keep, writes),
            Route("POST", f"{LIST}/rapidas/{{reply}}/quitar", self.drop, writes),
            Route("POST", f"{one}/nota", self.note, writes),
            Route("POST", f"{one}/resolver", self.resolve, writes),
            Route("POST", f"{one}/reabrir", self.open_again, writes),
            Route("POST", f"{one}/posponer", self.snooze, writes),
            Route("POST", f"{one}/etiquetas", self.label, writes),
            Route("POST", f"{one}/venta", self.convert, writes),
            Route("POST", f"{one}/telefono", self.reveal, Perm.PII_REVEAL),
        ]

    async def note(
        self, request: Request, conversation: UUID, nota: Annotated[str, Form()] = ""
    ) -> Response:
        text = clean(nota, LONGEST).strip()

        async def write(session: AsyncSession) -> None:
            by = identity_of(request).name
            here = self.at.clock()
            await filing.note(session, self.at.shop, conversation, here, by=by, text=text)

        return await self._done(
            request, conversation, write if text else _nothing, Did("nota", conversation)
        )

    async def resolve(
        self,
        request: Request,
        conversation: UUID,
        siguiente: Annotated[str, Form()] = "",
    ) -> Response:
        """Done, and on to whoever has waited longest, if that is wanted."""
        at, shop = self.at, self.at.shop
        place = await conversations.place(at.store, shop, conversation)
        if place is None:
            return at.missing(request)
        who, here, was = identity_of(request), at.clock(), await at.stood(conversation)
        done = filing.done(at.store, at.word, place, here, name=who.name, me=me_of(who))
        await soon(done, PATIENCE_S)
        async with at.store.tenant(shop) as session:
            following = await filing.next_waiting(session, shop, here, conversation)
        way = "tomar" if was.silent or was.waiting else "reabrir"
        did = Did("resuelta", conversation, way)
        if not siguiente:
            return await self.at.again(request, conversation, did=did)
        to = f"{LIST}/{following}?{did.query}#final" if following else f"{LIST}?{did.query}"
        return RedirectResponse(to, 303)

    async def open_again(self, request: Request, conversation: UUID) -> Response:
        was = await self.at.stood(conversation)

        async def write(session: AsyncSession) -> None:
            me, here = me_of(identity_of(request)), self.at.clock()
            await filing.open_again(session, self.at.shop, conversation, here, me)

        did = Did("abierta", conversation, "resolver" if was.state == "resolved" else "")
        return await self._done(request, conversation, write, did)

    async def snooze(
        self,
        request: Request,
        conversation: UUID,
        hasta: Annotated[Literal["1h", "3h", "manana", "semana"], Form()] = "3h",
    ) -> Response:
        async def write(session: AsyncSession) -> None:
            me, here = me_of(identity_of(request)), self.at.clock()
            until = NAPS[hasta](here, self.at.zone)
            await filing.snooze(session, self.at.shop, conversation, here, until, me)

        did = Did("pospuesta", conversation, "reabrir")
        return await self._done(request, conversation, write, did)

    async def label(
        self, request: Request, conversation: UUID, etiquetas: Annotated[str, Form()] = ""
    ) -> Response:
        was = await self.at.stood(conversation)

        async def write(session: AsyncSession) -> None:
            found = filing.labels_of(clean(etiquetas, LONGEST))
            await filing.label(session, self.at.shop, conversation, self.at.clock(), found)

        did = Did("etiquetas", conversation, "etiquetas", was.labels)
        return await self._done(request, conversation, write, did)

    async def convert(
        self,
        request: Request,
        conversation: UUID,
        venta: Annotated[Literal["si", "no", "auto"], Form()] = "si",
    ) -> Response:
        """The answer that led there learns of it, too."""
        if await conversations.place(self.at.store, self.at.shop, conversation) is None:
            return self.at.missing(request)
        was = await self.at.stood(conversation)
        await self.lectern.desk(request).mark(conversation, converted=SAID[venta])
        did = Did(TOLD[venta], conversation, "venta", was.sale)
        return await self.at.again(request, conversation, did=did)

    async def reveal(self, request: Request, conversation: UUID) -> Response:
        """The number is in this one answer, and in no address."""
        async with self.at.store.tenant(self.at.shop) as session:
            talk = await session.get(Conversation, (self.at.shop, conversation))
            if talk is None:
                return self.at.missing(request)
            customer = talk.customer_id
            phone = await profile.phone_of(session, self.at.shop, customer)
            what = f"customer:{customer}"
            await record(session, self.at.shop, actor_of(request), "customer.reveal", what)
        return await self.at.shown(request, conversation, phone=f"+{phone}" if phone else "")

    async def keep(
        self,
        request: Request,
        atajo: Annotated[str, Form()] = "",
        texto: Annotated[str, Form()] = "",
        sigue: Annotated[str, Form()] = "",
    ) -> Response:
        key, text = filing.key_of(clean(atajo, LONGEST)), clean(texto, LONGEST).strip()
        if key and text:
            async with self.at.store.tenant(self.at.shop) as session:
                by = identity_of(request).name
                await filing.keep_canned(session, self.at.shop, key, text, by)
        return _back(sigue)

    async def drop(self, reply: UUID, sigue: Annotated[str, Form()] = "") -> Response:
        async with self.at.store.tenant(self.at.shop) as session:
            await filing.drop_canned(session, self.at.shop, reply)
        return _back(sigue)

    async def _done(
        self,
        request: Request,
        conversation: UUID,
        write: Callable[[AsyncSession], Awaitable[None]],
        did: Did | None,
    ) -> Response:
        async with self.at.store.tenant(self.at.shop) as session:
            if not await filing.known(session, self.at.shop, conversation):
                return self.at.missing(request)
            await write(session)
        return await self.at.again(request, conversation, did=did)


async def _nothing(_session: AsyncSession) -> None:
    """An empty note is none."""


def _back(conversation: str) -> Response:
    try:
        return RedirectResponse(f"{LIST}/{UUID(conversation)}#rapidas", 303)
    except ValueError:
        return RedirectResponse(LIST, 303)
