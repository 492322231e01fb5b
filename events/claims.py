"""What may leave, and what is known of what left: the claim on each part of a draft.

Everything of ours passes here on its way out, so this is the one silence point.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias
from uuid import UUID

from events.answers import Held, fenced
from events.envelope import encode
from events.stream import HISTORY_CAP, SHUT_S, Stream, history_line
from events.vocabulary import DeliveryUpdated, ReplyDispatched
from services.wire import Argument, Script, script

CLAIM, CONFIRM, HOLD, VOUCH = (script("events", n) for n in ("claim", "confirm", "hold", "vouch"))
FIRST = ("follow_up", "broadcast", "csat")
"""What a customer did not ask for."""
POLL = {"csat": "1", "thanks": ""}
"""The question how content somebody is opens a poll, and thanks leave it; all else closes it."""
CLAIM_MS = 48 * 3600 * 1000
Verdict: TypeAlias = Literal[
    "lost", "go", "again", "waiting", "duplicate", "uncertain",
    "silenced", "paused", "stale", "window", "unreachable", "flood", "answered", "opted_out",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claim:
    """`resend`: 0 never, 1 once, 2 always, 3 once after the network had `word_s` to tell, 4 never
    but the network's word is waited for.

    `nonce` names who knows how the attempt ended: the same nonce may go again, another one finds
    the part uncertain. `windowed`: it may leave only while the network's window is open.
    `per_minute` bounds the answers a bot gives in one conversation; 0 is no bound.
    """

    dispatched: ReplyDispatched
    part: int
    nonce: str
    resend: Literal[0, 1, 2, 3, 4] = 0
    word_s: float = 0
    windowed: bool = False
    per_minute: int = 0


@dataclass(frozen=True, slots=True)
class Claims:
    stream: Stream

    async def claim(self, held: Held, claim: Claim) -> Verdict:
        """The one silence point: nothing of ours leaves without a "go" from here."""
        draft = claim.dispatched
        conversation, p = draft.conversation, held.partition
        needed = self.stream.keys.poll if draft.purpose == "csat" else self.stream.keys.nudge
        keys = [
            self.stream.keys.stream(p),
            self.stream.keys.turn(conversation, p),
            self.stream.keys.silence(conversation, p),
            self.stream.keys.claim(p, draft.reply),
            self.stream.keys.history(conversation, p),
            self.stream.keys.shut(conversation, p),
            self.stream.keys.window(conversation, p),
            self.stream.keys.spoken(conversation, p),
            needed(conversation, p),
            self.stream.keys.notes(conversation, p),
            self.stream.keys.pause(draft.shop, p),
            self.stream.keys.pause(draft.shop, p, draft.account),
        ]
        args: list[Argument] = [claim.part, str(draft.turn or ""), draft.revision, draft.author]
        args += [claim.resend, round(claim.word_s * 1000), int(claim.windowed), claim.per_minute]
        args += [claim.nonce, CLAIM_MS, history_line(draft), HISTORY_CAP]
        args += [str(draft.reply), draft.needs, draft.then_silent_ms, int(draft.purpose in FIRST)]
        args += [POLL.get(draft.purpose, "0"), len(draft.notes), _stoppable(draft)]
        args += [part for note in draft.notes.items() for part in note]
        answer = await self.stream.wire.call(
            CLAIM,
            [self.stream.keys.lease(held.partition), *keys],
            [held.token, *args, *encode(draft)],
        )
        verdict: Verdict = answer.decode()
        return verdict

    async def confirm(self, held: Held, draft: UUID, part: int, platform_id: str) -> None:
        keys = [self.stream.keys.claim(held.partition, draft)]
        await self._fenced(CONFIRM, held, keys, [part, platform_id])

    async def sent(self, held: Held, draft: UUID) -> dict[int, str]:
        """The parts that left already, with the ids the network gave them."""
        flat = await self.stream.wire.command(
            "HGETALL", self.stream.keys.claim(held.partition, draft)
        )
        known = {
            name.decode(): value.decode() for name, value in zip(flat[::2], flat[1::2], strict=True)
        }
        return {
            int(part): known.get(f"id:{part}", "")
            for part, state in known.items()
            if state == "sent"
        }

    async def hold(self, held: Held, claim: Claim) -> None:
        """A part may have been delivered; for `word_s` the network may tell."""
        keys = [self.stream.keys.claim(held.partition, claim.dispatched.reply)]
        await self._fenced(HOLD, held, keys, [claim.part, round(claim.word_s * 1000)])

    async def vouch(self, told: DeliveryUpdated) -> None:
        """The network knows this part of a reply, so it is never sent again."""
        if told.reply is not None:
            partition = self.stream.keys.partition(told.conversation)
            await self.stream.wire.call(
                VOUCH, [self.stream.keys.claim(partition, told.reply)], [told.part or 0]
            )

    async def shut(self, held: Held, conversation: UUID) -> None:
        """The customer has closed the chat: nothing leaves until they write again."""
        key = self.stream.keys.shut(conversation, held.partition)
        await self.stream.wire.command("SET", key, 1, "EX", SHUT_S)

    async def _fenced(
        self, run: Script, held: Held, keys: Sequence[str], args: Sequence[Argument]
    ) -> None:
        lease = self.stream.keys.lease(held.partition)
        fenced(held, await self.stream.wire.call(run, [lease, *keys], [held.token, *args]))


def _stoppable(draft: ReplyDispatched) -> str:
    """What people of the shop write leaves, and what they are told of, while the bot is paused;
    what the law owes a customer, while a person has the word besides."""
    if draft.purpose == "right":
        return "never"
    return "1" if draft.author == "bot" and draft.purpose != "notice" else "0"
