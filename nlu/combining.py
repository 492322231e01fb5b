"""Who decides what somebody wants: the rules of the pack, or what was learned from labels.

The rules go first. What was learned is asked where they hear nothing of the business, or are not
sure; it changes what is wanted and never what is named, and knows no intent but those of the pack.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from config.shapes import Intent
from nlu.classifier import Classifier
from nlu.parse import BRIEF, GENERAL, MANNERS, Parsed

POLITE: Final = MANNERS | {"help"}


@dataclass(frozen=True, slots=True)
class Trust:
    """How likely an intent has to be where the rules are `silent`, and where they are `unsure`:
    less than `sure`.

    Chosen by cross-validation on the labels of `ventas`, before its rules were fitted to them; of
    what is nearly as good there, what least often hears business in small talk.
    """

    silent: float = 0.5
    unsure: float = 0.5
    sure: float = 0.9


TRUST: Final = Trust()


def combined(
    text: str, parsed: Parsed, intents: Mapping[str, Intent], learned: Classifier
) -> Parsed:
    """What the rules read, with the intent that was learned where they leave the choice."""
    return settled(text, parsed, intents, lambda: learned.predict(text))


def settled(
    text: str,
    parsed: Parsed,
    intents: Mapping[str, Intent],
    ask: Callable[[], Mapping[str, float]],
    trust: Trust = TRUST,
) -> Parsed:
    """`ask` is called only where the rules leave the choice."""
    needed = _needed(text, parsed, intents, trust)
    if needed is None:
        return parsed
    likely = ask()
    name = likeliest(likely)
    rule = intents.get(name)
    if rule is None or rule.act in POLITE or name == parsed.intent or likely[name] < needed:
        return parsed
    return _wanting(rule, parsed, likely[name])


def likeliest(likely: Mapping[str, float]) -> str:
    return max(likely, key=lambda name: likely[name])


def _wanting(rule: Intent, parsed: Parsed, likely: float) -> Parsed:
    """Manners stay, behind what is wanted, unless that is answered alone."""
    manners = () if rule.alone else tuple(act for act in parsed.acts if act in POLITE)
    return replace(
        parsed,
        intent=rule.name,
        category=rule.category,
        confidence=round(likely, 3),
        acts=(rule.act, *manners),
        answers=(rule.answered_by,) if rule.answered_by is not None else (),
        by="classifier",
    )


def _needed(text: str, parsed: Parsed, intents: Mapping[str, Intent], trust: Trust) -> float | None:
    """How likely another intent has to be; None where nothing may change what the rules say."""
    if parsed.intent == GENERAL:
        return None if parsed.acts else trust.silent
    rule = intents[parsed.intent]
    if rule.act in POLITE:
        return trust.silent if len(text.split()) > BRIEF else None
    return None if rule.alone or parsed.confidence >= trust.sure else trust.unsure
