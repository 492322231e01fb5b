"""The seller's catalogue: looked through, corrected by hand, taken from a file and taken back."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from knowledge.importing import service
from knowledge.importing.errors import ImportRefused
from knowledge.importing.service import Proposal
from services.clock import Clock, now
from services.files import Files
from store import imports
from store.session import Store
from web import catalogue, csv
from web.catalogue import Wanted
from web.identity import identity_of
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route
from web.security import local

HOME = "/catalogo"
SHA = r"^[0-9a-f]{64}$"
BY_HAND = "página"
DRAFTS = "drafts"


@dataclass(frozen=True)
class CataloguePages:
    """`files` keeps what was uploaded between its preview and the yes to it."""

    pages: Pages
    store: Store
    shop: UUID
    currency: str
    files: Files
    clock: Clock = now

    def routes(self) -> Sequence[Route]:
        read, write = Perm.CATALOGUE_READ, Perm.CATALOGUE_WRITE
        return [
            Route("GET", HOME, self.show, read),
            Route("GET", f"{HOME}.csv", self.download, read),
            Route("GET", f"{HOME}/plantilla.csv", self.template, read),
            Route("GET", f"{HOME}/nuevo", self.blank, write),
            Route("POST", f"{HOME}/producto", self.save, write),
            Route("GET", f"{HOME}/importar", self.ask, write),
            Route("POST", f"{HOME}/importar", self.preview, write),
            Route("POST", f"{HOME}/importar/{{sha}}", self.apply, write),
            Route("POST", f"{HOME}/importaciones/{{one}}/deshacer", self.undo, write),
            Route("GET", f"{HOME}/producto/{{sku:path}}", self.edit, read),
        ]

    async def show(
        self,
        request: Request,
        busca: str = "",
        estado: Literal["", "activos", "apagados", "agotados"] = "",
        desde: str = "",
        hecho: str = "",
    ) -> Response:
        wanted = Wanted(busca.strip()[:100], estado, desde[:200])
        async with self.store.tenant(self.shop) as session:
            found = await catalogue.listed(session, self.shop, wanted)
            recent = (await imports.recent(session, self.shop))[:5]
        return self._page(
            request,
            "catalogo.html",
            wanted=wanted,
            found=found,
            imports=recent,
            undoable={one.id for one in recent if self._undoable(one)},
            done=hecho,
            following=self._address(wanted, found.following) if found.following else "",
        )

    def _undoable(self, one: imports.CatalogueImport) -> bool:
        return one.state != "undone" and self.clock() - one.at < service.REGRET

    def _address(self, wanted: Wanted, after: str) -> str:
        query = {"busca": wanted.text, "estado": wanted.state, "desde": after}
        return f"{HOME}?{urlencode({name: value for name, value in query.items() if value})}"

    async def download(self) -> Response:
        async def rows() -> AsyncIterator[Sequence[Any]]:
            async with self.store.tenant(self.shop) as session:
                async for row in catalogue.every_one(session, self.shop):
                    yield row

        return csv.answer("catalogo", catalogue.COLUMNS, rows())

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

    async def blank(self, request: Request) -> Response:
        return self._page(request, "producto.html", product=None, given={}, refused=None)

    async def edit(self, request: Request, sku: str) -> Response:
        async with self.store.tenant(self.shop) as session:
            product = await catalogue.of(session, self.shop, sku)
        if product is None:
            return self.pages.missing(request, HOME)
        return self._page(request, "producto.html", product=product, given={}, refused=None)

    async def save(self, request: Request, sigue: Annotated[str, Form()] = "") -> Response:
        """The road of a file of one line: checked, noted, and undone like any other."""
        form = await request.form()
        given = {name: str(form[name]) for name in catalogue.FIELDS if name in form}
        given["active"] = "sí" if form.get("active") else "no"
        try:
            proposal = await self._proposed(BY_HAND, catalogue.as_file(given), {}, skip_bad=False)
            _whole(proposal)
            await self._applied(request, proposal)
        except ImportRefused as refused:
            async with self.store.tenant(self.shop) as session:
                product = await catalogue.of(session, self.shop, given.get("sku", ""))
            return self._page(
                request, "producto.html", status=422, product=product, given=given, refused=refused
            )
        return RedirectResponse(local(sigue, f"{HOME}?hecho=guardado"), 303)

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
        form = await request.form()
        said = {key[2:]: str(value) for key, value in form.items() if key[:2] == "c_" and value}
        return await self._previewed(request, name, data, said)

    async def _previewed(
        self, request: Request, name: str, data: bytes, said: dict[str, str]
    ) -> Response:
        try:
            proposal = await self._proposed(name, data, said, skip_bad=True)
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
        path = self.files.path(f"{self._drafts}/{sha[:2]}/{sha}") if sha.isalnum() else None
        if path is None:
            return self.pages.missing(request, f"{HOME}/importar")
        form = await request.form()
        said = {key[2:]: str(value) for key, value in form.items() if key[:2] == "c_" and value}
        data = await asyncio.to_thread(path.read_bytes)
        try:
            proposal = await self._proposed(nombre, data, said, skip_bad=True, off=bool(apagar))
            await self._applied(request, proposal)
        except ImportRefused as refused:
            return self._page(request, "importar.html", status=409, refused=refused)
        await asyncio.to_thread(self.files.forget, f"{self._drafts}/{sha[:2]}/{sha}")
        return RedirectResponse(f"{HOME}?hecho=aplicado", 303)

    async def undo(self, request: Request, one: UUID) -> Response:
        who = identity_of(request)
        try:
            done = await service.undo(self.store, self.shop, one, by=who.name, at=self.clock())
        except ImportRefused as refused:
            return self._page(request, "importar.html", status=409, refused=refused)
        left = "parte" if done.left else "deshecho"
        return RedirectResponse(f"{HOME}?hecho={left}", 303)

    async def _proposed(
        self, name: str, data: bytes, said: dict[str, str], *, skip_bad: bool, off: bool = False
    ) -> Proposal:
        wanted = service.Wanted(said, skip_bad, off)
        return await service.propose(self.store, self.shop, name[:200], data, wanted)

    async def _applied(self, request: Request, proposal: Proposal) -> None:
        who = identity_of(request)
        await service.apply(self.store, proposal, by=who.name, at=self.clock())

    @property
    def _drafts(self) -> str:
        return f"{self.shop}/{DRAFTS}"

    def _page(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        **values: Any,  # noqa: ANN401  what a template shows
    ) -> Response:
        return self.pages.answer(request, template, status=status, currency=self.currency, **values)


def _whole(proposal: Proposal) -> None:
    """Raises ImportRefused: who types one product is told what is wrong with it."""
    for first in proposal.seen.problems:
        raise ImportRefused(first.what, "", first.hint)
