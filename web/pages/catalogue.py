"""The seller's catalogue: looked through, and corrected by hand."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from knowledge.importing import service
from knowledge.importing.errors import ImportRefused
from knowledge.importing.service import Proposal
from services.clock import Clock, now
from store import imports, rolling
from store.app import Product
from store.session import Store
from web import catalogue, csv
from web.catalogue import Wanted
from web.pages.importing import HOME, Taking
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route
from web.security import local
from web.views import of_page

BY_HAND = "página"


@dataclass(frozen=True)
class CataloguePages:
    pages: Pages
    store: Store
    shop: UUID
    currency: str
    taking: Taking
    clock: Clock = now

    def routes(self) -> Sequence[Route]:
        read, write = Perm.CATALOGUE_READ, Perm.CATALOGUE_WRITE
        return [
            Route("GET", HOME, self.show, read),
            Route("GET", f"{HOME}.csv", self.download, read),
            Route("GET", f"{HOME}/nuevo", self.blank, write),
            Route("POST", f"{HOME}/producto", self.save, write),
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
            counted = await rolling.progress(session, self.shop)
            views = await of_page(session, request, HOME)
        return self._page(
            request,
            "catalogo.html",
            wanted=wanted,
            found=found,
            versions={one.id: catalogue.version(one) for one in found.products},
            here=self._address(wanted, wanted.after, "guardado"),
            counted=counted.at if counted else None,
            imports=recent,
            views=views,
            undoable={one.id for one in recent if self._undoable(one)},
            done=hecho,
            following=self._address(wanted, found.following) if found.following else "",
        )

    def _undoable(self, one: imports.CatalogueImport) -> bool:
        return one.state != "undone" and self.clock() - one.at < service.REGRET

    def _address(self, wanted: Wanted, after: str, done: str = "") -> str:
        query = {"busca": wanted.text, "estado": wanted.state, "desde": after, "hecho": done}
        return f"{HOME}?{urlencode({name: value for name, value in query.items() if value})}"

    async def download(self) -> Response:
        async def rows() -> AsyncIterator[Sequence[Any]]:
            async with self.store.tenant(self.shop) as session:
                async for row in catalogue.every_one(session, self.shop):
                    yield row

        header = (*catalogue.COLUMNS, *catalogue.TOLD_COLUMNS)
        return csv.answer("catalogo", header, rows())

    async def blank(self, request: Request) -> Response:
        return self._form(request, None)

    async def edit(self, request: Request, sku: str) -> Response:
        async with self.store.tenant(self.shop) as session:
            product = await catalogue.of(session, self.shop, sku)
        if product is None:
            return self.pages.missing(request, HOME)
        return self._form(request, product)

    async def save(
        self,
        request: Request,
        sigue: Annotated[str, Form()] = "",
        version: Annotated[str, Form(max_length=16)] = "",
    ) -> Response:
        """The road of a file of one line: checked, noted, and undone like any other. `version` is
        that of the product as the form showed it, empty for a new one."""
        form = await request.form()
        given = {name: str(form[name]) for name in catalogue.FIELDS if name in form}
        given["active"] = "sí" if form.get("active") else "no"
        async with self.store.tenant(self.shop) as session:
            product = await catalogue.of(session, self.shop, given.get("sku", "").strip())
        known = catalogue.version(product) if product else ""
        if known != version:
            return self._refused(request, 409, product if version else None, given, _stale(version))
        try:
            proposal = await self.taking.proposed(
                BY_HAND, catalogue.as_file(given), {}, skip_bad=False
            )
            _whole(proposal)
            await self.taking.applied(request, proposal)
        except ImportRefused as refused:
            return self._refused(request, 422, product, given, refused)
        return RedirectResponse(local(sigue, f"{HOME}?hecho=guardado"), 303)

    def _refused(
        self,
        request: Request,
        status: int,
        product: Product | None,
        given: Mapping[str, str],
        refused: ImportRefused,
    ) -> Response:
        return self._form(request, product, given=given, refused=refused, status=status)

    def _form(
        self,
        request: Request,
        product: Product | None,
        *,
        given: Mapping[str, str] = {},
        refused: ImportRefused | None = None,
        status: int = 200,
    ) -> Response:
        version = catalogue.version(product) if product else ""
        return self._page(
            request,
            "producto.html",
            status=status,
            product=product,
            version=version,
            given=given,
            refused=refused,
        )

    def _page(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        **values: Any,  # noqa: ANN401  what a template shows
    ) -> Response:
        return self.pages.answer(request, template, status=status, currency=self.currency, **values)


def _stale(version: str) -> ImportRefused:
    if version:
        return ImportRefused("the product changed since it was looked at")
    return ImportRefused("there is a product with this SKU already")


def _whole(proposal: Proposal) -> None:
    """Raises ImportRefused: who types one product is told what is wrong with it."""
    for first in proposal.seen.problems:
        raise ImportRefused(first.what, "", first.hint)
