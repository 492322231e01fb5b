"""One's own account: made with the shop's key, opened by a link, and changed by oneself."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from services.passwords import Passwords
from store import people as rows
from store.audit import Actor
from store.people import Person
from store.session import WriteSession
from text.passwords import weakness
from web.entering import Doorman, Wait
from web.identity import Forbidden, actor_of, identity_of
from web.members import Given, refused
from web.membership import Invited, Membership
from web.pages.tastes import KEPT_S
from web.permissions import Perm
from web.rendering import THEMES, Pages
from web.routing import PUBLIC, Route
from web.security import keep_cookie
from web.sessions import Sessions
from web.tokens import digest_of
from web.translating import LOCALES

ACCOUNT: Final = "/ajustes/cuenta"
NEW: Final = "/ajustes/cuenta/nueva"
Sent = Annotated[str, Form()]


@dataclass(frozen=True, slots=True)
class Account:
    pages: Pages
    sessions: Sessions
    doorman: Doorman

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", NEW, self.new, Perm.MEMBER_WRITE),
            Route("POST", NEW, self.make, Perm.MEMBER_WRITE),
            Route("GET", ACCOUNT, self.show, Perm.SETTINGS_READ),
            Route("POST", ACCOUNT, self.change, Perm.SETTINGS_READ),
            Route("POST", f"{ACCOUNT}/contrasena", self.change_password, Perm.SETTINGS_READ),
            Route("GET", "/invitacion/{token}", self.invited, PUBLIC),
            Route("POST", "/invitacion/{token}", self.accept, PUBLIC),
        ]

    @property
    def passwords(self) -> Passwords:
        return self.doorman.passwords

    async def new(self, request: Request) -> Response:
        """For whoever came by the shop's key."""
        if identity_of(request).person is not None:
            return RedirectResponse(ACCOUNT, 303)
        return self.pages.answer(request, "cuenta_nueva.html", given=Given(), problem="")

    async def make(
        self, request: Request, nombre: Sent = "", correo: Sent = "", contrasena: Sent = ""
    ) -> Response:
        """The first owner; from then on the key opens nothing."""
        who, given = identity_of(request), Given(correo, nombre, "owner")
        if who.person is not None:
            return RedirectResponse(ACCOUNT, 303)
        problem = given.problem() or await self._weak(contrasena, correo)
        if problem:
            return self._again(request, given, problem)
        hashed = await self.passwords.hashed(contrasena)
        response = RedirectResponse("/", 303)
        async with self.sessions.store.tenant(who.shop) as session:
            members = self._members(session, actor_of(request))
            made = await members.invite(given.email, given.name, given.role)
            if isinstance(made, Invited):
                person = await self._chosen(members, made.person, hashed)
                await self.sessions.open(session, request, response, person)
                return response
        return self._again(request, given, refused(made))

    async def show(self, request: Request, hecho: str = "") -> Response:
        who = identity_of(request)
        if who.person is None:
            return RedirectResponse(NEW, 303)
        return await self._own(request, who.person, hecho)

    async def change(
        self,
        request: Request,
        nombre: Sent = "",
        atajos: Sent = "",
        idioma: Sent = "",
        tema: Sent = "",
    ) -> Response:
        """The browser keeps the tastes too: its cookies count more than the account."""
        person = self._person(request)
        name = " ".join(nombre.split())[:80]
        changed: dict[str, object] = {"single_key_shortcuts": bool(atajos)}
        changed |= {"name": name} if name and name.isprintable() else {}
        changed |= {"locale": idioma} if idioma in LOCALES else {}
        changed |= {"theme": tema} if tema in THEMES else {}
        async with self.sessions.store.tenant(self.sessions.shop) as session:
            await self._members(session, actor_of(request)).change_own(person, **changed)
        response = RedirectResponse(f"{ACCOUNT}?hecho=guardado", 303)
        for cookie, kept in (("idioma", "locale"), ("tema", "theme")):
            if kept in changed:
                keep_cookie(request, response, cookie, str(changed[kept]), KEPT_S)
        return response

    async def change_password(
        self, request: Request, actual: Sent = "", nueva: Sent = ""
    ) -> Response:
        """The one of now is asked for again: a phone that lies about must not be enough."""
        person, email = self._person(request), await self._email(request)
        known = await self.doorman.known(request, email, actual)
        if isinstance(known, Wait):
            return await self._own(request, person, status=429, wait_s=ceil(known.ms / 1000))
        if known is None:
            return await self._own(request, person, "otra", 422)
        if problem := await self._weak(nueva, email):
            return await self._own(request, person, problem, 422)
        hashed = await self.passwords.hashed(nueva)
        response = RedirectResponse(f"{ACCOUNT}?hecho=contrasena", 303)
        async with self.sessions.store.tenant(self.sessions.shop) as session:
            await self._members(session, actor_of(request)).choose(known, hashed)
            await self.sessions.open(session, request, response, known)
        return response

    async def invited(self, request: Request, token: str) -> Response:
        return await self._invitation(request, token)

    async def accept(self, request: Request, token: str, contrasena: Sent = "") -> Response:
        person = await self._linked(token)
        if person is None:
            return await self._invitation(request, token)
        if problem := await self._weak(contrasena, person.email):
            return await self._invitation(request, token, problem)
        hashed = await self.passwords.hashed(contrasena)
        response = RedirectResponse("/", 303)
        async with self.sessions.store.tenant(self.sessions.shop) as session:
            # Two may have come by the link at once: the first one used it up.
            found = await self._by_link(session, token)
            if found is None:
                return await self._invitation(request, token)
            by = actor_of(request)
            actor = Actor(f"person:{found.id}", by.ip_hash, by.request_id)
            await self._members(session, actor).choose(found, hashed)
            await self.sessions.open(session, request, response, found)
        return response

    def _members(self, session: WriteSession, by: Actor) -> Membership:
        return Membership(session, self.sessions.shop, by, self.sessions.clock)

    async def _chosen(self, members: Membership, one: UUID, hashed: str) -> Person:
        person = await members.session.get_one(Person, (members.shop, one))
        await members.choose(person, hashed)
        return person

    async def _weak(self, password: str, email: str) -> str:
        """Beside the event loop, which answers customers meanwhile: it looks into long lists."""
        besides = (self.sessions.shop_name, email)
        return await asyncio.to_thread(weakness, password, besides) or ""

    def _person(self, request: Request) -> UUID:
        person = identity_of(request).person
        if person is None:
            raise Forbidden
        return person

    async def _email(self, request: Request) -> str:
        shop, person = self.sessions.shop, self._person(request)
        async with self.sessions.store.tenant(shop) as session:
            return (await session.get_one(Person, (shop, person))).email

    async def _linked(self, token: str) -> Person | None:
        async with self.sessions.store.tenant(self.sessions.shop) as session:
            return await self._by_link(session, token)

    async def _by_link(self, session: WriteSession, token: str) -> Person | None:
        at = self.sessions.clock()
        return await rows.person_by_link(session, self.sessions.shop, digest_of(token), at)

    async def _invitation(self, request: Request, token: str, problem: str = "") -> Response:
        person = await self._linked(token)
        status = 410 if person is None else 422 if problem else 200
        values: dict[str, Any] = {"person": person, "token": token, "problem": problem}
        return self.pages.answer(request, "invitacion.html", status=status, **values)

    def _again(self, request: Request, given: Given, problem: str) -> Response:
        values: dict[str, Any] = {"given": given, "problem": problem}
        return self.pages.answer(request, "cuenta_nueva.html", status=422, **values)

    async def _own(
        self, request: Request, person: UUID, told: str = "", status: int = 200, wait_s: int = 0
    ) -> Response:
        async with self.sessions.store.tenant(self.sessions.shop) as session:
            found = await rows.person_by_id(session, self.sessions.shop, person)
        values: dict[str, Any] = {"person": found, "told": told}
        return self.pages.answer(request, "cuenta.html", status=status, wait_s=wait_s, **values)
