"""People of a shop who are in already, by role, and programs that hold a key."""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID, uuid4

import httpx2

from services.clock import now
from services.passwords import Passwords
from store import people as rows
from store.audit import Actor, Wanted, events
from store.people import NewPerson
from store.web_sessions import NewSession, open_session
from tests.web.conftest import HOME, asking
from web.app import WebParts, build
from web.keys import Wanted as WantedKey
from web.keys import make_key
from web.sessions import PLAIN
from web.tokens import digest_of


async def person(
    parts: WebParts, role: str, *, email: str = "", hashed: str = "no password fits this"
) -> UUID:
    """Somebody who has chosen a password."""
    new = NewPerson(
        shop_id=parts.shop, id=uuid4(), email=email or f"{role}@tienda.cl", name=role, role=role
    )
    async with parts.store.tenant(parts.shop) as session:
        assert await rows.add_person(session, new)
        await rows.set_password(session, parts.shop, new["id"], hashed, now())
    return new["id"]


async def let_in(parts: WebParts, one: UUID | None, at: datetime | None = None) -> str:
    """The cookie of a session."""
    token, moment = secrets.token_urlsafe(32), at or now()
    new = NewSession(
        shop_id=parts.shop,
        id=uuid4(),
        digest=digest_of(token),
        person_id=one,
        ip_hash=None,
        agent="",
        created_at=moment,
        last_seen_at=moment,
    )
    async with parts.store.tenant(parts.shop) as session:
        await open_session(session, new)
    return token


@asynccontextmanager
async def staff(parts: WebParts, role: str, base: str = HOME) -> AsyncIterator[httpx2.AsyncClient]:
    """The browser of somebody with this role."""
    async with asking(build(parts), base) as client:
        client.cookies.set(PLAIN, await let_in(parts, await person(parts, role)))
        yield client


async def a_key(parts: WebParts, scopes: Sequence[str], **wanted: datetime) -> str:
    async with parts.store.tenant(parts.shop) as session:
        made = WantedKey("caja", scopes, wanted.get("expires_at"))
        return (await make_key(session, parts.shop, Actor("terminal:test"), made))[1]


PASSWORD = "caballo-grapa-pila-sol"
ANA = "ana@tienda.cl"
WORDS = {"correo": ANA, "contrasena": PASSWORD}


async def ana(parts: WebParts, role: str = "owner") -> UUID:
    """Who enters by these words."""
    return await person(parts, role, email=ANA, hashed=await Passwords().hashed(PASSWORD))


async def actions(parts: WebParts) -> list[str]:
    async with parts.store.tenant(parts.shop) as session:
        return [one.action for one in await events(session, parts.shop, Wanted())]
