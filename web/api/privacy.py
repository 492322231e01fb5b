"""What customers ask of their data, brought by the shop: a copy, an erasure, a restriction."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import FileResponse, Response
from pydantic import ConfigDict
from sqlalchemy import select

from jobs.exporting import place_in
from jobs.rights import Rights
from store.privacy.tables import PrivacyRequest
from store.session import WriteSession
from web.api.house import ROOT, House, by_whom
from web.api.problems import Problem
from web.api.shapes import Body, IfNoneMatch, Listed, Moment, Paging, Shown
from web.api.versions import shown, tagged
from web.identity import actor_of
from web.limits import soon
from web.permissions import Perm
from web.routing import Route

PATIENCE_S = 8.0
ZIP = "application/zip"


class Restriction(Body):
    """While it holds, what they write is kept and nothing else is done with it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"restricted": True}]}
    )

    restricted: bool


class RequestShown(Shown):
    """To be done by `due_at`. `receipt` counts what was told or taken out of each store; whose an
    erasure was is not known any more once it is done. `file` is the address of a copy."""

    id: UUID
    customer_id: UUID | None
    kind: Literal["export", "erasure", "opposition", "rectification", "restriction"]
    state: Literal["open", "running", "done"]
    by: str
    created_at: Moment
    due_at: Moment
    done_at: Moment | None
    receipt: dict[str, Any]
    file: str | None


class RestrictionShown(Shown):
    id: UUID
    restricted: bool


class RequestsWanted(Paging):
    state: Literal["open", "running", "done"] | None = None
    customer_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Privacy:
    """`var` is where copies lie."""

    house: House
    rights: Rights
    var: Path

    def routes(self) -> Sequence[Route]:
        route, many, whose = self.house.route, "/privacy-requests", "/customers/{customer}"
        one, read, shape = f"{many}/{{asked}}", Perm.CUSTOMER_READ, RequestShown
        copied, gone = Perm.CUSTOMER_EXPORT, Perm.CUSTOMER_ERASE
        restrict, file = self.restrict_customer, self.download_privacy_export
        ask, erase, write = self.export_customer, self.erase_customer, Perm.CUSTOMER_WRITE
        found = {"200": {"content": {ZIP: {"schema": {"type": "string", "format": "binary"}}}}}
        return [
            route("POST", f"{whose}/exports", ask, copied, shape, status_code=202),
            route("POST", f"{whose}/erasures", erase, gone, shape, status_code=202),
            route("PUT", f"{whose}/restrictions", restrict, write, RestrictionShown),
            route("GET", many, self.list_privacy_requests, read, Listed[RequestShown]),
            route("GET", one, self.get_privacy_request, read, shape),
            route("GET", f"{one}/file", file, copied, response_class=FileResponse, responses=found),
        ]

    async def export_customer(self, request: Request, customer: UUID) -> Response:
        """A copy of all that is theirs, by a job. While one is under way, asking again is the
        same request."""
        return await self._asked(request, customer, "export")

    async def erase_customer(self, request: Request, customer: UUID) -> Response:
        """All that is theirs is taken out of every store, by a job; from now on the bot is silent
        to them. It cannot be undone."""
        return await self._asked(request, customer, "erasure")

    async def restrict_customer(
        self, request: Request, customer: UUID, given: Restriction
    ) -> Response:
        """Whether what they write is used for anything."""
        rights, by = self._rights(request), by_whom(request)
        done = await soon(rights.restrict(customer, by, to=given.restricted), PATIENCE_S)
        if not done:
            raise Problem("not_found")
        return shown(RestrictionShown(id=customer, restricted=given.restricted))

    async def list_privacy_requests(self, wanted: Annotated[RequestsWanted, Query()]) -> Response:
        """What was asked, the newest first."""
        row, house = PrivacyRequest, self.house
        query = select(row).where(row.shop_id == house.shop)
        if wanted.state is not None:
            query = query.where(row.state == wanted.state)
        if wanted.customer_id is not None:
            query = query.where(row.customer_id == wanted.customer_id)
        async with house.store.tenant(house.shop) as session:
            rows, cursor = await house.page(session, query, (row.created_at, row.id), wanted)
        return shown(Listed(items=[_shown(one) for one in rows], next_cursor=cursor))

    async def get_privacy_request(self, asked: UUID, if_none_match: IfNoneMatch = None) -> Response:
        """How far it is, with its ETag."""
        async with self.house.store.tenant(self.house.shop) as session:
            found = await request_of(session, self.house.shop, asked)
        return tagged(_shown(found), if_none_match)

    async def download_privacy_export(self, request: Request, asked: UUID) -> Response:
        """The ZIP of a copy that is done. Who takes it is written down."""
        house, path = self.house, place_in(self.var, self.house.shop, asked)
        async with house.store.tenant(house.shop) as session:
            found = await request_of(session, house.shop, asked)
            ready = found.kind == "export" and found.state == "done"
            if not ready or not await asyncio.to_thread(path.is_file):
                raise Problem("not_found", "There is no copy, or it is not there any more.")
            await house.note(session, request, "customer.copied", f"request:{asked}")
        headers = {"Cache-Control": "private, no-store"}
        return FileResponse(path, media_type=ZIP, filename=f"{asked}.zip", headers=headers)

    async def _asked(
        self, request: Request, customer: UUID, kind: Literal["export", "erasure"]
    ) -> Response:
        asking = self._rights(request).ask(customer, kind, by_whom(request))
        which = await soon(asking, PATIENCE_S)
        if which is None:
            raise Problem("not_found")
        async with self.house.store.tenant(self.house.shop) as session:
            found = await request_of(session, self.house.shop, which)
        return shown(_shown(found), 202, {"Location": f"{ROOT}/privacy-requests/{which}"})

    def _rights(self, request: Request) -> Rights:
        return self.rights.acting(actor_of(request))


async def request_of(session: WriteSession, shop: UUID, which: UUID) -> PrivacyRequest:
    """One that the session may see. Raises Problem."""
    found = await session.get(PrivacyRequest, (shop, which))
    if found is None:
        raise Problem("not_found")
    return found


def _shown(row: PrivacyRequest) -> RequestShown:
    return told_of(row, f"{ROOT}/privacy-requests")


def told_of(row: PrivacyRequest, place: str) -> RequestShown:
    """`place` is where requests of this kind of caller are read."""
    told = {name: getattr(row, name) for name in RequestShown.model_fields.keys() - {"file"}}
    copied = row.kind == "export" and row.state == "done"
    return RequestShown(**told, file=f"{place}/{row.id}/file" if copied else None)
