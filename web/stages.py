"""What each stage of one answer took, side by side: from the steps that its request left."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.spans import CANCELLED
from web.waterfall import REPLY, WIDE, Step

STAGES: Final = ("understand", "search", "model", "verify", "send")
SEND: Final = STAGES[-1]


@dataclass(frozen=True, slots=True)
class Stage:
    """`x` and `width` are of a thousand."""

    name: str
    ms: float
    x: float
    width: float


def stages(steps: Sequence[Step]) -> Sequence[Stage]:
    """Of the last answer that was not given up; none where its steps are not kept any more."""
    replies = [one for one in steps if one.name == REPLY and one.error != CANCELLED]
    if not replies:
        return ()
    last = max(replies, key=lambda one: one.started_at)
    took = dict.fromkeys(STAGES, 0)
    for one in steps:
        sent = one.name == SEND and one.started_at >= last.started_at
        if sent or (one.name in took and one.parent_id == last.id):
            took[one.name] += one.duration_us
    return _side_by_side({name: us / 1000 for name, us in took.items() if us})


def _side_by_side(took: dict[str, float]) -> Sequence[Stage]:
    whole = sum(took.values())
    found, x = [], 0.0
    for name, ms in took.items():
        width = ms / whole * WIDE
        found.append(Stage(name, ms, round(x, 1), round(width, 1)))
        x += width
    return found
