"""Who decides what somebody wants: the rules of the pack, or what was learned from labels.

The rules go first. Where they hear nothing of the business, or are not sure, they and what was
learned are weighed as two witnesses. That changes what is wanted and never what is named, knows no
intent but those of the pack, and may end in nothing being claimed: an unknown question is searched
and honestly answered, a wrong intent answers wrongly.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import exp
from typing import Final

from config.shapes import Intent
from nlu.classifier import Classifier
from nlu.likely import led_by, of_odds
from nlu.parse import BRIEF, GENERAL, MANNERS, Parsed

POLITE: Final = MANNERS | {"help"}


@dataclass(frozen=True, slots=True)
class Trust:
    """Rules that are less than `sure` make their intent e^(`voice` x confidence) times as likely as
    was learned, and e^(`firm` x confidence) times where it is answered alone, as a complaint is.
    What is then less likely than `least` is not claimed.

    Chosen by cross-validation on messages of `ventas` that neither the rules nor the classifier in
    question had seen. With `least` from 0.35 to 0.45 what is understood wrongly costs least, if an
    unknown message costs half of it; below, most of what is claimed besides is wrong.
    """

    least: float = 0.4
    voice: float = 2.0
    firm: float = 3.0
    sure: float = 0.95


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
    """`ask` is called only where the rules leave the choice. An intent that no label teaches, as a
    pack adds them to another's, is not taken back because nothing was learned of it."""
    rule = intents.get(parsed.intent)
    if rule is None or rule.act in POLITE:
        may = not parsed.acts if rule is None else len(text.split()) > BRIEF
        return _added(ask(), parsed, intents, trust) if may else parsed
    if parsed.confidence >= trust.sure:
        return parsed
    learned = ask()
    if rule.name not in learned and rule.alone:
        return parsed
    likely = _weighed(learned, parsed, trust.firm if rule.alone else trust.voice)
    name = likeliest(likely)
    wanted = intents.get(name)
    if likely[name] < trust.least or wanted is None or wanted.act in POLITE:
        stands = rule.act == "product" or not learned.keys() >= {rule.name, *parsed.answers}
        return parsed if stands else _unclaimed(parsed, likely)
    return parsed if wanted is rule else _wanting(wanted, parsed, likely)


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
    named = replace(parsed, intent=rule.name, category=rule.category, confidence=sure, acts=())
    return replace(named, likely=led_by(rule.name, sure, parsed.likely))


def likeliest(likely: Mapping[str, float]) -> str:
    return max(likely, key=lambda name: likely[name])


def _added(
    likely: Mapping[str, float], parsed: Parsed, intents: Mapping[str, Intent], trust: Trust
) -> Parsed:
    """What was learned, where the rules hear manners or nothing at all."""
    name = likeliest(likely)
    rule = intents.get(name)
    if rule is None or rule.act in POLITE or likely[name] < trust.least:
        return parsed if parsed.likely else replace(parsed, likely=of_odds(likely))
    return _wanting(rule, parsed, likely)


def _unclaimed(parsed: Parsed, likely: Mapping[str, float]) -> Parsed:
    """Only its manners are left, and what it names."""
    return replace(
        parsed,
        intent=GENERAL,
        category=GENERAL,
        confidence=0.0,
        acts=tuple(act for act in parsed.acts if act in POLITE),
        answers=(),
        by="classifier",
        likely=of_odds(likely),
    )


def _weighed(likely: Mapping[str, float], parsed: Parsed, voice: float) -> Mapping[str, float]:
    """What was learned and what the rules hear, as two witnesses of the same thing."""
    if parsed.intent not in likely:
        return likely
    heard = {parsed.intent: likely[parsed.intent] * exp(voice * parsed.confidence)}
    odds = {**likely, **heard}
    whole = sum(odds.values())
    return {name: one / whole for name, one in odds.items()}


def _wanting(rule: Intent, parsed: Parsed, likely: Mapping[str, float]) -> Parsed:
    """Manners stay, behind what is wanted, unless that is answered alone."""
    manners = () if rule.alone else tuple(act for act in parsed.acts if act in POLITE)
    return replace(
        parsed,
        intent=rule.name,
        category=rule.category,
        confidence=round(likely[rule.name], 3),
        acts=(rule.act, *manners),
        answers=(rule.answered_by,) if rule.answered_by is not None else (),
        by="classifier",
        likely=of_odds(likely),
    )
