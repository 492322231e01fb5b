"""Columns of text become what a model can learn from; what cannot teach is left out by its name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from prediction.cells import Style, dated, days, numbers, read_numbers, style_of
from prediction.errors import (
    BadDates,
    ColumnMissing,
    DirectionsUnclear,
    LeakyColumn,
    ProtectedAttribute,
    RiskError,
    TargetMissing,
)
from prediction.measuring import auc_of
from prediction.model import LeftOut
from prediction.notes import Note, Why
from prediction.outcomes import outcomes
from prediction.protected import protected, words_of
from prediction.sheets import Sheet
from prediction.table import Feature, Numbers, Table, edges_of, names_of, places_of
from prediction.training import LEAST_OF_A_CLASS

LEAKY: Final = 0.995
"""The area under the curve from which one column alone knows too much."""
DISTINCT: Final = 0.5
"""The share of cases from which different texts name each of them rather than kinds of them."""
UNDATED: Final = 0.2
_FEW: Final = 20
_IDENTIFIERS: Final = frozenset(
    ["id", "uuid", "guid", "rut", "run", "dni", "cpf", "curp", "rfc", "cedula", "passport",
     "pasaporte", "email", "mail", "correo", "phone", "telefono", "celular", "movil", "name",
     "nombre", "nombres", "apellido", "apellidos", "surname", "direccion", "address", "folio"]
)  # fmt: skip
"""Words of a name that say: this is one person, or one row."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asked for. Without `asked` every column that can teach is learned from.
    `directions` are features by their names, as somebody who knows the business declared them."""

    target: str
    date: str = ""
    bad: str = ""
    asked: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    directions: Mapping[str, Feature] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prepared:
    table: Table
    features: tuple[Feature, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[Note, ...]


def prepared(sheet: Sheet, wish: Wish) -> Prepared:
    """Raises whatever of RiskError says that these columns cannot be learned from."""
    _asked_for(sheet, wish)
    found = outcomes(wish.target, sheet.columns[wish.target], wish.bad)
    rows, dates, notes = _rows(sheet, wish, found.there)
    style = style_of(list(sheet.columns.values()), sheet.separator)
    kept: dict[str, NDArray[Any]] = {}
    features: list[Feature] = []
    left_out: list[LeftOut] = []
    for name, cells in sheet.columns.items():
        if name in {wish.target, wish.date}:
            continue
        column = [cell for cell, there in zip(cells, rows, strict=True) if there]
        if why := _why_not(name, column, style, wish):
            left_out.append(LeftOut(name, why))
            continue
        feature, values = _feature(name, column, style, wish.directions.get(name))
        kept[name], features = values, [*features, feature]
        if unread := _unread(column, values):
            notes = (*notes, Note("unread", (str(unread), name)))
    target = found.target[rows[found.there]]
    _without_leaks(kept, features, target)
    notes = (Note("target", (wish.target, found.bad, found.good)), *notes)
    return Prepared(Table(kept, target, dates), tuple(features), tuple(left_out), notes)


def asked(sheet: Sheet, features: Sequence[Feature]) -> Table:
    """The columns that a model reads; what is no number is not known."""
    missing = next((one.name for one in features if one.name not in sheet.columns), "")
    if missing:
        raise _not_there(
            ColumnMissing,
            missing,
            sheet,
            "The model reads it: add it, with empty cells where nothing is known",
        )
    style = style_of([sheet.columns[one.name] for one in features], sheet.separator)
    return Table({one.name: _values(sheet.columns[one.name], one, style) for one in features})


def _asked_for(sheet: Sheet, wish: Wish) -> None:
    if wish.target not in sheet.columns:
        raise _not_there(TargetMissing, wish.target, sheet, "Give --target one of them")
    for name in (*filter(None, (wish.date,)), *wish.asked, *wish.without, *wish.directions):
        if name not in sheet.columns:
            raise _not_there(ColumnMissing, name, sheet, "Look at the spelling")
    for name in wish.asked:
        if protected(name):
            raise ProtectedAttribute(
                f"{name} may not be learned from",
                "no decision about a person may rest on it, nor does it make a model better",
                "Take it from the list of features",
            )


def _rows(
    sheet: Sheet, wish: Wish, there: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.datetime64] | None, tuple[Note, ...]]:
    """Which cases have an outcome, and a day where days are wanted."""
    notes: list[Note] = []
    if not there.all():
        notes.append(Note("unlabelled", (str((~there).sum()),)))
    if not wish.date:
        return there, None, tuple(notes)
    dates = days(sheet.columns[wish.date], wish.date)
    undated = there & np.isnat(dates)
    if undated.sum() > UNDATED * there.sum():
        raise BadDates(
            f"{int(undated.sum())} of {int(there.sum())} cases have no {wish.date}",
            "a model is measured on the last days, and these are on none",
            "Fill the column, or train without --date",
        )
    if undated.any():
        notes.append(Note("undated", (str(undated.sum()),)))
    rows = there & ~np.isnat(dates)
    return rows, dates[rows], tuple(notes)


def _why_not(name: str, cells: Sequence[str | None], style: Style, wish: Wish) -> Why | None:
    if protected(name):
        return "protected"
    if name in wish.without or (wish.asked and name not in wish.asked):
        return "unasked"
    if len(set(cells)) < 2:  # noqa: PLR2004  it says the same of everybody
        return "constant"
    if dated(cells):
        return "date"
    if name not in wish.asked and _identifies(name, cells, style):
        return "identifies"
    return None


def _identifies(name: str, cells: Sequence[str | None], style: Style) -> bool:
    there = [cell for cell in cells if cell is not None]
    different = len(set(there))
    if different <= _FEW or different <= DISTINCT * len(there):
        return False
    values = numbers(there, style)
    if values is None or _IDENTIFIERS.intersection(words_of(name)):
        return True
    whole = bool((np.nan_to_num(values) % 1 == 0).all())
    return whole and different == len(there) == np.nanmax(values) - np.nanmin(values) + 1


def _feature(
    name: str, cells: Sequence[str | None], style: Style, declared: Feature | None
) -> tuple[Feature, NDArray[Any]]:
    if declared is None:
        found = numbers(cells, style)
        if found is not None:
            return Feature(name), found
        return Feature(name, "category"), np.array(cells, object)
    values = _values(cells, declared, style)
    if declared.kind == "number" and not np.isfinite(values).any():
        raise DirectionsUnclear(
            f"{name} was declared a number", "none of its cells is one", 'Say kind = "category"'
        )
    return declared, values


def _values(cells: Sequence[str | None], feature: Feature, style: Style) -> NDArray[Any]:
    if feature.kind == "number":
        return read_numbers(cells, style)
    return np.array(cells, object)


def _unread(cells: Sequence[str | None], values: NDArray[Any]) -> int:
    if values.dtype == object:
        return 0
    return sum(cell is not None for cell in cells) - int(np.isfinite(values).sum())


def _without_leaks(
    columns: Mapping[str, NDArray[Any]], features: Sequence[Feature], target: NDArray[np.int8]
) -> None:
    """Among few cases any column may seem to know; that there are few is told elsewhere."""
    if min(target.sum(), len(target) - target.sum()) < LEAST_OF_A_CLASS:
        return
    for one in features:
        known = _alone(columns[one.name], target.astype(np.float64))
        if known > LEAKY:
            raise LeakyColumn(
                f"{one.name} knows the answer",
                f"alone it ranks {known:.1%} of pairs right: it was written down afterwards",
                f"Leave it out: --without {one.name}",
            )


def _alone(values: NDArray[Any], bad: Numbers) -> float:
    """The area under the curve of the share of bad ones in its bins, and of a number by itself."""
    numeric = values.dtype != object
    edges = edges_of(values, _FEW) if numeric else ()
    places = places_of(values, edges, () if numeric else names_of(values))
    shares = np.bincount(places, bad) / np.maximum(np.bincount(places), 1)
    best = auc_of(shares[places], bad)
    if numeric and np.isfinite(values).all():
        itself = auc_of(values, bad)
        best = max(best, itself, 1 - itself)
    return best


def _not_there(kind: type[RiskError], name: str, sheet: Sheet, hint: str) -> RiskError:
    within = [one for one in sheet.columns if name.casefold() in one.casefold()]
    shown = within or get_close_matches(name, list(sheet.columns), 3)
    more = 0 if shown else max(0, len(sheet.columns) - _FEW)
    told = ", ".join(shown or list(sheet.columns)[:_FEW]) + (f" and {more} more" if more else "")
    are = "there is" if len(shown or sheet.columns) == 1 else "there are"
    return kind(f"There is no column {name}", f"{are} {told}", hint)
