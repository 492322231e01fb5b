"""Ejemplos: the library of turns that the bot learns from, with what sold, and what a seller says
of each."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeAlias
from uuid import UUID

from fastapi import Form, Query, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from evaluation.selling import Desk
from learning.grading import ReplyUnknown
from learning.lessons import LessonRefused, NothingToUndo
from web import csv, examples, training
from web.choosing import Asked
from web.examples import Shown
from web.identity import identity_of
from web.limits import soon
from web.paging import BadCursor
from web.permissions import Perm
from web.rendering import Pages, is_part
from web.routing import Route
from web.teaching import Lectern, back
from web.typed import BadAmount, smallest
from web.views import Views, of_page
from web.wanted import ORIGINS, STANDINGS, Wanted

PATIENCE_S: Final = 8.0
PER_PAGE: Final = 20
PER_CHUNK: Final = 500
HERE: Final = "/ejemplos"
COLUMNS: Final = (
    "id", "fecha", "origen", "estado", "intencion", "pregunta", "respuesta", "corregida", "nota",
    "motivo", "venta", "monto", "moneda", "quien", "conjuntos",
)  # fmt: skip
Use: TypeAlias = Literal["incluir", "excluir", "venta", "noventa"]


@dataclass(frozen=True)
class Examples:
    pages: Pages
    lectern: Lectern

    def routes(self) -> Sequence[Route]:
        one = f"{HERE}/{{row}}"
        return [
            Route("GET", HERE, self.show, Perm.EXAMPLE_READ),
            Route("GET", f"{HERE}/exportar.csv", self.as_table, Perm.EXAMPLE_READ),
            Route("GET", f"{HERE}/exportar.jsonl", self.as_lines, Perm.EXAMPLE_READ),
            Route("POST", f"{HERE}/varios", self.many, Perm.EXAMPLE_WRITE),
            Route("POST", f"{HERE}/deshacer", self.undo, Perm.EXAMPLE_WRITE),
            Route("GET", one, self.detail, Perm.EXAMPLE_READ),
            Route("POST", f"{one}/venta", self.sell, Perm.EXAMPLE_WRITE),
            Route("POST", f"{one}/uso", self.use, Perm.EXAMPLE_WRITE),
            Route("GET", "/filas", self.moved, Perm.EXAMPLE_READ),
            Route("GET", "/filas/{row}", self.moved_one, Perm.EXAMPLE_READ),
        ]

    async def show(self, request: Request, wanted: Annotated[Asked, Query()]) -> Response:
        asked = wanted.read()
        try:
            found, kept = await soon(self._page(request, asked, wanted.antes), PATIENCE_S)
        except BadCursor:
            return self.pages.missing(request, HERE, status=400)
        template = "_ejemplos.html" if is_part(request, "lista") else "ejemplos.html"
        return self.pages.answer(
            request,
            template,
            listed=found,
            views=kept,
            wanted=asked,
            before=wanted.antes,
            intents=self.lectern.intents,
            standings=STANDINGS,
            origins=ORIGINS,
            done=wanted.hecho,
            what=wanted.que,
            error=wanted.error,
            currency=self.lectern.pack.identity.currency,
            can_write=identity_of(request).may(Perm.EXAMPLE_WRITE),
        )

    async def detail(
        self, request: Request, row: UUID, hecho: str = "", que: str = "", error: str = ""
    ) -> Response:
        shop = self.lectern.shop
        async with self.lectern.store.tenant(shop) as session:
            story = await training.story(session, shop, row)
            shown = await examples.one(session, shop, row)
        if shown is None:
            return self.pages.missing(request, HERE)
        return self.pages.answer(
            request,
            "ejemplo.html",
            story=story,
            one=shown,
            done=hecho,
            what=que,
            error=error,
            currency=self.lectern.pack.identity.currency,
            can_write=identity_of(request).may(Perm.EXAMPLE_WRITE),
        )

    async def sell(
        self,
        request: Request,
        row: UUID,
        venta: Annotated[Literal["si", "no"], Form()],
        monto: Annotated[str, Form()] = "",
        vuelve: Annotated[str, Form()] = "",
    ) -> Response:
        desk = self.lectern.desk(request)
        try:
            amount = smallest(monto, desk.currency) if venta == "si" else None
            done = await desk.sell(row, converted=venta == "si", amount=amount)
        except BadAmount:
            return back(vuelve, f"{HERE}/{row}", error="monto")
        except ReplyUnknown:
            return self.pages.missing(request, HERE)
        return back(vuelve, HERE, hecho=str(done.act), que="venta" if venta == "si" else "noventa")

    async def use(
        self,
        request: Request,
        row: UUID,
        accion: Annotated[Literal["incluir", "excluir"], Form()],
        vuelve: Annotated[str, Form()] = "",
    ) -> Response:
        try:
            done = await self.lectern.teacher(request).allow([row], accepted=accion == "incluir")
        except LessonRefused:
            return self.pages.missing(request, HERE)
        return back(vuelve, HERE, hecho=str(done.act), que=accion)

    async def many(
        self,
        request: Request,
        accion: Annotated[Use, Form()],
        filas: Annotated[list[UUID] | None, Form()] = None,
        vuelve: Annotated[str, Form()] = "",
    ) -> Response:
        rows = list(dict.fromkeys(filas or []))
        if not rows:
            return back(vuelve, HERE, error="ninguna")
        try:
            acts = await _act(self.lectern.desk(request), rows, accion)
        except (LessonRefused, ReplyUnknown):
            return self.pages.missing(request, HERE)
        return back(vuelve, HERE, hecho=",".join(acts), que=accion)

    async def undo(
        self,
        request: Request,
        acto: Annotated[str, Form()],
        vuelve: Annotated[str, Form()] = "",
    ) -> Response:
        desk = self.lectern.desk(request)
        try:
            for act in reversed(acto.split(",")):
                await desk.undo(UUID(act))
        except (NothingToUndo, ValueError):
            return back(vuelve, HERE, error="deshecho")
        return back(vuelve, HERE, que="deshecho")

    async def as_table(self, wanted: Annotated[Asked, Query()]) -> StreamingResponse:
        rows = self._everything(wanted.read())
        return csv.answer("ejemplos", COLUMNS, (list(_told(one).values()) async for one in rows))

    async def as_lines(self, wanted: Annotated[Asked, Query()]) -> StreamingResponse:
        async def lines() -> AsyncIterator[str]:
            async for one in self._everything(wanted.read()):
                yield json.dumps(_told(one), ensure_ascii=False) + "\n"

        headers = {
            "Content-Disposition": 'attachment; filename="ejemplos.jsonl"',
            "Cache-Control": "private, no-store",
        }
        return StreamingResponse(lines(), media_type="application/x-ndjson", headers=headers)

    async def moved(self, request: Request) -> Response:
        """What was shown there is here now."""
        old = request.query_params
        mark = {"5": "4", "4": "4", "2": "2", "1": "2", "sin": "sin"}.get(old.get("nota", ""), "")
        wanted = Wanted(venta="si" if old.get("venta") == "si" else "", nota=mark)
        return RedirectResponse(wanted.address(), 308)

    async def moved_one(self, row: UUID) -> Response:
        return RedirectResponse(f"{HERE}/{row}", 308)

    async def _page(
        self, request: Request, wanted: Wanted, before: str
    ) -> tuple[examples.Listed, Views | None]:
        shop = self.lectern.shop
        async with self.lectern.store.tenant(shop) as session:
            found = await examples.listed(session, shop, wanted, before=before, count=PER_PAGE)
            return found, await of_page(session, request, HERE)

    async def _everything(self, wanted: Wanted) -> AsyncIterator[Shown]:
        """Chunk by chunk, each in a short transaction."""
        shop, before = self.lectern.shop, ""
        while True:
            async with self.lectern.store.tenant(shop) as session:
                found = await examples.listed(session, shop, wanted, before=before, count=PER_CHUNK)
            for one in found.rows:
                yield one
            before = found.next
            if not before:
                return


async def _act(desk: Desk, rows: list[UUID], use: Use) -> list[str]:
    """What undoes it, in the order it was done."""
    if use in {"incluir", "excluir"}:
        return [str((await desk.teacher.allow(rows, accepted=use == "incluir")).act)]
    return [str(one.act) for one in await desk.sell_all(rows, converted=use == "venta")]


def _told(one: Shown) -> dict[str, Any]:
    row, sold = one.row, one.outcome
    values = (
        str(row.id), row.created_at.isoformat(), row.origin, one.standing, row.intent,
        row.user_message, one.answer, bool(row.correction), one.score, row.quality_label,
        row.is_successful, sold.amount if sold else None, sold.currency if sold else "",
        (sold.by if sold else "") or one.by, " ".join(one.datasets),
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))
