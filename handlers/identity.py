"""Which client a customer is, before anything is told: what the network vouches for, or a proof."""

from dataclasses import dataclass
from typing import Literal, TypeAlias
from uuid import UUID

from events.happened import caused_by
from handlers.challenge import GUESSES, LOCKED, PROVED_FOR, Given
from handlers.steps import Asked, NotYet
from store import identity
from store.base import DanglingReference
from store.session import Store, WriteSession

Refusal: TypeAlias = Literal["wrong", "locked"]
NO_PHONES = frozenset({"web"})
"""Networks that vouch for nobody's phone, so that nothing is worth waiting for."""


@dataclass(frozen=True, slots=True)
class Identity:
    store: Store

    async def known(self, asked: Asked) -> UUID | None:
        """Their phone goes first, and is asked anew each time: numbers change hands, and rows do.

        Raises NotYet while the customer is still being written down.
        """
        turn = asked.turn
        async with self.store.reading() as session:
            who = await identity.person(session, turn.shop, turn.customer)
            if who is None:
                self._wait(asked)
                return None
            found = await identity.by_phone(session, turn.shop, who)
            since = asked.at - PROVED_FOR
            return found or await identity.by_proof(session, turn.shop, who, since)

    async def locked(self, asked: Asked) -> bool:
        turn = asked.turn
        async with self.store.reading() as session:
            who = await identity.person(session, turn.shop, turn.customer)
            if who is None:
                return False
            since = asked.at - LOCKED
            wrong = await identity.failures(session, turn.shop, who, since, but=_attempt(asked))
            return wrong >= GUESSES

    async def proved(self, asked: Asked, given: Given) -> UUID | Refusal:
        """A wrong answer is counted, once however often its turn is handled."""
        try:
            async with self.store.transaction() as session:
                await identity.alone(session, asked.turn.shop)
                return await self._judged(session, asked, given)
        except DanglingReference as error:
            raise NotYet(f"customer {asked.turn.customer}") from error

    async def _judged(self, session: WriteSession, asked: Asked, given: Given) -> UUID | Refusal:
        turn, since, attempt = asked.turn, asked.at - LOCKED, _attempt(asked)
        who = await identity.person(session, turn.shop, turn.customer)
        if who is None:
            raise NotYet(f"customer {turn.customer}")
        before = await identity.failures(session, turn.shop, who, since, but=attempt)
        if before >= GUESSES:
            return "locked"
        found = await identity.alike(session, turn.shop, given.id_tail or "", given.born_on)
        exact = [one.client for one in found if one.both]
        if len(exact) == 1 and await self._open(session, asked, exact[0]):
            await identity.link(session, turn.shop, turn.customer, exact[0], asked.at)
            return exact[0]
        about = [one.client for one in found]
        await identity.fail(session, turn.shop, turn.customer, about, attempt, asked.at)
        return "locked" if before + 1 >= GUESSES else "wrong"

    async def _open(self, session: WriteSession, asked: Asked, client: UUID) -> bool:
        """Nobody has been guessing at this client today, from whatever chats."""
        since = asked.at - LOCKED
        wrong = await identity.failures_about(
            session, asked.turn.shop, client, since, but=_attempt(asked)
        )
        return wrong < GUESSES

    def _wait(self, asked: Asked) -> None:
        """The names of a newcomer come with their row."""
        if asked.turn.account.partition(":")[0] not in NO_PHONES:
            raise NotYet(f"customer {asked.turn.customer}")


def _attempt(asked: Asked) -> UUID:
    return caused_by(asked.turn.turn or asked.turn.id, f"identity:{asked.turn.revision}")
