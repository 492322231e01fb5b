"""The lines of a catalogue's file: what each says of which product, and what is wrong. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from knowledge.importing.cells import Cell, CellRefused, Value, read
from knowledge.importing.columns import Columns, find_columns
from text.folding import tokenise

NAMED: Final = 48
"""Letters of a name that go into a SKU made from it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell that cannot be taken; its line is left out."""

    line: int
    column: str
    what: str
    hint: str


@dataclass(frozen=True, slots=True)
class Line:
    """`said` holds the fields the file has a word for; a blank cell says nothing."""

    number: int
    sku: str | None
    said: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Listing:
    """`currency` is that of the shop, in which prices were read."""

    columns: Columns
    currency: str
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]


def listing(rows: Sequence[Sequence[Cell]], said: Mapping[str, str], currency: str) -> Listing:
    """Raises ColumnsUnclear."""
    columns = find_columns(rows, said)
    lines: list[Line] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows[columns.header :], columns.header + 1):
        if not any(str(cell).strip() for cell in row):
            continue
        line, wrong = _line(number, row, columns, currency)
        problems += wrong
        if not wrong:
            lines.append(line)
    return Listing(columns, currency, tuple(lines), tuple(problems))


def made_sku(name: str) -> str:
    """The same name always has the same one, whatever its accents and capitals."""
    plain = "-".join(token for token in tokenise(name) if token[0].isalnum()).upper()
    if len(plain) <= NAMED:
        return plain
    return f"{plain[:NAMED]}-{sha256(plain.encode()).hexdigest()[:6].upper()}"


def _line(
    number: int, row: Sequence[Cell], columns: Columns, currency: str
) -> tuple[Line, list[Problem]]:
    said: dict[str, Value] = {}
    wrong: list[Problem] = []
    for field, place in columns.places.items():
        cell = row[place] if place < len(row) else ""
        try:
            value = read(field, cell, currency)
        except CellRefused as error:
            wrong.append(Problem(number, columns.names[field], str(error), error.hint))
            continue
        if value is not None:
            said[field] = value
    sku = said.pop("sku", None)
    if not wrong and sku is None and not made_sku(str(said.get("name", ""))):
        column = columns.names.get("name", "name")
        wrong.append(Problem(number, column, "nothing names the product", "give it a name"))
    return Line(number, str(sku) if sku is not None else None, said), wrong
