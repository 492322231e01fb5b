"""How well a pack's labelled messages are understood: intents and slots, with no model asked.

They are read as the bot reads them: naming a product of the pack's sample is asking about it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from config.packs import Pack
from knowledge.catalogue import sample
from knowledge.products import Index
from knowledge.retrieval import Question, retrieve
from learning.labels import Label, groups_of
from learning.measuring import Guess
from nlu.classifier import Classifier
from nlu.combining import POLITE, about_product, combined, only_named
from nlu.parse import GENERAL, Parsed, parser_of


@dataclass(frozen=True, slots=True)
class Understood:
    """`slots`: of how many messages of the business all are right, and of how many; none where the
    labels name no slot."""

    guesses: tuple[Guess, ...]
    slots: tuple[int, int]


def business(pack: Pack) -> list[str]:
    return [rule.name for rule in pack.intents if rule.act not in POLITE]


def understand(pack: Pack, labels: Sequence[Label], learned: Classifier | None) -> Understood:
    """Manners, and what nobody understands, are no business."""
    known, groups = set(business(pack)), groups_of(labels)
    index = sample(pack)
    read = [_read(pack, index, label, learned) for label in labels]
    guesses = tuple(
        Guess(label.intent, parsed.intent if parsed.intent in known else GENERAL, group=group)
        for label, parsed, group in zip(labels, read, groups, strict=True)
    )
    named = {name for label in labels for name in label.slots or {}}
    told = [
        exact(label.slots or {}, parsed.slots, named)
        for label, parsed in zip(labels, read, strict=True)
        if named and label.intent in known
    ]
    return Understood(guesses, (sum(told), len(told)))


def exact(wanted: Mapping[str, Any], found: Mapping[str, Any], named: Collection[str]) -> bool:
    """Of the slots that the labels name at all: parsers find more, for their own use."""
    return dict(wanted) == {name: value for name, value in found.items() if name in named}


def _read(pack: Pack, index: Index, label: Label, learned: Classifier | None) -> Parsed:
    parser = parser_of(pack)
    parsed = parser.parse(label.text, date.fromisoformat(label.today) if label.today else None)
    if learned is not None:
        parsed = combined(label.text, parsed, parser.intents, learned)
    if not index.products or not only_named(parsed):
        return parsed
    question = Question(label.text, parsed.locale, parsed.acts, slots=parsed.slots)
    found = retrieve(question, index, pack).products
    return about_product(parsed, parser.intents) if found else parsed
