"""The seller's documents: left to be read, looked into, asked a question, in and out of answers."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from typing import Annotated, TypeAlias
from uuid import UUID

from fastapi import File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from knowledge.documents import File as Kept
from knowledge.extraction import DocumentRefused, TooManyFiles
from knowledge.ingest import Ingest
from knowledge.search import Search
from services.clock import Clock, now
from store.session import Store
from web import library
from web.hands import hand_of
from web.identity import actor_of
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route
from web.shield import FILE_MB

HOME = "/documentos"
MOST = 20
"""Files in one go."""
Offer: TypeAlias = Callable[[UUID], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What reads a document: files are left by `ingest`, and `offer` tells a worker of one."""

    ingest: Ingest
    offer: Offer


@dataclass(frozen=True)
class Documents:
    pages: Pages
    store: Store
    shop: UUID
    reading: Reading
    search: Search
    zone: tzinfo = UTC
    clock: Clock = now

    def routes(self) -> Sequence[Route]:
        one = f"{HOME}/{{document}}"
        return [
            Route("GET", HOME, self.show, Perm.DOCUMENT_READ),
            Route("POST", HOME, self.leave, Perm.DOCUMENT_WRITE),
            Route("GET", one, self.detail, Perm.DOCUMENT_READ),
            Route("POST", one, self.describe, Perm.DOCUMENT_WRITE),
            Route("POST", f"{one}/estado", self.switch, Perm.DOCUMENT_WRITE),
            Route("POST", f"{one}/quitar", self.remove, Perm.DOCUMENT_WRITE),
        ]

    async def show(
        self, request: Request, pregunta: str = "", desde: str = "", hecho: str = ""
    ) -> Response:
        return await self._shown(request, pregunta[:500], desde[:300], done=hecho)

    async def _shown(
        self,
        request: Request,
        question: str = "",
        after: str = "",
        *,
        done: str = "",
        refused: Sequence[tuple[str, str]] = (),
        wait_s: int = 0,
    ) -> Response:
        async with self.store.tenant(self.shop) as session:
            found = await library.listed(session, self.shop, self._here(), after)
            out = await library.withheld(session, self.shop, question, self._here())
        shown, rest = found[: library.SHOWN], found[library.SHOWN :]
        answer = await self.search.search(self.shop, question) if question.strip() else None
        caps = self.reading.ingest.reader.caps
        return self.pages.answer(
            request,
            "documentos.html",
            status=429 if wait_s else 422 if refused else 200,
            wait_s=wait_s,
            mb=min(caps.size // 1024**2, FILE_MB),
            most_pages=caps.pages,
            listed=shown,
            following=library.cursor_of(shown[-1].document) if rest else "",
            after=after,
            question=question,
            answer=answer,
            withheld=out,
            done=done,
            refused=refused,
        )

    async def leave(
        self,
        request: Request,
        archivos: Annotated[list[UploadFile], File()],
        hasta: Annotated[library.Day | None, Form()] = None,
    ) -> Response:
        """A worker reads them: what a stranger wrote is never opened in the process of the pages.

        One bad file does not keep the others out.
        """
        refused: list[tuple[str, str]] = []
        wait_s = 0
        ingest, lapses_at = self._ingest(request), self._end(hasta)
        for upload in archivos[:MOST]:
            if not upload.filename:
                continue
            try:
                data = await upload.read()
                given = Kept(upload.filename[:200], data, lapses_at=lapses_at)
                left = await ingest.leave(self.shop, given)
            except DocumentRefused as error:
                refused.append((upload.filename, error.problem))
                wait_s = error.retry_s if isinstance(error, TooManyFiles) else wait_s
            else:
                await self.reading.offer(left.id)
        if refused:
            return await self._shown(request, refused=refused, wait_s=wait_s)
        return RedirectResponse(f"{HOME}?hecho=recibido", 303)

    async def detail(self, request: Request, document: UUID, desde: int = -1) -> Response:
        async with self.store.tenant(self.shop) as session:
            found = await library.read(session, self.shop, document, self._here(), desde)
        if found is None:
            return self.pages.missing(request, HOME)
        return self.pages.answer(request, "documento.html", found=found, after=desde)

    async def describe(
        self,
        request: Request,
        document: UUID,
        titulo: Annotated[str, Form(max_length=200)] = "",
        descripcion: Annotated[str, Form(max_length=1000)] = "",
        hasta: Annotated[library.Day | None, Form()] = None,
    ) -> Response:
        title = titulo.strip()
        told = (title, descripcion.strip(), self._end(hasta))
        noted = {"title": title} | ({"valid_until": hasta.isoformat()} if hasta else {})
        hand = hand_of(request, self.clock())
        async with self.store.tenant(self.shop) as session:
            known = await library.describe(session, self.shop, document, told)
            if known:
                await hand.note(session, "document.changed", f"document:{document}", **noted)
        if not known:
            return self.pages.missing(request, HOME)
        return RedirectResponse(f"{HOME}/{document}", 303)

    async def switch(
        self, request: Request, document: UUID, activo: Annotated[bool, Form()]
    ) -> Response:
        if not await self._ingest(request).switch(self.shop, document, active=activo):
            return self.pages.missing(request, HOME)
        return RedirectResponse(f"{HOME}?hecho={'encendido' if activo else 'apagado'}", 303)

    async def remove(self, request: Request, document: UUID) -> Response:
        if not await self._ingest(request).remove(self.shop, document):
            return self.pages.missing(request, HOME)
        return RedirectResponse(f"{HOME}?hecho=quitado", 303)

    def _here(self) -> datetime:
        return self.clock().astimezone(self.zone)

    def _end(self, day: date | None) -> datetime | None:
        return library.end_of(day, self.zone) if day else None

    def _ingest(self, request: Request) -> Ingest:
        """Whose acts are those of whoever asks."""
        return replace(self.reading.ingest, actor=actor_of(request))
