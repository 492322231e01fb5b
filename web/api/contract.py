"""The API as it is written down: OpenAPI, made of the routes themselves."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from web.api.problems import MEDIA, PREFIX, SAID, usual
from web.routing import PUBLIC, Area, mount

VERSION: Final = "1.0.0"
SAYS: Final = """What the pages do, for programs: JSON both ways, errors as RFC 9457, lists by
cursor. Each key belongs to one shop and sees nothing of another."""
ALWAYS: Final = (400, 413, 422, 429, 500, 503)
KEPT: Final = (401, 403)
MATCHED: Final = (412, 428)
PROBLEM: Final[Mapping[str, Any]] = {
    "title": "Problem",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "code", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string", "enum": sorted(SAID)},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "loc": {"type": "array", "items": {"type": ["string", "integer"]}},
                    "msg": {"type": "string"},
                    "type": {"type": "string"},
                },
            },
        },
    },
}


def of_areas(areas: Iterable[Area]) -> dict[str, Any]:
    """Of some resources alone, without a bot behind them."""
    app = FastAPI()
    mount(app, areas)
    return contract(app)


def contract(app: FastAPI) -> dict[str, Any]:
    routes = [
        one for one in app.routes if isinstance(one, APIRoute) and one.path.startswith(PREFIX)
    ]
    told = get_openapi(title="Aprendiz", version=VERSION, description=SAYS, routes=routes)
    parts = told.setdefault("components", {})
    for name in ("HTTPValidationError", "ValidationError"):
        parts.get("schemas", {}).pop(name, None)
    parts.setdefault("schemas", {})["Problem"] = dict(PROBLEM)
    told_of = sorted({*ALWAYS, *KEPT, *MATCHED, 404, 409})
    parts["responses"] = {
        f"Problem{status}": _problem(SAID[usual(status)][1]) for status in told_of
    }
    parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    for path, method, operation in operations(told):
        need = app.state.needs[method.upper(), path]
        _completed(operation, path, method, public=need == PUBLIC)
        if need != PUBLIC:
            operation["x-permission"] = str(need)
    return told


def _problem(says: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": says, "content": {MEDIA: {"schema": schema}}}


def operations(told: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _completed(operation: dict[str, Any], path: str, method: str, *, public: bool) -> None:
    if not public:
        operation["security"] = [{"key": []}]
    matched = [one for one in operation.get("parameters", ()) if one["name"] == "If-Match"]
    for one in matched:
        one["required"] = True
        one["schema"] = {"type": "string", "minLength": 1, "maxLength": 500}
    for status in _refusals(path, method, public=public, matched=bool(matched)):
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    if any(one["name"] == "If-None-Match" for one in operation.get("parameters", ())):
        operation["responses"]["304"] = {"description": "It is as you know it"}


def _refusals(path: str, method: str, *, public: bool, matched: bool) -> Iterator[int]:
    yield from ALWAYS
    yield from () if public else KEPT
    if "{" in path or method in {"post", "put", "patch"}:
        yield 404
    if method in {"post", "put", "patch", "delete"}:
        yield 409
    if matched:
        yield from MATCHED
