"""What our spans are called in OpenTelemetry: by its conventions for generative AI, which are still
in development, where those have a name, and by ours elsewhere.

What is not named here does not leave: ids, stages, codes and figures do, words of people do not.
"""

from typing import Final

from services.spans import Span, Value

SERVICE: Final = "aprendiz"
LONGEST: Final = 80
NAMED: Final = {
    "provider": "gen_ai.provider.name",
    "model": "gen_ai.request.model",
    "tokens_in": "gen_ai.usage.input_tokens",
    "tokens_out": "gen_ai.usage.output_tokens",
    "cost_micros": "aprendiz.cost_usd_micros",
    "account": "aprendiz.account",
    "messages": "aprendiz.messages",
    "intent": "aprendiz.intent",
    "confidence": "aprendiz.intent.confidence",
    "locale": "aprendiz.locale",
    "suspected": "aprendiz.injection.suspected",
    "hits": "aprendiz.search.hits",
    "answering": "aprendiz.search.answering",
    "verdict": "aprendiz.verdict",
    "outcome": "aprendiz.outcome",
    "handed_over": "aprendiz.handed_over",
    "purpose": "aprendiz.purpose",
    "waited_ms": "aprendiz.waited_ms",
    "count": "aprendiz.count",
}
"""Of what a step notes, all that may leave."""


def title(span: Span) -> str:
    """As the conventions have it: what is done, and by or over what."""
    if span.name == "model":
        return f"chat {_code(span.attributes.get('model', ''))}".rstrip()
    if span.name == "send":
        return f"send {span.trail.account.partition(':')[0]}".rstrip()
    return span.name


def attributes(span: Span) -> dict[str, Value]:
    trail = span.trail
    found: dict[str, Value] = {
        "aprendiz.stage": span.name,
        "aprendiz.request.id": str(trail.request),
        "aprendiz.shop.id": str(trail.shop),
    }
    if trail.account:
        found["aprendiz.account"] = trail.account
    if trail.conversation is not None:
        found["gen_ai.conversation.id"] = str(trail.conversation)
    if span.name == "model":
        found["gen_ai.operation.name"] = "chat"
    if span.error is not None:
        found["error.type"] = _code(span.error)
    noted = {NAMED[name]: value for name, value in span.attributes.items() if name in NAMED}
    return found | {name: _code(value) for name, value in noted.items()}


def _code(value: Value) -> Value:
    return value[:LONGEST] if isinstance(value, str) else value
