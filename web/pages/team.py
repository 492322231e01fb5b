"""The people of the shop: invited by a link, given a role, shut out and let in again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from store import people as rows
from store.session import WriteSession
from web.identity import Identity, actor_of, identity_of
from web.members import Given, gives, is_above
from web.membership import LINK_STANDS, Invited, Membership, No
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route
from web.sessions import Sessions

TEAM: Final = "/ajustes/equipo"
Sent = Annotated[str, Form()]


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

    async def show(self, request: Request, hecho: str = "") -> Response:
        return await self._page(request, told=hecho)

    async def invite(
        self, request: Request, nombre: Sent = "", correo: Sent = "", rol: Sent = "seller"
    ) -> Response:
        """The link is on the answer and nowhere else."""
        given, who = Given(correo.strip(), nombre.strip(), rol), identity_of(request)
        problem = given.problem() or ("above" if is_above(who, rol) else "")
        if problem:
            return await self._page(request, 422, problem=problem, given=given)
        async with self.sessions.store.tenant(who.shop) as session:
            made = await self._members(session, request).invite(given.email, given.name, rol)
        return await self._linked(request, made, given)

    async def change(
        self, request: Request, person: UUID, accion: Sent = "", rol: Sent = ""
    ) -> Response:
        who = identity_of(request)
        async with self.sessions.store.tenant(who.shop) as session:
            members = self._members(session, request)
            done = await self._changed(members, who, person, (accion, rol))
        if isinstance(done, Invited):
            return await self._linked(request, done, Given())
        if done is not None:
            return await self._page(request, 409, problem=done)
        return RedirectResponse(f"{TEAM}?hecho={accion}", 303)

    async def _changed(
        self, members: Membership, who: Identity, person: UUID, wanted: tuple[str, str]
    ) -> Invited | No | str | None:
        found = await rows.person_by_id(members.session, who.shop, person)
        if found is None:
            return "nobody"
        action, role = wanted
        if is_above(who, found.role) or (action == "rol" and is_above(who, role)):
            return "above"
        if action == "rol":
            return await members.change_role(person, role)
        if action == "enlace":
            return await members.link(person)
        if action == "quitar":
            return await members.disable(person)
        return await members.enable(person) if action == "devolver" else "nobody"

    def _members(self, session: WriteSession, request: Request) -> Membership:
        return Membership(session, self.sessions.shop, actor_of(request), self.sessions.clock)

    async def _linked(self, request: Request, made: Invited | No, given: Given) -> Response:
        if not isinstance(made, Invited):
            return await self._page(request, 409, problem=made, given=given)
        link = f"{request.base_url}invitacion/{made.token}"
        response = await self._page(request, link=link, linked=made.person)
        response.headers["Cache-Control"] = "no-store"
        return response

    async def _page(self, request: Request, status: int = 200, **values: Any) -> Response:  # noqa: ANN401  what the page shows
        who = identity_of(request)
        async with self.sessions.store.tenant(who.shop) as session:
            people = await rows.people(session, who.shop)
        shown: dict[str, Any] = {"told": "", "problem": "", "given": Given(), "link": ""}
        shown |= {"people": people, "roles": gives(who), "days": LINK_STANDS.days, "linked": None}
        return self.pages.answer(request, "equipo.html", status=status, **(shown | values))
