"""What a shop does with its customers' data, and how they decide about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from store.privacy import retention
from store.session import Store
from web.rendering import Pages
from web.routing import PUBLIC, Route


@dataclass(frozen=True, slots=True)
class Privacy:
    pages: Pages
    store: Store
    shop: UUID

    def routes(self) -> Sequence[Route]:
        return [Route("GET", "/privacidad", self.show, PUBLIC)]

    async def show(self, request: Request) -> Response:
        """In the shop's own words first, where it has any."""
        async with self.store.tenant(self.shop) as session:
            notice = await retention.notice(session, self.shop)
        return self.pages.answer(request, "privacidad.html", notice=notice)
