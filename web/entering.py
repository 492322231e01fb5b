"""Who enters and leaves: by an e-mail and its password, guessed at five times and no more."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from services.clock import Clock, now
from services.passwords import Passwords, is_dated
from store import people as rows
from store.audit import Actor, record
from store.people import Person, email_of
from store.session import WriteSession
from web.addresses import address_of
from web.identity import actor_of
from web.limits import Limit, soon
from web.sessions import Sessions
from web.tokens import digest_of
from web.tries import Tries


@dataclass(frozen=True, slots=True)
class Wait:
    """Too many tries."""

    ms: int


@dataclass(frozen=True, slots=True)
class Doorman:
    """`tries` are counted for each account and address together, so that nobody can shut a seller
    out from elsewhere; `addresses` for whoever tries many accounts."""

    sessions: Sessions
    passwords: Passwords
    tries: Tries
    addresses: Limit
    clock: Clock = now

    async def known(self, request: Request, email: str, password: str) -> Person | Wait | None:
        """None for an unknown e-mail, a wrong password and somebody shut out: all take as long."""
        address = address_of(request)
        who = f"{digest_of(email_of(email)).hex()[:32]}:{address}"
        wait_ms = await soon(self.addresses.wait_ms(address))
        if wait_ms:
            return Wait(wait_ms)
        tried = await soon(self.tries.count(who))
        if tried.wait_ms:
            return Wait(tried.wait_ms)
        person = await self._found(email)
        hashed = person.password_hash if person is not None else None
        fits = await soon(self.passwords.fit(hashed, password), 10.0)
        if person is None or not fits:
            if not tried.left:
                await self._blocked(request, person)
            return None
        await soon(self.tries.forget(who))
        await self._keep_up(person, hashed or "", password)
        return person

    async def let_in(
        self, request: Request, response: Response, person: Person | None, *, kept: bool
    ) -> UUID:
        """Their new session: its secret goes with the response."""
        async with self.sessions.store.tenant(self.sessions.shop) as session:
            one = await self.sessions.open(session, request, response, person, kept=kept)
            who = f"person:{person.id}" if person else "shop"
            await self._tell(session, request, "session.opened", who)
        return one

    async def let_out(self, request: Request, response: Response) -> None:
        """Whoever has no session is out already."""
        async with self.sessions.store.tenant(self.sessions.shop) as session:
            ended = await self.sessions.close(session, request)
            if ended is not None:
                await self._tell(session, request, "session.closed", ended.who)
        self.sessions.forget(request, response)

    async def _tell(self, session: WriteSession, request: Request, action: str, who: str) -> None:
        by = actor_of(request)
        actor, shop = Actor(who, by.ip_hash, by.request_id), self.sessions.shop
        await record(session, shop, actor, action, who, clock=self.sessions.clock)

    async def _found(self, email: str) -> Person | None:
        shop = self.sessions.shop
        async with self.sessions.store.tenant(shop) as session:
            person = await rows.person_by_email(session, shop, email)
        return None if person is None or person.disabled_at is not None else person

    async def _keep_up(self, person: Person, hashed: str, password: str) -> None:
        """A hash of an older cost is replaced while the password is at hand."""
        if is_dated(hashed):
            fresh = await self.passwords.hashed(password)
            shop = self.sessions.shop
            async with self.sessions.store.tenant(shop) as session:
                await rows.change_person(session, shop, person.id, password_hash=fresh)

    async def _blocked(self, request: Request, person: Person | None) -> None:
        """Once for each time that somebody has to wait."""
        shop, by = self.sessions.shop, actor_of(request)
        visitor = Actor("visitor", by.ip_hash, by.request_id)
        what = f"person:{person.id}" if person else "person:unknown"
        async with self.sessions.store.tenant(shop) as session:
            await record(session, shop, visitor, "session.blocked", what, clock=self.clock)
