"""Who asks, and the keys of programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import AwareDatetime, ConfigDict, Field, field_validator
from sqlalchemy import select

from store.api_keys import ApiKey
from web.api.house import House
from web.api.problems import Problem
from web.api.shapes import Body, Listed, Moment, Paging, Shown, Word
from web.api.versions import shown, tagged
from web.identity import actor_of, identity_of
from web.keys import Wanted, make_key, revoke
from web.permissions import Perm, allowed, is_scope
from web.routing import Route


class Me(Shown):
    """`permissions` are what this key, or this person, may do."""

    role: str
    name: str
    shop: UUID
    person: UUID | None
    by: str
    permissions: list[str]


class NewKey(Body):
    """A scope is `serving`, `training`, `rollout`, `reading`, or a single permission."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "CRM", "scopes": ["serving"]}]}
    )

    name: Word
    scopes: list[Word] = Field(min_length=1, max_length=40)
    expires_at: AwareDatetime | None = None

    @field_validator("scopes")
    @classmethod
    def known(cls, scopes: list[str]) -> list[str]:
        if wrong := next((one for one in scopes if not is_scope(one)), None):
            raise ValueError(f"there is no scope {wrong!r}")
        return scopes


class KeyShown(Shown):
    id: UUID
    name: str
    scopes: list[str]
    made_by: str
    created_at: Moment
    expires_at: Moment | None
    last_used_at: Moment | None
    revoked_at: Moment | None


class KeyMade(KeyShown):
    """`key` is shown this once."""

    key: str


@dataclass(frozen=True, slots=True)
class People:
    house: House

    def routes(self) -> Sequence[Route]:
        route, keys = self.house.route, "/api-keys"
        write = Perm.KEY_WRITE
        return [
            route("GET", "/me", self.who_am_i, Perm.SETTINGS_READ, Me),
            route("GET", keys, self.list_api_keys, write, Listed[KeyShown]),
            route(
                "POST", keys, self.create_api_key, write, KeyMade, status_code=201, repeats=False
            ),
            route("DELETE", f"{keys}/{{key}}", self.revoke_api_key, write, status_code=204),
        ]

    async def who_am_i(self, request: Request) -> Response:
        """Who asks, for which shop, and what they may do."""
        who = identity_of(request)
        told = {name: getattr(who, name) for name in ("role", "name", "shop", "person", "by")}
        return tagged(Me(**told, permissions=sorted(who.permissions)))

    async def list_api_keys(self, wanted: Annotated[Paging, Query()]) -> Response:
        """Keys of programs, the newest first; revoked ones too."""
        row, house = ApiKey, self.house
        query = select(row).where(row.shop_id == house.shop)
        async with house.store.tenant(house.shop) as session:
            rows, cursor = await house.page(session, query, (row.created_at, row.id), wanted)
        items = [KeyShown.model_validate(one) for one in rows]
        return shown(Listed(items=items, next_cursor=cursor))

    async def create_api_key(self, request: Request, given: NewKey) -> Response:
        """A key with scopes; nothing of ours can ever show it again."""
        if more := allowed(given.scopes) - identity_of(request).permissions:
            what = f"A key may do no more than who makes it: you lack {', '.join(sorted(more))}."
            raise Problem("forbidden", what)
        house, wanted = self.house, Wanted(given.name, given.scopes, given.expires_at)
        async with house.store.tenant(house.shop) as session:
            which, key = await make_key(session, house.shop, actor_of(request), wanted, house.clock)
            row = await session.get_one(ApiKey, (house.shop, which))
            told = KeyShown.model_validate(row).model_dump()
        return shown(KeyMade(**told, key=key), 201)

    async def revoke_api_key(self, request: Request, key: UUID) -> Response:
        """It opens nothing from now on."""
        house = self.house
        async with house.store.tenant(house.shop) as session:
            if not await revoke(session, house.shop, actor_of(request), key, house.clock):
                raise Problem("not_found")
        return Response(status_code=204)
