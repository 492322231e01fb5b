"""What the shop's people write about a conversation for each other: no customer reads it, and
nothing of it teaches the bot."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field
from sqlalchemy import select

from store.inbox import Note
from text.folding import clean
from web import filing
from web.api.house import House, by_whom
from web.api.problems import Problem
from web.api.shapes import SAYS, Body, Listed, Moment, Paging, Shown
from web.api.versions import shown
from web.permissions import Perm
from web.routing import Route

LONGEST = 2_000


class NewNote(Body):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": "Prefiere que la llamen"}]}
    )

    text: Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=SAYS)]


class NoteShown(Shown):
    id: UUID
    by: str
    text: str
    at: Moment


@dataclass(frozen=True, slots=True)
class Notes:
    house: House

    def routes(self) -> Sequence[Route]:
        route, place = self.house.route, "/conversations/{conversation}/notes"
        read, write = Perm.CONVERSATION_READ, Perm.CONVERSATION_WRITE
        return [
            route("GET", place, self.list_notes, read, Listed[NoteShown]),
            route("POST", place, self.write_note, write, NoteShown, status_code=201),
        ]

    async def list_notes(self, conversation: UUID, wanted: Annotated[Paging, Query()]) -> Response:
        """What was noted, the newest first."""
        row, house = Note, self.house
        query = select(row).where(row.shop_id == house.shop, row.conversation_id == conversation)
        async with house.store.tenant(house.shop) as session:
            if not await filing.known(session, house.shop, conversation):
                raise Problem("not_found")
            rows, cursor = await house.page(session, query, (row.at, row.id), wanted)
        items = [NoteShown.model_validate(one) for one in rows]
        return shown(Listed(items=items, next_cursor=cursor))

    async def write_note(self, request: Request, conversation: UUID, given: NewNote) -> Response:
        """Read by the shop's people alone."""
        house, at = self.house, self.house.clock()
        text = clean(given.text, LONGEST).strip()
        if not text:
            raise Problem("refused", "The note says nothing.")
        async with house.store.tenant(house.shop) as session:
            if not await filing.known(session, house.shop, conversation):
                raise Problem("not_found")
            by = by_whom(request)
            which = await filing.note(session, house.shop, conversation, at, by=by, text=text)
        return shown(NoteShown(id=which, by=by, text=text, at=at), 201)
