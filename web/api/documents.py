"""What the bot has read: files left to be read, what stands in answers, and its parts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Form, Query, Request, UploadFile
from fastapi.responses import Response
from pydantic import ConfigDict
from sqlalchemy import select

from config.manners import HoursSettings
from knowledge.documents import File as Given
from knowledge.ingest import Ingest
from store.knowledge import Chunk, Document
from store.passages import hold
from store.session import WriteSession
from text.folding import clean
from web.api.house import ROOT, House
from web.api.problems import Problem
from web.api.shapes import (
    NO_NUL,
    Body,
    IfMatch,
    IfNoneMatch,
    Listed,
    Moment,
    Note,
    Paging,
    Shown,
    Word,
)
from web.api.versions import matches, shown, tagged
from web.identity import actor_of
from web.library import Day, end_of, last_day
from web.permissions import Perm
from web.routing import Route

NAME = 200


class DocumentChange(Body):
    """What is left out stays as it is. What is not `active` is out of answers at once, and so is
    what was `valid_until` a day before today, by the shop's clock; null is for ever."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"title": "Política de cambios", "active": True}]},
    )

    title: Word | None = None
    description: Note | None = None
    active: bool | None = None
    valid_until: Day | None = None


class DocumentShown(Shown):
    """`waiting`: a file of it is still to be read. `problem` is why the last one was refused."""

    id: UUID
    title: str
    description: str
    file_name: str
    format: str
    size: int
    sha256: str
    pages: int
    passages: int
    processed: bool
    active: bool
    valid_until: date | None
    waiting: bool
    problem: str | None
    flags: list[dict[str, Any]]
    created_at: Moment
    updated_at: Moment


class Taken(Shown):
    """`outcome` is new, replaced, unchanged or waiting."""

    id: UUID
    title: str
    format: str
    outcome: str
    pages: int
    passages: int


class ChunkShown(Shown):
    id: UUID
    place: int
    heading: str
    text: str
    tokens: int


class DocumentsWanted(Paging):
    active: bool | None = None


