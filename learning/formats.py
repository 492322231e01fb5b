"""Datasets as text: lines of OpenAI's supervised chat format, and JSON that is always the same."""

import json
from typing import Any

from knowledge.prompt import TurnPrompt
from learning.curation import Example
from llm.base import Message, Source


def canonical(value: Any, *, indent: int | None = None) -> str:  # noqa: ANN401  JSON is any shape
    """The same value is always the same text."""
    separators = (",", ": ") if indent else (",", ":")
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, indent=indent, separators=separators
    )


def chat_line(persona: str, example: Example) -> str:
    """One line, with its end. OpenAI refuses unknown keys, so what else is known stands beside."""
    said = [{"role": one.role, "content": one.content} for one in prompt(persona, example)]
    said.append({"role": "assistant", "content": example.answer})
    return json.dumps({"messages": said}, ensure_ascii=False, separators=(",", ":")) + "\n"


def prompt(persona: str, example: Example) -> tuple[Message, ...]:
    """Composed by what composes it at serving, so that the model meets what it has learned."""
    return TurnPrompt(
        persona=persona,
        question=example.question,
        locale=example.locale,
        sources=[_source(kind, title) for kind, title in example.sources],
    ).messages(masked=False)


def _source(kind: str, title: str) -> Source:
    """Which facts were at hand, not what they said that day."""
    match kind:
        case "product":
            return Source("product", "", title, f"{title}: {{precio}}, {{stock}} en stock.")
        case "answer":
            return Source("answer", "", title, "{respuesta}")
        case _:
            return Source("passage", "", title, "{pasaje}")


def metadata(example: Example) -> dict[str, Any]:
    """What the manifest says about a line."""
    return {
        "id": str(example.id),
        "category": example.category,
        "intent": example.intent,
        "product_name": example.product_name,
        "quality_score": example.score,
        "corrected": example.corrected,
        "successful": example.successful,
        "locale": example.locale,
        "tone": example.tone,
        "intensity": example.intensity,
    }
