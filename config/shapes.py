"""What the files of a pack hold: one shape per file, mistakes told by field."""

import re
from binascii import crc32
from collections.abc import Mapping
from functools import lru_cache
from string import Formatter
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Act: TypeAlias = Literal[
    "greet",
    "thank",
    "leave",
    "agree",
    "decline",
    "help",
    "product",
    "price",
    "stock",
    "photo",
    "buy",
    "answer",
]


Ability: TypeAlias = Literal["orders", "ledger", "lending"]
"""What code does for the customers of a business, beyond answering: see docs/extending/pack.md."""

Finder: TypeAlias = Literal[
    "quantity", "order", "extreme", "mention", "budget", "records", "amount", "date", "period"
]
"""What is looked for in a text beside its words."""


@lru_cache(maxsize=2_000)
def slots_of(text: str) -> frozenset[str]:
    """The {slots} of a text; ValueError when its braces do not match."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def _fillable(text: str) -> str:
    if not all(slot.isidentifier() for slot in slots_of(text)):
        raise ValueError("a slot is written {name}")
    return text


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return text


Variants: TypeAlias = tuple[Annotated[str, AfterValidator(_fillable)], ...]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Shop(Part):
    key: str
    name: str


class Identity(Part):
    title: str
    language: Literal["es", "en"] = "es"
    currency: str = "CLP"
    categories: tuple[str, ...] = Field(min_length=1)
    shop: Shop
    abilities: tuple[Ability, ...] = ()
    extends: str | None = None


class Intent(Part):
    """`alone`: where this is what somebody wants, nothing else in the text is answered but another
    question. A slot that it `favours` makes it twice as likely, one that it `excludes` rules it
    out."""

    name: str
    category: str
    act: Act = "answer"
    answer: str | None = None
    weight: float = Field(default=1.0, gt=0)
    alone: bool = False
    favours: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    words: tuple[str, ...] = Field(min_length=1)

    @property
    def answered_by(self) -> str | None:
        return (self.answer or self.name) if self.act == "answer" else None


class Saying(Part):
    """What is said, in variants per language; `sensitive` must never reach a customer twice.

    A `fact` is a shop's own: what the pack says is a sample, until the shop says it itself.
    """

    title: str = ""
    sensitive: bool = False
    fact: bool = False
    es: Variants = Field(min_length=1)
    en: Variants = ()

    def say(self, locale: str, slots: Mapping[str, object], seed: str = "") -> str:
        """Of the variants that can be filled, one that uses most slots; the same seed, the same."""
        variants = self.en if locale == "en" and self.en else self.es
        fillable = [text for text in variants if slots_of(text) <= slots.keys()]
        most = max((len(slots_of(text)) for text in fillable), default=0)
        best = [text for text in fillable if len(slots_of(text)) == most]
        return best[crc32(seed.encode()) % len(best)].format_map(slots) if best else ""


class WordList(Part):
    """`suggests` names the intent that one of these words means when nothing else is asked."""

    words: tuple[str, ...]
    suggests: str | None = None


class Words(Part):
    """`find` names what is looked for in a text; `values` are slots whose values are said in many
    words (a category, an account); `implies` names the intent that a slot alone stands for."""

    find: tuple[Finder, ...] = ("quantity", "order", "extreme", "mention", "budget")
    implies: dict[str, str] = {}
    values: dict[str, dict[str, tuple[str, ...]]] = {}
    abbreviations: dict[str, str] = {}
    emoji: dict[str, str] = {}
    fillers: WordList = WordList(words=())
    stopwords: WordList = WordList(words=())
    attributes: WordList = WordList(words=())
    slots: dict[str, WordList] = {}


class Lexicon(Part):
    score: dict[Annotated[int, Field(ge=1, le=5)], tuple[str, ...]] = {}
    success: tuple[str, ...] = ()


class HandOver(Part):
    """`topics` are for people alone, by name, with the words that mean each."""

    topics: dict[str, tuple[str, ...]] = {}


class Recogniser(Part):
    kind: str
    pattern: Annotated[str, AfterValidator(_pattern)]


class Article(Part):
    """A product of the sample shop; the shop's own products live in Postgres."""

    sku: str = Field(min_length=1)
    name: str = Field(min_length=1)
    description: str = ""
    category: str = ""
    keywords: tuple[str, ...] = ()
    price: int = Field(ge=0)
    stock: int = Field(ge=0)
    photo: str | None = None


class Policy(Part):
    """A rule of the business. `instruction` is told to a model; a reply that matches one of
    `forbids` is replaced by the answer `instead`; one that matches `about` ends with the answer
    `adds`. Patterns are matched without accents and capitals."""

    name: str
    instruction: str = ""
    forbids: tuple[Annotated[str, AfterValidator(_pattern)], ...] = ()
    instead: str | None = None
    about: Annotated[str, AfterValidator(_pattern)] | None = None
    adds: str | None = None


class Term(Part):
    """A word of the business, what it means there, and what customers say for it.

    `table` and `field` are where its value stands in the business's own records; `never` are words
    that no reply may say, whatever a model thinks of them.
    """

    word: str = Field(min_length=1)
    definition: str = Field(min_length=1)
    category: str = ""
    table: str | None = None
    field: str | None = None
    synonyms: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


class Example(Part):
    """How the shop answers, by the customer's intensity: 0.0 sober to 1.0 warm."""

    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)
    intensity: float = Field(default=0.5, ge=0, le=1)


class Tones(Part):
    """One question as each way of speaking answers it, for whoever chooses between them."""

    question: str = "¿Hasta qué hora atienden hoy?"
    cercano: str = "¡Hola! Hoy te atendemos hasta las 19:00. ¿Te ayudo con algo más?"
    formal: str = "Buenas tardes. Hoy atendemos hasta las 19:00. ¿Desea que le ayude en algo más?"
    breve: str = "Hoy, hasta las 19:00."
