"""From a chosen row to its finished lines: looked through for personal data a second time."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from learning.curation import Example, Kept, changed
from learning.errors import PersonalDataLeft
from learning.formats import Voice, canonical, chat_line, metadata, pair_line
from learning.pairing import corrects
from learning.personal import found, masked
from learning.spilling import unpacked
from learning.splits import Split
from learning.tallying import Tally
from text.privacy import Recogniser, Tags

DIGEST: Final = 16


@dataclass(frozen=True, slots=True)
class Guard:
    """What tells who somebody is: the pack's own recognisers, and each row's names."""

    recognisers: tuple[Recogniser, ...] = ()

    def cleared(self, example: Example) -> tuple[Example, int]:
        """With what is found masked, and how much it was. Raises PersonalDataLeft."""
        count = self._count(example)
        if not count:
            return example, 0
        clean = self._masked(example)
        if self._count(clean):
            raise PersonalDataLeft(
                f"Row {example.id} tells who somebody is, also after masking",
                "a recogniser of the pack finds more each time it looks",
                "Mend the pack's recognisers, or reject the row",
            )
        return clean, count

    def _count(self, example: Example) -> int:
        """A title is the shop's own, so the names of customers are not looked for there."""
        spoken = sum(found(text, self.recognisers, example.names) for text in _spoken(example))
        return spoken + sum(found(title, self.recognisers) for title in _titles(example))

    def _masked(self, example: Example) -> Example:
        tags = Tags()
        for text in (*_spoken(example), *_titles(example)):
            tags.reserve(text)

        def mask(text: str) -> str:
            return masked(text, tags, self.recognisers, example.names)

        def plain(text: str) -> str:
            return masked(text, tags, self.recognisers)

        return changed(
            example,
            question=mask(example.question),
            answer=mask(example.answer),
            original=None if example.original is None else mask(example.original),
            history=tuple((who, mask(text)) for who, text in example.history),
            sources=tuple((kind, plain(title), role) for kind, title, role in example.sources),
            product_name=None if example.product_name is None else plain(example.product_name),
        )


def _spoken(example: Example) -> Iterable[str]:
    yield example.question
    yield example.answer
    yield example.original or ""
    yield from (text for _, text in example.history)


def _titles(example: Example) -> Iterable[str]:
    yield example.product_name or ""
    yield from (title for _, title, _ in example.sources)


class Finished(NamedTuple):
    """What is written of a row: its line, what stands beside it, and a pair where it has one."""

    split: Split
    line: bytes
    beside: bytes
    pair: bytes | None


def finished(
    kept: Kept, worse: Example | None, voice: Voice, guard: Guard
) -> tuple[Finished, Example, int]:
    """With the row as it is told, and how much of it was masked. `worse` is another row that was
    blamed; else a corrected row is paired with its original."""
    example, personal = guard.cleared(kept.example)
    said, pair = voice.prompt(example), None
    if worse is not None:
        other, more = guard.cleared(worse)
        personal += more
        pair = pair_line(said, example.answer, other.answer)
    elif corrects(example) and example.original:
        pair = pair_line(said, example.answer, example.original)
    beside = metadata(example) | {
        "weight": kept.weight,
        "paired": pair is not None,
        "worse": None if worse is None else str(worse.id),
    }
    line = chat_line(said, example.answer).encode()
    alongside = (canonical(beside) + "\n").encode()
    done = Finished(kept.split, line, alongside, None if pair is None else pair.encode())
    return done, example, personal


class Rough(NamedTuple):
    """A chosen row, and one that was blamed beside it, as they were packed."""

    data: bytes
    split: Split
    weight: float
    worse: bytes | None


@dataclass(frozen=True, slots=True)
class Done:
    """A page of rows, as it is written."""

    rows: list[Finished]
    tally: Tally


def finished_all(page: Sequence[Rough], voice: Voice, guard: Guard) -> Done:
    rows, tally = [], Tally()
    for rough in page:
        worse = None if rough.worse is None else unpacked(rough.worse)
        kept = Kept(unpacked(rough.data), rough.split, rough.weight, 0)
        done, example, personal = finished(kept, worse, voice, guard)
        tally.count(example, done, personal)
        rows.append(done)
    return Done(rows, tally)


def digested(line: bytes) -> bytes:
    return hashlib.blake2b(line, digest_size=DIGEST).digest()
