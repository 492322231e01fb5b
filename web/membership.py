"""Who belongs to a shop: invited, given another role, shut out, and let in again; all of it told.

What may not be is a word: `last` for the one who alone is in charge, `known` for an e-mail that is
there already, `nobody` for an id that is not, `above` for who may do more than whoever asks.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, TypeAlias, cast
from uuid import UUID, uuid4

from services.clock import Clock, now
from store import people as rows
from store import views, weekly
from store.api_keys import standing_of
from store.audit import Actor, record
from store.people import IN_CHARGE, NewPerson, Person
from store.session import WriteSession
from store.web_sessions import end_sessions
from web.identity import Identity
from web.keys import revoke
from web.members import is_above
from web.permissions import GRANTS, Perm, Role, allowed
from web.tokens import digest_of

LINK_STANDS: Final = timedelta(days=3)
No: TypeAlias = Literal["last", "known", "nobody", "above"]


@dataclass(frozen=True, slots=True)
class Invited:
    """`token` opens the page where a password is chosen; it is shown once."""

    person: UUID
    token: str


@dataclass(frozen=True, slots=True)
class Membership:
    """The people of one shop, changed by one actor in one transaction."""

    session: WriteSession
    shop: UUID
    by: Actor
    clock: Clock = now

    async def refusal(self, who: Identity, person: UUID, role: str | None = None) -> No | None:
        """Nobody changes an account that may do more than theirs, or makes one of it."""
        found = await rows.person_by_id(self.session, self.shop, person)
        if found is None:
            return "nobody"
        above = is_above(who, found.role) or (role is not None and is_above(who, role))
        return "above" if above else None

    async def invite(self, email: str, name: str, role: str) -> Invited | No:
        person = NewPerson(shop_id=self.shop, id=uuid4(), email=email, name=name, role=role)
        if not await rows.add_person(self.session, person):
            return "known"
        token = await self._linked(person["id"])
        await self._tell("person.invited", person["id"], None, {"name": name, "role": role})
        return Invited(person["id"], token)

    async def link(self, person: UUID) -> Invited | No:
        """A new link to choose a password; the one before stops working."""
        found = await rows.person_by_id(self.session, self.shop, person)
        if found is None or found.disabled_at is not None:
            return "nobody"
        token = await self._linked(person)
        await self._tell("person.linked", person)
        return Invited(person, token)

    async def change_role(self, person: UUID, role: str) -> No | None:
        """Whoever gets another role enters anew."""
        found = await rows.person_by_id(self.session, self.shop, person)
        if found is None:
            return "nobody"
        if found.role == role:
            return None
        if role not in IN_CHARGE and await self._is_last(found):
            return "last"
        before = found.role
        await rows.change_person(self.session, self.shop, person, role=role)
        await end_sessions(self.session, self.shop, person, self.clock())
        await self._tell("person.role", person, {"role": before}, {"role": role})
        await self._take_keys(person, GRANTS[cast("Role", role)])
        return None

    async def disable(self, person: UUID) -> No | None:
        """Out at once, on every device, and with the keys they know."""
        found = await rows.person_by_id(self.session, self.shop, person)
        if found is None:
            return "nobody"
        if await self._is_last(found):
            return "last"
        at = self.clock()
        gone = {"disabled_at": at, "link_digest": None, "link_until": None}
        await rows.change_person(self.session, self.shop, person, **gone)
        await end_sessions(self.session, self.shop, person, at)
        await views.forget(self.session, self.shop, person)
        await weekly.drop(self.session, self.shop, person)
        await self._tell("person.disabled", person)
        await self._take_keys(person, frozenset())
        return None

    async def enable(self, person: UUID) -> No | None:
        if await rows.person_by_id(self.session, self.shop, person) is None:
            return "nobody"
        await rows.change_person(self.session, self.shop, person, disabled_at=None)
        await self._tell("person.enabled", person)
        return None

    async def change_own(self, person: UUID, **changed: object) -> None:
        """What somebody likes, and their name: acts are shown under it, so that of then is kept."""
        found = await rows.person_by_id(self.session, self.shop, person)
        before = found.name if found else ""
        await rows.change_person(self.session, self.shop, person, **changed)
        if (name := changed.get("name", before)) != before:
            await self._tell("person.renamed", person, {"name": before}, {"name": name})

    async def choose(self, person: Person, hashed: str, *, besides: UUID | None = None) -> None:
        """A new password ends every other session; the first one in charge, those of the key."""
        at = self.clock()
        await rows.set_password(self.session, self.shop, person.id, hashed, at)
        await end_sessions(self.session, self.shop, person.id, at, besides=besides)
        if person.role in IN_CHARGE:
            await end_sessions(self.session, self.shop, None, at)
        await self._tell("person.password", person.id)

    async def _take_keys(self, person: UUID, granted: frozenset[Perm]) -> None:
        """Those that somebody could not make any more: whoever made a key has read it."""
        for key in await standing_of(self.session, self.shop, f"person:{person}", self.clock()):
            if Perm.KEY_WRITE not in granted or not allowed(key.scopes) <= granted:
                await revoke(self.session, self.shop, self.by, key.id, self.clock)

    async def _is_last(self, person: Person) -> bool:
        """Without one in charge who can enter, nobody could let anybody in."""
        if person.role not in IN_CHARGE or person.password_at is None:
            return False
        await rows.hold_leaders(self.session, self.shop)
        return not await rows.is_led(self.session, self.shop, besides=person.id)

    async def _linked(self, person: UUID) -> str:
        token = secrets.token_urlsafe(32)
        until = self.clock() + LINK_STANDS
        await rows.set_link(self.session, self.shop, person, digest_of(token), until)
        return token

    async def _tell(
        self,
        action: str,
        person: UUID,
        before: dict[str, object] | None = None,
        after: dict[str, object] | None = None,
    ) -> None:
        await record(
            self.session,
            self.shop,
            self.by,
            action,
            f"person:{person}",
            before=before,
            after=after,
            clock=self.clock,
        )
