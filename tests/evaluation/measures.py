"""The labelled follow-ups, the classic lexicon they are compared with, and what is measured."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

Scorer = Callable[[str], int | None]

# The lexicon of the first version: grades from 5 to 1, substrings, anything else is a 3.
_CLASSIC = {
    5: "perfecto excelente genial gracias me_gusta lo_quiero voy_a_comprar",
    4: "ok bien si sí dale listo",
    3: "más mas info detalles cuéntame explica",
    2: "no_entiendo confuso no_sé no_se duda",
    1: "no_me_sirve no_me_gusta no_quiero mal",
}


@dataclass(frozen=True, slots=True)
class FollowUp:
    text: str
    score: int | None
    successful: bool


@dataclass(frozen=True, slots=True)
class Measured:
    exact: float
    within_one: float
    macro_f1: float
    precision: float  # of the scores of 4 and 5
    praised_negatives: tuple[str, ...]


def follow_ups(split: str) -> list[FollowUp]:
    lines = (Path(__file__).parent / "follow_ups.tsv").read_text("utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    return [
        FollowUp(text, None if score == "-" else int(score), success == "1")
        for part, score, success, text in rows
        if part == split
    ]


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply and what its customer wrote next; written after the lexicon, which saw none of it."""

    country: str
    score: int | None
    reply: str
    next: str


def answered(split: str) -> list[Answer]:
    lines = (Path(__file__).parent / "answered.tsv").read_text("utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    return [
        Answer(country, None if score == "-" else int(score), reply, text)
        for part, country, score, reply, text in rows
        if part == split
    ]


def classic(text: str) -> int:
    lowered = text.lower()
    for grade, words in _CLASSIC.items():
        if any(word.replace("_", " ") in lowered for word in words.split()):
            return grade
    return 3


def measured(scorer: Scorer, rows: Sequence[FollowUp]) -> Measured:
    pairs = [(row.score, scorer(row.text)) for row in rows]
    praised = [(row, got) for row, (_, got) in zip(rows, pairs, strict=True) if (got or 0) >= 4]
    return Measured(
        exact=sum(wanted == got for wanted, got in pairs) / len(pairs),
        within_one=sum(_near(wanted, got) for wanted, got in pairs) / len(pairs),
        macro_f1=sum(_f1(pairs, kind) for kind in (-1, 0, 1)) / 3,
        precision=sum((row.score or 0) >= 4 for row, _ in praised) / max(len(praised), 1),
        praised_negatives=tuple(row.text for row, _ in praised if (row.score or 3) <= 2),
    )


def _near(wanted: int | None, got: int | None) -> bool:
    return wanted == got if wanted is None or got is None else abs(wanted - got) <= 1


def _kind(score: int | None) -> int:
    """Negative, neutral (or nothing said), positive."""
    return 0 if score in {None, 3} else (1 if (score or 0) >= 4 else -1)


def _f1(pairs: Sequence[tuple[int | None, int | None]], kind: int) -> float:
    both = sum(_kind(wanted) == kind == _kind(got) for wanted, got in pairs)
    either = sum((_kind(wanted) == kind) + (_kind(got) == kind) for wanted, got in pairs)
    return 2 * both / either if either else 1.0
