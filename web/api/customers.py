"""Customers: how they like to be spoken to, and whether they teach the bot."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field
from sqlalchemy import select

from jobs.rights import Rights
from store.app import Customer
from store.privacy import customers
from store.session import WriteSession
from web.api.house import House, by_whom
from web.api.problems import Problem
from web.api.shapes import Body, IfMatch, IfNoneMatch, Listed, Moment, Paging, Shown, Word
from web.api.versions import matches, shown, tagged
from web.identity import actor_of
from web.permissions import Perm
from web.routing import Route
from web.tabs import nobody

EXAMPLE: dict[str, Any] = {"intensity": 0.3, "tone": "formal", "no_training": True}


class CustomerChange(Body):
    """What is left out stays as it is. `no_training`: their words teach nothing any more."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    intensity: float | None = Field(None, ge=0, le=1)
    tone: Literal["coach", "neutral", "formal"] | None = None
    locale: Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$", max_length=5)] | None = None
    no_training: bool | None = None


class CustomerShown(Shown):
    """`merged_into` is who this person turned out to be."""

    id: UUID
    name: str | None
    locale: str | None
    intensity: float
    tone: str
    no_training: bool
    opted_out_at: Moment | None
    merged_into: UUID | None
    created_at: Moment


class CustomersWanted(Paging):
    """`q` is how a name begins, or a number or name on a network."""

    q: Word | None = None


@dataclass(frozen=True, slots=True)
class Customers:
    house: House
    rights: Rights

    def routes(self) -> Sequence[Route]:
        route, one = self.house.route, "/customers/{customer}"
        read, write = Perm.CUSTOMER_READ, Perm.CUSTOMER_WRITE
        return [
            route("GET", "/customers", self.list_customers, read, Listed[CustomerShown]),
            route("GET", one, self.get_customer, read, CustomerShown),
            route("PATCH", one, self.change_customer, write, CustomerShown),
        ]

    async def list_customers(self, wanted: Annotated[CustomersWanted, Query()]) -> Response:
        """Everybody who ever wrote, in the order of their ids."""
        row, house = Customer, self.house
        query = select(row).where(row.shop_id == house.shop, ~nobody(house.shop))
        async with house.store.tenant(house.shop) as session:
            if wanted.q is not None:
                ids = await customers.named(session, house.shop, wanted.q)
                query = query.where(row.id.in_(ids))
            rows, cursor = await house.page(session, query, (row.id,), wanted, rising=True)
        items = [CustomerShown.model_validate(one) for one in rows]
        return shown(Listed(items=items, next_cursor=cursor))

    async def get_customer(self, customer: UUID, if_none_match: IfNoneMatch = None) -> Response:
        """One customer, with their ETag."""
        async with self.house.store.tenant(self.house.shop) as session:
            found = CustomerShown.model_validate(await self._found(session, customer))
        return tagged(found, if_none_match)

    async def change_customer(
        self, request: Request, customer: UUID, given: CustomerChange, if_match: IfMatch = None
    ) -> Response:
        """How the bot speaks to them from now on, and whether their words teach it: that is written
        down as what they asked. Needs If-Match."""
        told, what = given.model_dump(exclude_none=True), f"customer:{customer}"
        async with self.house.together() as house:
            async with house.store.tenant(house.shop) as session:
                row = await self._found(session, customer, lock=True)
                before = CustomerShown.model_validate(row)
                matches(before, if_match)
                was = before.model_dump(include=set(told))
                for name in told.keys() - {"no_training"}:
                    setattr(row, name, told[name])
                await house.note(session, request, "customer.changed", what, before=was, after=told)
            to = given.no_training
            if to is not None and to is not before.no_training:
                rights = replace(self.rights, store=house.store).acting(actor_of(request))
                await rights.oppose(customer, by_whom(request), to=to)
        async with self.house.store.tenant(self.house.shop) as session:
            return tagged(CustomerShown.model_validate(await self._found(session, customer)))

    async def _found(self, session: WriteSession, which: UUID, *, lock: bool = False) -> Customer:
        """Raises Problem."""
        found = await session.get(Customer, (self.house.shop, which), with_for_update=lock)
        if found is None:
            raise Problem("not_found")
        return found
