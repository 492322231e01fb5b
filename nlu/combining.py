"""Who decides what somebody wants: the rules of the pack, or what was learned from labels.

The rules go first. What was learned is asked where they hear nothing of the business, or are not
sure; it changes what is wanted and never what is named, and knows no intent but those of the pack.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import exp
from typing import Final

from config.shapes import Intent
from nlu.classifier import Classifier
from nlu.parse import BRIEF, GENERAL, MANNERS, Parsed

POLITE: Final = MANNERS | {"help"}


@dataclass(frozen=True, slots=True)
class Trust:
    """How likely an intent has to be where the rules are `silent`. Where they are unsure, less than
    `sure`, their intent is e^(`voice` x confidence) times as likely as was learned.

    Chosen by cross-validation on labels of `ventas` before its rules were fitted to them; of what
    is nearly as good there, what least often hears business in small talk.
    """

    silent: float = 0.5
    voice: float = 2.0
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
    likely = _weighed(ask(), parsed, trust.voice)
    name = likeliest(likely)
    rule = intents.get(name)
    if rule is None or rule.act in POLITE or name == parsed.intent or likely[name] < needed:
        return parsed
    return _wanting(rule, parsed, likely[name])


def only_named(parsed: Parsed) -> bool:
    """Whether nothing but a product's name says what is wanted. That somebody learned it is about a
    product adds nothing to a name: documents may answer what is asked of it."""
    return not parsed.acts or (parsed.by == "classifier" and parsed.acts == ("product",))


def about_product(parsed: Parsed, intents: Mapping[str, Intent]) -> Parsed:
    """Naming a product is asking about it."""
    rule = next((rule for rule in intents.values() if rule.act == "product"), None)
    if rule is None:
        return parsed
    sure = max(parsed.confidence, 0.5)
    return replace(parsed, intent=rule.name, category=rule.category, confidence=sure, acts=())


def likeliest(likely: Mapping[str, float]) -> str:
    return max(likely, key=lambda name: likely[name])


def _weighed(likely: Mapping[str, float], parsed: Parsed, voice: float) -> Mapping[str, float]:
    """What was learned and what the rules hear, as two witnesses of the same thing."""
    if parsed.intent not in likely:
        return likely
    heard = {parsed.intent: likely[parsed.intent] * exp(voice * parsed.confidence)}
    odds = {**likely, **heard}
    whole = sum(odds.values())
    return {name: one / whole for name, one in odds.items()}


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
    return None if rule.alone or parsed.confidence >= trust.sure else 0.0
