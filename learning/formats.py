"""Datasets as text: lines of OpenAI's chat and preference formats, and JSON that never varies."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from config.shapes import Example as Shown
from knowledge.examples import of_pack
from knowledge.prompt import BUDGET, TurnPrompt
from knowledge.style import Style
from learning.curation import Example, Fact
from llm.base import Message, Source

PLACEHOLDERS: Final = {
    "product": "{titulo}: {{precio}}, {{stock}} en stock.",
    "answer": "{{respuesta}}",
    "passage": "{{pasaje}}",
    "term": "{{definicion}}",
    "record": "{{dato}}",
}
"""Which facts were at hand, not what they said that day."""
OWN_ANSWER: Final = ("answer", "{respuesta}", "")
"""What a person answered by heart stood somewhere: nobody may learn to answer from nothing."""


def canonical(value: Any, *, indent: int | None = None) -> str:  # noqa: ANN401  JSON is any shape
    """The same value is always the same text."""
    separators = (",", ": ") if indent else (",", ":")
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, indent=indent, separators=separators
    )


@dataclass(frozen=True, slots=True)
class Voice:
    """What is the same in all prompts of a shop, as it is at serving."""

    persona: str
    rules: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    shots: tuple[Shown, ...] = ()
    budget: int = BUDGET

    def prompt(self, example: Example) -> tuple[Message, ...]:
        """Composed by what composes it at serving, so that the model meets what it has learned.

        The examples are the pack's: other customers' answers would carry a row from one split into
        another, and stay when their customer was erased.
        """
        facts, style = example.sources, Style(example.intensity, example.tone)
        if example.demonstrated and not facts:
            facts = (OWN_ANSWER,)
        return TurnPrompt(
            persona=self.persona,
            rules=self.rules,
            style=style,
            shots=of_pack(self.shots, style),
            budget=self.budget,
            question=example.question,
            locale=example.locale,
            sources=[placeholder(fact) for fact in facts],
            finding=example.finding,
            categories=self.categories,
            state=example.state,
            said=[Message("user" if who == "user" else "assistant", text)
                  for who, text in example.history],
        ).messages(masked=False)  # fmt: skip


def placeholder(fact: Fact) -> Source:
    kind, title, role = fact
    known = kind if kind in PLACEHOLDERS else "passage"
    text = PLACEHOLDERS[known].format(titulo=title)
    return Source(known, "", title, text, {"role": role} if role else {})  # type: ignore[arg-type]  # a key of the table


def chat_line(prompt: Iterable[Message], answer: str) -> str:
    """One line, with its end. OpenAI refuses unknown keys, so what else is known stands beside."""
    return _line({"messages": [*_said(prompt), _answer(answer)]})


def pair_line(prompt: Iterable[Message], better: str, worse: str) -> str:
    return _line(
        {
            "input": {"messages": _said(prompt)},
            "preferred_output": [_answer(better)],
            "non_preferred_output": [_answer(worse)],
        }
    )


def _said(prompt: Iterable[Message]) -> list[dict[str, str]]:
    return [{"role": one.role, "content": one.content} for one in prompt]


def _answer(text: str) -> dict[str, str]:
    return {"role": "assistant", "content": text}


def _line(value: dict[str, Any]) -> str:
    return msgspec.json.encode(value).decode() + "\n"


def metadata(example: Example) -> dict[str, Any]:
    """What stands beside a line."""
    return {
        "id": str(example.id),
        "category": example.category,
        "intent": example.intent,
        "product_name": example.product_name,
        "quality_score": example.score,
        "corrected": example.corrected,
        "demonstrated": example.demonstrated,
        "successful": example.successful,
        "locale": example.locale,
        "tone": example.tone,
        "intensity": example.intensity,
    }


def alternating(said: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """As templates of LLaMA want it: after the system, user and assistant take turns. Several
    messages in a row are one; what the assistant said first answers nobody."""
    found: list[dict[str, Any]] = []
    for one in said:
        if found and found[-1]["role"] == one["role"]:
            found[-1] = found[-1] | {"content": f"{found[-1]['content']}\n{one['content']}"}
        elif one["role"] != "assistant" or (found and found[-1]["role"] == "user"):
            found.append(dict(one))
    return found
