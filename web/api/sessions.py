"""One's own sessions of the pages: where one is in, and how to be out."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from pydantic import ConfigDict

from web import devices
from web.agents import device
from web.api.house import House
from web.api.problems import Problem
from web.api.shapes import Body, Listed, Moment, Shown, Word
from web.api.versions import shown
from web.entering import Doorman, Wait
from web.hands import hand_of
from web.identity import identity_of
from web.permissions import Perm
from web.routing import PUBLIC, Route


class Words(Body):
    """Without `kept` the browser forgets it when it is closed."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"email": "ana@tienda.cl", "password": "caballo-grapa-pila-sol"}]
        },
    )

    email: Word
    password: Word
    kept: bool = False


class SessionOpened(Shown):
    """Its secret is in the cookie alone."""

    id: UUID
    name: str
    role: str


class SessionShown(Shown):
    """`device` is what the browser calls itself; `current` the one that asks."""

    id: UUID
    device: str
    created_at: Moment
    last_seen_at: Moment
    current: bool


@dataclass(frozen=True, slots=True)
class Sessions:
    house: House
    doorman: Doorman

    def routes(self) -> Sequence[Route]:
        route, many, own = self.house.route, "/auth/sessions", Perm.SETTINGS_READ
        enter, wrong = self.open_session, {"401": {"description": "They do not go together"}}
        return [
            route(
                "POST",
                many,
                enter,
                PUBLIC,
                SessionOpened,
                repeats=False,
                status_code=201,
                responses=wrong,
            ),
            route("DELETE", f"{many}/current", self.close_session, own, status_code=204),
            route("GET", many, self.list_sessions, own, Listed[SessionShown]),
            route("DELETE", many, self.end_other_sessions, own, status_code=204),
            route("DELETE", f"{many}/{{session}}", self.end_session, own, status_code=204),
        ]

    async def open_session(self, request: Request, given: Words) -> Response:
        """Somebody of the shop enters; the cookie of the answer is their session. Five wrong
        passwords are followed by a wait."""
        found = await self.doorman.known(request, given.email, given.password)
        if isinstance(found, Wait):
            raise Problem("too_many", "Too many tries.", retry_s=ceil(found.ms / 1000))
        if found is None:
            raise Problem("unauthorized", "This e-mail and this password do not go together.")
        answer = Response(status_code=201, media_type="application/json")
        one = await self.doorman.let_in(request, answer, found, kept=given.kept)
        told = SessionOpened(id=one, name=found.name, role=found.role)
        return shown(told, 201, {"Set-Cookie": answer.headers["set-cookie"]})

    async def close_session(self, request: Request) -> Response:
        """One's own of now."""
        answer = Response(status_code=204)
        await self.doorman.let_out(request, answer)
        return answer

    async def list_sessions(self, request: Request) -> Response:
        """Those of whoever asks that stand, the one seen last first; a program has none."""
        house, by = self.house, hand_of(request, self.house.clock())
        async with house.store.tenant(house.shop) as session:
            found = await devices.mine(session, by)
        current = identity_of(request).session
        items = [
            SessionShown(
                id=one.id,
                device=device(one.agent),
                created_at=one.created_at,
                last_seen_at=one.last_seen_at,
                current=one.id == current,
            )
            for one in found
        ]
        return shown(Listed(items=items))

    async def end_other_sessions(self, request: Request) -> Response:
        """All but the one that asks."""
        house, by = self.house, hand_of(request, self.house.clock())
        async with house.store.tenant(house.shop) as session:
            await devices.end_others(session, by)
        return Response(status_code=204)

    async def end_session(self, request: Request, session: UUID) -> Response:
        """One of one's own."""
        house, by = self.house, hand_of(request, self.house.clock())
        async with house.store.tenant(house.shop) as writing:
            if not await devices.end(writing, by, session):
                raise Problem("not_found")
        return Response(status_code=204)
