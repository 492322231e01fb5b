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
WHOLE: Final = 400
"""A paragraph of up to so many tokens stays one passage: cut in two it is found less often."""
_SENTENCE: Final = re.compile(r".+?(?:[.!?…]+[»”\")]*(?=\s+[^\sa-z])|\n|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that is not cut any more, with the headings above it."""

    text: str
    tokens: int
    heading: str = ""
    page: int = 0
    sentence: bool = False
    """Whether it goes on from the piece before, in the same paragraph."""


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
    """Paragraphs and rows under their path of headings, long ones as sentences."""
    path: list[tuple[int, str]] = []
    for block in blocks:
        if block.kind == "heading":
            path = [above for above in path if above[0] < block.level]
            path.append((block.level, block.text))
            continue
        piece = Piece(block.text, 0, " › ".join(text for _, text in path), block.page)
        yield from _divided(piece)


def _divided(piece: Piece) -> Iterator[Piece]:
    tokens = estimate(piece.text)
    if tokens <= WHOLE:
        yield replace(piece, tokens=tokens)
        return
    for place, sentence in enumerate(sentences(piece.text)):
        for part in _bounded(sentence):
            yield replace(piece, text=part, tokens=estimate(part), sentence=place > 0)


def sentences(text: str) -> list[str]:
    """In order; nothing is lost but the space between them."""
    return [found[0].strip() for found in _SENTENCE.finditer(text) if found[0].strip()]


def _bounded(sentence: str) -> Iterator[str]:
    """A sentence without an end is cut between words, at last within one."""
    while estimate(sentence) > WHOLE:
        end = sentence.rfind(" ", 0, PASSAGE * 4)
        end = end if end > 0 else PASSAGE * 4
        yield sentence[:end].strip()
        sentence = sentence[end:].strip()
    if sentence:
        yield sentence


def _filled(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """As full as they go; a new section begins a new chunk once the last one is long enough."""
    chunk: list[Piece] = []
    tokens = 0
    for piece in pieces:
        new = not chunk or chunk[-1].heading != piece.heading
        cost = piece.tokens + (estimate(piece.heading) if new else 0)
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
