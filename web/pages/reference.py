"""Every operation of the API, with requests to copy."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import JSONResponse, Response

from web import reference
from web.api.contract import contract
from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route


@dataclass(frozen=True)
class Reference:
    pages: Pages
    known: dict[str, Any] = field(default_factory=dict)

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", "/api", self.show, Perm.KEY_WRITE),
            Route("GET", "/api/openapi.json", self.download, Perm.KEY_WRITE),
        ]

    async def show(
        self, request: Request, tema: Annotated[str, Query(max_length=40)] = "products"
    ) -> Response:
        told = self._contract(request)
        tags = reference.tags(told)
        here = tema if tema in tags else tags[0]
        base = str(request.base_url).rstrip("/")
        return self.pages.answer(
            request,
            "referencia.html",
            tags=[(reference.address(tag), tag, tag == here) for tag in tags],
            here=here,
            operations=reference.operations(told, here, base),
        )

    async def download(self, request: Request) -> Response:
        headers = {"Content-Disposition": 'attachment; filename="openapi.json"'}
        return JSONResponse(self._contract(request), headers=headers)

    def _contract(self, request: Request) -> dict[str, Any]:
        """Made of the routes once: they do not change while we run."""
        if not self.known:
            self.known.update(contract(request.app))
        return self.known
