"""Domain packs: the files that make the bot a particular kind of business.

A pack is a folder. `pack.toml` may say `extends = "ventas"`: then only what differs is written.
"""

import re
from binascii import crc32
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from config.folders import DOMAINS, PackError, find, read, table

NEEDED = ("greeting", "thanks", "goodbye", "help", "unknown", "media_unreadable")
"""Answers that every pack has: what is said when nothing of the business is asked."""

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
    extends: str | None = None


class Intent(Part):
    """`alone`: where this is what somebody wants, nothing else in the text is answered."""

    name: str
    category: str
    act: Act = "answer"
    answer: str | None = None
    weight: float = Field(default=1.0, gt=0)
    alone: bool = False
    words: tuple[str, ...] = Field(min_length=1)

    @property
    def answered_by(self) -> str | None:
        return (self.answer or self.name) if self.act == "answer" else None


class Saying(Part):
    """What is said, in variants per language; `sensitive` must never reach a customer twice."""

    title: str = ""
    sensitive: bool = False
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


class Pack(Part):
    name: str
    folder: Path
    identity: Identity
    persona: str
    intents: tuple[Intent, ...]
    answers: dict[str, Saying]
    phrases: dict[str, Saying] = {}
    words: Words = Words()
    lexicon: Lexicon = Lexicon()
    handover: HandOver = HandOver()
    recognisers: tuple[Recogniser, ...] = ()
    products: tuple[Article, ...] = ()
    photo: str | None = None


SHAPES: dict[str, TypeAdapter[Any]] = {
    "pack.toml": TypeAdapter(Identity),
    "intents.toml": TypeAdapter(tuple[Intent, ...]),
    "answers.toml": TypeAdapter(dict[str, Saying]),
    "phrases.toml": TypeAdapter(dict[str, Saying]),
    "words.toml": TypeAdapter(Words),
    "lexicon.toml": TypeAdapter(Lexicon),
    "handover.toml": TypeAdapter(HandOver),
    "privacy.toml": TypeAdapter(tuple[Recogniser, ...]),
    "products.csv": TypeAdapter(tuple[Article, ...]),
}


def load_pack(name_or_path: str | Path) -> Pack:
    """One of ours by its name, or anybody's by the path of its folder."""
    folder = find(name_or_path)
    raw = read(folder)
    parts = {file: _shaped(folder / file, raw[file]) for file in SHAPES if file in raw}
    missing = [file for file in ("intents.toml", "answers.toml", "persona.md") if file not in raw]
    if missing:
        raise PackError(f"{folder / missing[0]}: missing (or let pack.toml extend another pack)")
    identity: Identity = parts.pop("pack.toml")
    parts["answers.toml"] = manners() | parts["answers.toml"]
    pack = Pack(
        name=folder.name,
        folder=folder,
        identity=identity,
        persona=raw["persona.md"].replace("{shop}", identity.shop.name),
        photo=raw.get("photo.svg"),
        recognisers=parts.pop("privacy.toml", ()),
        **{file.partition(".")[0]: part for file, part in parts.items()},
    )
    _check(pack)
    return pack


@cache
def manners() -> dict[str, Saying]:
    """What the bot of any shop can say, unless its pack says it in its own way."""
    said = table(DOMAINS / "manners.toml")
    found: dict[str, Saying] = SHAPES["answers.toml"].validate_python(said)
    return found


def _shaped(path: Path, raw: Any) -> Any:  # noqa: ANN401  each file has its own shape
    try:
        return SHAPES[path.name].validate_python(raw)
    except ValidationError as error:
        first = error.errors()[0]
        place = [str(step) for step in first["loc"]]
        if path.suffix == ".csv" and place:
            place[0] = f"line {int(place[0]) + 2}"
        raise PackError(f"{path}: {'.'.join(place)}: {first['msg']}") from error


def _check(pack: Pack) -> None:
    """What one file says must be known to the others."""
    for name in NEEDED:
        if name not in pack.answers:
            raise PackError(f"{pack.folder / 'answers.toml'}: {name}: missing")
    for intent in pack.intents:
        place = f"{pack.folder / 'intents.toml'}: {intent.name}"
        if intent.category not in pack.identity.categories:
            raise PackError(f"{place}.category: pack.toml has no {intent.category!r}")
        if intent.answered_by is not None and intent.answered_by not in pack.answers:
            raise PackError(f"{place}.answer: answers.toml has no {intent.answered_by!r}")
    for place, name in _suggestions(pack.words):
        if all(intent.name != name for intent in pack.intents):
            raise PackError(f"{pack.folder / 'words.toml'}: {place}: no intent {name!r}")
    skus = [article.sku for article in pack.products]
    if twice := next((one for one in skus if skus.count(one) > 1), None):
        raise PackError(f"{pack.folder / 'products.csv'}: sku: {twice!r} stands twice")


def _suggestions(words: Words) -> Iterator[tuple[str, str]]:
    yield from ((f"emoji.{emoji}", name) for emoji, name in words.emoji.items())
    for slot, values in words.slots.items():
        if values.suggests is not None:
            yield f"slots.{slot}.suggests", values.suggests
