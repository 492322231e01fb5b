"""Stages that say what they do: their handlers leave spans.

What waits for its turn, or for a limit, has done nothing yet and leaves no span.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from events.effects import Outcome, Retry
from events.happened import Happened
from events.manners import HandedOver
from events.stages import Lanes, Stage
from events.vocabulary import (
    MessageReceived,
    ReplyDrafted,
    ReplyFailed,
    ReplySent,
    ReplyUncertain,
    ReplyWithheld,
    TurnReady,
)
from services.spans import Span, Tracer

Handled: TypeAlias = Callable[..., Awaitable[Outcome]]
"""A stage's handler; a fenced one takes the partition too."""
SHORT_S: Final = 1.0
"""Who comes again sooner than that only waits for something that is about to happen."""
CODE: Final = re.compile(r"[a-z_]+")
ENDS: Final[Mapping[type[Happened], str]] = {
    ReplySent: "sent", ReplyUncertain: "uncertain", ReplyFailed: "failed",
    ReplyWithheld: "withheld",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Traced:
    tracer: Tracer

    def stages(self, stages: list[Stage]) -> list[Stage]:
        return [self._stage(one) if isinstance(one, Lanes) else one for one in stages]

    def _stage(self, stage: Lanes) -> Lanes:
        around = {"turns": self._queued, "reply": self._replied, "sender": self._sent}
        wrap = around.get(stage.group)
        if wrap is None:
            return stage
        handlers = {kind: wrap(kind, one) for kind, one in stage.handlers.items()}
        fenced = {kind: wrap(kind, one) for kind, one in stage.fenced.items()}
        return replace(stage, handlers=handlers, fenced=fenced)

    def _queued(self, kind: type[Happened], handler: Handled) -> Handled:
        """How long a customer's message lay in the stream before anybody took it up."""
        if kind is not MessageReceived:
            return handler

        async def handled(event: MessageReceived, *held: Any) -> Outcome:  # noqa: ANN401  the partition, where it is fenced
            if event.author == "customer":
                trail = self.tracer.trail(
                    event.shop, event.request_id, event.conversation, event.account
                )
                trail.waited("queue", "consumer", event.received_at)
            return await handler(event, *held)

        return handled

    def _replied(self, kind: type[Happened], handler: Handled) -> Handled:
        if kind is not TurnReady:
            return handler

        async def handled(event: TurnReady, *held: Any) -> Outcome:  # noqa: ANN401  the partition, where it is fenced
            trail = self.tracer.trail(
                event.shop, event.request_id, event.conversation, event.account
            )
            with trail.span("reply", "internal") as span:
                span.note(account=event.account, messages=len(event.messages))
                return _noted(span, await handler(event, *held))

        return handled

    def _sent(self, kind: type[Happened], handler: Handled) -> Handled:
        if kind is not ReplyDrafted:
            return handler

        async def handled(event: ReplyDrafted, *held: Any) -> Outcome:  # noqa: ANN401  the partition, where it is fenced
            trail = self.tracer.trail(
                event.shop, event.request_id, event.conversation, event.account
            )
            with trail.span("send", "producer") as span:
                waited = trail.began_at - event.at
                span.note(
                    account=event.account,
                    purpose=event.purpose,
                    waited_ms=max(0, round(waited.total_seconds() * 1000)),
                )
                return _ended(span, await handler(event, *held))

        return handled


def _noted(span: Span, outcome: Outcome) -> Outcome:
    """A draft says what became of the turn, a hand-over why a person is needed."""
    if isinstance(outcome, Retry):
        if outcome.after < SHORT_S:
            span.drop()
        code = outcome.reason.partition(":")[0]
        span.fail(code if CODE.fullmatch(code) else "waiting")
        return outcome
    span.note(outcome="silent")
    for event in outcome.events:
        if isinstance(event, ReplyDrafted):
            how = event.generation
            span.note(outcome="drafted", intent=how.intent, verdict=how.verdict)
        elif isinstance(event, HandedOver):
            span.note(handed_over=event.reason)
    return outcome


def _ended(span: Span, outcome: Outcome) -> Outcome:
    if isinstance(outcome, Retry):
        span.drop()
        return outcome
    for event in outcome.events:
        end = ENDS.get(type(event))
        if end is not None:
            span.note(outcome=end)
            if end in {"failed", "uncertain"}:
                span.fail(end)
    return outcome
