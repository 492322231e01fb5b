"""What a visitor reads when a page cannot be shown."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match

from store.base import Known, StoreUnavailable, Unwritable
from web.api import problems
from web.api.lacking import lacking
from web.api.problems import PREFIX, Problem
from web.identity import Forbidden, Locked, known
from web.limits import Unavailable
from web.navigation import ITEMS, current
from web.rendering import Pages
from web.security import SAFE, KeyTried

SAID = {
    403: (
        "Esta página no es para ti",
        "Tu cuenta no alcanza para verla. Pídela a quien administra.",
    ),
    404: ("Esta página no existe", "Puede que el enlace esté incompleto o haya cambiado."),
    405: ("Eso no se puede hacer aquí", "Vuelve y prueba desde la página."),
    409: ("Eso ya está", "Alguien lo hizo un momento antes. Vuelve y míralo."),
    422: ("No entendimos ese enlace", "Alguna parte de la dirección no es válida."),
    503: ("Volvemos en un momento", "Algo que necesitamos se está reiniciando. Prueba de nuevo."),
}
ELSE = ("Algo salió mal", "Ya quedó registrado. Prueba de nuevo.")


def add_refusals(app: FastAPI, pages: Pages) -> None:
    def page(status: int) -> Callable[[Request, Exception], Awaitable[Response]]:
        async def answer(request: Request, _error: Exception) -> Response:
            return refuse(pages, request, status)

        return answer

    async def forbidden(request: Request, error: Exception) -> Response:
        needed = error.needed if isinstance(error, Forbidden) else None
        if programs(request) and needed is not None:
            said = problems.Said(lacking(needed, known(request)))
            return problems.of(request, "forbidden", said)
        return refuse(pages, request, 403)

    async def http(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        response = refuse(pages, request, status)
        if status == 405:  # noqa: PLR2004  the status that must name what can be done
            response.headers["Allow"] = ", ".join(allowed(request))
        return response

    async def invalid(request: Request, error: Exception) -> Response:
        if programs(request) and isinstance(error, RequestValidationError):
            return problems.of(request, "invalid", problems.Said(errors=error.errors()))
        return refuse(pages, request, 422)

    app.add_exception_handler(Locked, locked)
    app.add_exception_handler(Forbidden, forbidden)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Problem, problem)
    app.add_exception_handler(KeyTried, tried)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(500, page(500))
    app.add_exception_handler(Unwritable, page(422))
    app.add_exception_handler(Known, page(409))
    app.add_exception_handler(Unavailable, page(503))
    app.add_exception_handler(StoreUnavailable, page(503))


def programs(request: Request) -> bool:
    return request.url.path.startswith(PREFIX)


def allowed(request: Request) -> list[str]:
    """Every method of an address: the router knows the first of its routes alone."""
    found: set[str] = set()
    for route in request.app.routes:
        if route.matches(request.scope)[0] is not Match.NONE:
            found |= route.methods or set()
    return sorted(found)


def refuse(pages: Pages, request: Request, status: int) -> Response:
    if programs(request):
        return problems.of(request, problems.usual(status))
    title, text = SAID.get(status, ELSE)
    back = current(ITEMS, request.url.path) or "/"
    response = pages.answer(request, "aviso.html", status=status, title=title, text=text, back=back)
    if status == 503:  # noqa: PLR2004  the status of "later"
        response.headers["Retry-After"] = "5"
    return response


async def problem(request: Request, error: Exception) -> Response:
    if not isinstance(error, Problem):
        raise error
    return problems.of(request, error.code, error.said)


async def tried(request: Request, error: Exception) -> Response:
    wait_s = error.wait_s if isinstance(error, KeyTried) else 1
    said = problems.Said("Too many wrong keys.", retry_s=wait_s)
    return problems.of(request, "too_many", said)


async def locked(request: Request, _error: Exception) -> Response:
    """To the door, and from there back to the page; a part of a page takes the whole page along."""
    if programs(request):
        return problems.of(request, "unauthorized")
    follow = f"?sigue={quote(request.url.path)}" if request.method in SAFE else ""
    door = f"/entrar{follow}"
    if request.headers.get("hx-request"):
        return Response(status_code=401, headers={"HX-Redirect": door})
    return RedirectResponse(door, 303)
