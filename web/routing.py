"""Routes that say who may open them: none is mounted without."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Protocol, TypeAlias

from fastapi import FastAPI, Request
from fastapi.routing import APIRoute
from fastapi.sse import EventSourceResponse
from starlette.routing import compile_path, get_name

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


class Late(APIRoute):
    """Reads what its endpoint takes and gives when it is first asked: reading five hundred of them
    costs a start seconds, and a day's visitors ask for few."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **given: Any) -> None:  # noqa: ANN401  FastAPI's own
        self.given = given
        self.path, self.endpoint, self.name = path, endpoint, get_name(endpoint)
        self.methods, self.include_in_schema = set(given["methods"]), given["include_in_schema"]
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever a route has
        """Only what is not there yet is looked for here."""
        given = self.__dict__.pop("given", None)
        if given is None:
            raise AttributeError(name)
        super().__init__(self.path, self.endpoint, **given)
        return getattr(self, name)


def mount(app: FastAPI, areas: Iterable[Area]) -> None:
    """`app.state.needs` is who may open what, by method and path."""
    app.state.needs = {}
    app.router.route_class = Late
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
