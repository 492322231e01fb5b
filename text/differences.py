"""What changed between two texts, word by word."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import Final, Literal, TypeAlias

Change: TypeAlias = Literal["same", "removed", "added"]
_WORD: Final = re.compile(r"\s+|\S+")


def differences(before: str, after: str) -> list[tuple[Change, str]]:
    """Stretches of words in reading order; what is removed stands before what takes its place.

    Longest matching runs (Ratcliff and Obershelp, 1988), by words so that people can read it; the
    space between two words that changed belongs to them.
    """
    found = list(_stretches(before, after))
    last = len(found) - 1
    alike = [
        old == new and not (old.isspace() and 0 < place < last)
        for place, (old, new) in enumerate(found)
    ]
    told: list[tuple[Change, str]] = []
    for same, places in groupby(range(len(found)), key=alike.__getitem__):
        pairs = [found[place] for place in places]
        old, new = ("".join(texts) for texts in zip(*pairs, strict=True))
        told += [("same", old)] if same else [("removed", old), ("added", new)]
    return [(change, text) for change, text in told if text]


def marked(parts: Sequence[tuple[Change, str]]) -> str:
    """For a terminal without colours: what goes in [-…-], what comes in {+…+}."""
    signs = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
    return "".join(f"{signs[change][0]}{text}{signs[change][1]}" for change, text in parts)


def _stretches(before: str, after: str) -> Iterator[tuple[str, str]]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for _, begin, end, start, stop in matcher.get_opcodes():
        yield "".join(old[begin:end]), "".join(new[start:stop])
