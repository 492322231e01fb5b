"""What the shop's people note of a customer for each other: no customer and no model reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field

from store.inbox import CustomerNote
from store.session import WriteSession
from web import noting
from web.api.house import ROOT, House, by_whom
from web.api.problems import Problem
from web.api.shapes import SAYS, Body, IfMatch, IfNoneMatch, Listed, Moment, Paging, Shown
from web.api.versions import matches, shown, tagged
from web.permissions import Perm
from web.routing import Route


class CustomerNoteSaid(Body):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": "Prefiere que la llamen"}]}
    )

    text: Annotated[str, Field(min_length=1, max_length=noting.LONGEST, pattern=SAYS)]


class CustomerNoteShown(Shown):
    """`edited_at` is when the text was changed last."""

    id: UUID
    by: str
    text: str
    at: Moment
    edited_at: Moment | None


@dataclass(frozen=True, slots=True)
class CustomerNotes:
    house: House

    def routes(self) -> Sequence[Route]:
        route, many = self.house.route, "/customers/{customer}/notes"
        one, shape = f"{many}/{{note}}", CustomerNoteShown
        read, write = Perm.CUSTOMER_READ, Perm.CUSTOMER_WRITE
        return [
            route("GET", many, self.list_customer_notes, read, Listed[CustomerNoteShown]),
            route("POST", many, self.note_customer, write, shape, status_code=201),
            route("GET", one, self.get_customer_note, read, shape),
            route("PATCH", one, self.change_customer_note, write, shape),
            route("DELETE", one, self.remove_customer_note, write, status_code=204),
        ]

    async def list_customer_notes(
        self, customer: UUID, wanted: Annotated[Paging, Query()]
    ) -> Response:
        """What was noted of a customer, the newest first."""
        row, house = CustomerNote, self.house
        query = noting.of(house.shop, customer).where(noting.standing())
        async with house.store.tenant(house.shop) as session:
            if await session.scalar(noting.kept(house.shop, customer)) is None:
                raise Problem("not_found")
            rows, cursor = await house.page(session, query, (row.at, row.id), wanted)
        items = [CustomerNoteShown.model_validate(one) for one in rows]
        return shown(Listed(items=items, next_cursor=cursor))

    async def note_customer(
        self, request: Request, customer: UUID, given: CustomerNoteSaid
    ) -> Response:
        """Read by the shop's people alone."""
        house, text, by = self.house, _said(given), by_whom(request)
        async with house.store.tenant(house.shop) as session:
            at = house.clock()
            made = await noting.add(session, house.shop, customer, at, by=by, text=text)
            if made is None:
                raise Problem("not_found")
            told = CustomerNoteShown.model_validate(made)
            await house.note(session, request, "customer.noted", f"customer:{customer}")
        answer = tagged(told, status=201)
        answer.headers["Location"] = f"{ROOT}/customers/{customer}/notes/{told.id}"
        return answer

    async def get_customer_note(
        self, customer: UUID, note: UUID, if_none_match: IfNoneMatch = None
    ) -> Response:
        """One note, with its ETag."""
        async with self.house.store.tenant(self.house.shop) as session:
            found = await self._found(session, customer, note)
            return tagged(CustomerNoteShown.model_validate(found), if_none_match)

    async def change_customer_note(
        self,
        request: Request,
        customer: UUID,
        note: UUID,
        given: CustomerNoteSaid,
        if_match: IfMatch = None,
    ) -> Response:
        """What it says from now on. Needs If-Match."""
        house, text = self.house, _said(given)
        async with house.store.tenant(house.shop) as session:
            one = await self._found(session, customer, note)
            matches(CustomerNoteShown.model_validate(one), if_match)
            if noting.change(one, text, house.clock()):
                await session.flush()
                await house.note(session, request, "customer.note_changed", f"customer:{customer}")
            told = CustomerNoteShown.model_validate(one)
        return tagged(told)

    async def remove_customer_note(
        self, request: Request, customer: UUID, note: UUID, if_match: IfMatch = None
    ) -> Response:
        """Its page can bring it back for a day; then it is forgotten. Needs If-Match."""
        house = self.house
        async with house.store.tenant(house.shop) as session:
            one = await self._found(session, customer, note)
            matches(CustomerNoteShown.model_validate(one), if_match)
            noting.remove(one, house.clock())
            await session.flush()
            await house.note(session, request, "customer.note_removed", f"customer:{customer}")
        return Response(status_code=204)

    async def _found(self, session: WriteSession, customer: UUID, note: UUID) -> CustomerNote:
        """Raises Problem."""
        found = await noting.find(session, self.house.shop, customer, note)
        if found is None or found.gone_at is not None:
            raise Problem("not_found")
        return found


def _said(given: CustomerNoteSaid) -> str:
    text = noting.said(given.text)
    if not text:
        raise Problem("refused", "The note says nothing.")
    return text
