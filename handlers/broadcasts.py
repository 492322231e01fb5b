"""Writes to many, one at a time: within hours, caps and a pace, and to nobody who does not want it.

An offer's id derives from the broadcast and the conversation, so it leaves once whoever is killed;
what has become unwelcome since then (a person has the word, the customer said BAJA, WhatsApp's
window closed) the claim withholds, as it does with every draft.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from config.manners import OutreachSettings, TakeoverSettings
from events.happened import caused_by
from events.stream import Stream
from events.vocabulary import ReplyDrafted
from handlers.hours import Hours
from handlers.reach import Reach, template_of
from services.clock import Clock, now
from services.quota import Quota
from store import outreach
from store.dealings import Broadcast
from store.outreach import Next
from store.session import Store

KEPT_S: Final = 30 * 86_400
TALKING: Final = timedelta(hours=1)
"""Nobody is interrupted: who spoke so lately is written to later."""
DAY_S: Final = 86_400.0
IDLE_S: Final = 5.0
STUCK_S: Final = 0.5
GIVEN_UP: Final = timedelta(hours=1)
"""One offer that nobody can ever say anything of does not end a broadcast."""


@dataclass(frozen=True, slots=True)
class Broadcasts:
    """`hours` are those in which we may write first. `last` is what each account offered last: the
    next one waits until it is known what became of it, or all would leave at once when a network
    comes back."""

    store: Store
    stream: Stream
    knobs: OutreachSettings
    staff: TakeoverSettings
    hours: Hours
    reach: Reach
    quota: Quota
    clock: Clock = now
    last: dict[str, tuple[UUID, datetime]] = field(default_factory=dict)

    async def waiting(self, one: Broadcast) -> float | None:
        """Offers it to one more person; how long its account then has nothing to do. None where it
        has nobody now, and another broadcast may.

        Raises StoreUnavailable, PartitionFull.
        """
        here = self.clock()
        opens = self.hours.opens_next(here)
        if opens is None or opens > here:
            return IDLE_S if opens is None else min((opens - here).total_seconds(), IDLE_S * 12)
        if await self._is_stuck(one, here):
            return STUCK_S
        async with self.store.transaction() as session:
            found = await outreach.next_of(session, one, here - TALKING)
            if found is None:
                if await outreach.is_over(session, one):
                    await outreach.change(session, one.shop_id, one.id, "done", ["running"])
                return None
        why = self._not(found, here)
        if why is not None:
            await self._settle(found, state="skipped", reason=why, at=here)
            return 0.0
        return await self._offer(found, here)

    async def _is_stuck(self, one: Broadcast, here: datetime) -> bool:
        last, at = self.last.get(one.account, (None, here))
        if last is None or here - at > GIVEN_UP:
            return False
        async with self.store.reading() as session:
            return not await outreach.is_settled(session, one.shop_id, last)

    async def _offer(self, found: Next, here: datetime) -> float:
        draft = await self._draft(found, here)
        if draft is None:
            await self._settle(found, state="skipped", reason="window", at=here)
            return 0.0
        account = found.broadcast.account
        full_s = await self.quota.wait_s(account, str(draft.id), self.knobs.cap(account))
        if full_s:
            return min(full_s, IDLE_S * 12)
        self.last[account] = draft.id, here
        await self.stream.ingest(draft, remember_s=KEPT_S)
        await self._settle(found, state="offered", reply_id=draft.id, at=here)
        return self.knobs.pause_s(account, random.random())  # noqa: S311  spreads, hides nothing

    def _not(self, found: Next, here: datetime) -> str | None:
        """Why somebody is passed over; what changes later is the claim's to say."""
        talk = found.conversation
        if self.staff.is_staff(talk.account, talk.chat):
            return "staff"
        if found.opted_out:
            return "opted_out"
        if not talk.reachable:
            return "unreachable"
        until = talk.silenced_until
        return "silenced" if talk.silenced and (until is None or until > here) else None

    async def _settle(self, found: Next, **news: object) -> None:
        async with self.store.transaction() as session:
            await outreach.settle(session, found.target, **news)

    async def _draft(self, found: Next, here: datetime) -> ReplyDrafted | None:
        """None where the window is closed and no template opens it."""
        one, talk = found.broadcast, found.conversation
        template = template_of(one.template)
        if template is None and await self.reach.closed(one.account, talk.id):
            return None
        composed = await self.reach.composed(one.account, talk.id, one.text, template)
        return ReplyDrafted(
            id=caused_by(one.id, str(talk.id)),
            shop=one.shop_id,
            account=one.account,
            conversation=talk.id,
            request_id=one.id,
            at=here,
            received_at=here,
            customer=found.target.customer_id,
            chat=found.target.chat,
            thread=found.target.thread,
            text=one.text or one.template or "",
            parts=composed.parts,
            marks=composed.marks,
            extras=composed.extras,
            sensitive=True,
            purpose="broadcast",
        )
