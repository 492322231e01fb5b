"""How well messages are understood: by the rules, by what was learned, and by both together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from config.packs import Pack
from learning.intents import HeldOut
from learning.labels import TEST, Label, groups_of, off_topic, shipped
from learning.measuring import Guess, report
from nlu.classifier import Classifier
from nlu.combining import likeliest, settled
from nlu.parse import GENERAL, Parsed, Parser, parser_of

WAYS: Final = ("rules", "classifier", "both")


@dataclass(frozen=True, slots=True)
class Case:
    label: Label
    group: int
    likely: Mapping[str, float]


def examined(pack: Pack, held: HeldOut, learned: Classifier) -> dict[str, Any]:
    """On the labels it learned from, by classifiers that did not see each; and on the pack's own
    messages to measure on, which nothing was fitted to."""
    dev = [
        Case(label, group, held.of(place))
        for place, (label, group) in enumerate(zip(held.labels, held.groups, strict=True))
    ]
    found = {"dev": compared(pack, dev, held.intents)}
    if (test := tested(pack, learned)) is not None:
        found["test"] = test
    return found


def tested(pack: Pack, learned: Classifier) -> dict[str, Any] | None:
    """On the messages of a pack that nothing was fitted to, where it brings any."""
    test = shipped(pack, TEST)
    if not test:
        return None
    return compared(pack, _cases([*test, *off_topic(TEST)], learned), learned.header.intents)


def compared(pack: Pack, cases: Sequence[Case], intents: Sequence[str]) -> dict[str, Any]:
    """A report for each way; `claimed` of the messages beside the point are taken for business."""
    business = [name for name in intents if name != GENERAL]
    parser, told = parser_of(pack), dict[str, Any]()
    for way in WAYS:
        guesses = [_guess(way, parser, case, business) for case in cases]
        beside = [one for one in guesses if one.wanted == GENERAL]
        claimed = sum(one.found != GENERAL for one in beside)
        told[way] = report(guesses, business) | {"beside": len(beside), "claimed": claimed}
    return told


def _cases(labels: Sequence[Label], learned: Classifier) -> list[Case]:
    groups = groups_of(labels)
    return [
        Case(label, group, learned.predict(label.text))
        for label, group in zip(labels, groups, strict=True)
    ]


def _guess(way: str, parser: Parser, case: Case, business: Sequence[str]) -> Guess:
    """Manners, and what nobody understands, are no business."""
    if way == "classifier":
        name = likeliest(case.likely)
        return Guess(case.label.intent, name, case.likely[name], case.group)
    parsed = _ruled(parser, case.label)
    if way == "both":
        parsed = settled(case.label.text, parsed, parser.intents, lambda: case.likely)
    name = parsed.intent if parsed.intent in business else GENERAL
    return Guess(case.label.intent, name, parsed.confidence, case.group)


def _ruled(parser: Parser, label: Label) -> Parsed:
    return parser.parse(label.text, date.fromisoformat(label.today) if label.today else None)
