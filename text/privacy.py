"""Personal data out of a text, the same value always behind the same tag."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from text.claimed import Place, plain
from text.folding import fold, level
from text.names import introductions, mentions, signatures
from text.recognisers import EMAIL_SIGNS, detectors

_PREFIXES: Final = {
    "email": "MAIL",
    "phone": "TEL",
    "card": "CARD",
    "account": "CUENTA",
    "name": "NOMBRE",
    "passport": "PASAPORTE",
}
_TAG = re.compile(r"\[([A-Z][A-Z_]{0,30})_([0-9]{1,6})\]")
_KIND = re.compile(r"[a-z][a-z_]{0,30}\Z")
_WORTH_READING = re.compile(r"[0-9０-９@]")
_INTRODUCTIONS: Final = (
    "llam",
    "nombre",
    "soy ",
    "habla",
    "escribe ",
    "saluda",
    "titular",
    "name",
    "me dice",
)
_WORTH_WORDS: Final = (*_INTRODUCTIONS, *EMAIL_SIGNS, "alias")
_BLOT: Final = "\x00"


@dataclass(frozen=True, slots=True)
class Found:
    kind: str
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Scrubbed:
    text: str
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Recogniser:
    """What a domain pack adds: a pattern for levelled text (lower case, no accents)."""

    kind: str
    pattern: re.Pattern[str]

    def __post_init__(self) -> None:
        if _KIND.match(self.kind) is None:
            raise ValueError(f"a kind is lower-case letters: {self.kind!r}")

    def places(self, levelled: str) -> Iterator[Place]:
        for match in self.pattern.finditer(levelled):
            if match.end() > match.start():
                yield self.kind, match.start(), match.end()


class Tags:
    """Which tag stands for which value in one conversation; `known` is its whole state."""

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        self.known: dict[str, str] = dict(known or {})
        self._tags: dict[tuple[str, str], str] = {}
        self._last: dict[str, int] = {}
        for tag, value in self.known.items():
            match = _TAG.fullmatch(tag)
            if match is not None:
                self._tags[match[1], _key(match[1], value)] = tag
                self._reserve(match)

    def reserve(self, text: str) -> None:
        """Tags that already stand in a text are not given to another value."""
        for match in _TAG.finditer(text):
            self._reserve(match)

    def tag(self, kind: str, value: str) -> str:
        prefix = _PREFIXES.get(kind, kind.upper())
        key = prefix, _key(prefix, value)
        if key not in self._tags:
            number = self._last[prefix] = self._last.get(prefix, 0) + 1
            self._tags[key] = f"[{prefix}_{number}]"
            self.known[self._tags[key]] = value
        return self._tags[key]

    def restore(self, text: str) -> str:
        return _TAG.sub(lambda match: self.known.get(match[0], match[0]), text)

    def _reserve(self, match: re.Match[str]) -> None:
        self._last[match[1]] = max(self._last.get(match[1], 0), int(match[2]))


def _key(prefix: str, value: str) -> str:
    folded = fold(value)
    if prefix in {"MAIL", "NOMBRE"}:
        return " ".join(folded.split())
    return plain(folded) or folded


def scrub(
    text: str,
    tags: Tags | None = None,
    *,
    extra: Iterable[Recogniser] = (),
    names: Iterable[str] = (),
) -> Scrubbed:
    """`names` are the people's profile names; a span is a place in `text`."""
    extra, names = tuple(extra), tuple(names)
    if not (extra or names or _worth_reading(text)):
        return Scrubbed(text, ())
    places = _places(text, extra, names)
    if not places:
        return Scrubbed(text, ())
    tags = Tags() if tags is None else tags
    tags.reserve(text)
    pieces, done = [], 0
    for kind, start, end in places:
        pieces += [text[done:start], tags.tag(kind, text[start:end])]
        done = end
    found = tuple(Found(kind, (start, end)) for kind, start, end in places)
    return Scrubbed("".join([*pieces, text[done:]]), found)


def _worth_reading(text: str) -> bool:
    if _WORTH_READING.search(text) is not None:
        return True
    lowered = text.lower()
    return any(word in lowered for word in _WORTH_WORDS)


class _Page:
    """A text being read: found places are blotted out, and a blot stops every pattern.

    The tag in its place will do the same, so a second scrub of the result finds nothing more.
    """

    def __init__(self, text: str) -> None:
        self.text = _TAG.sub(lambda tag: _BLOT * len(tag[0]), text)
        self.levelled = level(self.text)
        self.found: list[Place] = []

    def read(self, places: Iterable[Place]) -> None:
        for kind, start, end in list(places):
            if _BLOT not in self.levelled[start:end]:
                self.found.append((kind, start, end))
                blot = _BLOT * (end - start)
                self.text = self.text[:start] + blot + self.text[end:]
                self.levelled = self.levelled[:start] + blot + self.levelled[end:]


def _places(text: str, extra: tuple[Recogniser, ...], names: tuple[str, ...]) -> list[Place]:
    page = _Page(text)
    before = -1
    while len(page.found) > before:
        before = len(page.found)
        for recogniser in extra:
            page.read(recogniser.places(page.levelled))
        for detect in detectors(page.levelled):
            page.read(detect(page.levelled))
        if any(word in page.levelled for word in _INTRODUCTIONS):
            page.read(introductions(page.text, page.levelled))
        if page.found:
            page.read(signatures(page.levelled))
        if names:
            page.read(mentions(page.text, page.levelled, names))
    return sorted(page.found, key=lambda place: place[1])
