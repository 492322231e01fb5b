"""Conversations for tests, event by event, as the stream would deliver them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Literal
from uuid import UUID

from capture.recorder import Recorder
from events.contents import Alias, Content, Generation, Sender
from events.effects import Delivered, Effects, Outcome
from events.happened import caused_by, named
from events.vocabulary import (
    DeliveryUpdated,
    FollowUpCaptured,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    ReachabilityChanged,
    ReactionChanged,
    ReplyDispatched,
    ReplyFailed,
    ReplySent,
    ReplyUncertain,
    ReplyWithheld,
    UpdateUnsupported,
)

START = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOW = Generation(
    intent="consulta_precio", category="consulta_precio", slots={"talla": "M"}, confidence=0.8,
    provider="offline", model="offline", model_version="1", tokens_in=7, tokens_out=9,
    latency_ms=12,
)  # fmt: skip


@dataclass(slots=True)
class Talk:
    """One customer's conversation; every call is the next entry of its stream."""

    shop: UUID
    name: str = "ana"
    profile: str | None = None
    account: str = "telegram:main"
    places: "count[int]" = field(default_factory=lambda: count(1))
    question: MessageReceived | None = None
    reply: ReplyDispatched | None = None

    @property
    def conversation(self) -> UUID:
        return named(self.account, "conversation", self.name)

    @property
    def customer(self) -> UUID:
        return named("customer", self.name)

    def says(
        self,
        text: str,
        *,
        content: Content = "text",
        author: Literal["customer", "human"] = "customer",
        late: float = 0,
        raw: str | None = None,
        aliases: Sequence[Alias] = (),
    ) -> Delivered:
        """`late` is how many seconds ago the platform says it was written."""
        place = next(self.places)
        envelope = self._envelope(f"message {place}", place)
        envelope["at"] -= timedelta(seconds=late)
        message = MessageReceived(
            **envelope, customer=self.customer, chat=self.name, platform_id=f"p{place}",
            sender=Sender(
                id=self.name, name=self.profile, locale="es", aliases=tuple(aliases)
            ),
            author=author, content=content, text=text, raw=raw,
        )  # fmt: skip
        if author == "customer" and not late:
            self.question = message
        return Delivered(message, place)

    def replies(
        self,
        text: str,
        *,
        author: Literal["bot", "human"] = "bot",
        how: Generation = HOW,
        parts: int = 1,
    ) -> Delivered:
        place = next(self.places)
        asked = self.question
        draft = caused_by(self.conversation, f"reply {place}")
        self.reply = ReplyDispatched(
            **self._envelope(f"dispatched {place}", place), reply=draft, customer=self.customer,
            chat=self.name, author=author, text=text, parts=(text,) * parts,
            question=asked.text if asked else "", answers=(asked.id,) if asked else (),
            asked_at=asked.at if asked else None, generation=how,
        )  # fmt: skip
        return Delivered(self.reply, place)

    def sent(self, *platform_ids: str, state: Literal["accepted", "sent"] = "sent") -> Delivered:
        return self._told(ReplySent, {"platform_ids": platform_ids, "state": state})

    def uncertain(self, reason: str) -> Delivered:
        return self._told(ReplyUncertain, {"reason": reason})

    def failed(self, reason: str) -> Delivered:
        return self._told(ReplyFailed, {"reason": reason})

    def withheld(self, reason: str) -> Delivered:
        return self._told(ReplyWithheld, {"reason": reason})

    def _told(
        self,
        kind: type[ReplySent | ReplyUncertain | ReplyFailed | ReplyWithheld],
        words: dict[str, Any],
    ) -> Delivered:
        place = next(self.places)
        reply = self.reply.reply if self.reply else UUID(int=0)
        return Delivered(
            kind(**self._envelope(f"told {place}", place), reply=reply, **words), place
        )

    def status(
        self,
        platform_id: str,
        state: Literal["sent", "delivered", "read", "failed"],
        *,
        part: int | None = None,
        reason: str | None = None,
    ) -> Delivered:
        """With a part the network repeats the key of the newest reply."""
        place = next(self.places)
        reply = self.reply.reply if self.reply and part is not None else None
        event = DeliveryUpdated(
            **self._envelope(f"status {place}", place), chat=self.name, platform_id=platform_id,
            state=state, reply=reply, part=part, reason=reason,
        )  # fmt: skip
        return Delivered(event, place)

    def reacts(self, platform_id: str, emoji: str | None) -> Delivered:
        place = next(self.places)
        event = ReactionChanged(
            **self._envelope(f"reaction {place}", place), chat=self.name, platform_id=platform_id,
            sender=Sender(id=self.name), emoji=emoji,
        )  # fmt: skip
        return Delivered(event, place)

    def blocks(self, *, reachable: bool = False) -> Delivered:
        place = next(self.places)
        event = ReachabilityChanged(
            **self._envelope(f"reach {place}", place), chat=self.name, reachable=reachable
        )
        return Delivered(event, place)

    def edits(self, platform_id: str, text: str) -> Delivered:
        place = next(self.places)
        event = MessageEdited(
            **self._envelope(f"edit {place}", place), chat=self.name, platform_id=platform_id,
            text=text,
        )  # fmt: skip
        return Delivered(event, place)

    def deletes(self, platform_id: str) -> Delivered:
        place = next(self.places)
        event = MessageDeleted(
            **self._envelope(f"delete {place}", place), chat=self.name, platform_id=platform_id
        )
        return Delivered(event, place)

    def baffles(self, reason: str) -> Delivered:
        place = next(self.places)
        event = UpdateUnsupported(
            **self._envelope(f"unclear {place}", place), reason=reason, raw="{}"
        )
        return Delivered(event, place)

    def _envelope(self, key: str, place: int) -> dict[str, Any]:
        moment = START + timedelta(seconds=place)
        cause = caused_by(self.conversation, key)
        return {
            "id": cause, "shop": self.shop, "account": self.account,
            "conversation": self.conversation, "request_id": caused_by(cause, "request"),
            "turn": caused_by(cause, "turn"), "at": moment, "received_at": moment,
        }  # fmt: skip


def follow_ups(outcomes: Sequence[Outcome]) -> list[FollowUpCaptured]:
    found = []
    for outcome in outcomes:
        assert isinstance(outcome, Effects), outcome
        for event in outcome.events:
            assert isinstance(event, FollowUpCaptured)
            found.append(event)
    return found


async def capture(recorder: Recorder, *delivered: Delivered) -> list[FollowUpCaptured]:
    return follow_ups(await recorder.on_batch(delivered))
