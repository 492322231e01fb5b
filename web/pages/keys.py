"""Keys of programs: made for a purpose, shown once, taken back at any time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from store.api_keys import ApiKey
from web.identity import actor_of, identity_of
from web.keys import Wanted, make_key, revoke
from web.members import LONGEST_NAME, offers
from web.pages.refusing import not_found
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route
from web.sessions import Sessions
from web.sheets import BadMark, sheet

KEYS: Final = "/ajustes/claves"
LASTS: Final = {"30": 30, "90": 90, "365": 365, "": None}
"""For how many days; until somebody takes it back."""
Sent = Annotated[str, Form()]


@dataclass(frozen=True, slots=True)
class Keys:
    pages: Pages
    sessions: Sessions

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", KEYS, self.show, Perm.KEY_WRITE),
            Route("POST", KEYS, self.make, Perm.KEY_WRITE),
            Route("POST", f"{KEYS}/{{key}}/revocar", self.revoke, Perm.KEY_WRITE),
        ]

    async def show(self, request: Request, antes: str = "", hecho: str = "") -> Response:
        try:
            return await self._page(request, before=antes, told=hecho)
        except BadMark:
            return not_found(self.pages, request, KEYS)

    async def make(
        self,
        request: Request,
        permiso: Annotated[list[str] | None, Form()] = None,
        nombre: Sent = "",
        dura: Sent = "90",
    ) -> Response:
        """The key is on the answer and nowhere else."""
        who, scopes, name = identity_of(request), permiso or [], nombre.strip()
        if problem := self._problem(name, scopes, offers(who), dura):
            return await self._page(request, 422, problem=problem, name=name)
        wanted = Wanted(name, scopes, self._until(LASTS[dura]))
        async with self.sessions.store.tenant(who.shop) as session:
            by = actor_of(request)
            one, text = await make_key(session, who.shop, by, wanted, self.sessions.clock)
        response = await self._page(request, key=text, made=one)
        response.headers["Cache-Control"] = "no-store"
        return response

    async def revoke(self, request: Request, key: UUID, antes: str = "") -> Response:
        who = identity_of(request)
        async with self.sessions.store.tenant(who.shop) as session:
            await revoke(session, who.shop, actor_of(request), key, self.sessions.clock)
        query = {"antes": antes, "hecho": "revocada"} if antes else {"hecho": "revocada"}
        return RedirectResponse(f"{KEYS}?{urlencode(query)}", 303)

    def _problem(self, name: str, scopes: list[str], offered: list[str], lasts: str) -> str:
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            return "name"
        if not scopes or lasts not in LASTS:
            return "scopes"
        return "" if set(scopes) <= set(offered) else "above"

    def _until(self, days: int | None) -> datetime | None:
        return None if days is None else self.sessions.clock() + timedelta(days=days)

    async def _page(
        self,
        request: Request,
        status: int = 200,
        *,
        before: str = "",
        **values: Any,  # noqa: ANN401  what the page shows
    ) -> Response:
        """Raises BadMark."""
        who = identity_of(request)
        async with self.sessions.store.tenant(who.shop) as session:
            mine = select(ApiKey).where(ApiKey.shop_id == who.shop)
            listed = await sheet(session, mine, ApiKey, before)
        shown: dict[str, Any] = {"told": "", "problem": "", "name": "", "key": "", "made": None}
        shown |= {"listed": listed, "before": before}
        shown |= {"scopes": offers(who), "at": self.sessions.clock()}
        return self.pages.answer(request, "claves.html", status=status, **(shown | values))
