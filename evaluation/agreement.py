"""How well a scorer, or another person, agrees with people: Cohen's kappa, and where it does not.

Cohen 1960; weighted with squares as in Cohen 1968, where 4 for 5 costs a sixteenth of 1 for 5.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Score: TypeAlias = int | None
GRADES: Final = (1, 2, 3, 4, 5)
NOTHING: Final = "-"
_GOOD, _BAD = 4, 2


@dataclass(frozen=True, slots=True)
class Agreement:
    """`kappa` counts whether a score was given, too; `weighted` is of those that both scored, None
    where nothing can be said. `confusion` has a row for what people said."""

    cases: int
    kappa: float | None
    weighted: float | None
    exact: float
    within_one: float
    mean_error: float
    macro_f1: float
    praise_right: float
    negatives_praised: int
    confusion: dict[str, dict[str, int]]

    def told(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in type(self).__slots__}


def agreement(people: Sequence[Score], other: Sequence[Score]) -> Agreement:
    """Raises ValueError when there is nothing to compare."""
    pairs = list(zip(people, other, strict=True))
    if not pairs:
        raise ValueError("there is nothing to compare")
    both = [(one, two) for one, two in pairs if one is not None and two is not None]
    praised = [one for one, two in pairs if side(two) > 0]
    return Agreement(
        cases=len(pairs),
        kappa=_kappa(pairs),
        weighted=_weighted(both),
        exact=_share([one == two for one, two in pairs]),
        within_one=_share([abs(one - two) <= 1 for one, two in both]),
        mean_error=_share([abs(one - two) for one, two in both]),
        macro_f1=round(sum(_f1(pairs, kind) for kind in (-1, 0, 1)) / 3, 4),
        praise_right=_share([side(one) > 0 for one in praised]),
        negatives_praised=sum(side(one) < 0 for one in praised),
        confusion=_confusion(pairs),
    )


def side(score: Score) -> int:
    """Negative, neutral (or nothing said), positive."""
    if score is None:
        return 0
    return (score >= _GOOD) - (score <= _BAD)


def _kappa(pairs: Sequence[tuple[Score, Score]]) -> float | None:
    """None where chance alone would agree always."""
    left, right = Counter(one for one, _ in pairs), Counter(two for _, two in pairs)
    chance = sum(left[name] * right[name] for name in left) / len(pairs) ** 2
    if chance == 1:
        return None
    same = sum(one == two for one, two in pairs) / len(pairs)
    return round((same - chance) / (1 - chance), 4)


def _weighted(pairs: Sequence[tuple[int, int]]) -> float | None:
    if not pairs:
        return None
    left, right = Counter(one for one, _ in pairs), Counter(two for _, two in pairs)
    chance = sum(
        left[one] * right[two] * (one - two) ** 2 for one in GRADES for two in GRADES
    ) / len(pairs)
    if chance == 0:
        return None
    return round(1 - sum((one - two) ** 2 for one, two in pairs) / chance, 4)


def _f1(pairs: Sequence[tuple[Score, Score]], kind: int) -> float:
    both = sum(side(one) == kind == side(two) for one, two in pairs)
    either = sum((side(one) == kind) + (side(two) == kind) for one, two in pairs)
    return 2 * both / either if either else 1.0


def _share(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def _confusion(pairs: Sequence[tuple[Score, Score]]) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for one, two in sorted(pairs, key=lambda pair: (pair[0] or 0, pair[1] or 0)):
        row = table.setdefault(_name(one), {})
        row[_name(two)] = row.get(_name(two), 0) + 1
    return table


def _name(score: Score) -> str:
    return NOTHING if score is None else str(score)
