"""Routes that say who may open them: none is mounted without."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol, TypeAlias

from fastapi import FastAPI, Request
from fastapi.sse import EventSourceResponse

from web.permissions import Perm

PUBLIC: Final = "public"
Need: TypeAlias = Perm | Literal["public"]
Method: TypeAlias = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Kind: TypeAlias = Literal["page", "stream", "api"]


@dataclass(frozen=True, slots=True)
class Route:
    """`options` go to FastAPI as they are: what an API documents of itself."""

    method: Method
    path: str
    endpoint: Callable[..., Any]
    needs: Need
    kind: Kind = "page"
    options: Mapping[str, Any] = field(default_factory=dict)


class Area(Protocol):
    """Some pages that belong together. An address with a name in it comes after those without."""

    def routes(self) -> Sequence[Route]: ...


def mount(app: FastAPI, areas: Iterable[Area]) -> None:
    """`app.state.needs` is who may open what, by method and path."""
    app.state.needs = {}
    for area in areas:
        for route in area.routes():
            methods: list[str] = [route.method]
            options: dict[str, Any] = {"include_in_schema": route.kind == "api"}
            if route.kind == "stream":
                options["response_class"] = EventSourceResponse
            else:
                options["response_model"] = None
                methods += ["HEAD"] if route.method == "GET" else []
            options |= route.options
            # One route for each method: a document of the API names every operation once.
            for method in methods:
                options["include_in_schema"] &= method != "HEAD"
                app.add_api_route(route.path, route.endpoint, methods=[method], **options)
            app.state.needs |= {(method, route.path): route.needs for method in methods}


def need_of(request: Request) -> Need | None:
    """None for a route that nobody declared: it is closed to everybody."""
    needs: Mapping[tuple[str, str], Need] = request.app.state.needs
    return needs.get((request.method, request.scope["route"].path))
