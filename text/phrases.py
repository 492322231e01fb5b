"""A dictionary of phrases, looked up by stems: the longest entry wins at each place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from text.stemming import stems

ValueT = TypeVar("ValueT")


@dataclass(frozen=True, slots=True)
class Phrases(Generic[ValueT]):
    entries: Mapping[tuple[str, ...], tuple[ValueT, ...]]
    longest: Mapping[str, int]

    def found(self, words: Sequence[str]) -> list[tuple[int, int, tuple[ValueT, ...]]]:
        """Start, end and values of every entry, from left to right, without overlaps."""
        hits = []
        start = 0
        while start < len(words):
            length = self._length(words, start)
            if length:
                end = start + length
                hits.append((start, end, self.entries[tuple(words[start:end])]))
            start += length or 1
        return hits

    def _length(self, words: Sequence[str], start: int) -> int:
        longest = min(self.longest.get(words[start], 0), len(words) - start)
        for length in range(longest, 0, -1):
            if tuple(words[start : start + length]) in self.entries:
                return length
        return 0


def dictionary(pairs: Iterable[tuple[str, ValueT]]) -> Phrases[ValueT]:
    """Spelled texts and what they stand for; one text may stand for several things."""
    entries: dict[tuple[str, ...], tuple[ValueT, ...]] = {}
    longest: dict[str, int] = {}
    for text, value in pairs:
        key = tuple(stems(text))
        if key and value not in entries.get(key, ()):
            entries[key] = (*entries.get(key, ()), value)
            longest[key[0]] = max(longest.get(key[0], 0), len(key))
    return Phrases(entries, longest)
