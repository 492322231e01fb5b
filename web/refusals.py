"""What a visitor reads when a page cannot be shown."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from store.base import StoreUnavailable
from web.api.problems import PREFIX, problem
from web.limits import Unavailable
from web.rendering import Pages
from web.security import SAFE, KeyTried, Locked

SELLERS = ("/conversaciones", "/pedidos", "/filas")
SAID = {
    404: ("Esta página no existe", "Puede que el enlace esté incompleto o haya cambiado."),
    405: ("Eso no se puede hacer aquí", "Vuelve y prueba desde la página."),
    422: ("No entendimos ese enlace", "Alguna parte de la dirección no es válida."),
    503: ("Volvemos en un momento", "Algo que necesitamos se está reiniciando. Prueba de nuevo."),
}


def add_refusals(app: FastAPI, pages: Pages) -> None:
    def page(status: int) -> Callable[[Request, Exception], Awaitable[Response]]:
        async def answer(request: Request, _error: Exception) -> Response:
            return refuse(pages, request, status)

        return answer

    async def http(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        response = refuse(pages, request, status)
        told = error.headers if isinstance(error, HTTPException) else None
        if told and "Allow" in told:
            response.headers["Allow"] = told["Allow"]
        return response

    app.add_exception_handler(Locked, locked)
    app.add_exception_handler(HTTPException, http)

    async def invalid(request: Request, error: Exception) -> Response:
        if request.url.path.startswith(PREFIX) and isinstance(error, RequestValidationError):
            return problem(422, request.url.path, error.errors())
        return refuse(pages, request, 422)

    async def tried(request: Request, error: Exception) -> Response:
        wait_s = error.wait_s if isinstance(error, KeyTried) else 1
        return problem(429, request.url.path, retry_s=wait_s)

    app.add_exception_handler(KeyTried, tried)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(500, page(500))
    app.add_exception_handler(Unavailable, page(503))
    app.add_exception_handler(StoreUnavailable, page(503))


def refuse(pages: Pages, request: Request, status: int) -> Response:
    if request.url.path.startswith(PREFIX):
        return problem(status, request.url.path)
    title, text = SAID.get(status, ("Algo salió mal", "Ya quedó registrado. Prueba de nuevo."))
    back = next((home for home in SELLERS if request.url.path.startswith(home)), "/")
    response = pages.answer(request, "aviso.html", status=status, title=title, text=text, back=back)
    if status == 503:  # noqa: PLR2004  the status of "later"
        response.headers["Retry-After"] = "5"
    return response


async def locked(request: Request, _error: Exception) -> Response:
    """To the door, and from there back to the page; a part of a page takes the whole page along."""
    if request.url.path.startswith(PREFIX):
        return problem(401, request.url.path)
    follow = f"?sigue={quote(request.url.path)}" if request.method in SAFE else ""
    door = f"/entrar{follow}"
    if request.headers.get("hx-request"):
        return Response(status_code=401, headers={"HX-Redirect": door})
    return RedirectResponse(door, 303)
