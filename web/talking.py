"""What the pages of conversations share: showing one, and being where somebody acts."""

import re
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.word import Word
from services.clock import Clock, now
from store.session import Store, WriteSession
from web import filing, inbox, tabs, thread, undoing
from web.conversations import Span
from web.identity import Identity, identity_of
from web.inbox import Listed, Wanted
from web.limits import soon
from web.looking import query_of
from web.permissions import Perm
from web.rendering import Pages, is_part
from web.security import apart
from web.tabs import Looker
from web.thread import Thread
from web.undoing import Did, Stood
from web.views import of_page

PATIENCE_S: Final = 8.0
LIST: Final = "/conversaciones"
TOLD: Final = ("enviado=", "antes=", "sugerencia=", *undoing.TOLD)
PARTS: Final = {
    "hilo": "_hilo_hecho.html",
    "anteriores": "_anteriores.html",
    "escrito": "_enviado.html",
}
"""What htmx asks for, and what it is given."""
LINE: Final = re.compile("[0-9]{1,18}")


@dataclass(frozen=True)
class Talking:
    """`templates` are what a network takes once its window has closed, as settings write them;
    `suggests`: the bot can be asked what it would say."""

    pages: Pages
    store: Store
    shop: UUID
    word: Word
    zone: ZoneInfo
    categories: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    suggests: bool = False
    clock: Clock = field(default=now)

    async def listing(
        self, session: WriteSession, request: Request, wanted: Wanted, before: str = ""
    ) -> dict[str, Any]:
        """What the list shows. Raises BadCursor."""
        who = identity_of(request)
        looker = Looker(me_of(who), self.clock(), self.zone)
        found = await self.looked_through(session, who, wanted, before)
        counts, channels = await tabs.around(session, self.shop, looker)
        return {
            "listed": found,
            "views": await of_page(session, request, LIST),
            "counts": counts,
            "most": tabs.MOST,
            "channels": channels,
            "categories": self.categories,
            "wanted": wanted,
            "query_of": query_of,
            "before": before,
            "now": looker.now,
            "me": looker.me,
        }

    async def looked_through(
        self, session: AsyncSession, who: Identity, wanted: Wanted, before: str = ""
    ) -> Listed:
        """A page of it. Raises BadCursor."""
        looker = Looker(me_of(who), self.clock(), self.zone)
        return await inbox.listed(session, self.shop, wanted, looker, before)

    async def shown(
        self,
        request: Request,
        which: UUID,
        wanted: Wanted | None = None,
        before: int | None = None,
        **told: object,
    ) -> Response:
        """The whole page, or the part of it that htmx asks for. `told` is what only this answer
        says: a text that is still in its field, a number that was asked for."""
        who = identity_of(request)
        part = next((one for one in PARTS if is_part(request, one)), "")
        looks = wanted or Wanted()
        async with self.store.tenant(self.shop) as session:
            span = Span(before, None if before else await _since(request))
            reading = thread.read(session, self.shop, which, self.clock(), span)
            found = await soon(reading, PATIENCE_S)
            if found is None:
                return self.missing(request)
            values = {} if part else await self.listing(session, request, looks)
            if who.may(Perm.CONVERSATION_WRITE):
                await self._see(session, found)
        values |= self._around(found, looks, told) | {"me": me_of(who)}
        status = 503 if told.get("failed") else 200
        page = PARTS.get(part, "conversaciones.html")
        return self.pages.answer(request, page, status=status, **values)

    def _around(self, found: Thread, looks: Wanted, told: dict[str, object]) -> dict[str, object]:
        return {
            "thread": found,
            "talk": found.whole.talk.conversation,
            "now": self.clock(),
            "wanted": looks,
            "query": query_of(looks),
            "templates": self.templates,
            "suggests": self.suggests,
            "text": "",
            "failed": False,
            "sent": False,
            "did": None,
            "unadvised": False,
            "phone": "",
            "key": str(uuid4()),
        } | told

    async def _see(self, session: AsyncSession, found: Thread) -> None:
        seen = found.state.seen_position if found.state else 0
        if found.newest > seen:
            which = found.whole.talk.conversation.id
            await filing.see(session, self.shop, which, self.clock(), found.newest)

    async def stood(self, which: UUID) -> Stood:
        async with self.store.tenant(self.shop) as session:
            return await undoing.stood(session, self.shop, which, self.clock())

    def missing(self, request: Request) -> Response:
        return self.pages.answer(
            request,
            "aviso.html",
            status=404,
            title="Esa conversación no está",
            text="Puede ser de otra tienda, o haberse borrado a pedido del cliente.",
            back=LIST,
        )

    async def again(
        self,
        request: Request,
        which: UUID,
        anchor: str = "final",
        told: str = "",
        did: Did | None = None,
    ) -> Response:
        """After something was done: the part that htmx shows anew, else the page; `told` is what
        it says besides."""
        if is_part(request, "hilo"):
            return await self.shown(request, which, did=did)
        if is_part(request, "escrito"):
            return await self.shown(request, which, sent=bool(told))
        query = "&".join(filter(None, (_query(request), told, did.query if did else "")))
        return RedirectResponse(f"{LIST}/{which}{query and '?'}{query}#{anchor}", 303)


async def _since(request: Request) -> int | None:
    """From which place on the page shows what was said: every part that it asks for tells it."""
    told = request.query_params if request.method == "GET" else await request.form()
    known = [int(one) for one in map(str, told.getlist("desde-linea")) if LINE.fullmatch(one)]
    return min(known, default=None)


def _query(request: Request) -> str:
    """The filters of the page that the form stood on, so that its list stays as it was."""
    came = apart(request.headers.get("referer", ""))
    ours = came.netloc == request.headers.get("host", "") and came.path.startswith(f"{LIST}/")
    kept = [one for one in came.query.split("&") if one and not one.startswith(TOLD)]
    return "&".join(kept) if ours else ""


def me_of(who: Identity) -> str:
    """By which an act is somebody's own: the shop's key is one for all who hold it."""
    return str(who.person or who.name)
