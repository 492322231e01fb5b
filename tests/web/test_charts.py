"""Bars whose height says how many."""

from datetime import date

from web.charts import DAYS, HEIGHT, WIDTH, Day, bars, every_day


def test_the_highest_bar_fills_the_chart() -> None:
    low, high = bars([5, 10])

    assert (high.y, high.height) == (0, HEIGHT)
    assert (low.y, low.height) == (HEIGHT / 2, HEIGHT / 2)


def test_nothing_is_still_a_mark() -> None:
    assert all(bar.height > 0 for bar in bars([0, 0, 0]))
    assert bars([]) == []


def test_bars_stay_inside_the_chart() -> None:
    drawn = bars(list(range(DAYS)))

    assert max(bar.x + bar.width for bar in drawn) <= WIDTH


def test_a_day_without_replies_is_a_day() -> None:
    today = date(2026, 11, 20)

    days = every_day([Day(date(2026, 11, 18), 3)], today)

    assert len(days) == DAYS
    assert [(day.day.day, day.replies) for day in days[-3:]] == [(18, 3), (19, 0), (20, 0)]
