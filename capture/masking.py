"""Personal data stays out of `ml`: one value has one tag in all texts of a training row."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from text.folding import clean, level
from text.privacy import Recogniser, Tags, scrub
from text.ways_in import shut

LONGEST = 8000  # characters of one text that training ever sees
REMEMBERED = 8000
SHORT = 1000  # a longer text is not worth its place in memory
WHOLE_WORD = 3  # letters from which one word of a name is looked for by itself


class Mask:
    """Masks the texts of one row. `known` are the tags its other texts already have."""

    def __init__(
        self,
        names: Iterable[str | None],
        own: tuple[Recogniser, ...] = (),
        known: Mapping[str, str] | None = None,
    ) -> None:
        self.names = tuple({name for name in names if name})
        self.own = own
        self.tags = Tags(known)

    def __call__(self, text: str) -> str:
        read = _read if len(text) <= SHORT else _read.__wrapped__
        text, levelled = read(text, self.own)
        if levelled is None or any(_occurs(name, levelled) for name in self.names):
            return scrub(text, self.tags, extra=self.own, names=self.names).text
        if "[" in text:
            self.tags.reserve(text)
        return text

    def inside(self, value: Any) -> Any:  # noqa: ANN401  JSON is any shape
        """The same value with every text in it masked."""
        match value:
            case str():
                return self(value)
            case Mapping():
                return {self(str(key)): self.inside(inner) for key, inner in value.items()}
            case list() | tuple():
                return [self.inside(inner) for inner in value]
            case _:
                return value


@lru_cache(REMEMBERED)
def _read(text: str, own: tuple[Recogniser, ...]) -> tuple[str, str | None]:
    """The text as it may be kept, and levelled when it holds nothing personal; the history repeats
    what was read once."""
    text = clean(shut(text), LONGEST)
    return text, None if scrub(text, extra=own).found else level(text)


def _occurs(name: str, levelled: str) -> bool:
    """Whether it is worth looking for this name; most texts name nobody."""
    return any(part in levelled for part in _parts(name))


@lru_cache(REMEMBERED)
def _parts(name: str) -> tuple[str, ...]:
    parts = level(name).split()
    long = [part for part in parts if len(part) >= WHOLE_WORD]
    return tuple(long or parts[:1])
