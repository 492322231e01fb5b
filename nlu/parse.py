"""Understands a customer's text by the rules of the pack: intent, slots, confidence, language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final, Literal, Protocol

from config.packs import Pack
from config.shapes import Finder, Intent, Words
from nlu.dates import day_of
from nlu.language import language
from nlu.likely import Likely, of_rules
from nlu.money import amount_slots, period_of
from nlu.records import records
from nlu.rules import expand, weigh
from nlu.slots import (
    MEASURES,
    budget,
    counted,
    extreme,
    listed,
    mention,
    merged,
    order_number,
    surface,
)
from text.folding import fold, squeeze, tokenise
from text.phrases import Phrases, dictionary
from text.stemming import stem, stems

GENERAL: Final = "general"
LONGEST: Final = 600
"""Characters read of a text: a pasted document does not say more about what is wanted."""
FAVOUR: Final = 2.0
MANNERS: Final = frozenset({"greet", "thank", "leave", "agree", "decline"})
BRIEF: Final = 6
"""In more words than these, `sí` and `no` belong to a sentence and are no answer by themselves."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """`acts` says what a reply has to do, most wanted first; `answers` names its pack answers.
    `likely` are the likeliest intents, those of the same witness that `confidence` is of."""

    intent: str = GENERAL
    category: str = GENERAL
    confidence: float = 0.0
    locale: str = "es"
    acts: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    slots: dict[str, Any] = field(default_factory=dict)
    by: Literal["rules", "classifier"] = "rules"
    likely: Likely = ()


class Understood(Protocol):
    """Anything with an intent: what predicates of `intent` look at."""

    @property
    def intent(self) -> str: ...


def intent(*names: str) -> Callable[[Understood], bool]:
    """A predicate for custom handlers: `app.reply(when=intent("consulta_envio"), ...)`."""
    return lambda turn: turn.intent in names


@dataclass(frozen=True, slots=True)
class Parser:
    """The rules of one pack, prepared once."""

    intents: Mapping[str, Intent]
    phrases: Phrases[str]
    weights: Mapping[str, float]
    lists: Phrases[tuple[str, str]]
    abbreviations: Mapping[str, Sequence[str]]
    stopwords: frozenset[str]
    common: frozenset[str]
    asking: frozenset[str]
    emoji: Mapping[str, str]
    suggested: Mapping[str, str]
    implied: Mapping[str, str]
    fillers: frozenset[str]
    find: frozenset[Finder]
    peso: str
    alone: frozenset[str] = frozenset()
    """Intents beside which nothing else is answered."""

    def parse(self, text: str, today: date | None = None) -> Parsed:
        """Without `today` no day is found."""
        text = text[:LONGEST]
        written, folded = surface(text, self.fillers)
        words = expand(folded, self.abbreviations)
        slots = self._slots(text, written, folded, words) | self._money(text, today)
        scores = self._scored(words, slots) or self._hinted(text, words, slots)
        brief = len(words) <= BRIEF and not slots
        ranked = self._wanted(scores, brief=brief)
        if not ranked:
            scores = self._hinted(text, words, slots)
            ranked = self._wanted(scores, brief=brief)
        locale = language(folded, words, self.stopwords)
        if not ranked:
            return Parsed(locale=locale, slots=slots, acts=() if words else ("help",))
        likely = of_rules([(rule.name, scores[rule.name]) for rule in ranked])
        return Parsed(
            intent=ranked[0].name,
            category=ranked[0].category,
            confidence=likely[0][1],
            locale=locale,
            acts=tuple(dict.fromkeys(rule.act for rule in ranked)),
            answers=tuple(rule.answered_by for rule in ranked if rule.answered_by is not None),
            slots=slots,
            likely=likely,
        )

    def knows(self, words: Sequence[str]) -> bool:
        """Whether these stems mean something to the rules of the pack."""
        key = tuple(words)
        spoken = key in self.phrases.entries or key in self.lists.entries
        return spoken or (len(key) == 1 and key[0] in self.common)

    def _slots(
        self, text: str, written: Sequence[str], folded: Sequence[str], words: Sequence[str]
    ) -> dict[str, Any]:
        found: dict[Finder, Mapping[str, Any]] = {
            "quantity": counted(folded),
            "order": order_number(text),
            "records": records(text),
            "extreme": extreme(text),
            "mention": mention(written, folded, self.common, self.asking),
            "budget": {"budget": budget(text, words, self.peso)},
        }
        wanted = (slots for finder, slots in found.items() if finder in self.find)
        return merged(listed(self.lists, words), *wanted)

    def _money(self, text: str, today: date | None) -> dict[str, Any]:
        """Slots of a business in which numbers are money, and days matter."""
        found: dict[str, Any] = {}
        if "amount" in self.find:
            found |= amount_slots(text, self.peso)
        if "date" in self.find and today is not None and (day := day_of(text, today)) is not None:
            found["date"] = day.isoformat()
        if "period" in self.find and (period := period_of(text)) is not None:
            found["period"] = period
        return found

    def _scored(self, words: Sequence[str], slots: Mapping[str, Any]) -> dict[str, float]:
        """A slot may speak for an intent, against it, or alone where no wish is spoken of."""
        scores = {
            name: score * (FAVOUR if slots.keys() & set(self.intents[name].favours) else 1)
            for name, score in weigh(self.phrases, words, self.weights).items()
            if not slots.keys() & set(self.intents[name].excludes)
        }
        if all(self.intents[name].act in MANNERS for name in scores):
            implied = [name for slot, name in self.implied.items() if slot in slots]
            scores |= dict.fromkeys(implied[:1], 1.0)
        return scores

    def _wanted(self, scores: Mapping[str, float], *, brief: bool) -> list[Intent]:
        """The intents to react to, the most wanted first."""
        ranked = [self.intents[name] for name in sorted(scores, key=lambda name: -scores[name])]
        others = [rule for rule in ranked if rule.act not in {"agree", "decline"}]
        if not brief or any(rule.act != "greet" for rule in others):
            ranked = others
        return ranked[:1] if ranked and ranked[0].alone else ranked

    def _hinted(
        self, text: str, words: Sequence[str], slots: Mapping[str, Any]
    ) -> dict[str, float]:
        """Nothing was asked in words: an emoji, or a city after a question about shipping."""
        said = fold(text)
        names = [
            self.suggested[slot]
            for slot, value in slots.items()
            if slot in self.suggested and fold(value) in said
        ]
        if not words:
            names = [self.emoji[token] for token in tokenise(text) if token in self.emoji]
        return dict.fromkeys(names[:1], 1.0)


def parse(text: str, pack: Pack, today: date | None = None) -> Parsed:
    """By the rules of a pack, which are prepared once; relative days are seen from `today`."""
    return parser_of(pack).parse(text, today)


@lru_cache(maxsize=16)
def parser_of(pack: Pack) -> Parser:
    return build_parser(pack)


def build_parser(pack: Pack) -> Parser:
    spoken = [(text, rule.name) for rule in pack.intents for text in rule.words]
    slots = _slot_words(pack.words)
    stopwords = frozenset(stem_ for word in pack.words.stopwords.words for stem_ in stems(word))
    asked = {stem_ for text, _ in spoken for stem_ in stems(text)}
    valued = {stem_ for text, _ in slots for stem_ in stems(text)}
    return Parser(
        intents={rule.name: rule for rule in pack.intents},
        phrases=dictionary(spoken),
        weights={rule.name: rule.weight for rule in pack.intents},
        lists=dictionary(slots),
        abbreviations={
            short: tuple(stems(full)) for short, full in pack.words.abbreviations.items()
        },
        stopwords=stopwords,
        common=stopwords
        | asked
        | valued
        | MEASURES
        | {stem(short) for short in pack.words.abbreviations},
        emoji=pack.words.emoji,
        fillers=frozenset(squeeze(word) for word in pack.words.fillers.words),
        suggested={
            slot: values.suggests
            for slot, values in pack.words.slots.items()
            if values.suggests is not None
        },
        implied=pack.words.implies,
        find=frozenset(pack.words.find),
        asking=frozenset(
            stem_
            for rule in pack.intents
            if rule.act in {"product", "price", "stock", "photo", "buy"}
            for text in rule.words
            if " " not in text
            for stem_ in stems(text)
        ),
        peso=pack.identity.currency,
        alone=frozenset(rule.name for rule in pack.intents if rule.alone),
    )


def _slot_words(words: Words) -> list[tuple[str, tuple[str, str]]]:
    """What is said for a slot, with the slot and its value."""
    plain = [(text, (slot, text)) for slot, values in words.slots.items() for text in values.words]
    return plain + [
        (text, (slot, value))
        for slot, values in words.values.items()
        for value, texts in values.items()
        for text in texts
    ]
