"""Whoever acts: the name that others read, what the audit knows of them, and when it was."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import Request

from store.audit import Actor, record
from store.session import WriteSession
from web.identity import Identity, actor_of, identity_of


@dataclass(frozen=True, slots=True)
class Hand:
    who: Identity
    actor: Actor
    at: datetime

    async def note(self, session: WriteSession, action: str, what: str, **told: object) -> None:
        """Within the transaction of what was done, and last in it."""
        by, at = self.actor, self.at
        after = told or None
        await record(session, self.who.shop, by, action, what, after=after, clock=lambda: at)


def hand_of(request: Request, at: datetime) -> Hand:
    return Hand(identity_of(request), actor_of(request), at)
