"""Who may open what: one table of permissions, the seller's session, and the shield of pages."""

import hashlib
import hmac
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from fastapi import Request
from pydantic import SecretStr
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.api.problems import PREFIX, problem
from web.limits import Limit, soon

Permission: TypeAlias = Literal["public", "seller", "key"]
"""A `key` is asked of programs, in a header of each request; cookies open nothing there."""

PERMISSIONS: Mapping[str, Permission] = {
    "/": "public",
    "/chat": "public",
    "/chat/messages": "public",
    "/chat/new": "public",
    "/chat/typing": "public",
    "/chat/stream": "public",
    "/entrar": "public",
    "/salir": "public",
    "/tema": "public",
    "/fotos/{sku}.svg": "public",
    "/photos/{sku}.svg": "public",
    "/static/{version}/{name:path}": "public",
    "/salud": "public",
    "/listo": "public",
    "/telegram/{path}": "public",
    "/whatsapp/{path}": "public",
    "/conversaciones": "seller",
    "/conversaciones/{conversation}": "seller",
    "/conversaciones/{conversation}/tomar": "seller",
    "/conversaciones/{conversation}/devolver": "seller",
    "/conversaciones/{conversation}/mensaje": "seller",
    "/api/v1/conversations/{conversation}": "key",
    "/api/v1/conversations/{conversation}/handler": "key",
    "/api/v1/conversations/{conversation}/messages": "key",
    "/pedidos": "seller",
    "/pedidos/{order}": "seller",
    "/archivos/{file}": "seller",
    "/filas": "seller",
    "/filas/vivo": "seller",
    "/filas/{row}": "seller",
}
"""A route that is not named here is closed to everybody."""

NETWORKS = ("/telegram/", "/whatsapp/")
BODY_LIMIT, NETWORK_BODY_LIMIT = 1024**2, 3 * 1024**2
SESSION = "sesion"
SESSION_S = 7 * 86400
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        " connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


class Locked(Exception):
    """The page needs a seller's session, the address a program's key."""


class KeyTried(Exception):
    """Somebody is guessing keys."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"wait {wait_s} s")
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Keyring:
    """Sessions signed with the seller's key: whoever changes the key ends them all."""

    key: SecretStr

    def fits(self, offered: str) -> bool:
        return hmac.compare_digest(_digest(self.key.get_secret_value()), _digest(offered))

    def session(self) -> str:
        return self.session_of(str(int(time.time()) + SESSION_S))

    def session_of(self, until: str) -> str:
        return f"{until}.{self._signed(until)}"

    def until(self, session: str) -> int | None:
        """When a session ends; None for one that has ended or is not ours."""
        until, _, signature = session.partition(".")
        if not hmac.compare_digest(self._signed(until).encode(), signature.encode()):
            return None
        return int(until) if int(until) > time.time() else None

    def _signed(self, until: str) -> str:
        secret = _digest(f"session {self.key.get_secret_value()}")
        return hmac.new(secret, until.encode(), hashlib.sha256).hexdigest()


def _digest(text: str) -> bytes:
    """Of one length, so that comparing two says nothing about how long they are."""
    return hashlib.sha256(text.encode(errors="replace")).digest()


@dataclass(frozen=True, slots=True)
class Guard:
    """Stands before every route."""

    keyring: Keyring
    tries: Limit

    async def __call__(self, request: Request) -> None:
        permission = PERMISSIONS.get(request.scope["route"].path)
        if permission == "key":
            await self._program(request)
        elif permission != "public" and (permission is None or not self.seller(request)):
            raise Locked

    async def _program(self, request: Request) -> None:
        """Whoever tries wrong keys waits, with a right one too."""
        who = request.client.host if request.client else ""
        wait_ms = await soon(self.tries.full_ms(who))
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if not wait_ms and scheme.lower() == "bearer" and self.keyring.fits(key.strip()):
            return
        wait_ms = wait_ms or (await soon(self.tries.wait_ms(who)) if key else 0)
        if wait_ms:
            raise KeyTried(ceil(wait_ms / 1000))
        raise Locked

    def seller(self, request: Request) -> int | None:
        return self.keyring.until(request.cookies.get(SESSION, ""))


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
    """Meta's webhooks may be three megabytes long, and what we refuse it repeats for a week."""

    def __init__(self, app: ASGIApp) -> None:
        self.pages = RequestBodyLimitMiddleware(app, max_body_size=BODY_LIMIT)
        self.networks = RequestBodyLimitMiddleware(app, max_body_size=NETWORK_BODY_LIMIT)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        network = scope["type"] == "http" and scope["path"].startswith(NETWORKS)
        await (self.networks if network else self.pages)(scope, receive, send)


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
            refusal = problem(403, scope["path"])
        await refusal(scope, receive, send)


def _from_here(headers: Headers) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc == headers.get("host", "")
    return "cookie" not in headers


@dataclass(frozen=True, slots=True)
class Shielded:
    """Every answer carries the headers that keep a page to itself."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def shielded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
            await send(message)

        await self.app(scope, receive, shielded if scope["type"] == "http" else send)


def keep_cookie(request: Request, response: Response, name: str, value: str, age_s: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=age_s,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def local(path: str, otherwise: str = "/") -> str:
    """A path of ours; never an address of somebody else."""
    parts = urlsplit(path)
    ours = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if ours and not parts.netloc and path.isprintable() else otherwise
