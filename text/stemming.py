"""What makes two words the same to a shop: number, gender and the usual misspellings set aside."""

import re
from functools import lru_cache
from typing import Final

from text.folding import squeeze, tokenise

_LEAST: Final = 3
_WHOLE: Final = frozenset(["buenas", "entre"])
"""A greeting, where `bueno` and `Buenos Aires` are none; `entre 10 y 15`, where nothing `entró`."""
_SOUNDS: Final = (
    (re.compile("ces$"), "ses"),
    (re.compile("(?<!c)h"), ""),
    (re.compile("x(?=[aeiou])"), "ch"),
    (re.compile("ll"), "y"),
    (re.compile("m(?=[bvp])"), "n"),
    (re.compile("c(?=[ei])"), "s"),
    (re.compile("qu(?=[ei])"), "k"),
    (re.compile("g(?=[ei])"), "j"),
    (re.compile("c(?!h)"), "k"),
)
_CLITICS: Final = re.compile(r"(?<=...[aei]r)(?:me|te|se|nos)?(?:l[aeo]s?)?$")
_LETTERS: Final = str.maketrans("vz", "bs")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of one folded word: `audífonos`, `audifono` and `haudifonos` share theirs."""
    if not word.isalpha() or word in _WHOLE:
        return word
    sound = _CLITICS.sub("", squeeze(word))
    for pattern, spelling in _SOUNDS:
        sound = pattern.sub(spelling, sound)
    return _bare(sound.translate(_LETTERS))


def stems(text: str) -> list[str]:
    """The stems of a text's words and numbers, in order; emoji are not words."""
    return [stem(token) for token in tokenise(text) if token[0].isalnum()]


def _bare(sound: str) -> str:
    """Endings fall until none is left, so that singular and plural end at the same letter."""
    end = len(sound)
    while end > _LEAST and sound[end - 1] in ("saeo" if end > _LEAST + 1 else "s"):
        end -= 1
    bare = sound[:end]
    return bare[:-1] + "a" if bare.endswith("o") else bare
