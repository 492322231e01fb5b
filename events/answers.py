"""What the scripts answer to the holder of a partition, and to one who holds it no longer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Entry: TypeAlias = tuple[bytes, Sequence[bytes] | None]


class LeaseLost(Exception):
    """Another process owns the partition now; what we did under the old token changed nothing."""


@dataclass(frozen=True, slots=True)
class Held:
    """A partition under our token."""

    partition: int
    token: str


@dataclass(frozen=True, slots=True)
class Read:
    """`entries` by group, the same one for each that gets it; `reached` is how far each has read
    now; `more` names the groups with entries left; `due_ms` may be None."""

    due_ms: int | None
    entries: Mapping[str, Sequence[Entry]]
    reached: Mapping[str, bytes]
    more: frozenset[str]


def fenced(held: Held, answer: Any) -> Any:  # noqa: ANN401  each script has its own answer
    if answer == -1:
        raise LeaseLost(f"partition {held.partition}")
    return answer


def told(held: Held, answer: Any) -> Read:  # noqa: ANN401  as Redis gave it
    due, told, *rest = fenced(held, answer)
    groups = {group.decode(): [told[at - 1] for at in places] for group, _, _, *places in rest}
    reached = {group.decode(): so_far for group, _, so_far, *_ in rest}
    more = frozenset(group.decode() for group, full, *_ in rest if full)
    return Read(None if due < 0 else int(due), groups, reached, more)
