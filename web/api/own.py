"""A customer's own data, for whoever came by the link that was sent into their chat."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Request
from fastapi.responses import FileResponse, Response
from pydantic import ConfigDict, Field

from jobs.exporting import place_in
from jobs.rights import Rights
from store.app import Customer
from store.privacy import requests
from store.privacy.tables import PrivacyRequest
from store.session import WriteSession
from web.api.house import ROOT, House
from web.api.privacy import ZIP, RequestShown, request_of, told_of
from web.api.problems import Problem
from web.api.shapes import SAYS, Body, Moment, Shown
from web.api.versions import shown, tagged
from web.identity import actor_of, identity_of
from web.limits import soon
from web.permissions import Perm
from web.routing import Route

BY, PLACE = "customer", "/own-data"
PATIENCE_S = 8.0
LATELY = 20


class OwnChange(Body):
    """What is left out stays as it is. Without `learning` what they say teaches the bot nothing."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"locale": "es", "learning": False}]}
    )

    name: Annotated[str, Field(min_length=1, max_length=120, pattern=SAYS)] | None = None
    locale: Literal["es", "en"] | None = None
    learning: bool | None = None


class OwnShown(Shown):
    """`requests` are the latest of what they asked."""

    id: UUID
    name: str | None
    locale: str | None
    learning: bool
    restricted_at: Moment | None
    requests: list[RequestShown]


@dataclass(frozen=True, slots=True)
class OwnData:
    """`rights` are confined to the rows of who asks; `var` is where copies lie."""

    house: House
    rights: Rights
    var: Path

    def routes(self) -> Sequence[Route]:
        route, own, one = self.house.route, Perm.OWN_DATA, f"{PLACE}/requests/{{asked}}"
        copy, gone, shape = self.export_own_data, self.erase_own_data, RequestShown
        found = {"200": {"content": {ZIP: {"schema": {"type": "string", "format": "binary"}}}}}
        file = self.download_own_data
        return [
            route("GET", PLACE, self.get_own_data, own, OwnShown),
            route("PATCH", PLACE, self.change_own_data, own, OwnShown),
            route("POST", f"{PLACE}/exports", copy, own, shape, status_code=202),
            route("POST", f"{PLACE}/erasures", gone, own, shape, status_code=202),
            route("GET", one, self.get_own_request, own, shape),
            route("GET", f"{one}/file", file, own, response_class=FileResponse, responses=found),
        ]

    async def get_own_data(self, request: Request) -> Response:
        """Who they are to us, and what they asked of their data."""
        return tagged(await self._read(self._who(request)))

    async def change_own_data(self, request: Request, given: OwnChange) -> Response:
        """Their name and language as they should have been, and whether their words may teach."""
        who, rights = self._who(request), self._rights(request)
        values = given.model_dump(include={"name", "locale"}, exclude_none=True)
        if values and not await rights.correct(who, BY, **values):
            raise Problem("not_found")
        if given.learning is not None:
            await rights.oppose(who, BY, to=not given.learning)
        return tagged(await self._read(who))

    async def export_own_data(self, request: Request) -> Response:
        """A copy of all that is theirs, by a job."""
        return await self._asked(request, "export")

    async def erase_own_data(self, request: Request) -> Response:
        """All that is theirs goes, by a job. It cannot be undone, and the link is over with it."""
        return await self._asked(request, "erasure")

    async def get_own_request(self, request: Request, asked: UUID) -> Response:
        """How far it is."""
        async with self._own(request) as session:
            return shown(_shown(await request_of(session, self.house.shop, asked)))

    async def download_own_data(self, request: Request, asked: UUID) -> Response:
        """The ZIP of a copy that is done."""
        path = place_in(self.var, self.house.shop, asked)
        async with self._own(request) as session:
            found = await request_of(session, self.house.shop, asked)
        ready = found.kind == "export" and found.state == "done"
        if not ready or not await asyncio.to_thread(path.is_file):
            raise Problem("not_found", "There is no copy, or it is not there any more.")
        headers = {"Cache-Control": "private, no-store"}
        return FileResponse(path, media_type=ZIP, filename="mis-datos.zip", headers=headers)

    async def _asked(self, request: Request, kind: Literal["export", "erasure"]) -> Response:
        which = await soon(self._rights(request).ask(self._who(request), kind, BY), PATIENCE_S)
        if which is None:
            raise Problem("not_found")
        async with self._own(request) as session:
            found = await request_of(session, self.house.shop, which)
        return shown(_shown(found), 202, {"Location": f"{ROOT}{PLACE}/requests/{which}"})

    async def _read(self, who: UUID) -> OwnShown:
        """Raises Problem."""
        shop = self.house.shop
        async with self.house.store.tenant(shop, who) as session:
            row = await session.get(Customer, (shop, who))
            if row is None:
                raise Problem("not_found")
            asked = await requests.listed(session, shop, customers=[who], limit=LATELY)
        return OwnShown(
            id=who,
            name=row.name,
            locale=row.locale,
            learning=not row.no_training,
            restricted_at=row.restricted_at,
            requests=[_shown(one) for one in asked],
        )

    def _who(self, request: Request) -> UUID:
        """Raises Problem."""
        found = identity_of(request).person
        if found is None:
            raise Problem("forbidden")
        return found

    def _own(self, request: Request) -> AbstractAsyncContextManager[WriteSession]:
        return self.house.store.tenant(self.house.shop, self._who(request))

    def _rights(self, request: Request) -> Rights:
        return self.rights.of().acting(actor_of(request))


def _shown(row: PrivacyRequest) -> RequestShown:
    return told_of(row, f"{ROOT}{PLACE}/requests")
