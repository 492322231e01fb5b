"""What a process counts for Prometheus, from the spans of its own work. Labels are names of ours
and of the settings: never a customer, a conversation, or a text."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from services.spans import Span, Value

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.5, 5.0, 10.0)
SHARES: Final = (0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
OTHER: Final = "other"
SAFE: Final = frozenset({"ok", "custom"})
"""How a check ends that found nothing to take out."""


class Meters:
    """One set for each process; `read` is what a scrape gets. `intents` are those the pack knows:
    what is meant otherwise counts as `other`."""

    def __init__(self, intents: Collection[str] = ()) -> None:
        self.intents = frozenset(intents)
        registry = self.registry = CollectorRegistry()

        def counter(name: str, about: str, *labels: str) -> Counter:
            return Counter(name, about, labels, registry=registry)

        def histogram(name: str, about: str, buckets: Sequence[float], *labels: str) -> Histogram:
            return Histogram(name, about, labels, buckets=buckets, registry=registry)

        self.turns = counter("bot_turns", "Turns by how they ended.", "channel", "outcome")
        self.seconds = histogram(
            "bot_turn_seconds", "Seconds each stage took.", SECONDS, "channel", "stage"
        )
        self.calls = counter("bot_llm_calls", "Calls of models.", "provider", "model", "status")
        self.tokens = counter("bot_llm_tokens", "Tokens read and written.", "model", "kind")
        self.cost = counter("bot_llm_cost_usd", "What models cost.", "model", "intent")
        self.feedback = counter("bot_feedback", "What people said of answers.", "kind")
        self.suspected = counter(
            "bot_injection_suspected", "Turns that read like orders to a model."
        )
        self._heard: Mapping[str, int] = {}
        self.handoffs = counter("bot_handoffs", "Conversations given to a person.", "reason")
        about = "How sure the intent was."
        self.confidence = histogram("bot_nlu_confidence", about, SHARES, "intent")
        about = "Answers that were not said as they came."
        self.blocks = counter("bot_verifier_blocks", about, "rule")
        about = "Calls that were not believed."
        self.rejected = counter("bot_webhook_rejected", about, "channel", "why")
        self.dropped = Gauge(
            "bot_spans_dropped_total", "Spans for which there was no room.", registry=registry
        )
        self._gauges: dict[str, Gauge] = {}
        self._ways: Mapping[str, Callable[[Span, str], None]] = {
            "understand": self._understood,
            "model": self._called,
            "verify": self._verified,
            "reply": self._replied,
            "send": self._sent,
            "webhook": self._refused,
        }

    def count(self, spans: Iterable[Span]) -> None:
        for span in spans:
            account = _said(span, "account") or span.trail.account
            channel = account.partition(":")[0]
            self.seconds.labels(channel, span.name).observe(span.duration_us / 1e6)
            way = self._ways.get(span.name)
            if way is not None:
                way(span, channel)

    def gauge(
        self, name: str, about: str, values: Mapping[tuple[tuple[str, str], ...], float]
    ) -> None:
        """What holds now, by its labels; what held before is forgotten."""
        names = [label for label, _ in next(iter(values), ())]
        if name not in self._gauges:
            self._gauges[name] = Gauge(name, about, names, registry=self.registry)
        found = self._gauges[name]
        if names:
            found.clear()
        for labels, value in values.items():
            (found.labels(**dict(labels)) if labels else found).set(value)

    def heard(self, said: Mapping[str, int]) -> None:
        """How much feedback there is of each kind, by now: what came since the last time counts."""
        for kind, count in said.items():
            more = count - self._heard.get(kind, count)
            self.feedback.labels(kind).inc(max(0, more))
        self._heard = dict(said)

    def read(self) -> bytes:
        return generate_latest(self.registry)

    def _understood(self, span: Span, _channel: str) -> None:
        sure = span.attributes.get("confidence", 0.0)
        self.confidence.labels(_said(span, "intent")).observe(float(sure))
        if span.attributes.get("suspected", False):
            self.suspected.inc()

    def _called(self, span: Span, _channel: str) -> None:
        provider, model = _said(span, "provider"), _said(span, "model")
        self.calls.labels(provider, model, "ok" if span.ok else span.error or "error").inc()
        for kind in ("tokens_in", "tokens_out"):
            self.tokens.labels(model, kind.removeprefix("tokens_")).inc(_number(span, kind))
        intent = _said(span, "intent")
        known = intent if intent in self.intents else OTHER
        self.cost.labels(model, known).inc(_number(span, "cost_micros") / 1e6)

    def _verified(self, span: Span, _channel: str) -> None:
        how, _, rules = _said(span, "verdict").partition(":")
        if how not in SAFE:
            for rule in rules.split(",") if rules else [how]:
                self.blocks.labels(rule).inc()

    def _replied(self, span: Span, channel: str) -> None:
        if _said(span, "handed_over"):
            self.handoffs.labels(_said(span, "handed_over")).inc()
        if span.error == "cancelled":
            return
        if not span.ok or _said(span, "outcome") == "silent":
            self.turns.labels(channel, _said(span, "outcome") or "failed").inc()

    def _sent(self, span: Span, channel: str) -> None:
        if _said(span, "purpose") == "answer":
            self.turns.labels(channel, _said(span, "outcome") or "failed").inc()

    def _refused(self, span: Span, channel: str) -> None:
        count = max(1.0, _number(span, "count"))
        self.rejected.labels(channel, span.error or "").inc(count)


def _said(span: Span, name: str) -> str:
    found: Value = span.attributes.get(name, "")
    return str(found)


def _number(span: Span, name: str) -> float:
    return float(span.attributes.get(name, 0))
