"""Which of the two values of a target is the bad one. Pure."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from prediction.errors import OneClass, TargetUnclear
from prediction.protected import words_of

_MOST_SHOWN: Final = 5
_YES: Final = frozenset({"1", "true", "t", "yes", "y", "si", "s"})
_NO: Final = frozenset({"0", "-1", "false", "f", "no", "n"})
_BAD: Final = frozenset(
    ["bad", "malo", "mala", "default", "defaulted", "impago", "impaga", "mora", "en mora", "moroso",
     "morosa", "charged off", "unpaid", "no pagado", "no pago", "incumplido", "castigado",
     "vencido", "late", "delinquent", "atrasado", "atrasada", "incobrable"]
)  # fmt: skip
_GOOD: Final = frozenset(
    ["good", "bueno", "buena", "paid", "fully paid", "pagado", "pagada", "al dia", "current", "ok",
     "cumplido", "no default", "repaid", "vigente", "al corriente", "on time"]
)  # fmt: skip
_KINDLY: Final = frozenset({"paid", "pagado", "pagada", "pago", "repaid", "good", "bueno", "ok"})
"""In the name of a target: here a yes is good news."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """`target` of the cases that `there` marks; the others have no outcome yet."""

    target: NDArray[np.int8]
    there: NDArray[np.bool_]
    bad: str
    good: str


def outcomes(name: str, cells: Sequence[str | None], bad: str = "") -> Outcomes:
    """`bad` names the value by hand. Raises TargetUnclear and OneClass."""
    found = sorted({_plain(cell) for cell in cells if cell is not None})
    if len(found) == 1:
        raise OneClass(
            f"The target {name} says the same of everybody",
            f"it is {found[0]} throughout",
            "Add cases that ended the other way",
        )
    if len(found) != 2:  # noqa: PLR2004  paid, or not
        shown = ", ".join(found[:_MOST_SHOWN]) + ("…" if len(found) > _MOST_SHOWN else "")
        raise TargetUnclear(
            f"The target {name} has not two values",
            f"it has {len(found)}: {shown}" if found else "it is empty",
            "Name a column that says who paid and who did not",
        )
    chosen = _plain(bad) if bad else _bad_of(name, found)
    if chosen not in found:
        unclear = f"Nobody can tell which value of {name} is the bad one"
        raise TargetUnclear(
            f"The target {name} has no value {bad}" if bad else unclear,
            f"it has {found[0]} and {found[1]}",
            f"Say which one is: --bad {shlex.quote(found[0])} or --bad {shlex.quote(found[1])}",
        )
    there = np.array([cell is not None for cell in cells])
    target = np.array([cell is not None and _plain(cell) == chosen for cell in cells], np.int8)
    good = found[1 - found.index(chosen)]
    return Outcomes(target[there], there, chosen, good)


def _bad_of(name: str, found: Sequence[str]) -> str:
    """Empty where it cannot be told."""
    one, other = found
    for bad, good in ((one, other), (other, one)):
        if bad in _BAD or good in _GOOD:
            return bad if good not in _BAD and bad not in _GOOD else ""
        if bad in _YES and good in _NO and not _KINDLY.intersection(words_of(name)):
            return bad
    return ""


def _plain(cell: str) -> str:
    words = " ".join(cell.split()).casefold().replace("í", "i").replace("á", "a")
    try:
        return f"{float(words):g}"
    except ValueError:
        return words
