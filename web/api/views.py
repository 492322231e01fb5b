"""Lists that a person keeps under a name, as the pages offer them above each list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field
from sqlalchemy import select

from store import views
from store.views import SavedView
from text.folding import clean
from web.api.house import House
from web.api.problems import Problem
from web.api.shapes import NO_NUL, SAYS, Body, Listed, Moment, Paging, Shown
from web.api.versions import shown
from web.identity import identity_of
from web.permissions import Perm
from web.routing import Route
from web.views import LONGEST, NAMED, PAGES, filters

Page = Literal[
    "/conversaciones", "/ejemplos", "/clientes", "/catalogo", "/admin/trazas", "/admin/auditoria"
]
Filter = Annotated[str, Field(max_length=LONGEST, pattern=NO_NUL)]


class NewView(Body):
    """`filters` are those of the page's address."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"page": "/conversaciones", "name": "Ventas", "filters": {"venta": "si"}},
            ]
        },
    )

    page: Page
    name: Annotated[str, Field(min_length=1, max_length=NAMED, pattern=SAYS)]
    filters: Annotated[dict[str, Filter], Field(min_length=1, max_length=20)]


class ViewShown(Shown):
    id: UUID
    page: str
    name: str
    filters: dict[str, str]
    created_at: Moment


class ViewsWanted(Paging):
    page: Page | None = None


@dataclass(frozen=True, slots=True)
class SavedViews:
    house: House

    def routes(self) -> Sequence[Route]:
        route, own = self.house.route, Perm.SETTINGS_READ
        return [
            route("GET", "/views", self.list_views, own, Listed[ViewShown]),
            route("POST", "/views", self.create_view, own, ViewShown, status_code=201),
            route("DELETE", "/views/{view}", self.remove_view, own, status_code=204),
        ]

    async def list_views(
        self, request: Request, wanted: Annotated[ViewsWanted, Query()]
    ) -> Response:
        """What you keep yourself, the newest first. A key is nobody's own, and has none."""
        row, house = SavedView, self.house
        query = select(row).where(row.shop_id == house.shop, row.person_id == _person(request))
        if wanted.page is not None:
            query = query.where(row.page == wanted.page)
        async with house.store.tenant(house.shop) as session:
            rows, cursor = await house.page(session, query, (row.created_at, row.id), wanted)
        return shown(Listed(items=[_shown(one) for one in rows], next_cursor=cursor))

    async def create_view(self, request: Request, given: NewView) -> Response:
        """The same name again means something else from now on; 20 at most of each page."""
        house, person, name = self.house, _person(request), " ".join(clean(given.name).split())
        if not identity_of(request).may(PAGES[given.page].needs):
            raise Problem("forbidden", "You may not see that page.")
        query = _filters(given.page, given.filters)
        if not name:
            raise Problem("refused", "The name says nothing.")
        async with house.store.tenant(house.shop) as session:
            if not await views.keep(session, house.shop, person, given.page, name, query):
                raise Problem("refused", f"There are {views.MOST} views of that page already.")
            kept = await views.of_person(session, house.shop, person, given.page)
            made = next(one for one in kept if one.name == name)
            return shown(_shown(made), 201)

    async def remove_view(self, request: Request, view: UUID) -> Response:
        """One of your own."""
        house, person = self.house, _person(request)
        async with house.store.tenant(house.shop) as session:
            if not await views.drop(session, house.shop, person, view):
                raise Problem("not_found")
        return Response(status_code=204)


def _person(request: Request) -> UUID:
    """Raises Problem."""
    found = identity_of(request).person
    if found is None:
        raise Problem("forbidden", "Views are a person's own: come by an account, not by a key.")
    return found


def _filters(page: str, given: Mapping[str, str]) -> dict[str, str]:
    """Raises Problem."""
    strange = sorted(given.keys() - PAGES[page].filters.keys())
    if strange:
        raise Problem("refused", f"{page} knows no filter {strange[0]!r}.")
    found = filters(page, given)
    if not found:
        raise Problem("refused", "The filters ask for nothing.")
    return found


def _shown(row: SavedView) -> ViewShown:
    names = ("id", "page", "name", "created_at")
    return ViewShown(**{name: getattr(row, name) for name in names}, filters=row.query)
