"""How well messages are understood, on two sets: the pack's own messages to measure on, and turns
of the shop that were drawn by chance and reviewed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from config.packs import Pack
from learning.labels import TEST, groups_of, off_topic, shipped
from learning.labels import Label as Labelled
from learning.measuring import Bounded, Guess, fallen, report
from learning.sampling import LEAST
from nlu.classifier import Classifier
from nlu.combining import combined
from nlu.parse import GENERAL, parser_of

ENOUGH: Final = 20
"""Messages of an intent, below which its figure is no more than a guess."""
STEPS: Final = tuple(step / 10 for step in range(1, 10))


@dataclass(frozen=True, slots=True)
class Judged:
    """What a message means, and what the bot took it for; `turn` is where it was said."""

    text: str
    wanted: str
    found: str
    likely: float
    turn: UUID | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """What becomes of messages if the bot says it did not understand below a confidence."""

    at: float
    unknown: float
    right: float | None


@dataclass(frozen=True, slots=True)
class Measured:
    """`figures` are those of learning.measuring.report."""

    figures: Mapping[str, Any]
    support: Mapping[str, int]
    cuts: Sequence[Cut]


def fixed(pack: Pack, learned: Classifier | None) -> list[Judged]:
    """Nothing was ever fitted to these."""
    parser, found = parser_of(pack), list[Judged]()
    for label in [*shipped(pack, TEST), *off_topic(TEST)]:
        day = date.fromisoformat(label.today) if label.today else None
        parsed = parser.parse(label.text, day)
        if learned is not None:
            parsed = combined(label.text, parsed, parser.intents, learned)
        found.append(Judged(label.text, label.intent, parsed.intent, parsed.confidence))
    return found


def measured(judged: Sequence[Judged]) -> Measured:
    """Over the intents that somebody wanted. Takes a second for some thousand messages."""
    support = Counter(one.wanted for one in judged)
    intents = [name for name, _ in support.most_common() if name != GENERAL]
    cuts = [_cut(judged, at) for at in STEPS]
    return Measured(report(_guesses(judged), intents), support, cuts)


def fell(
    judged: Sequence[Judged], before: Mapping[str, float]
) -> tuple[Bounded, dict[str, Bounded]] | None:
    """How much lower F1 is than it was `before`: as `measured`, over the intents of which both are
    known, and each of them that enough messages mean. None of a sample that says nothing."""
    support = Counter(one.wanted for one in judged)
    both = {name: before[name] for name in support if name != GENERAL and name in before}
    if len(judged) < LEAST or not both:
        return None
    macro, each = fallen(_guesses(judged), both)
    return macro, {name: one for name, one in each.items() if support[name] >= ENOUGH}


def _guesses(judged: Sequence[Judged]) -> list[Guess]:
    groups = groups_of([Labelled(one.text, one.wanted) for one in judged])
    return [
        Guess(one.wanted, one.found, one.likely, group)
        for one, group in zip(judged, groups, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Flip:
    """A message that two versions take for different things, one of them rightly."""

    text: str
    wanted: str
    before: str
    after: str

    @property
    def lost(self) -> bool:
        """The newer one gets wrong what the former got right."""
        return self.before == self.wanted


def flips(before: Sequence[Judged], after: Sequence[Judged]) -> list[Flip]:
    """Of the same messages in the same order; what was lost comes first."""
    found = [
        Flip(new.text, new.wanted, old.found, new.found)
        for old, new in zip(before, after, strict=True)
        if (old.found == old.wanted) != (new.found == new.wanted)
    ]
    return sorted(found, key=lambda one: not one.lost)


def _cut(judged: Sequence[Judged], at: float) -> Cut:
    heard = [one for one in judged if one.likely >= at]
    right = sum(one.found == one.wanted for one in heard)
    share = 1 - len(heard) / len(judged)
    return Cut(at, share, right / len(heard) if heard else None)
