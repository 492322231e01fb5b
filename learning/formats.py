"""Datasets as text: lines of OpenAI's supervised chat format, and JSON that is always the same."""

import json
from typing import Any

from learning.curation import Example


def canonical(value: Any, *, indent: int | None = None) -> str:  # noqa: ANN401  JSON is any shape
    """The same value is always the same text."""
    separators = (",", ": ") if indent else (",", ":")
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, indent=indent, separators=separators
    )


def chat_line(system: str, example: Example) -> str:
    """One line, with its end. OpenAI refuses unknown keys, so what else is known stands beside."""
    messages = [
        {"role": "system", "content": system},
        {"role": "user", "content": user_turn(example)},
        {"role": "assistant", "content": example.answer},
    ]
    ordered = json.dumps({"messages": messages}, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate cannot be written as UTF-8; Postgres has none, other sources may.
    return ordered.encode(errors="replace").decode() + "\n"


def user_turn(example: Example) -> str:
    """What serving writes around a customer's text, so that the model meets what it learned."""
    hints = {
        "locale": example.locale,
        "intensity": f"{example.intensity:.2f}",
        "tone": example.tone,
        "category": example.category,
    }
    if example.product_name:
        hints["product"] = example.product_name
    rendered = " ".join(f"{name}={value}" for name, value in hints.items())
    return f"[{rendered}]\n{example.question}"


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
