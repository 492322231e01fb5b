"""What the shop's people say often: written once, called up by what follows a slash."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field
from sqlalchemy import select

from store.inbox import CannedReply
from store.session import WriteSession
from text.folding import clean
from web import filing
from web.api.house import ROOT, House, by_whom
from web.api.problems import Problem
from web.api.shapes import SAYS, Body, IfMatch, IfNoneMatch, Listed, Paging, Shown
from web.api.versions import matches, shown, tagged
from web.permissions import Perm
from web.routing import Route

LONGEST = 2_000
Words = Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=SAYS)]


class ReplyChange(Body):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"text": "Despachamos en 24 horas hábiles."}]},
    )

    text: Words


class NewReply(ReplyChange):
    """`key` is one word: blanks become hyphens."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"key": "despacho", "text": "Despachamos en 24 horas hábiles."}]
        },
    )

    key: Annotated[str, Field(min_length=1, max_length=filing.KEY, pattern=SAYS)]


class ReplyShown(Shown):
    id: UUID
    key: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Replies:
    house: House

    def routes(self) -> Sequence[Route]:
        route, many, one = self.house.route, "/quick-replies", "/quick-replies/{reply}"
        read, write, shape = Perm.CONVERSATION_READ, Perm.CONVERSATION_WRITE, ReplyShown
        return [
            route("GET", many, self.list_quick_replies, read, Listed[ReplyShown]),
            route("POST", many, self.create_quick_reply, write, shape, status_code=201),
            route("GET", one, self.get_quick_reply, read, shape),
            route("PUT", one, self.change_quick_reply, write, shape),
            route("DELETE", one, self.remove_quick_reply, write, status_code=204),
        ]

    async def list_quick_replies(self, wanted: Annotated[Paging, Query()]) -> Response:
        """By their keys."""
        row, house = CannedReply, self.house
        query = select(row).where(row.shop_id == house.shop)
        async with house.store.tenant(house.shop) as session:
            rows, cursor = await house.page(session, query, (row.key,), wanted, rising=True)
        items = [ReplyShown.model_validate(one) for one in rows]
        return shown(Listed(items=items, next_cursor=cursor))

    async def create_quick_reply(self, request: Request, given: NewReply) -> Response:
        """A key of its own, a hundred at most."""
        house = self.house
        key, text = filing.key_of(clean(given.key, filing.KEY)), _said(given.text)
        if not key:
            raise Problem("refused", "The key says nothing.")
        async with house.store.tenant(house.shop) as session:
            if await filing.canned(session, house.shop, key) is not None:
                raise Problem("conflict", f"There is a quick reply {key} already.")
            await filing.keep_canned(session, house.shop, key, text, by_whom(request))
            made = await filing.canned(session, house.shop, key)
            if made is None:
                raise Problem("refused", f"A shop has {filing.CANNED} of them at most.")
            answer = tagged(ReplyShown.model_validate(made), status=201)
        answer.headers["Location"] = f"{ROOT}/quick-replies/{made.id}"
        return answer

    async def get_quick_reply(self, reply: UUID, if_none_match: IfNoneMatch = None) -> Response:
        """One of them, with its ETag."""
        async with self.house.store.tenant(self.house.shop) as session:
            found = await self._found(session, reply)
        return tagged(ReplyShown.model_validate(found), if_none_match)

    async def change_quick_reply(
        self, request: Request, reply: UUID, given: ReplyChange, if_match: IfMatch = None
    ) -> Response:
        """What it says from now on. Needs If-Match."""
        text = _said(given.text)
        async with self.house.store.tenant(self.house.shop) as session:
            row = await self._found(session, reply, lock=True)
            matches(ReplyShown.model_validate(row), if_match)
            row.text, row.by = text, by_whom(request)
            return tagged(ReplyShown.model_validate(row))

    async def remove_quick_reply(self, reply: UUID, if_match: IfMatch = None) -> Response:
        """Nobody says it by its key any more. Needs If-Match."""
        house = self.house
        async with house.store.tenant(house.shop) as session:
            matches(
                ReplyShown.model_validate(await self._found(session, reply, lock=True)), if_match
            )
            await filing.drop_canned(session, house.shop, reply)
        return Response(status_code=204)

    async def _found(
        self, session: WriteSession, which: UUID, *, lock: bool = False
    ) -> CannedReply:
        """Raises Problem."""
        found = await session.get(CannedReply, (self.house.shop, which), with_for_update=lock)
        if found is None:
            raise Problem("not_found")
        return found


def _said(text: str) -> str:
    """Raises Problem."""
    said = clean(text, LONGEST).strip()
    if not said:
        raise Problem("refused", "The reply says nothing.")
    return said
