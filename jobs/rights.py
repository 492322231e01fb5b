"""What customers may ask of their data, whoever brings it: people of the shop, or themselves."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias
from uuid import UUID, uuid4

from events.forgetting import Forgetting
from jobs.schedule import ERASURE, EXPORT, Run
from services.clock import Clock, now
from store.audit import Actor, record
from store.privacy import persons, requests
from store.privacy.persons import Person
from store.privacy.requests import Asked, Kind
from store.privacy.tables import Consent
from store.session import Store, WriteSession, driver

Offer: TypeAlias = Callable[[Run], Awaitable[object]]
JOBS: Final[dict[Kind, str]] = {"export": EXPORT, "erasure": ERASURE}
SUBJECTS: Final[dict[Kind, str]] = {"opposition": "training", "restriction": "processing"}


async def nobody_offers(_run: Run) -> None:
    """The schedule finds it by itself, within minutes."""


@dataclass(frozen=True, slots=True)
class Rights:
    """`own` confines everything to the rows of the customer who asks; `actor` is who acts, for the
    audit, where more is known than a name."""

    store: Store
    shop: UUID
    forgetting: Forgetting
    offer: Offer = nobody_offers
    days: int = 30
    clock: Clock = now
    own: bool = False
    actor: Actor | None = None

    async def ask(self, customer: UUID, kind: Literal["export", "erasure"], by: str) -> UUID | None:
        """The request; one that waits already is the same. None for somebody unknown."""
        async with self.store.tenant(self.shop, self._only(customer)) as session:
            who = await persons.find(await driver(session), self.shop, customer)
            if who is None:
                return None
            found = await requests.open_one(session, self.shop, who.id, kind)
            request = found.id if found else uuid4()
            if found is None:
                await requests.note(session, request, self._asked(who, kind, by))
                await self.audited(session, by, f"customer.{kind}", who.id)
        if kind == "erasure":
            await self.forgetting.block(who.conversations, erasing=True)
        await self.offer(Run(JOBS[kind], self.shop, str(request)))
        return request

    async def oppose(self, customer: UUID, by: str, *, to: bool) -> bool:
        """Whether what they say may teach. False for somebody unknown."""
        return await self._chosen(customer, "opposition", by, on=to) is not None

    async def restrict(self, customer: UUID, by: str, *, to: bool) -> bool:
        """While it holds, what they write is kept and nothing else is done with it. Whoever is
        being erased stays shut, whatever is said of them meanwhile."""
        who = await self._chosen(customer, "restriction", by, on=to)
        if who is None:
            return False
        if await self._is_leaving(who):
            await self.forgetting.block(who.conversations, erasing=True)
        elif to:
            await self.forgetting.block(who.conversations)
        else:
            await self.forgetting.release(who.conversations)
        return True

    async def correct(self, customer: UUID, by: str, **values: object) -> bool:
        """Name, language, intensity or tone, as they should have been."""
        async with self.store.tenant(self.shop, self._only(customer)) as session:
            who = await persons.find(await driver(session), self.shop, customer)
            if who is None:
                return False
            await requests.choose(session, self.shop, who.id, **values)
            await self._noted(session, who, "rectification", by)
        return True

    async def _chosen(self, customer: UUID, kind: Kind, by: str, *, on: bool) -> Person | None:
        async with self.store.tenant(self.shop, self._only(customer)) as session:
            who = await persons.find(await driver(session), self.shop, customer)
            if who is None:
                return None
            since = self.clock() if on else None
            values = {"no_training": on} if kind == "opposition" else {"restricted_at": since}
            await requests.choose(session, self.shop, who.id, **values)
            await requests.consent(session, self._consent(who, SUBJECTS[kind], by, granted=not on))
            await self._noted(session, who, kind, by)
        return who

    async def _noted(self, session: WriteSession, who: Person, kind: Kind, by: str) -> None:
        """Done at once, and written down as done."""
        request = uuid4()
        await requests.note(session, request, self._asked(who, kind, by))
        await requests.settle(session, self.shop, request, self.clock(), {})
        await self.audited(session, by, f"customer.{kind}", who.id)

    async def _is_leaving(self, who: Person) -> bool:
        """Asked once the word is written down: an erasure that begins later shuts by itself."""
        async with self.store.tenant(self.shop, self._only(who.id)) as session:
            return await requests.open_one(session, self.shop, who.id, "erasure") is not None

    def _asked(self, who: Person, kind: Kind, by: str) -> Asked:
        return Asked(self.shop, who.id, kind, by, self.clock(), self.days)

    def _consent(self, who: Person, subject: str, by: str, *, granted: bool) -> Consent:
        return Consent(
            shop_id=self.shop, id=uuid4(), customer_id=who.id, subject=subject, granted=granted,
            by=by, created_at=self.clock(),
        )  # fmt: skip

    def _only(self, customer: UUID) -> UUID | None:
        return customer if self.own else None

    async def audited(self, session: WriteSession, by: str, action: str, customer: UUID) -> None:
        """In the transaction of what it tells, and last in it."""
        actor = self.actor or by
        await record(session, self.shop, actor, action, f"customer:{customer}", clock=self.clock)

    def acting(self, actor: Actor) -> "Rights":
        """With what the audit knows of whoever acts."""
        return replace(self, actor=actor)

    def of(self) -> "Rights":
        """As the customer themselves asks."""
        return replace(self, own=True)
