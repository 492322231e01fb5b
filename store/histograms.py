"""Durations counted by how long they were: counts add up where percentiles do not."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

LATENCY_MS: Final = (
    50, 100, 150, 200, 300, 400, 500, 650, 800, 1_000, 1_250, 1_500, 1_750, 2_000, 2_500, 3_000,
    3_500, 4_500, 6_000, 8_000, 15_000, 30_000,
)  # fmt: skip
"""Finest around what is promised of an answer."""
WAIT_MS: Final = (
    500, 1_000, 2_000, 3_000, 5_000, 8_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
    1_800_000, 3_600_000, 14_400_000, 43_200_000,
)  # fmt: skip
"""A person may be asleep."""


def counted(value: str, bounds: Sequence[int]) -> str:
    """SQL of an array of counts: below the first bound, between each two, from the last one on."""
    edges = f"ARRAY[{', '.join(map(str, bounds))}]::int[]"
    cells = (
        f"(count(*) FILTER (WHERE width_bucket({value}, {edges}) = {place}))::int"
        for place in range(len(bounds) + 1)
    )
    return f"ARRAY[{', '.join(cells)}]"


def summed(column: str, bounds: Sequence[int]) -> str:
    """SQL that adds such arrays up, place by place."""
    cells = (f"coalesce(sum({column}[{place}]), 0)::bigint" for place in range(1, len(bounds) + 2))
    return f"ARRAY[{', '.join(cells)}]"


def percentile(counts: Sequence[int], bounds: Sequence[int], part: float) -> float | None:
    """Within its bucket as if they were spread evenly; beyond the last bound, that bound. None
    where nothing was counted."""
    total = sum(counts)
    if not total:
        return None
    wanted = part * total
    reached = list(accumulate(counts))
    place = next(place for place, sum_ in enumerate(reached) if sum_ >= wanted and counts[place])
    if place == len(bounds):
        return float(bounds[-1])
    low = bounds[place - 1] if place else 0
    before = reached[place] - counts[place]
    return low + (bounds[place] - low) * (wanted - before) / counts[place]
