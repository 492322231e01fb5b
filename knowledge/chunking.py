"""Cuts a document into chunks that a model reads, and those into passages that are searched.

A chunk of 800 to 1,200 tokens holds an answer with its surroundings; a passage of about 200 is
found by a question. Both end where a sentence does.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from knowledge.blocks import Block
from text.tokens import estimate

LEAST, MOST = 800, 1_200
PASSAGE: Final = 200
HEADING: Final = 120
"""Tokens that headings may cost above a passage."""
BELOW: Final = " › "
WHOLE: Final = 400
"""A paragraph of up to so many tokens stays one passage: cut in two it is found less often."""
_LINE: Final = re.compile(r"[^\n]+")
_END: Final = re.compile(r"(?<![.!?…])[.!?…]++[»”\")]*+(?=\s++[^a-z])")
"""A sentence ends here, unless a small letter follows; a run of dots is looked at once."""
REACH: Final = PASSAGE * 4


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that is not cut any more, with the headings above it."""

    text: str
    tokens: int
    heading: str = ""
    page: int = 0
    sentence: bool = False
    """Whether it goes on from the piece before, in the same paragraph."""

    @property
    def under(self) -> int:
        """What the heading above it costs."""
        return estimate(self.heading)


@dataclass(frozen=True, slots=True)
class Passage:
    heading: str
    text: str
    page: int = 0


@dataclass(frozen=True, slots=True)
class Chunk:
    heading: str
    text: str
    tokens: int
    passages: tuple[Passage, ...]


def cut(blocks: Iterable[Block]) -> list[Chunk]:
    return [_chunk(pieces) for pieces in _filled(list(_pieces(blocks)))]


def _pieces(blocks: Iterable[Block]) -> Iterator[Piece]:
    """Paragraphs and rows under their path of headings, long ones as sentences. A heading with
    nothing under it is text: it would be lost."""
    path: list[tuple[int, str]] = []
    bare: Piece | None = None
    for block in blocks:
        if block.kind == "heading":
            above = [one for one in path if one[0] < block.level]
            if bare is not None and len(above) < len(path):
                yield from _divided(bare)
            bare = Piece(block.text, 0, _path(above), block.page)
            path = [*above, (block.level, block.text)]
            continue
        bare = None
        yield from _divided(Piece(block.text, 0, _path(path), block.page))
    if bare is not None:
        yield from _divided(bare)


def _path(above: Sequence[tuple[int, str]]) -> str:
    """The nearest heading whole, and of those above it as many as are worth their place."""
    told = ""
    for _, text in reversed(above):
        longer = f"{text}{BELOW}{told}" if told else text
        if told and estimate(longer) > HEADING:
            break
        told = longer
    return told


def _divided(piece: Piece) -> Iterator[Piece]:
    """So that with its heading it never costs more than `WHOLE`: then chunks can be filled."""
    most = max(WHOLE - piece.under, PASSAGE)
    tokens = estimate(piece.text)
    if tokens <= most:
        yield replace(piece, tokens=tokens)
        return
    place = 0
    for sentence in sentences(piece.text):
        for part in _bounded(sentence, most):
            yield replace(piece, text=part, tokens=estimate(part), sentence=place > 0)
            place += 1


def sentences(text: str) -> list[str]:
    """In order; nothing is lost but the space between them."""
    found = []
    for line in _LINE.findall(text):
        start = 0
        for end in _END.finditer(line):
            found.append(line[start : end.end()].strip())
            start = end.end()
        found.append(line[start:].strip())
    return [one for one in found if one]


def _bounded(sentence: str, most: int) -> Iterator[str]:
    """A sentence without an end is cut between words, at last within one."""
    if estimate(sentence) <= most:
        yield sentence
        return
    start = 0
    while start < len(sentence):
        end = _cut(sentence, start, most)
        part = sentence[start:end].strip()
        if part:
            yield part
        start = end


def _cut(sentence: str, start: int, most: int) -> int:
    """The end of a part that is worth no more than a passage may be."""
    end = start + REACH
    while estimate(sentence[start:end]) > most:
        end = start + (end - start) // 2
    if end >= len(sentence):
        return len(sentence)
    space = sentence.rfind(" ", start, end)
    return space if space > start else end


def _filled(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """As full as they go; a new section begins a new chunk once the last one is long enough."""
    chunk: list[Piece] = []
    tokens = 0
    for piece in pieces:
        new = not chunk or chunk[-1].heading != piece.heading
        cost = piece.tokens + (piece.under if new else 0)
        if chunk and (tokens + cost > MOST or (new and tokens >= LEAST)):
            yield chunk
            chunk, tokens = [], 0
        chunk.append(piece)
        tokens += cost
    if chunk:
        yield chunk


def _chunk(pieces: Sequence[Piece]) -> Chunk:
    shown: list[str] = []
    for heading, under in groupby(pieces, lambda piece: piece.heading):
        text = _text(list(under))
        shown.append(f"{heading}\n{text}" if heading and shown else text)
    text = "\n\n".join(shown)
    return Chunk(pieces[0].heading, text, estimate(text), tuple(_passages(pieces)))


def _passages(pieces: Sequence[Piece]) -> Iterator[Passage]:
    for heading, under in groupby(pieces, lambda piece: piece.heading):
        gathered: list[Piece] = []
        tokens = 0
        for piece in under:
            if gathered and tokens + piece.tokens > PASSAGE:
                yield Passage(heading, _text(gathered), gathered[0].page)
                gathered, tokens = [], 0
            gathered.append(piece)
            tokens += piece.tokens
        yield Passage(heading, _text(gathered), gathered[0].page)


def _text(pieces: Sequence[Piece]) -> str:
    text = pieces[0].text
    for piece in pieces[1:]:
        text += (" " if piece.sentence else "\n") + piece.text
    return text
