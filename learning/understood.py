"""How well each intent is understood, from pairs of what was meant and what was read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Understood:
    """`mistaken` are messages of other intents that were read as this one."""

    intent: str
    right: int
    missed: int
    mistaken: int
    slots_right: int
    taken_for: dict[str, int]

    def kept(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def f1(right: int, missed: int, mistaken: int) -> float | None:
    """None where nobody meant it and nobody read it."""
    total = 2 * right + missed + mistaken
    return 2 * right / total if total else None


def understood(cells: Sequence[Mapping[str, Any]]) -> list[Understood]:
    """`cells` say of two intents how often one was `meant` and the other `read`."""
    names = sorted({cell[side] for cell in cells for side in ("meant", "read")})
    return [_of(name, cells) for name in names]


def _of(name: str, cells: Sequence[Mapping[str, Any]]) -> Understood:
    meant = [cell for cell in cells if cell["meant"] == name]
    right = [cell for cell in meant if cell["read"] == name]
    others = sorted((cell for cell in meant if cell["read"] != name), key=lambda one: one["read"])
    return Understood(
        intent=name,
        right=sum(cell["count"] for cell in right),
        missed=sum(cell["count"] for cell in others),
        mistaken=sum(
            cell["count"] for cell in cells if cell["read"] == name and cell["meant"] != name
        ),
        slots_right=sum(cell["same_slots"] for cell in right),
        taken_for={cell["read"]: cell["count"] for cell in others},
    )