@dataclass(frozen=True, slots=True)
class Documents:
    house: House
    ingest: Ingest | None
    hours: HoursSettings

    def routes(self) -> Sequence[Route]:
        route, many, one = self.house.route, "/documents", "/documents/{document}"
        read, write = Perm.DOCUMENT_READ, Perm.DOCUMENT_WRITE
        found = [
            route("GET", many, self.list_documents, read, Listed[DocumentShown]),
            route("GET", one, self.get_document, read, DocumentShown),
            route("GET", f"{one}/chunks", self.list_chunks, read, Listed[ChunkShown]),
        ]
        if self.ingest is None:
            return found
        return [
            *found,
            route("POST", many, self.upload_document, write, Taken, status_code=201),
            route("PATCH", one, self.change_document, write, DocumentShown),
            route("DELETE", one, self.remove_document, write, status_code=204),
        ]

    async def list_documents(self, wanted: Annotated[DocumentsWanted, Query()]) -> Response:
        """Documents by the names of their files."""
        row, house = Document, self.house
        query = select(row).where(row.shop_id == house.shop)
        if wanted.active is not None:
            query = query.where(row.active.is_(wanted.active))
        async with house.store.tenant(house.shop) as session:
            rows, cursor = await house.page(session, query, (row.file_name,), wanted, rising=True)
        return shown(Listed(items=[_shown(one, self.zone) for one in rows], next_cursor=cursor))

    async def upload_document(
        self,
        request: Request,
        file: UploadFile,
        title: Annotated[str, Form(max_length=NAME, pattern=NO_NUL)] = "",
        description: Annotated[str, Form(max_length=1_000, pattern=NO_NUL)] = "",
        valid_until: Annotated[Day | None, Form()] = None,
    ) -> Response:
        """A PDF, Word document or text of at most 20 MB; the same file name again replaces what it
        said. A large one is read by a worker: `waiting`, answered with 202."""
        name = clean(PurePath(file.filename or "").name).strip()[:NAME]
        if not name:
            raise Problem("refused", "The file needs a name.")
        ingest = self._ingest(request)
        said = (clean(title).strip(), clean(description).strip())
        end = end_of(valid_until, self.zone) if valid_until else None
        given = Given(name, await file.read(), *said, lapses_at=end)
        taken = await ingest.take(self.house.shop, given)
        status = 202 if taken.outcome == "waiting" else 201
        headers = {"Location": f"{ROOT}/documents/{taken.id}"}
        return shown(Taken.model_validate(taken), status, headers)

    async def get_document(self, document: UUID, if_none_match: IfNoneMatch = None) -> Response:
        """One document, with its ETag."""
        return tagged(await self._read(document), if_none_match)

    async def change_document(
        self, request: Request, document: UUID, given: DocumentChange, if_match: IfMatch = None
    ) -> Response:
        """Its title and description, until when it holds, and whether it stands in answers. Needs
        If-Match."""
        told = given.model_dump(mode="json", exclude_none=True)
        dated = "valid_until" in given.model_fields_set
        if dated:
            told["valid_until"] = given.valid_until and given.valid_until.isoformat()
        async with self.house.together() as house:
            async with house.store.batch() as connection:
                await hold(connection, house.shop)
            async with house.store.tenant(house.shop) as session:
                row = await self._found(session, document, lock=True)
                matches(_shown(row, self.zone), if_match)
                for name in told.keys() & {"title", "description"}:
                    setattr(row, name, told[name])
                if dated:
                    day = given.valid_until
                    row.lapses_at = end_of(day, self.zone) if day else None
            if given.active is not None:
                ingest = replace(self._ingest(), store=house.store)
                await ingest.switch(house.shop, document, active=given.active)
            await house.tell(request, "document.changed", f"document:{document}", told)
        return tagged(await self._read(document))

    async def remove_document(
        self, request: Request, document: UUID, if_match: IfMatch = None
    ) -> Response:
        """With its file, and out of answers at once. Needs If-Match."""
        before = await self._read(document)
        matches(before, if_match)
        await self._ingest(request).remove(self.house.shop, document)
        return Response(status_code=204)

    async def list_chunks(self, document: UUID, wanted: Annotated[Paging, Query()]) -> Response:
        """Its parts in order, as models read them."""
        row, house = Chunk, self.house
        query = select(row).where(row.shop_id == house.shop, row.document_id == document)
        async with house.store.tenant(house.shop) as session:
            await self._found(session, document)
            rows, cursor = await house.page(
                session, query, (row.place, row.id), wanted, rising=True
            )
        items = [ChunkShown.model_validate(one) for one in rows]
        return shown(Listed(items=items, next_cursor=cursor))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.hours.timezone)

    def _ingest(self, request: Request | None = None) -> Ingest:
        """Whose acts are those of whoever asks, where that is told."""
        if self.ingest is None:
            raise Problem("unavailable")
        return replace(self.ingest, actor=actor_of(request) if request else None)

    async def _read(self, which: UUID) -> DocumentShown:
        async with self.house.store.tenant(self.house.shop) as session:
            return _shown(await self._found(session, which), self.zone)

    async def _found(self, session: WriteSession, which: UUID, *, lock: bool = False) -> Document:
        """Raises Problem."""
        found = await session.get(Document, (self.house.shop, which), with_for_update=lock)
        if found is None:
            raise Problem("not_found")
        return found


def _shown(row: Document, zone: ZoneInfo) -> DocumentShown:
    names = DocumentShown.model_fields.keys() - {"waiting", "valid_until"}
    told = {name: getattr(row, name) for name in names}
    until = last_day(row.lapses_at, zone) if row.lapses_at else None
    return DocumentShown(**told, waiting=row.waiting is not None, valid_until=until)
