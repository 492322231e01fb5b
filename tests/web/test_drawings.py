"""Lines, columns and stacks: what is drawn is what was counted."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.amounts import axis
from web.charts import Chart, Drawing, Series, Unit, columns, heat, lines, shares, spark, stacked
from web.scales import SIZE, parts, ticks

AMOUNTS = st.one_of(st.sampled_from([0.0, 1e-300]), st.floats(min_value=1e-3, max_value=1e12))


def a_chart(*series: Sequence[float | None]) -> Chart:
    named = tuple(Series(f"serie {place}", tuple(one)) for place, one in enumerate(series))
    labels = tuple(date(2026, 11, 1 + place) for place in range(len(series[0]) if series else 0))
    return Chart("Ventas", labels, named)


@given(most=AMOUNTS, whole=st.booleans())
def test_a_scale_begins_at_zero_reaches_the_highest_value_and_has_even_steps(
    most: float, *, whole: bool
) -> None:
    drawn = ticks(most, whole=whole)

    assert (drawn[-1].y, drawn[-1].value) == (SIZE, 0)
    assert drawn[0].y == 0
    assert drawn[0].value >= most * 0.999
    assert 2 <= len(drawn) <= 6
    gaps = [upper.value - lower.value for upper, lower in pairwise(drawn)]
    assert gaps == pytest.approx([gaps[0]] * len(gaps), rel=1e-6)
    assert not whole or all(tick.value == int(tick.value) for tick in drawn)


@pytest.mark.parametrize(
    ("most", "told"),
    [
        (65_000.0, "80\u00a0s 60\u00a0s 40\u00a0s 20\u00a0s 0\u00a0s"),
        (1_400.0, "1.500\u00a0ms 1.000\u00a0ms 500\u00a0ms 0\u00a0ms"),
        (5 * 60_000.0, "6\u00a0min 4\u00a0min 2\u00a0min 0\u00a0min"),
        (2.1 * 3_600_000, "3\u00a0h 2\u00a0h 1\u00a0h 0\u00a0h"),
    ],
)
def test_an_axis_of_time_is_in_one_unit(most: float, told: str) -> None:
    drawn = lines(replace(a_chart([most, 1]), unit="time"))
    assert " ".join(axis([one.value for one in drawn.ticks], "time")) == told


@given(most=AMOUNTS, unit=st.sampled_from(["count", "money", "usd", "time", "decimal", "percent"]))
def test_no_two_ticks_of_an_axis_are_told_alike(most: float, unit: Unit) -> None:
    drawn = lines(replace(a_chart([max(most, 0.01), 0]), unit=unit))
    told = axis([one.value for one in drawn.ticks], unit)
    assert len(set(told)) == len(told)


def test_marks_are_drawn_from_the_least_to_the_best() -> None:
    drawn = lines(replace(a_chart([1, 3, 5]), unit="decimal", top=5, bottom=1))
    assert [one.value for one in drawn.ticks] == [5, 4, 3, 2, 1]
    assert axis([one.value for one in drawn.ticks], "decimal") == ["5", "4", "3", "2", "1"]
    assert drawn.lines[0].runs == ("16.67,100.0 50.0,50.0 83.33,0.0",)


def test_a_scale_whose_end_is_known_ends_there() -> None:
    stars, share = parts(5), parts(1)

    assert [tick.value for tick in stars] == [5, 4, 3, 2, 1, 0]
    assert [tick.value for tick in share] == [1, 0.75, 0.5, 0.25, 0]
    assert (stars[0].y, stars[-1].y) == (0, SIZE)


@given(st.lists(st.lists(AMOUNTS, min_size=3, max_size=3), min_size=1, max_size=4))
def test_a_stack_is_as_high_as_its_parts_together(series: list[list[float]]) -> None:
    drawn = stacked(a_chart(*series))
    top = drawn.ticks[0].value

    for place in range(3):
        label = drawn.chart.labels[place]
        height = sum(block.bar.height for block in drawn.blocks if block.label == label)
        wanted = sum(one[place] for one in series) / top * SIZE
        assert height == pytest.approx(wanted, abs=0.05)
    assert all(block.bar.y >= -0.02 for block in drawn.blocks)


def test_columns_of_a_label_stand_side_by_side_within_its_room() -> None:
    drawn = columns(a_chart([4, 2], [1, None]))

    first = [block.bar for block in drawn.blocks if block.label == date(2026, 11, 1)]
    assert [(bar.x, bar.width) for bar in first] == [(5, 20), (25, 20)]
    assert [bar.height for bar in first] == [100, 25]


def test_a_line_breaks_where_nothing_was_measured_and_a_lone_value_is_a_dot() -> None:
    (line,) = lines(a_chart([4, None, 2, 4])).lines

    assert line.runs == ("12.5,0.0", "62.5,50.0 87.5,0.0")
    assert line.dots == ((12.5, 0.0),)
    assert line.area == ""


def test_pointing_at_a_label_tells_every_series() -> None:
    drawn = lines(a_chart([1, 2], [3, None]))

    assert drawn.columns[1].told == (("serie 0", 2), ("serie 1", None))
    assert [column.bar.width for column in drawn.columns] == [50, 50]


def test_many_labels_are_named_at_even_distances_and_few_all() -> None:
    few, many = lines(a_chart([1] * 7)), lines(a_chart([1] * 29))

    assert few.names_each
    assert not many.names_each
    assert [day.day for day in many.names if isinstance(day, date)] == [1, 8, 15, 22, 29]


@pytest.mark.parametrize("draw", [lines, columns, stacked])
def test_nothing_is_drawn_of_nothing(draw: Callable[[Chart], Drawing]) -> None:
    drawn = draw(a_chart())

    assert drawn.chart.is_empty
    assert (drawn.blocks, drawn.lines, drawn.columns) == ((), (), ())
    assert draw(a_chart([0, None])).chart.is_empty


def test_a_spark_needs_two_values() -> None:
    assert spark([]) is None
    assert spark([None, 3]) is None
    drawn = spark([1, None, 2])
    assert drawn is not None
    assert drawn.points == "16.67,50.0 83.33,0.0"
    assert drawn.last == (83.33, 0.0)


def test_cells_are_as_warm_as_they_are_full_and_only_nothing_is_cold() -> None:
    assert heat([[0, 1, 60], [30, 0.01, 59]]) == [[0, 1, 6], [3, 1, 6]]
    assert heat([[0, 0]]) == [[0, 0]]
    assert heat([]) == []


def test_bars_of_a_list_are_measured_by_the_longest() -> None:
    assert shares([10, 5, 0]) == [100, 50, 0]
    assert shares([0]) == [0]
    assert shares([]) == []
