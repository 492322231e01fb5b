"""Writes once to a customer who stopped answering, by a clock and hours of its own.

A follow-up needs a token that stands in the conversation: who speaks takes it away in the script
that ingests what they say, and the claim takes it too. So it leaves at most once and never after an
answer; what is handled here, in the order of the conversation, only says when to try.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from config.manners import FollowUpSettings, OutreachSettings
from config.packs import Pack
from events.effects import NOTHING, Effects, Outcome, Retry, Timer
from events.happened import Happened, following
from events.manners import FollowUpDue
from events.stream import Stream
from events.vocabulary import ReplyDispatched, ReplyDrafted
from handlers.consent import NOTE
from handlers.hours import Hours
from handlers.reach import Reach, template_of
from services.clock import Clock, now
from services.quota import Quota
from store.base import StoreUnavailable
from store.outreach import opted_out
from store.session import Store

ANSWER: Final = "follow_up"
KEPT_S: Final = 14 * 86_400
"""A token nobody took is forgotten."""
STORE_RETRY_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class FollowUps:
    """`hours` are those in which we may write first, `quota` counts to whom."""

    stream: Stream
    store: Store
    pack: Pack
    knobs: FollowUpSettings
    outreach: OutreachSettings
    hours: Hours
    reach: Reach
    quota: Quota
    clock: Clock = now

    async def on_reply(self, reply: ReplyDispatched) -> Outcome:
        """After an answer about a product there is something to come back to."""
        if not worth_following(reply):
            return NOTHING
        token = str(reply.reply)
        key = self.stream.keys.nudge(reply.conversation)
        await self.stream.wire.command("SET", key, token, "EX", KEPT_S)
        due = FollowUpDue(
            **following(reply, "follow-up-due", self.clock(), of=reply.reply),
            customer=reply.customer,
            chat=reply.chat,
            thread=reply.thread,
            locale=reply.generation.locale,
            reply=reply.reply,
            token=token,
            question=reply.question,
            product=reply.generation.product_name or "",
        )
        return Effects(timers=[self._timer(due, round(self.knobs.after_h * 3_600_000))])

    async def on_news(self, news: Happened) -> Outcome:
        """Somebody spoke, ordered, took over or forbade it: what was planned is off."""
        await self.stream.wire.command("DEL", self.stream.keys.nudge(news.conversation))
        return NOTHING

    async def on_due(self, due: FollowUpDue) -> Outcome:
        try:
            if not await self._wanted(due):
                return NOTHING
        except StoreUnavailable as error:
            return Retry(STORE_RETRY_S, str(error))
        here = self.clock()
        opens = self.hours.opens_next(here)
        if opens is None:
            return NOTHING
        if opens > here:
            return Effects(timers=[self._timer(due, _ms(opens, here))])
        most = self.outreach.cap(due.account)
        full_s = await self.quota.wait_s(due.account, due.token, most)
        if full_s:
            return Effects(timers=[self._timer(due, round(full_s * 1000))])
        return Effects([await self._draft(due, here)])

    async def _wanted(self, due: FollowUpDue) -> bool:
        """Nobody has spoken since, and the customer never said that we may not."""
        keys, wire = self.stream.keys, self.stream.wire
        token = wire.command("GET", keys.nudge(due.conversation))
        left = wire.command("HGET", keys.notes(due.conversation), NOTE)
        if (await token or b"").decode() != due.token or await left:
            return False
        async with self.store.reading() as session:
            return not await opted_out(session, due.shop, due.conversation)

    def _timer(self, due: FollowUpDue, after_ms: int) -> Timer:
        """One for each conversation: a newer reply takes the older one's place."""
        return Timer(f"follow-up:{due.conversation}", after_ms, due)

    async def _draft(self, due: FollowUpDue, here: datetime) -> ReplyDrafted:
        slots = {"product": due.product} if due.product else {}
        text = self.pack.answers[ANSWER].say(due.locale or "es", slots)
        template = template_of(self.outreach.template)
        composed = await self.reach.composed(due.account, due.conversation, text, template)
        return ReplyDrafted(
            **(following(due, "follow-up", here, of=due.reply) | {"turn": None}),
            customer=due.customer,
            chat=due.chat,
            thread=due.thread,
            text=text,
            parts=composed.parts,
            marks=composed.marks,
            extras=composed.extras,
            sensitive=True,
            purpose="follow_up",
            needs=due.token,
        )


def worth_following(reply: ReplyDispatched) -> bool:
    return (
        reply.author == "bot"
        and reply.purpose == "answer"
        and reply.generation.product_id is not None
    )


def _ms(later: datetime, earlier: datetime) -> int:
    return max(round((later - earlier).total_seconds() * 1000), 1)
