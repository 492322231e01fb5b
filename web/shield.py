"""What stands around every answer: known names, small bodies, our own pages alone, and headers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.api.problems import PREFIX, request_id, told
from web.security import SAFE, apart

CHATS = ("/chat/", "/c/")
FRAMING = "X-Frame-Options"
NETWORKS = ("/telegram/", "/whatsapp/")
FILE_MB = 20
BODY_LIMIT, NETWORK_BODY_LIMIT = 1024**2, 3 * 1024**2
UPLOAD_BODY_LIMIT = (FILE_MB + 1) * 1024**2
UPLOADS = (
    "/catalogo/importar",
    "/documentos",
    "/ejemplos/importar",
    "/api/v1/documents",
    "/api/v1/product-imports",
)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors "
)
HEADERS = {
    "Content-Security-Policy": f"{POLICY}'none'",
    FRAMING: "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


class KnownHosts:
    """A page answers to its own names alone, or a stranger's name could be pointed at it. Networks
    call by whatever name they were given, and prove themselves by a secret."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self.app = app
        self.pages = TrustedHostMiddleware(app, allowed_hosts=hosts, www_redirect=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        network = scope["type"] == "http" and scope["path"].startswith(NETWORKS)
        await (self.app if network else self.pages)(scope, receive, send)


class BodyLimits:
    """Meta's webhooks may be three megabytes long, and what we refuse it repeats for a week; files
    may have twenty, and what is said around them."""

    def __init__(self, app: ASGIApp) -> None:
        self.pages = RequestBodyLimitMiddleware(app, max_body_size=BODY_LIMIT)
        self.networks = RequestBodyLimitMiddleware(app, max_body_size=NETWORK_BODY_LIMIT)
        self.uploads = RequestBodyLimitMiddleware(app, max_body_size=UPLOAD_BODY_LIMIT)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._limited(scope)(scope, receive, send)

    def _limited(self, scope: Scope) -> ASGIApp:
        path = scope["path"] if scope["type"] == "http" else ""
        if path.startswith(NETWORKS):
            return self.networks
        return self.uploads if path.startswith(UPLOADS) else self.pages


@dataclass(frozen=True, slots=True)
class SameOrigin:
    """Refuses what another site makes a visitor's browser send."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE or _from_here(Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        refusal: Response = PlainTextResponse("Esta acción vino desde otro sitio.", 403)
        if scope["path"].startswith(PREFIX):
            refusal = told("forbidden", scope["path"], request_id(scope))
        await refusal(scope, receive, send)


def _from_here(headers: Headers) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    if origin is not None:
        return apart(origin).netloc == headers.get("host")
    return "cookie" not in headers


@dataclass(frozen=True, slots=True)
class Shielded:
    """Every answer carries the headers that keep a page to itself. Pages of the `embeds` may frame
    the chat."""

    app: ASGIApp
    embeds: Sequence[str] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def shielded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._around(scope["path"]).items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
            await send(message)

        await self.app(scope, receive, shielded if scope["type"] == "http" else send)

    def _around(self, path: str) -> Mapping[str, str]:
        """X-Frame-Options knows no lists, and would go before one."""
        if not self.embeds or not (path == "/chat" or path.startswith(CHATS)):
            return HEADERS
        listed = {"Content-Security-Policy": POLICY + " ".join(self.embeds)}
        return {name: listed.get(name, HEADERS[name]) for name in HEADERS.keys() - {FRAMING}}
