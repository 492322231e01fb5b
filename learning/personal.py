"""Looks a second time for personal data, in texts that should hold none any more."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from text.folding import level
from text.privacy import Recogniser, Tags, scrub

_WHOLE_WORD: Final = 3
"""Letters from which one word of a name is looked for by itself."""


def found(text: str, recognisers: Sequence[Recogniser] = (), names: Sequence[str] = ()) -> int:
    """How many places in a text tell who somebody is."""
    return _found(text, tuple(recognisers), occurring(names, text))


@lru_cache(4_000)
def _found(text: str, recognisers: tuple[Recogniser, ...], names: tuple[str, ...]) -> int:
    """What was said stands in the history of each turn that follows it; most texts name nobody, so
    that it is the same whoever they were said to."""
    return len(scrub(text, extra=recognisers, names=names).found)


def masked(
    text: str, tags: Tags, recognisers: Sequence[Recogniser] = (), names: Sequence[str] = ()
) -> str:
    return scrub(text, tags, extra=recognisers, names=occurring(names, text)).text


def occurring(names: Iterable[str], text: str) -> tuple[str, ...]:
    """Looking for a name costs more than seeing that no part of it stands in a text."""
    if not names:
        return ()
    levelled = level(text)
    return tuple(name for name in names if any(part in levelled for part in _parts(name)))


@lru_cache(20_000)
def _parts(name: str) -> tuple[str, ...]:
    parts = level(name).split()
    long = [part for part in parts if len(part) >= _WHOLE_WORD]
    return tuple(long or parts[:1])
