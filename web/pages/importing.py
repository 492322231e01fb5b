"""A shop's catalogue from a file: looked at before it is taken, and taken back within a day."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from knowledge.extraction import TooManyFiles
from knowledge.importing import service
from knowledge.importing.errors import ImportRefused
from knowledge.importing.service import Proposal
from knowledge.importing.sheets import LARGEST, ROWS
from knowledge.uploads import Uploads
from services.clock import Clock, now
from services.files import Files
from store.audit import record
from store.session import Store
from web import catalogue, csv
from web.identity import actor_of, identity_of
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route

HOME = "/catalogo"
DRAFTS = "drafts"


@dataclass(frozen=True)
class Taking:
    """The road that every change of the catalogue takes: checked, noted, and undone."""

    store: Store
    shop: UUID
    clock: Clock = now
    rows: int = ROWS
    a_day: int | None = None

    @property
    def uploads(self) -> Uploads:
        return Uploads(self.store, self.shop, self.a_day)

    async def proposed(
        self, name: str, data: bytes, said: dict[str, str], *, skip_bad: bool, off: bool = False
    ) -> Proposal:
        wanted = service.Wanted(said, skip_bad, off, self.rows)
        return await service.propose(self.store, self.shop, name[:200], data, wanted)

    async def applied(self, request: Request, proposal: Proposal) -> None:
        who = identity_of(request)
        done = await service.apply(self.store, proposal, by=who.name, at=self.clock())
        if done.id is not None:
            await self.note(request, "catalogue.imported", done.id, done.counts)

    async def note(
        self, request: Request, action: str, one: UUID, after: Mapping[str, int] = {}
    ) -> None:
        async with self.store.tenant(self.shop) as session:
            who = actor_of(request)
            await record(session, self.shop, who, action, f"import:{one}", after=after)


@dataclass(frozen=True)
class ImportPages:
    """`files` keeps what was uploaded between its preview and the yes to it."""

    pages: Pages
    taking: Taking
    currency: str
    files: Files

    def routes(self) -> Sequence[Route]:
        read, write = Perm.CATALOGUE_READ, Perm.CATALOGUE_WRITE
        return [
            Route("GET", f"{HOME}/plantilla.csv", self.template, read),
            Route("GET", f"{HOME}/importar", self.ask, write),
            Route("POST", f"{HOME}/importar", self.preview, write),
            Route("POST", f"{HOME}/importar/{{sha}}", self.apply, write),
            Route("POST", f"{HOME}/importar/{{sha}}/columnas", self.read_again, write),
            Route("POST", f"{HOME}/importaciones/{{one}}/deshacer", self.undo, write),
        ]

    async def template(self) -> Response:
        rows = [
            (
                "POL-001",
                "Polera negra",
                "Algodón, talla M",
                "Ropa",
                "polera, camiseta",
                9990,
                12,
                "sí",
            )
        ]
        return csv.answer("plantilla-catalogo", catalogue.COLUMNS, csv.each(rows))

    async def ask(self, request: Request) -> Response:
        return self._page(request, "importar.html", refused=None)

    async def preview(
        self,
        request: Request,
        archivo: UploadFile | None = None,
        pegado: Annotated[str, Form(max_length=900_000)] = "",
    ) -> Response:
        data = await archivo.read() if archivo and archivo.filename else pegado.encode()
        name = (archivo.filename if archivo else None) or "tabla pegada"
        if not data.strip():
            refused = ImportRefused("empty", "", "")
            return self._page(request, "importar.html", status=422, refused=refused)
        said = _columns(await request.form())
        return await self._previewed(request, name, data, said, fresh=True)

    async def read_again(
        self, request: Request, sha: str, nombre: Annotated[str, Form(max_length=200)] = ""
    ) -> Response:
        """The same file, with what was said of its columns."""
        path = self._kept(sha)
        if path is None:
            return self.pages.missing(request, f"{HOME}/importar")
        data = await asyncio.to_thread(path.read_bytes)
        return await self._previewed(request, nombre, data, _columns(await request.form()))

    async def _previewed(
        self, request: Request, name: str, data: bytes, said: dict[str, str], *, fresh: bool = False
    ) -> Response:
        """A `fresh` one counts among the files of a day."""
        taking, at = self.taking, self.taking.clock()
        try:
            if fresh:
                await taking.uploads.look(at)
            proposal = await taking.proposed(name, data, said, skip_bad=True)
            if fresh:
                await taking.uploads.note(name[:200], proposal.sha256, actor_of(request), at)
        except TooManyFiles as error:
            wait_s = error.retry_s
            return self._page(request, "importar.html", status=429, wait_s=wait_s, refused=None)
        except ImportRefused as refused:
            return self._page(request, "importar.html", status=422, refused=refused)
        await asyncio.to_thread(self.files.keep, self._drafts, data)
        return self._page(request, "vista_previa.html", proposal=proposal, refused=None, said=said)

    async def apply(
        self,
        request: Request,
        sha: str,
        nombre: Annotated[str, Form(max_length=200)] = "",
        apagar: Annotated[str, Form()] = "",
    ) -> Response:
        path = self._kept(sha)
        if path is None:
            return self.pages.missing(request, f"{HOME}/importar")
        said = _columns(await request.form())
        data = await asyncio.to_thread(path.read_bytes)
        try:
            proposal = await self.taking.proposed(
                nombre, data, said, skip_bad=True, off=bool(apagar)
            )
            await self.taking.applied(request, proposal)
        except ImportRefused as refused:
            return self._page(request, "importar.html", status=409, refused=refused)
        await asyncio.to_thread(self.files.forget, f"{self._drafts}/{sha[:2]}/{sha}")
        return RedirectResponse(f"{HOME}?hecho=aplicado", 303)

    async def undo(self, request: Request, one: UUID) -> Response:
        taking, who = self.taking, identity_of(request)
        try:
            done = await service.undo(
                taking.store, taking.shop, one, by=who.name, at=taking.clock()
            )
        except ImportRefused as refused:
            return self._page(request, "importar.html", status=409, refused=refused)
        await self.taking.note(request, "catalogue.undone", one)
        left = "parte" if done.left else "deshecho"
        return RedirectResponse(f"{HOME}?hecho={left}", 303)

    def _kept(self, sha: str) -> Path | None:
        return self.files.path(f"{self._drafts}/{sha[:2]}/{sha}") if sha.isalnum() else None

    @property
    def _drafts(self) -> str:
        return f"{self.taking.shop}/{DRAFTS}"

    def _page(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        **values: Any,  # noqa: ANN401  what a template shows
    ) -> Response:
        told: dict[str, Any] = {
            "currency": self.currency,
            "mb": LARGEST // 1024**2,
            "rows": self.taking.rows,
        }
        return self.pages.answer(request, template, status=status, **told, **values)


def _columns(form: FormData) -> dict[str, str]:
    """Which column somebody said holds which field."""
    return {key[2:]: str(value) for key, value in form.items() if key[:2] == "c_" and value}
