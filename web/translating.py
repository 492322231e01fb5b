"""Spanish is what templates are written in; other languages are read from `locale/`.

One file per area of the pages. They are read once at start and need no compiling.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

HERE: Final = Path(__file__).resolve().parent / "locale"
SOURCE: Final = "es"
LOCALES: Final = ("es", "en")


@dataclass(frozen=True, slots=True)
class Words:
    """What a language says for a Spanish text; the text itself where it says nothing."""

    locale: str
    single: Mapping[str, str] = field(default_factory=dict)
    plural: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def say(self, text: str) -> str:
        return self.single.get(text, text)

    def count(self, one: str, many: str, number: int) -> str:
        first, others = self.plural.get((one, many), (one, many))
        return first if number == 1 else others


@cache
def words(locale: str) -> Words:
    if locale == SOURCE:
        return Words(locale)
    single: dict[str, str] = {}
    plural: dict[tuple[str, str], tuple[str, str]] = {}
    for path in sorted((HERE / locale).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=locale):
                if not message.id or message.fuzzy:
                    continue
                if isinstance(message.id, str):
                    single[message.id] = str(message.string)
                else:
                    (one, many), said = message.id, message.string or ("", "")
                    plural[one, many] = (said[0], said[1])
    return Words(locale, single, plural)


def chosen(wanted: str | None, accepted: str) -> str:
    """What somebody chose, else the first of our languages that their browser asks for."""
    if wanted in LOCALES:
        return wanted
    asked = [part.partition(";")[0].strip()[:2].lower() for part in accepted.split(",")]
    return next((locale for locale in asked if locale in LOCALES), SOURCE)
