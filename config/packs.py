"""Domain packs: the files that make the bot a particular kind of business.

A pack is a folder. `pack.toml` may say `extends = "ventas"`: then only what differs is written.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from config.folders import DOMAINS, PackError, find, read, table
from config.shapes import (
    Article,
    Example,
    HandOver,
    Identity,
    Intent,
    Lexicon,
    Part,
    Policy,
    Recogniser,
    Saying,
    Term,
    Tones,
    Words,
)

NEEDED = ("greeting", "thanks", "goodbye", "help", "unknown", "media_unreadable")
"""Answers that every pack has: what is said when nothing of the business is asked."""


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
    tones: Tones = Tones()
    recognisers: tuple[Recogniser, ...] = ()
    products: tuple[Article, ...] = ()
    policies: tuple[Policy, ...] = ()
    glossary: tuple[Term, ...] = ()
    examples: tuple[Example, ...] = ()
    documents: tuple[Path, ...] = ()
    photo: str | None = None

    @property
    def facts(self) -> tuple[str, ...]:
        """The answers that are samples until a shop gives its own."""
        return tuple(name for name, saying in self.answers.items() if saying.fact)

    def __hash__(self) -> int:
        """What is prepared once for a pack is found by it again."""
        return hash((self.name, self.folder))


SHAPES: dict[str, TypeAdapter[Any]] = {
    "pack.toml": TypeAdapter(Identity),
    "intents.toml": TypeAdapter(tuple[Intent, ...]),
    "answers.toml": TypeAdapter(dict[str, Saying]),
    "phrases.toml": TypeAdapter(dict[str, Saying]),
    "words.toml": TypeAdapter(Words),
    "lexicon.toml": TypeAdapter(Lexicon),
    "handover.toml": TypeAdapter(HandOver),
    "tones.toml": TypeAdapter(Tones),
    "privacy.toml": TypeAdapter(tuple[Recogniser, ...]),
    "policies.toml": TypeAdapter(tuple[Policy, ...]),
    "glossary.toml": TypeAdapter(tuple[Term, ...]),
    "examples.toml": TypeAdapter(tuple[Example, ...]),
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
        documents=tuple(raw["documents"].values()),
        recognisers=parts.pop("privacy.toml", ()),
        **{file.partition(".")[0]: part for file, part in parts.items()},
    )
    _check(pack)
    return pack


def beside(pack: Pack, file: str) -> Path | None:
    """A file in the folder of a pack, or of the one it extends."""
    folders, extended = [pack.folder], pack.identity.extends
    if extended is not None:
        folders += [pack.folder.parent / extended, DOMAINS / extended]
    return next((folder / file for folder in folders if (folder / file).is_file()), None)


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
        if intent.category not in pack.identity.categories:
            place = f"{pack.folder / 'intents.toml'}: {intent.name}.category"
            raise PackError(f"{place}: pack.toml has no {intent.category!r}")
    for place, answer in _named_answers(pack):
        if answer is not None and answer not in pack.answers:
            raise PackError(f"{pack.folder / place}: answers.toml has no {answer!r}")
    _check_slots(pack)
    for place, name in _suggestions(pack.words):
        if all(intent.name != name for intent in pack.intents):
            raise PackError(f"{pack.folder / 'words.toml'}: {place}: no intent {name!r}")
    skus = [article.sku for article in pack.products]
    if twice := next((one for one in skus if skus.count(one) > 1), None):
        raise PackError(f"{pack.folder / 'products.csv'}: sku: {twice!r} stands twice")


def _named_answers(pack: Pack) -> Iterator[tuple[str, str | None]]:
    for intent in pack.intents:
        yield f"intents.toml: {intent.name}.answer", intent.answered_by
    for policy in pack.policies:
        yield f"policies.toml: {policy.name}.instead", policy.instead
        yield f"policies.toml: {policy.name}.adds", policy.adds


def _check_slots(pack: Pack) -> None:
    """An intent may lean on what is looked for and on nothing else."""
    slots = {*pack.words.find, *pack.words.values, *pack.words.slots}
    for intent in pack.intents:
        if unknown := {*intent.favours, *intent.excludes} - slots:
            place = f"{pack.folder / 'intents.toml'}: {intent.name}"
            raise PackError(f"{place}: words.toml finds no slot {min(unknown)!r}")


def _suggestions(words: Words) -> Iterator[tuple[str, str]]:
    yield from ((f"emoji.{emoji}", name) for emoji, name in words.emoji.items())
    yield from ((f"implies.{slot}", name) for slot, name in words.implies.items())
    for slot, values in words.slots.items():
        if values.suggests is not None:
            yield f"slots.{slot}.suggests", values.suggests
