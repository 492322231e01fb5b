"""Sessions of the pages: an id that only the browser knows, and what stands behind it."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, cast
from uuid import UUID, uuid4

from fastapi import Request
from fastapi.responses import Response
from pydantic import SecretStr

from services.clock import Clock, now
from store import web_sessions as rows
from store.people import Person, is_led
from store.session import Store, WriteSession
from store.web_sessions import ABSOLUTE, SEEN, Entered, NewSession
from web.identity import Identity
from web.permissions import Role
from web.tokens import digest_of

PLAIN, SECURE = "sesion", "__Host-sesion"
"""Browsers keep a `__Host-` cookie to its own host and to TLS, which a loopback has not."""
AGENT: Final = 200


@dataclass(frozen=True, slots=True)
class Sessions:
    """`key` is the shop's own, by which one enters until somebody in charge has an account; who
    changes it ends the sessions it opened. `pepper` keeps addresses from being guessed."""

    store: Store
    shop: UUID
    shop_name: str
    key: SecretStr
    pepper: bytes
    clock: Clock = now

    def fits(self, offered: str) -> bool:
        return hmac.compare_digest(
            digest_of(self.key.get_secret_value()), digest_of(offered.strip())
        )

    async def is_led(self, session: WriteSession) -> bool:
        """Whether somebody in charge has an account; the key opens nothing then."""
        return await is_led(session, self.shop)

    async def find(self, request: Request, *, listening: bool = False) -> Identity | None:
        """Who this browser is; a page that merely listens does not keep its session from ending."""
        token = request.cookies.get(cookie(request), "")
        if not token:
            return None
        at = self.clock()
        async with self.store.tenant(self.shop) as session:
            digests = (digest_of(token), self._of_key(token))
            found = await rows.entered(session, self.shop, digests, at)
            if found is None:
                return None
            if found.person is None and await self.is_led(session):
                return None
            if not listening and found.session.last_seen_at < at - SEEN:
                await rows.seen(session, self.shop, found.session.id, at)
        return self._identity(found)

    async def open(
        self,
        session: WriteSession,
        request: Request,
        response: Response,
        person: Person | None,
        *,
        kept: bool = True,
    ) -> UUID:
        """A new id for whoever enters, whatever the browser sent; the session before is over."""
        await self.close(session, request)
        token, one, at = secrets.token_urlsafe(32), uuid4(), self.clock()
        new = NewSession(
            shop_id=self.shop,
            id=one,
            digest=digest_of(token) if person else self._of_key(token),
            person_id=person.id if person else None,
            ip_hash=self.address(request),
            agent=request.headers.get("user-agent", "")[:AGENT].replace("\x00", ""),
            created_at=at,
            last_seen_at=at,
        )
        await rows.open_session(session, new)
        response.set_cookie(
            cookie(request),
            token,
            max_age=ABSOLUTE // timedelta(seconds=1) if kept else None,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return one

    async def close(self, session: WriteSession, request: Request) -> Identity | None:
        """Whose session it was."""
        token, at = request.cookies.get(cookie(request), ""), self.clock()
        if not token:
            return None
        digests = (digest_of(token), self._of_key(token))
        found = await rows.entered(session, self.shop, digests, at)
        if found is None:
            return None
        person = found.person.id if found.person else None
        await rows.end_session(session, self.shop, person, found.session.id, at)
        return self._identity(found)

    def forget(self, request: Request, response: Response) -> None:
        """The browser's part of ending it."""
        secure = request.url.scheme == "https"
        response.delete_cookie(cookie(request), httponly=True, samesite="lax", secure=secure)

    def address(self, request: Request) -> str | None:
        """The same for the same address, and of no use to whoever reads the table."""
        if request.client is None:
            return None
        return hmac.new(self.pepper, request.client.host.encode(), hashlib.sha256).hexdigest()[:16]

    def _of_key(self, token: str) -> bytes:
        key = self.key.get_secret_value().encode(errors="replace")
        return hmac.new(key, token.encode(errors="replace"), hashlib.sha256).digest()

    def _identity(self, found: Entered) -> Identity:
        until, person = int(found.until.timestamp()), found.person
        if person is None:
            return Identity("owner", self.shop, self.shop_name, until, session=found.session.id)
        return Identity(
            cast("Role", person.role),
            self.shop,
            person.name,
            until,
            person=person.id,
            locale=person.locale,
            session=found.session.id,
            theme=person.theme,
            shortcuts=person.single_key_shortcuts,
        )


def cookie(request: Request) -> str:
    return SECURE if request.url.scheme == "https" else PLAIN
