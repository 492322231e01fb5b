"""The door: who asks for a page or calls the API, and whether they may."""

import asyncio
from dataclasses import dataclass, field
from math import ceil
from time import monotonic
from typing import Final
from urllib.parse import SplitResult, urlsplit

from fastapi import Request
from starlette.responses import Response

from store.base import StoreUnavailable
from web.addresses import address_of
from web.api.problems import PREFIX
from web.customer import visitor_of
from web.identity import Forbidden, Identity, Locked, identity_of
from web.keys import MARK, recognised
from web.limits import Limit, Unavailable, soon
from web.permissions import Perm, allowed
from web.routing import PUBLIC, need_of
from web.sessions import Sessions

BLIND: Final = (
    "/static/", "/fotos/", "/photos/", "/telegram/", "/whatsapp/", "/salud", "/listo", "/livez",
    "/readyz", "/metrics",
)  # fmt: skip
"""These look the same to everybody, and answer while Postgres does not."""
KEY_S: Final = 60
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
LOOK_AGAIN_S: Final = 15
AT_ONCE: Final = 8
QUEUE_S: Final = 15.0
"""So many are looked up at a time; the others wait so long for their turn."""


class KeyTried(Exception):
    """Somebody is guessing keys."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"wait {wait_s} s")
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Guard:
    sessions: Sessions
    tries: Limit
    look_again_s: float = LOOK_AGAIN_S
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def __call__(self, request: Request) -> None:
        need = need_of(request)
        if need is None:
            raise Locked
        request.state.ip_hash = self.sessions.address(request)
        who = await self._visitor(request) if need == PUBLIC else await self._known(request)
        request.state.identity, request.state.looked_at = who, monotonic()
        if need == PUBLIC:
            return
        if who is None:
            raise Locked
        if who.shop != self.sessions.shop:
            raise Forbidden
        if not who.may(Perm(need)):
            raise Forbidden(Perm(need))

    async def visitor(self, request: Request) -> Identity | None:
        """By the cookie alone."""
        return await self._looked_up(request)

    async def still(self, request: Request) -> bool:
        """Whether who opened a stream may go on listening: a session may have ended meanwhile. It
        is looked up again every few seconds, not for every piece of news."""
        at, need = monotonic(), need_of(request)
        if at - getattr(request.state, "looked_at", 0.0) < self.look_again_s:
            return True
        request.state.looked_at = at
        try:
            who = await self._listener(request)
        except (StoreUnavailable, Unavailable, KeyTried):
            return False
        return who is not None and need not in {None, PUBLIC} and who.may(Perm(str(need)))

    async def _listener(self, request: Request) -> Identity | None:
        if identity_of(request).by == "key":
            return await self._program(request)
        return await self._looked_up(request, listening=True)

    async def _looked_up(self, request: Request, *, listening: bool = False) -> Identity | None:
        """When all pages come back at once, most wait here and not for Postgres: a query that is
        given up costs its connection, and who opens another makes all others wait longer still."""
        try:
            async with asyncio.timeout(QUEUE_S):
                await self.turns.acquire()
        except TimeoutError as error:
            raise Unavailable from error
        try:
            return await soon(self.sessions.find(request, listening=listening))
        finally:
            self.turns.release()

    async def _visitor(self, request: Request) -> Identity | None:
        """A public page is shown without a name rather than not at all."""
        if request.url.path.startswith(BLIND):
            return None
        try:
            return await self.visitor(request)
        except (StoreUnavailable, Unavailable):
            return None

    async def _known(self, request: Request) -> Identity | None:
        """Programs bring a key with each request. A cookie opens the API too, but only our own
        pages may act by it: a browser that does not say where a request comes from does not."""
        if not request.url.path.startswith(PREFIX):
            return await self.visitor(request)
        if "authorization" in request.headers:
            return await self._program(request)
        ours = request.headers.get("sec-fetch-site") == "same-origin"
        if not ours and request.method not in SAFE:
            return None
        return await self.visitor(request) or await self._customer(request)

    async def _customer(self, request: Request) -> Identity | None:
        """Who came by a link that was sent into their chat: to the API of their own data alone."""
        sessions = self.sessions
        at = sessions.clock()
        found = await soon(visitor_of(request, sessions.store, sessions.shop, at))
        if found is None:
            return None
        until = int(at.timestamp()) + KEY_S
        return Identity("customer", sessions.shop, "", until, person=found, by="link")

    async def _program(self, request: Request) -> Identity | None:
        """Whoever tries wrong keys waits, with the shop's own too. One that we made is too long to
        be guessed, and others may call from the same address."""
        who = address_of(request)
        wait_ms = await soon(self.tries.full_ms(who))
        scheme, _, offered = request.headers.get("authorization", "").partition(" ")
        found = None
        if scheme.lower() == "bearer" and (not wait_ms or offered.strip().startswith(MARK)):
            found = await soon(self._by_key(offered.strip()))
        if found is not None:
            return found
        wait_ms = wait_ms or (await soon(self.tries.wait_ms(who)) if offered else 0)
        if wait_ms:
            raise KeyTried(ceil(wait_ms / 1000))
        return None

    async def _by_key(self, offered: str) -> Identity | None:
        """The shop's own key serves programs until somebody in charge has an account."""
        sessions = self.sessions
        until = int(sessions.clock().timestamp()) + KEY_S
        async with sessions.store.tenant(sessions.shop) as session:
            if sessions.fits(offered):
                name, led = sessions.shop_name, await sessions.is_led(session)
                return None if led else Identity("service", sessions.shop, name, until, by="key")
            key = await recognised(session, sessions.shop, offered, sessions.clock)
        if key is None:
            return None
        scopes = allowed(key.scopes)
        shop, name = sessions.shop, key.name
        return Identity("service", shop, name, until, by="key", scopes=scopes, key=key.id)


def keep_cookie(request: Request, response: Response, name: str, value: str, age_s: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=age_s,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def partition(response: Response) -> None:
    """The cookie just kept is for the page alone that frames ours, so that nobody can follow a
    visitor from one site to another by it; without this a browser takes none there."""
    name, cookie = response.raw_headers.pop()
    lone = cookie.replace(b"; SameSite=lax", b"").replace(b"; Secure", b"")
    response.raw_headers.append((name, lone + b"; SameSite=None; Secure; Partitioned"))


def apart(address: str) -> SplitResult:
    """In its parts, all empty where it cannot be taken apart."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", "", "", "")


def local(path: str, otherwise: str = "/") -> str:
    """A path of ours; never an address of somebody else."""
    parts = apart(path)
    ours = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if ours and not parts.netloc and path.isprintable() else otherwise
