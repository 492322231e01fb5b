"""When a model is good enough: what `main.py eval` measures, against which bounds."""

from pydantic import Field

from config.manners import Section


class EvaluationSettings(Section):
    """A gate passes when `confidence` of being right says so, not when its figure does.

    `intent_f1` is over the `top_intents` most frequent ones; `off_policy` bounds the share of
    answers that were invented, forbidden or rude; `correct` is the share of golden cases that are
    answered well. Answers run `at_once`; one that takes longer than `patience_s` counts as failed.
    """

    intent_f1: float = Field(default=0.92, ge=0, le=1)
    top_intents: int = Field(default=10, ge=1)
    slot_exact: float = Field(default=0.90, ge=0, le=1)
    off_policy: float = Field(default=0.015, ge=0, le=1)
    correct: float = Field(default=0.80, ge=0, le=1)
    latency_rag_s: float = Field(default=3.5, gt=0)
    latency_s: float = Field(default=2.2, gt=0)
    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    at_once: int = Field(default=4, ge=1)
    patience_s: float = Field(default=60.0, gt=0)
