"""One answer of the bot: how it came about, and what people of the shop think of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from config.packs import Pack
from evaluation.casing import CaseRefused, Told, keep, of_answer
from knowledge.prompt import own_recognisers
from learning.grading import Grade, Grader, GradeRefused
from store.app import Shop
from store.audit import record
from store.decisions import decision
from web import why
from web.identity import actor_of, identity_of
from web.permissions import Perm
from web.replies import of_conversation
from web.routing import Route
from web.talking import LIST, Talking
from web.undoing import Did

THUMBS: Final = {"si": 1, "no": -1}
TAKEN_BACK: Final = "quitar"
TOLD: Final = {"si": "gusta", "no": "nogusta", TAKEN_BACK: "sinpulgar"}


@dataclass(frozen=True)
class Answers:
    at: Talking
    pack: Pack

    def routes(self) -> Sequence[Route]:
        one = f"{LIST}/{{conversation}}/respuestas/{{reply}}"
        writes = Perm.CONVERSATION_WRITE
        return [
            Route("GET", f"{one}/porque", self.explain, Perm.CONVERSATION_READ),
            Route("POST", f"{one}/nota", self.grade, writes),
            Route("POST", f"{one}/prueba", self.keep, Perm.REVIEW_WRITE),
        ]

    async def explain(
        self, request: Request, conversation: UUID, reply: UUID, guardada: str = ""
    ) -> Response:
        return await self._why(request, conversation, reply, kept=bool(guardada))

    async def grade(
        self,
        request: Request,
        conversation: UUID,
        reply: UUID,
        estrellas: Annotated[int | None, Form(ge=1, le=5)] = None,
        pulgar: Annotated[str, Form(max_length=6)] = "",
    ) -> Response:
        """A thumb that is taken back leaves the stars."""
        found = await of_conversation(self.at.store, self.at.shop, conversation, reply)
        if found is None:
            return self.at.missing(request)
        grader, taken = self._grader(request), pulgar == TAKEN_BACK
        stars = found["stars"] if taken else estrellas
        try:
            if taken:
                await grader.take_back(reply)
            if stars or not taken:
                await grader.give(reply, Grade(stars=stars, thumb=THUMBS.get(pulgar)))
        except GradeRefused:
            return self.at.missing(request)
        way, value = ("nota", TAKEN_BACK) if pulgar in THUMBS else ("", "")
        did = Did(TOLD[pulgar], conversation, way, value, reply) if pulgar in TOLD else None
        return await self.at.again(request, conversation, f"m-{reply}", did=did)

    async def keep(
        self,
        request: Request,
        conversation: UUID,
        reply: UUID,
        debe: Annotated[str, Form()] = "",
        nunca: Annotated[str, Form()] = "",
        ignora: Annotated[str, Form()] = "",
    ) -> Response:
        """From now on every model is asked this before it may answer customers."""
        if not await self._is_of(conversation, reply):
            return self.at.missing(request)
        told = Told(
            "dev",
            must=_listed(debe),
            never=_listed(nunca),
            unknown=ignora == "si",
            by=identity_of(request).name,
        )
        try:
            known = await self._kept(request, reply, told)
        except CaseRefused:
            return await self._why(request, conversation, reply, empty=True)
        if not known:
            return self.at.missing(request)
        here = f"{LIST}/{conversation}/respuestas/{reply}/porque"
        return RedirectResponse(f"{here}?guardada=si#prueba", 303)

    async def _kept(self, request: Request, reply: UUID, told: Told) -> bool:
        """False where the bot answered nothing there that it could learn from."""
        async with self.at.store.tenant(self.at.shop) as session:
            source = await of_answer(session, self.at.shop, reply)
            shop = await session.get(Shop, self.at.shop)
            if source is None or shop is None:
                return False
            await keep(session, shop, self.pack, source, told)
            what = f"case:{source.name}"
            await record(session, self.at.shop, actor_of(request), "case.keep", what)
        return True

    async def _why(
        self,
        request: Request,
        conversation: UUID,
        reply: UUID,
        *,
        kept: bool = False,
        empty: bool = False,
    ) -> Response:
        async with self.at.store.lookup() as connection:
            row = await decision(connection, self.at.shop, reply)
        if row is None or row["conversation_id"] != conversation:
            return self.at.missing(request)
        async with self.at.store.tenant(self.at.shop) as session:
            places = await why.places(session, self.at.shop, row)
            may = identity_of(request).may(Perm.TRACE_READ)
            steps = await why.timed(session, self.at.shop, row) if may else ()
        return self.at.pages.answer(
            request,
            "porque.html",
            status=422 if empty else 200,
            why=why.explained(row, self.at.pages.ways(request), places),
            stages=steps,
            row=row,
            conversation=conversation,
            reply=reply,
            kept=kept,
            empty=empty,
            Perm=Perm,
        )

    async def _is_of(self, conversation: UUID, reply: UUID) -> bool:
        found = await of_conversation(self.at.store, self.at.shop, conversation, reply)
        return found is not None

    def _grader(self, request: Request) -> Grader:
        by, own = identity_of(request).name, own_recognisers(self.pack)
        return Grader(self.at.store, self.at.shop, by, self.at.clock(), "page", own)


def _listed(written: str) -> tuple[str, ...]:
    return tuple(filter(None, (one.strip()[:200] for one in written.split(","))))[:10]
