"""Where a request went: found by its name, its conversation, or by what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from services.requests import accepted, id_of
from store.session import Store
from store.spans import Span, Wanted, found, of_request
from web import csv
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route
from web.traced import answers
from web.views import of_page
from web.waterfall import waterfall

HOME: Final = "/admin/trazas"
PAGE, FILE = 50, 2000
COLUMNS: Final = ("at", "request_id", "conversation_id", "step", "ms", "ok", "error")
MISSING: Final = 404
Which = Literal["todas", "fallos", "lentas"]
Before = Annotated[str, Query(pattern=r"^$|^[0-9T:.+Z-]{20,40}_[0-9a-f-]{36}$")]


@dataclass(frozen=True)
class Traces:
    pages: Pages
    store: Store
    shop: UUID

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", HOME, self.show, Perm.TRACE_READ),
            Route("GET", f"{HOME}.csv", self.file, Perm.TRACE_READ),
            Route("GET", f"{HOME}/{{request_id}}", self.detail, Perm.TRACE_READ),
        ]

    async def show(
        self,
        request: Request,
        ver: Which = "todas",
        conversacion: UUID | None = None,
        buscar: Annotated[str, Query(max_length=100)] = "",
        antes: Before = "",
    ) -> Response:
        """A name that is known leads to its request; a conversation's lists its replies."""
        name = accepted(buscar.strip())
        if name is not None:
            if await self._steps(id_of(name)):
                return RedirectResponse(f"{HOME}/{name}", 303)
            conversacion = _uuid(name)
        wanted = _wanted(ver, conversacion, antes, PAGE + 1)
        async with self.store.tenant(self.shop) as session:
            rows = await found(session, self.shop, wanted)
            asked = {"ver": ver, "conversacion": str(conversacion or "")}
            views = await of_page(session, request, HOME, asked)
        return self.pages.answer(
            request,
            "trazas.html",
            rows=rows[:PAGE],
            which=ver,
            views=views,
            conversation=conversacion,
            sought=buscar,
            cursor=_cursor(rows[PAGE - 1]) if len(rows) > PAGE else "",
            is_first=not antes,
        )

    async def file(self, ver: Which = "todas", conversacion: UUID | None = None) -> Response:
        async with self.store.tenant(self.shop) as session:
            rows = await found(session, self.shop, _wanted(ver, conversacion, "", FILE))
        return csv.answer("trazas", COLUMNS, csv.each([_line(row) for row in rows]))

    async def detail(
        self, request: Request, request_id: str, hecho: str = "", que: str = "", error: str = ""
    ) -> Response:
        name = accepted(request_id)
        steps = await self._steps(id_of(name)) if name is not None else []
        if not steps:
            raise HTTPException(MISSING)
        conversations = {one.conversation_id for one in steps if one.conversation_id is not None}
        which = steps[0].request_id
        async with self.store.tenant(self.shop) as session:
            said = await answers(session, self.shop, which, conversations)
        return self.pages.answer(
            request,
            "traza.html",
            name=name,
            request_id=str(which),
            drawn=waterfall(steps),
            conversations=sorted(map(str, conversations)),
            answers=said,
            done=hecho,
            what=que,
            error=error,
        )

    async def _steps(self, request: UUID) -> list[Span]:
        async with self.store.tenant(self.shop) as session:
            return await of_request(session, self.shop, request)


def _wanted(which: Which, conversation: UUID | None, before: str, limit: int) -> Wanted:
    moment, _, last = before.partition("_")
    try:
        seen = (datetime.fromisoformat(moment), UUID(last)) if last else None
    except ValueError:
        seen = None
    return Wanted(which == "fallos", which == "lentas", conversation, seen, limit)


def _cursor(row: Span) -> str:
    return f"{row.started_at.isoformat().replace('+00:00', 'Z')}_{row.id}"


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _line(row: Span) -> Sequence[Any]:
    return (
        row.started_at.isoformat(), str(row.request_id), str(row.conversation_id or ""), row.name,
        row.duration_us / 1000, row.ok, row.error,
    )  # fmt: skip
