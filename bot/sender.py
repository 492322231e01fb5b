"""Sends drafts: waits at the gate, claims, calls the network, and says how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import structlog

from bot.channels.base import (
    Accepted,
    Ambiguous,
    Channel,
    Part,
    Permanent,
    RetryAfter,
    SendResult,
)
from bot.gate import Gate
from events.answers import Held, LeaseLost
from events.effects import Effects, Outcome, Retry
from events.handling import Failed, guarded
from events.happened import Happened, caused_by, following
from events.stream import Claim, Stream
from events.vocabulary import (
    ReachabilityChanged,
    ReplyDispatched,
    ReplyDrafted,
    ReplyFailed,
    ReplySent,
    ReplyUncertain,
    ReplyWithheld,
)
from services.clock import Clock

log = structlog.get_logger()
NO_CHANNEL_S = 5.0
Progress: TypeAlias = Effects | Retry | str | None
"""A part either ends the draft, or gives its platform id, or None when it had been sent before."""


@dataclass(frozen=True, slots=True)
class Sender:
    channels: Mapping[str, Channel]
    stream: Stream
    gate: Gate
    clock: Clock

    async def on_draft(self, draft: ReplyDrafted, held: Held) -> Outcome:
        channel = self.channels.get(draft.account)
        if channel is None:
            return Retry(NO_CHANNEL_S, f"no channel here serves {draft.account}")
        dispatched = dispatch(draft, self.clock)
        platform_ids = []
        for number in range(len(draft.parts)):
            progress = await self._part(channel, dispatched, held, number)
            if isinstance(progress, Effects | Retry):
                return progress
            if progress is not None:
                platform_ids.append(progress)
        return self._sent(dispatched, tuple(platform_ids))

    async def _part(
        self, channel: Channel, draft: ReplyDispatched, held: Held, number: int
    ) -> Progress:
        part = _part_of(draft, number)
        wait = await self.gate.wait(draft.account, channel.rates(part))
        if wait > 0:
            return Retry(wait, "rate limit")
        claim = Claim(draft, number, nonce=held.token, resend=policy(channel, draft))
        verdict = await self.stream.claim(held, claim)
        match verdict:
            case "go":
                return await self._send(channel, claim, held)
            case "duplicate":
                return None
            case "silenced" | "stale":
                return self._withheld(draft, verdict)
            case "uncertain":
                return self._uncertain(draft, "interrupted while sending")
            case _:
                raise LeaseLost(f"partition {held.partition}")

    async def _send(self, channel: Channel, claim: Claim, held: Held) -> Progress:
        draft, number = claim.dispatched, claim.part
        part = _part_of(draft, number)
        result = await _sent_to(channel, part)
        match result:
            case Accepted(platform_id=platform_id):
                if number + 1 < len(draft.parts):
                    await self.stream.confirm(held, draft.reply, number)
                return platform_id
            case RetryAfter(seconds=seconds, reason=reason):
                await self.gate.freeze(draft.account, channel.rates(part), seconds)
                return Retry(seconds, reason)
            case Permanent(reason=reason, unreachable=unreachable):
                return self._failed(draft, reason, unreachable=unreachable)
            case Ambiguous(reason=reason):
                return await self._again(channel, claim, held, reason)

    async def _again(self, channel: Channel, claim: Claim, held: Held, reason: str) -> Progress:
        """Sent, perhaps. Who may send twice does it once more; who may not says so."""
        if claim.nonce.endswith(":again") and not channel.idempotent:
            return self._uncertain(claim.dispatched, reason)
        again = Claim(claim.dispatched, claim.part, f"{held.token}:again", claim.resend)
        if await self.stream.claim(held, again) != "go":
            return self._uncertain(claim.dispatched, reason)
        log.info("reply.sent_again", reply=str(claim.dispatched.reply), reason=reason)
        if channel.idempotent:
            return Retry(1.0, reason)
        return await self._send(channel, again, held)

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

    def _withheld(self, draft: ReplyDispatched, why: Literal["silenced", "stale"]) -> Effects:
        envelope = following(draft, "withheld", self.clock(), of=draft.reply)
        withheld = ReplyWithheld(**envelope, reply=draft.reply, reason=why)
        return Effects([withheld], forget=[draft.reply])

    def _sent(self, draft: ReplyDispatched, platform_ids: tuple[str, ...]) -> Effects:
        envelope = following(draft, "sent", self.clock(), of=draft.reply)
        sent = ReplySent(
            **envelope, reply=draft.reply, author=draft.author, platform_ids=platform_ids
        )
        return Effects([sent], forget=[draft.reply])


async def _sent_to(channel: Channel, part: Part) -> SendResult:
    """A channel that raises does not know how it ended. Where our key protects us that is one more
    failed delivery; elsewhere a repetition would be a doubled message."""
    if channel.idempotent:
        return await channel.send(part)
    result = await guarded(lambda: channel.send(part), channel.account)
    return Ambiguous(result.reason) if isinstance(result, Failed) else result


def policy(channel: Channel, draft: ReplyDispatched) -> Literal[0, 1, 2]:
    """How often an uncertain part may go again: a doubled answer is better than silence, a doubled
    payment request is not, and a network that knows our key never doubles."""
    if channel.idempotent:
        return 2
    return 0 if draft.sensitive else 1


def dispatch(draft: ReplyDrafted, clock: Clock) -> ReplyDispatched:
    shared = {name: getattr(draft, name) for name in draft.__struct_fields__}
    now = clock()
    shared |= {"id": caused_by(draft.id, "dispatched"), "at": now, "received_at": now}
    return ReplyDispatched(**shared, reply=draft.id)


def _part_of(draft: ReplyDispatched, number: int) -> Part:
    return Part(
        key=f"{draft.reply}:{number}",
        conversation=draft.conversation,
        chat=draft.chat,
        text=draft.parts[number],
        thread=draft.thread,
        reply_to=draft.reply_to if number == 0 else None,
    )
