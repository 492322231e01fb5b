"""Who did what in the shop, and whether anybody changed what is written of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import Response
from pydantic import AwareDatetime, Field

from store.audit import AuditEvent, Wanted, check, wanted_of
from web.api.house import House
from web.api.shapes import Body, Line, Listed, Moment, Paging, Shown
from web.api.versions import shown
from web.permissions import Perm
from web.routing import Route

USUAL, MOST = 1_000, 10_000


class AuditShown(Shown):
    """`actor` is `person:<id>`, `key:<id>`, `shop`, `terminal:<user>`, `chat:<name>` of the staff's
    own chat, or the name of a job.
    Personal data and secrets are masked. `hash` holds that of the entry before."""

    number: int
    at: Moment
    actor: str
    action: str
    object: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    request_id: str | None
    hash: str


class ChainShown(Shown):
    """`broken` is the first number that does not hold, or null; `head` the hash of the newest
    entry: noted elsewhere, it shows later whether newer ones were cut off."""

    first: int | None
    count: int
    broken: int | None
    head: str


class AuditWanted(Paging):
    """An `action` that ends in a dot is all of that kind, and so is an `actor` that ends in a
    colon: `key:` are all programs."""

    actor: Line = ""
    action: Line = ""
    object: Line = ""
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


class Verified(Body):
    newest: int = Field(USUAL, ge=1, le=MOST)


@dataclass(frozen=True, slots=True)
class Audit:
    house: House

    def routes(self) -> Sequence[Route]:
        route, many, read = self.house.route, "/audit-events", Perm.AUDIT_READ
        return [
            route("GET", many, self.list_audit_events, read, Listed[AuditShown]),
            route("GET", f"{many}/verification", self.verify_audit, read, ChainShown),
        ]

    async def list_audit_events(self, wanted: Annotated[AuditWanted, Query()]) -> Response:
        """Acts of people, programs and jobs, the newest first."""
        house = self.house
        filters = wanted.model_dump(exclude={"limit", "cursor"})
        query = wanted_of(house.shop, Wanted(**filters))
        async with house.store.tenant(house.shop) as session:
            rows, cursor = await house.page(session, query, (AuditEvent.number,), wanted)
        return shown(Listed(items=[_told(one) for one in rows], next_cursor=cursor))

    async def verify_audit(self, wanted: Annotated[Verified, Query()]) -> Response:
        """Whether the newest entries are as they were written; `main.py audit verify` looks at all
        of them."""
        async with self.house.store.tenant(self.house.shop) as session:
            found = await check(session, self.house.shop, newest=wanted.newest)
        return shown(ChainShown.model_validate(found))


def _told(row: AuditEvent) -> AuditShown:
    told = {name: getattr(row, name) for name in AuditShown.model_fields.keys() - {"hash"}}
    return AuditShown(**told, hash=row.hash.hex())
