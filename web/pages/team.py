"""The people of the shop: invited by a link, given a role, shut out and let in again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeAlias
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from store import people as rows
from store.session import WriteSession
from text.folding import clean
from web.identity import Identity, actor_of, identity_of
from web.members import Given, gives, is_above
from web.membership import LINK_STANDS, Invited, Membership, No
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route
from web.sessions import Sessions

TEAM: Final = "/ajustes/equipo"
SHOWN, LONGEST = 30, 100
Sent = Annotated[str, Form()]


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked for in the list, and behind whom its page begins."""

    sought: str = ""
    after: UUID | None = None

    def query(self, after: UUID | None = None, **more: str) -> str:
        asked = {"q": self.sought, "despues": str(after or ""), **more}
        given = urlencode({name: value for name, value in asked.items() if value})
        return f"?{given}" if given else ""


def looked(q: str = "", despues: UUID | None = None) -> Looked:
    return Looked(" ".join(clean(q, LONGEST).split()), despues)


At: TypeAlias = Annotated[Looked, Depends(looked)]


@dataclass(frozen=True, slots=True)
class Team:
    pages: Pages
    sessions: Sessions

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", TEAM, self.show, Perm.MEMBER_WRITE),
            Route("POST", TEAM, self.invite, Perm.MEMBER_WRITE),
            Route("POST", f"{TEAM}/{{person}}", self.change, Perm.MEMBER_WRITE),
        ]

    async def show(self, request: Request, at: At, hecho: str = "") -> Response:
        return await self._page(request, at, told=hecho)

    async def invite(
        self, request: Request, nombre: Sent = "", correo: Sent = "", rol: Sent = "seller"
    ) -> Response:
        """The link is on the answer and nowhere else."""
        given, who = Given(correo.strip(), nombre.strip(), rol), identity_of(request)
        problem = given.problem() or ("above" if is_above(who, rol) else "")
        if problem:
            return await self._page(request, Looked(), 422, problem=problem, given=given)
        async with self.sessions.store.tenant(who.shop) as session:
            made = await self._members(session, request).invite(given.email, given.name, rol)
        return await self._linked(request, made, Looked(), given)

    async def change(
        self, request: Request, at: At, person: UUID, accion: Sent = "", rol: Sent = ""
    ) -> Response:
        who = identity_of(request)
        async with self.sessions.store.tenant(who.shop) as session:
            members = self._members(session, request)
            done = await self._changed(members, who, person, (accion, rol))
        if isinstance(done, Invited):
            return await self._linked(request, done, at)
        if done is not None:
            return await self._page(request, at, 409, problem=done)
        return RedirectResponse(TEAM + at.query(at.after, hecho=accion), 303)

    async def _changed(
        self, members: Membership, who: Identity, person: UUID, wanted: tuple[str, str]
    ) -> Invited | No | None:
        action, role = wanted
        changed = role if action == "rol" else None
        if (refused := await members.refusal(who, person, changed)) is not None:
            return refused
        if action == "rol":
            return await members.change_role(person, role)
        if action == "enlace":
            return await members.link(person)
        if action == "quitar":
            return await members.disable(person)
        return await members.enable(person) if action == "devolver" else "nobody"

    def _members(self, session: WriteSession, request: Request) -> Membership:
        return Membership(session, self.sessions.shop, actor_of(request), self.sessions.clock)

    async def _linked(
        self, request: Request, made: Invited | No, at: Looked, given: Given | None = None
    ) -> Response:
        if not isinstance(made, Invited):
            return await self._page(request, at, 409, problem=made, given=given or Given())
        link = f"{request.base_url}invitacion/{made.token}"
        response = await self._page(request, at, link=link, linked=made.person)
        response.headers["Cache-Control"] = "no-store"
        return response

    async def _page(
        self,
        request: Request,
        at: Looked,
        status: int = 200,
        **values: Any,  # noqa: ANN401  what the page shows
    ) -> Response:
        who = identity_of(request)
        async with self.sessions.store.tenant(who.shop) as session:
            found = await rows.page(session, who.shop, at.sought, at.after, SHOWN + 1)
            linked = values.get("linked")
            values["named"] = await rows.names_of(session, who.shop, [linked] if linked else [])
        people = found[:SHOWN]
        shown: dict[str, Any] = {"told": "", "problem": "", "given": Given(), "link": ""}
        shown |= {"people": people, "roles": gives(who), "days": LINK_STANDS.days, "linked": None}
        shown |= {"sought": at.sought, "here": at.query(at.after)}
        shown["first"] = TEAM + at.query() if at.after else ""
        shown["following"] = TEAM + at.query(people[-1].id) if len(found) > SHOWN else ""
        return self.pages.answer(request, "equipo.html", status=status, **(shown | values))
