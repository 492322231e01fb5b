"""Percentiles of counted durations, beside those of the durations themselves."""

from bisect import bisect_right

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.histograms import LATENCY_MS, WAIT_MS, percentile


@pytest.mark.parametrize("bounds", [LATENCY_MS, WAIT_MS])
@given(data=st.data())
def test_a_percentile_is_within_the_bucket_of_the_true_one(
    bounds: tuple[int, ...], data: st.DataObject
) -> None:
    values = sorted(data.draw(st.lists(st.integers(0, bounds[-1] * 2), min_size=1, max_size=200)))
    part = data.draw(st.sampled_from([0.5, 0.95]))
    counts = [0] * (len(bounds) + 1)
    for value in values:
        counts[bisect_right(bounds, value)] += 1

    found = percentile(counts, bounds, part)
    true = values[max(0, -int(-(part * len(values)) // 1) - 1)]
    place = bisect_right(bounds, true)
    low = bounds[place - 1] if place else 0
    high = bounds[place] if place < len(bounds) else bounds[-1]
    assert found is not None
    assert low <= found <= high


def test_nothing_has_no_percentile() -> None:
    assert percentile([], LATENCY_MS, 0.5) is None
    assert percentile([0] * (len(LATENCY_MS) + 1), LATENCY_MS, 0.95) is None
