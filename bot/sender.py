"""Sends drafts: waits at the gate, claims, calls the network, and says how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeAlias

import structlog

from bot.channels.base import (
    Accepted,
    Ambiguous,
    Channel,
    Part,
    Permanent,
    RetryAfter,
    SendResult,
    Tracked,
)
from bot.channels.offering import offers
from bot.dispatching import closes, dispatch, part_of, pause, policy
from bot.gate import Gate
from events.answers import Held, LeaseLost
from events.claims import Claim, Claims
from events.effects import Effects, Outcome, Retry
from events.handling import Failed, guarded
from events.happened import Happened, following
from events.vocabulary import (
    ReachabilityChanged,
    ReplyDispatched,
    ReplyDrafted,
    ReplyFailed,
    ReplySent,
    ReplyUncertain,
    ReplyWithheld,
    Withheld,
)
from services.clock import Clock

log = structlog.get_logger()
NO_CHANNEL_S = 5.0
GONE = timedelta(hours=1)
WORD_PAUSE_S = 3.0
AFTER_WORD = 3
AGAIN = ":again"
Progress: TypeAlias = Effects | Retry | str | None
"""A part either ends the draft, or gives its platform id, or None when it had been sent before."""


@dataclass(frozen=True, slots=True)
class Sender:
    """`per_minute` bounds the answers in one conversation: two bots may have met."""

    channels: Mapping[str, Channel]
    claims: Claims
    gate: Gate
    clock: Clock
    per_minute: int = 0

    async def on_draft(self, draft: ReplyDrafted, held: Held) -> Outcome:
        channel = self.channels.get(draft.account)
        dispatched = dispatch(draft, self.clock)
        if channel is None:
            return self._unserved(dispatched, self.clock() - draft.at)
        platform_ids: list[str] = []
        messages = len(draft.parts) + len(draft.extras)
        left = await self.claims.sent(held, draft.id) if messages > 1 else {}
        for number in range(messages):
            if number in left:
                platform_ids += filter(None, [left[number]])
                continue
            pause_s = pause(channel, dispatched, number, self.clock() - draft.at)
            if pause_s > 0:
                return Retry(pause_s, "written at a person's pace")
            progress = await self._part(channel, dispatched, held, number)
            if isinstance(progress, Effects | Retry):
                return progress
            if progress:  # a reaction has no id of its own
                platform_ids.append(progress)
        return self._sent(channel, dispatched, tuple(platform_ids))

    async def _part(
        self, channel: Channel, draft: ReplyDispatched, held: Held, number: int
    ) -> Progress:
        part = part_of(draft, number)
        wait = await self.gate.wait(draft.account, channel.rates(part))
        if wait > 0:
            return Retry(wait, "rate limit")
        claim = self._claim(channel, draft, held, number)
        verdict = await self.claims.claim(held, claim)
        match verdict:
            case "go" | "again":
                return await self._send(channel, claim, held, last=verdict == "again")
            case "duplicate":
                return None
            case "waiting":
                return Retry(WORD_PAUSE_S, "waiting for the network to tell")
            case "uncertain":
                return self._uncertain(draft, "interrupted while sending")
            case "lost":
                raise LeaseLost(f"partition {held.partition}")
            case _:
                return self._withheld(draft, verdict)

    def _claim(self, channel: Channel, draft: ReplyDispatched, held: Held, number: int) -> Claim:
        return Claim(
            draft,
            number,
            nonce=held.token,
            resend=policy(channel, draft),
            word_s=channel.status_s if offers(channel, Tracked) else 0,
            windowed=closes(channel, part_of(draft, number), draft, self.clock()),
            per_minute=0 if draft.purpose == "notice" else self.per_minute,
        )

    async def _send(self, channel: Channel, claim: Claim, held: Held, *, last: bool) -> Progress:
        draft, number = claim.dispatched, claim.part
        part = part_of(draft, number)
        result = await _sent_to(channel, part)
        match result:
            case Accepted(platform_id=platform_id):
                if number + 1 < len(draft.parts) + len(draft.extras):
                    await self.claims.confirm(held, draft.reply, number, platform_id)
                return platform_id
            case RetryAfter(seconds=seconds, reason=reason, alone=alone):
                rates = channel.rates(part)
                await self.gate.freeze(draft.account, rates[-1:] if alone else rates, seconds)
                return Retry(seconds, reason)
            case Permanent(reason=reason, unreachable=unreachable):
                if unreachable:
                    await self.claims.shut(held, draft.conversation)
                return self._failed(draft, reason, unreachable=unreachable)
            case Ambiguous(reason=reason) if claim.resend >= AFTER_WORD and not last:
                await self.claims.hold(held, claim)
                return Retry(WORD_PAUSE_S, reason)
            case Ambiguous(reason=reason):
                return await self._again(channel, claim, held, reason)

    async def _again(self, channel: Channel, claim: Claim, held: Held, reason: str) -> Progress:
        """Sent, perhaps. Who may send twice does it once more; who may not says so."""
        if claim.resend >= AFTER_WORD or (claim.nonce.endswith(AGAIN) and not channel.idempotent):
            return self._uncertain(claim.dispatched, reason)
        again = replace(claim, nonce=f"{held.token}{AGAIN}")
        if await self.claims.claim(held, again) != "go":
            return self._uncertain(claim.dispatched, reason)
        log.info("reply.sent_again", reply=str(claim.dispatched.reply), reason=reason)
        if channel.idempotent:
            return Retry(1.0, reason)
        return await self._send(channel, again, held, last=True)

    def _unserved(self, draft: ReplyDispatched, waited: timedelta) -> Effects | Retry:
        """Another process may serve it, or a person may mend it; a removed account comes no more,
        and what waits for it must not hold back what is behind."""
        reason = f"no channel here serves {draft.account}"
        if waited > GONE:
            return self._failed(draft, reason, unreachable=False)
        return Retry(NO_CHANNEL_S, reason)

    def _failed(self, draft: ReplyDispatched, reason: str, *, unreachable: bool) -> Effects:
        envelope = following(draft, "failed", self.clock(), of=draft.reply)
        events: list[Happened] = [ReplyFailed(**envelope, reply=draft.reply, reason=reason)]
        if unreachable:
            gone = following(draft, "unreachable", self.clock(), of=draft.reply)
            events.append(ReachabilityChanged(**gone, chat=draft.chat, reachable=False))
        return Effects(events, forget=[draft.reply])

    def _uncertain(self, draft: ReplyDispatched, reason: str) -> Effects:
        envelope = following(draft, "uncertain", self.clock(), of=draft.reply)
        return Effects([ReplyUncertain(**envelope, reply=draft.reply, reason=reason)])

    def _withheld(self, draft: ReplyDispatched, why: Withheld) -> Effects:
        envelope = following(draft, "withheld", self.clock(), of=draft.reply)
        withheld = ReplyWithheld(**envelope, reply=draft.reply, reason=why)
        return Effects([withheld], forget=[draft.reply])

    def _sent(
        self, channel: Channel, draft: ReplyDispatched, platform_ids: tuple[str, ...]
    ) -> Effects:
        envelope = following(draft, "sent", self.clock(), of=draft.reply)
        told_later = offers(channel, Tracked) and channel.repeats == "after_status"
        sent = ReplySent(
            **envelope,
            reply=draft.reply,
            state="accepted" if told_later else "sent",
            author=draft.author,
            platform_ids=platform_ids,
        )
        return Effects([sent], forget=[draft.reply])


async def _sent_to(channel: Channel, part: Part) -> SendResult:
    """A channel that raises does not know how it ended. Where our key protects us that is one more
    failed delivery; elsewhere a repetition would be a doubled message."""
    if channel.idempotent:
        return await channel.send(part)
    result = await guarded(lambda: channel.send(part), channel.account)
    return Ambiguous(result.reason) if isinstance(result, Failed) else result
