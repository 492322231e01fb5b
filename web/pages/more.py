"""Everything a phone's bottom bar has no room for."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response

from web.permissions import Perm
from web.rendering import Pages
from web.routing import Route


@dataclass(frozen=True, slots=True)
class More:
    pages: Pages

    def routes(self) -> Sequence[Route]:
        return [Route("GET", "/mas", self.show, Perm.SETTINGS_READ)]

    async def show(self, request: Request) -> Response:
        return self.pages.answer(request, "mas.html")
