"""Revisar: one case at a time, for one person at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal, TypeAlias
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from learning.correcting import CheckFailed, CorrectionRefused
from learning.grading import GradeRefused, ReplyUnknown
from learning.lessons import NothingToUndo
from learning.proofing import Check
from learning.queueing import put_first
from learning.reviewing import REASONS, Reviewer, Said, Taken, gather
from nlu.combining import POLITE
from nlu.parse import GENERAL
from web import reviews
from web.limits import soon
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route
from web.teaching import Lectern, back

HERE: Final = "/revisar"
PATIENCE_S: Final = 20.0
LIKELY: Final = 0.5
"""From so much on what the bot understood is proposed; below it a person chooses."""
STATES: Final = {
    "pendientes": "pending",
    "borradores": "draft",
    "hechas": "done",
    "descartadas": "discarded",
}
Tab: TypeAlias = Literal["pendientes", "borradores", "hechas", "descartadas"]


class Filled(BaseModel):
    """The form of a case."""

    accion: Literal["guardar", "borrador", "descartar", "saltar"]
    intencion: str = Field("", max_length=100)
    nota: Literal["", "1", "2", "3", "4", "5"] = ""
    mejor: str = Field("", max_length=4_000)
    antes: str = Field("", max_length=8_000)
    seguro: Literal["", "si"] = ""

    def said(self, intents: Sequence[str]) -> Said:
        """A better answer is one that says something else."""
        better = self.mejor.replace("\r\n", "\n").strip()
        changed = better != self.antes.replace("\r\n", "\n").strip()
        return Said(
            intent=self.intencion if self.intencion in intents else None,
            stars=int(self.nota) if self.nota else None,
            better=better if changed else "",
            sure=self.seguro == "si",
        )


@dataclass(frozen=True)
class Review:
    pages: Pages
    lectern: Lectern

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", HERE, self.show, Perm.REVIEW_WRITE),
            Route("POST", f"{HERE}/deshacer", self.undo, Perm.REVIEW_WRITE),
            Route("POST", f"{HERE}/{{row}}", self.decide, Perm.REVIEW_WRITE),
            Route("POST", f"{HERE}/{{row}}/agregar", self.add, Perm.REVIEW_WRITE),
        ]

    async def show(
        self,
        request: Request,
        ver: Tab = "pendientes",
        caso: UUID | None = None,
        hecho: str = "",
        que: str = "",
        error: str = "",
    ) -> Response:
        told = {"done": hecho, "what": que, "error": error}
        if ver != "pendientes":
            return await self._list(request, ver, told)
        await soon(gather(self.lectern.store, self.lectern.shop, self.lectern.clock()), PATIENCE_S)
        turn = await soon(_reviewer(self.lectern, request).next(caso), PATIENCE_S)
        return await self._case(request, turn, told)

    async def decide(
        self, request: Request, row: UUID, filled: Annotated[Filled, Form()]
    ) -> Response:
        if filled.accion == "guardar" and _says_nothing(filled.said(self._intents)):
            return back(f"{HERE}?caso={row}", HERE, error="nada")
        try:
            done = await soon(self._decided(request, row, filled), PATIENCE_S)
        except (Taken, GradeRefused):
            return back("", HERE, error="tomado")
        except CheckFailed as failed:
            return await self._again(request, row, filled, failed.checks)
        except CorrectionRefused:
            return back(f"{HERE}?caso={row}", HERE, error="igual")
        what = {
            "guardar": "guardado",
            "borrador": "borrador",
            "descartar": "descartado",
            "saltar": "saltado",
        }[filled.accion]
        return back("", HERE, hecho=str(done or ""), que=what)

    async def add(
        self, request: Request, row: UUID, vuelve: Annotated[str, Form(max_length=200)] = ""
    ) -> Response:
        """Before whatever waits."""
        try:
            act = await soon(put_first(self.lectern.teacher(request), row), PATIENCE_S)
        except ReplyUnknown:
            return self.pages.missing(request, HERE)
        return back(vuelve, HERE, hecho=str(act), que="agregada")

    async def undo(
        self,
        request: Request,
        acto: Annotated[str, Form(max_length=64)] = "",
        vuelve: Annotated[str, Form(max_length=200)] = "",
    ) -> Response:
        try:
            await soon(self.lectern.desk(request).undo(UUID(acto)), PATIENCE_S)
        except (NothingToUndo, ValueError):
            return back(vuelve, HERE, error="deshecho")
        return back(vuelve, HERE, que="deshecho")

    async def _case(
        self,
        request: Request,
        turn: UUID | None,
        told: dict[str, str],
        filled: Filled | None = None,
        checks: Sequence[Check] = (),
    ) -> Response:
        shop = self.lectern.shop
        async with self.lectern.store.tenant(shop) as session:
            one = await reviews.case(session, shop, turn) if turn else None
            waiting = await reviews.queue(session, shop)
        return self.pages.answer(
            request,
            "revisar.html",
            one=one,
            queue=waiting,
            tab="pendientes",
            tabs=STATES,
            likely=LIKELY,
            reason=REASONS[one.case.reason] if one else "",
            intents=self._ordered(one.shown.row.intent) if one else (),
            status=422 if checks else 200,
            filled=filled,
            checks=checks,
            done=told["done"],
            what=told["what"],
            error=told["error"],
        )

    async def _list(self, request: Request, tab: Tab, told: dict[str, str]) -> Response:
        shop = self.lectern.shop
        async with self.lectern.store.tenant(shop) as session:
            found = await reviews.listed(session, shop, STATES[tab])
            waiting = await reviews.queue(session, shop)
        return self.pages.answer(
            request,
            "revisadas.html",
            cases=found,
            queue=waiting,
            tab=tab,
            tabs=STATES,
            reasons=REASONS,
            done=told["done"],
            what=told["what"],
            error=told["error"],
        )

    async def _again(
        self, request: Request, row: UUID, filled: Filled, checks: Sequence[Check]
    ) -> Response:
        """With everything as it was filled in, and what stands in the way."""
        told = {"done": "", "what": "", "error": "revision"}
        return await self._case(request, row, told, filled, checks)

    async def _decided(self, request: Request, row: UUID, filled: Filled) -> UUID | None:
        said = filled.said(self._intents)
        async with self.lectern.together() as lectern:
            return await _decided(_reviewer(lectern, request), row, filled.accion, said)

    @property
    def _intents(self) -> list[str]:
        return [*self.lectern.intents, GENERAL]

    def _ordered(self, suggested: str) -> list[str]:
        """The model's own first, manners last."""
        polite = {rule.name for rule in self.lectern.pack.intents if rule.act in POLITE}
        return sorted(self._intents, key=lambda name: (name != suggested, name in polite))


def _says_nothing(said: Said) -> bool:
    return said.intent is None and said.stars is None and not said.better


def _reviewer(at: Lectern, request: Request) -> Reviewer:
    return Reviewer(at.teacher(request), at.editor(request), at.grader(request))


async def _decided(reviewer: Reviewer, row: UUID, action: str, said: Said) -> UUID | None:
    if action == "guardar":
        return await reviewer.save(row, said)
    if action == "borrador":
        return await reviewer.draft(row, said)
    if action == "descartar":
        return await reviewer.discard(row)
    await reviewer.skip(row)
    return None
