"""Examples that come in a file: lines of JSON, a table, or a chat that WhatsApp exported. Pure."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from text.folding import clean, fold

Problem: TypeAlias = Literal["unreadable", "empty", "long", "columns", "nobody"]
Origin: TypeAlias = Literal["file", "whatsapp"]
MOST: Final = 2_000
LONGEST: Final = 1_000
PEOPLE: Final = 1_000
"""No group of WhatsApp's has many more; of those who wrote least nothing is read."""
QUESTIONS: Final = ("pregunta", "question", "user", "prompt", "cliente")
ANSWERS: Final = ("respuesta", "answer", "assistant", "completion", "bot")
INTENTS: Final = ("intencion", "intent")
# [20/11/26, 10:33:12] Ana: hola · 20/11/2026, 10:33 - Ana: hola · 20/11/26 10:33 p. m. - Ana: hola
_LINE: Final = re.compile(
    r"\A\u200e?\[?\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},? \d{1,2}:\d{2}(?::\d{2})?"
    r"(?:[ \u202f\u00a0]?[ap]\.?[ \u00a0]?m\.?)?\]?(?: -)? (?P<rest>.*)\Z",
    re.IGNORECASE | re.DOTALL,
)
_OMITTED: Final = re.compile(r"omitid|omitted|eliminad|deleted|<media|<multimedia", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pair:
    line: int
    question: str
    answer: str
    intent: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a line teaches nothing."""

    line: int
    problem: Problem


@dataclass(frozen=True, slots=True)
class Read:
    """`people` wrote in the chat, the most talkative first; `seller` is who of them answers."""

    origin: Origin
    pairs: tuple[Pair, ...] = ()
    faults: tuple[Fault, ...] = ()
    people: tuple[str, ...] = ()
    seller: str = ""


def read(data: bytes, name: str, *, shop: str = "", seller: str = "") -> Read:
    """By its name and its first signs. At most MOST pairs, and no more after MOST faults."""
    text = clean(data.decode("utf-8-sig", "replace"), len(data) + 1)
    lines = text.split("\n")
    if name.lower().endswith(".txt") or _LINE.match(lines[0]):
        return _chat(lines, shop, seller)
    if text.lstrip().startswith(("{", "[{")):
        return _sorted("file", _objects(lines))
    return _sorted("file", _table(text))


def _sorted(origin: Origin, found: Iterator[Pair | Fault]) -> Read:
    pairs, faults = _apart(found)
    return Read(origin, pairs, faults)


def _apart(found: Iterator[Pair | Fault]) -> tuple[tuple[Pair, ...], tuple[Fault, ...]]:
    pairs: list[Pair] = []
    faults: list[Fault] = []
    for one in found:
        if isinstance(one, Fault):
            faults.append(one)
        else:
            pairs.append(one)
        if MOST in {len(pairs), len(faults)}:
            break
    return tuple(pairs), tuple(faults)


def _objects(lines: Sequence[str]) -> Iterator[Pair | Fault]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            told: Any = json.loads(line)
        except (ValueError, RecursionError):
            yield Fault(number, "unreadable")
            continue
        yield _pair(number, _named(told)) if isinstance(told, dict) else Fault(number, "unreadable")


def _named(told: dict[str, Any]) -> Mapping[str, str]:
    """Also of the lines that trainings are given: a list of messages."""
    messages = told.get("messages")
    if isinstance(messages, list):
        said = [one for one in messages if isinstance(one, dict)]
        told = {str(one.get("role")): one.get("content") for one in said}
    return {fold(str(name)): value for name, value in told.items() if isinstance(value, str)}


def _table(text: str) -> Iterator[Pair | Fault]:
    separator = ";" if text.split("\n", 1)[0].count(";") else ","
    if "\t" in text.split("\n", 1)[0]:
        separator = "\t"
    rows = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        header = [fold(cell.strip()) for cell in next(rows, [])]
        if not (set(header) & set(QUESTIONS) and set(header) & set(ANSWERS)):
            yield Fault(1, "columns")
            return
        for row in rows:
            if any(cell.strip() for cell in row):
                yield _pair(rows.line_num, dict(zip(header, row, strict=False)))
    except csv.Error:
        yield Fault(rows.line_num, "unreadable")


def _pair(line: int, told: Mapping[str, str]) -> Pair | Fault:
    question, answer, intent = (
        next((told[name].strip() for name in names if told.get(name)), "")
        for names in (QUESTIONS, ANSWERS, INTENTS)
    )
    if not question or not answer:
        return Fault(line, "empty")
    if max(len(question), len(answer)) > LONGEST:
        return Fault(line, "long")
    return Pair(line, question, answer, intent)


def _chat(lines: Sequence[str], shop: str, seller: str) -> Read:
    said = list(_messages(lines))
    people = [name for name, _ in Counter(who for _, who, _ in said).most_common(PEOPLE)]
    if len(people) < 2:  # noqa: PLR2004  a chat is between two
        return Read("whatsapp", faults=(Fault(1, "nobody"),), people=tuple(people))
    if seller not in people:
        seller = _seller(people, shop)
    known = set(people)
    pairs, faults = _apart(_turns([one for one in said if one[1] in known], seller))
    return Read("whatsapp", pairs, faults, tuple(people), seller)


def _seller(people: Sequence[str], shop: str) -> str:
    """Who is called like the shop; else whoever wrote most: sellers answer at length."""
    named = (one for one in people if fold(shop) and fold(shop) in fold(one))
    return next(named, people[0])


def _messages(lines: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Line, who and what; a line without a date goes on with the message before it, as long as
    anything longer would teach."""
    held: tuple[int, str, str] | None = None
    for number, line in enumerate(lines, 1):
        found = _LINE.match(line.strip("\r"))
        if found is None:
            if held is not None and line.strip() and len(held[2]) <= LONGEST:
                held = (held[0], held[1], f"{held[2]}\n{line.strip()}")
            continue
        if held is not None:
            yield held
        who, colon, text = found["rest"].partition(": ")
        held = (number, who.strip(), text.strip()) if colon else None
    if held is not None:
        yield held


def _turns(said: Sequence[tuple[int, str, str]], seller: str) -> Iterator[Pair | Fault]:
    """What a customer wrote in a row, and what the seller wrote in a row after it."""
    asked: list[str] = []
    told: list[str] = []
    line = 0
    for number, who, text in (*said, (0, "", "")):
        if who != seller and told:
            if asked:
                yield _pair(line, {"question": "\n".join(asked), "answer": "\n".join(told)})
            asked, told = [], []
        if not text or _OMITTED.search(text):
            continue
        if who == seller:
            told.append(text)
        else:
            line = line if asked else number
            asked.append(text)
