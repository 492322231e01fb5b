"""Sin respuesta: what customers asked and the bot did not know, answered once for all of them."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeAlias
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import Response, StreamingResponse

from knowledge.extraction import DocumentError
from knowledge.ingest import Ingest
from learning.correcting import CheckFailed
from learning.lessons import NothingToUndo
from learning.questions import Desk, NoSuchQuestion
from web import csv, questions
from web.identity import identity_of
from web.limits import Unavailable, soon
from web.paging import BadCursor
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route
from web.teaching import Lectern, back

HERE: Final = "/sin-respuesta"
PATIENCE_S: Final = 30.0
STATES: Final = {
    "abiertas": "open",
    "respondidas": "answered",
    "faltan": "missing",
    "ignoradas": "ignored",
}
Tab: TypeAlias = Literal["abiertas", "respondidas", "faltan", "ignoradas"]
COLUMNS: Final = (
    "pregunta", "veces", "variantes", "primera", "ultima", "respuesta", "producto que falta",
)  # fmt: skip
PER_CHUNK: Final = 200


@dataclass(frozen=True)
class Questions:
    pages: Pages
    lectern: Lectern
    ingest: Ingest

    def routes(self) -> Sequence[Route]:
        one = f"{HERE}/{{cluster}}"
        return [
            Route("GET", HERE, self.show, Perm.EXAMPLE_READ),
            Route("GET", f"{HERE}.csv", self.table, Perm.EXAMPLE_READ),
            Route("POST", f"{HERE}/deshacer", self.undo, Perm.EXAMPLE_WRITE),
            Route("POST", f"{one}/responder", self.answer, Perm.EXAMPLE_WRITE),
            Route("POST", f"{one}/falta", self.missing, Perm.EXAMPLE_WRITE),
            Route("POST", f"{one}/ignorar", self.ignore, Perm.EXAMPLE_WRITE),
        ]

    async def show(
        self,
        request: Request,
        ver: Tab = "abiertas",
        antes: str = "",
        hecho: str = "",
        que: str = "",
        error: str = "",
    ) -> Response:
        try:
            return await self._page(request, ver, antes[:100], told=(hecho, que, error))
        except BadCursor:
            return self.pages.missing(request, HERE, status=400)

    async def answer(
        self,
        request: Request,
        cluster: UUID,
        respuesta: Annotated[str, Form(max_length=1_000)] = "",
    ) -> Response:
        if not respuesta.strip():
            return back("", HERE, error="respuesta")
        try:
            act = await soon(self._desk(request).answer(cluster, respuesta), PATIENCE_S)
        except NoSuchQuestion:
            return self.pages.missing(request, HERE)
        except CheckFailed as failed:
            return await self._page(
                request,
                "abiertas",
                "",
                told=("", "", "revision"),
                kept={"cluster": cluster, "text": respuesta, "checks": failed.checks},
            )
        except DocumentError as error:
            raise Unavailable from error
        return back("", HERE, hecho=str(act), que="respondida")

    async def missing(
        self,
        request: Request,
        cluster: UUID,
        producto: Annotated[str, Form(max_length=200)] = "",
    ) -> Response:
        try:
            act = await self._desk(request).missing(cluster, producto.strip())
        except NoSuchQuestion:
            return self.pages.missing(request, HERE)
        return back("", HERE, hecho=str(act), que="falta")

    async def ignore(self, request: Request, cluster: UUID) -> Response:
        try:
            act = await self._desk(request).ignore(cluster)
        except NoSuchQuestion:
            return self.pages.missing(request, HERE)
        return back("", HERE, hecho=str(act), que="ignorada")

    async def undo(
        self, request: Request, acto: Annotated[str, Form(max_length=64)] = ""
    ) -> Response:
        try:
            await self.lectern.desk(request).undo(UUID(acto))
            await soon(self._desk(request).undone(), PATIENCE_S)
        except (NothingToUndo, ValueError):
            return back("", HERE, error="deshecho")
        except DocumentError as error:
            raise Unavailable from error
        return back("", HERE, que="deshecho")

    async def table(self, ver: Tab = "abiertas") -> StreamingResponse:
        return csv.answer(f"preguntas-{ver}", COLUMNS, self._lines(STATES[ver]))

    async def _lines(self, state: str) -> AsyncIterator[Sequence[Any]]:
        shop, after = self.lectern.shop, ""
        while True:
            async with self.lectern.store.tenant(shop) as session:
                found = await questions.listed(session, shop, state, after=after, count=PER_CHUNK)
            for one in found.questions:
                told = one.cluster
                yield (
                    one.text, told.times, told.variants, told.first_at.date().isoformat(),
                    told.last_at.date().isoformat(), told.answer or "", told.wanted or "",
                )  # fmt: skip
            after = found.next
            if not after:
                return

    async def _page(
        self,
        request: Request,
        tab: Tab,
        after: str,
        *,
        told: tuple[str, str, str] = ("", "", ""),
        kept: dict[str, Any] | None = None,
    ) -> Response:
        """`told` is the act that was done, what it was, and what went wrong."""
        shop = self.lectern.shop
        async with self.lectern.store.tenant(shop) as session:
            found = await questions.listed(session, shop, STATES[tab], after=after)
            counts = await questions.counted(session, shop)
        return self.pages.answer(
            request,
            "sin_respuesta.html",
            status=422 if kept else 200,
            listed=found,
            counts=counts,
            tab=tab,
            tabs=STATES,
            kept=kept,
            done=told[0],
            what=told[1],
            error=told[2],
            can_write=identity_of(request).may(Perm.EXAMPLE_WRITE),
        )

    def _desk(self, request: Request) -> Desk:
        return Desk(self.lectern.teacher(request), self.lectern.library, self.ingest)
