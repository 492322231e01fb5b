"""When somebody is told: not of a flicker, not twice of one thing, and not before it is sure."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.alert_rules import DAY, HOUR, MINUTE, RULES, points, stability
from evaluation.alert_texts import NAMES, UNITS, shown, told
from evaluation.alerts import Point, Rule, Watch, backtest, step, ticks
from evaluation.seen import Asked, Fallen, Hour, Measured, Minute, Seen

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
RULE = Rule("errors", 1.0, fires_after=3, calms_after=2)


def series(*values: float | None, rule: Rule = RULE) -> list[Point]:
    return [Point(START + n * MINUTE, one, rule.threshold) for n, one in enumerate(values)]


def test_it_takes_several_in_a_row_to_fire() -> None:
    assert backtest(RULE, series(2, 2, 0, 2, 2, 0, 2, 2)) == []
    (found,) = backtest(RULE, series(0, 2, 2, 3))
    assert (found.since, found.value, found.until) == (START + 3 * MINUTE, 3, None)


def test_a_value_that_wavers_about_its_threshold_is_one_alert() -> None:
    """0.95 is below the threshold and not yet calm."""
    wavering = [1.05, 0.95] * 50
    (found,) = backtest(RULE, series(2, 2, 2, *wavering))
    assert found.until is None
    (ended,) = backtest(RULE, series(2, 2, 2, *wavering, 0.5, 0.5))
    assert ended.until is not None
    assert ended.peak == 2


def test_where_nothing_can_be_said_an_alert_ends() -> None:
    (found,) = backtest(RULE, series(2, 2, 2, None, None))
    assert found.until == START + 4 * MINUTE


@given(st.lists(st.one_of(st.none(), st.floats(0, 3)), max_size=80))
def test_there_is_never_a_second_alert_before_the_first_has_ended(values: list[float]) -> None:
    watch, is_open = Watch(), False
    for point in series(*values):
        watch, turn = step(RULE, watch, point)
        assert turn is None or (turn == "resolved") == is_open
        is_open = turn == "fired" or (is_open and turn != "resolved")
    assert is_open == (watch.state == "firing")


@given(st.lists(st.floats(0, 3), max_size=60), st.integers(0, 60))
def test_whoever_stops_in_the_middle_and_goes_on_decides_the_same(
    values: list[float], cut: int
) -> None:
    """A state that was stored is all that the next look needs."""
    whole: list[object] = []
    parts: list[object] = []
    for told_to, pieces in ((whole, [values]), (parts, [values[:cut], values[cut:]])):
        watch = Watch()
        for piece in pieces:
            watch = Watch(watch.state, watch.streak)
            for value in piece:
                watch, turn = step(RULE, watch, Point(START, value, 1.0))
                told_to.append((watch, turn))
    assert whole == parts


def test_the_moments_of_a_rule_are_the_same_whoever_asks_and_when() -> None:
    rule = Rule("drift", 1, every_m=60)
    late = START + timedelta(minutes=59, seconds=59)
    assert list(ticks(rule, START, late)) == []
    assert list(ticks(rule, START, START + HOUR)) == [START + HOUR]
    assert list(ticks(RULE, START, START + 2 * MINUTE)) == [START + MINUTE, START + 2 * MINUTE]


def value(kind: str, seen: Seen, at: datetime = START) -> tuple[float | None, float]:
    (point,) = points(RULES[kind], RULES[kind].threshold, seen, [at])
    return point.value, point.threshold


def test_slow_is_twice_as_slow_as_this_hour_usually_is_and_never_quicker_than_the_floor() -> None:
    week = {START - d * DAY: Hour(100, 2000.0) for d in range(1, 8)}
    assert value("latency", Seen(p95_ms={START: (1600.0, 30)})) == (1.6, 1.5)
    assert value("latency", Seen(p95_ms={START: (3900.0, 30)}, hours=week)) == (3.9, 4.0)
    assert value("latency", Seen(p95_ms={START: (9000.0, 19)})) == (None, 1.5)


def test_four_errors_are_too_few_to_tell() -> None:
    def of(errors: int, turns: int) -> float | None:
        minutes = {START - MINUTE: Minute(turns=turns, errors=errors)}
        return value("errors", Seen(minutes=minutes))[0]

    assert of(4, 4) == 0.0
    assert of(5, 50) == 0.1
    assert value("errors", Seen())[0] is None


def test_the_day_of_the_budget_is_the_shops() -> None:
    begins = START.replace(hour=3)
    micros = {begins - MINUTE: 900, begins: 400, START - MINUTE: 500, START: 7}
    seen = Seen(micros=micros, budget_micros=1000, day_of=lambda _at: begins)
    assert value("budget", seen)[0] == 0.9
    assert value("budget", Seen(micros=micros))[0] is None


def test_an_hour_is_dear_beside_the_same_hour_a_week_ago() -> None:
    micros = {START - 5 * MINUTE: 60_000, START - 7 * DAY - 30 * MINUTE: 15_000}
    assert value("cost", Seen(micros=micros))[0] == 4.0
    assert value("cost", Seen(micros={START - MINUTE: 60_000}))[0] is None


def test_silence_is_measured_in_usual_gaps_and_only_while_the_shop_is_open() -> None:
    week = {START - d * DAY: Hour(30, 500.0) for d in range(1, 8)}
    answers = {START - timedelta(minutes=40): 1}
    assert value("silence", Seen(answers=answers, hours=week))[0] == 20.0
    assert value("silence", Seen(answers={START - 20 * MINUTE: 1}, hours=week))[0] == 0.0
    assert value("silence", Seen(answers=answers))[0] is None
    shut = Seen(answers=answers, hours=week, is_open=lambda _at: False)
    assert value("silence", shut)[0] is None


def test_the_same_public_is_stable_and_another_one_is_not() -> None:
    before = {"price": 500, "photo": 300, "shipping": 200}
    assert stability(before, {"price": 52, "photo": 29, "shipping": 19}) < 0.05
    assert stability(before, {"refund": 80, "price": 20}) > 0.2
    hours = {START - n * HOUR: {"price": 10} for n in range(25, 150)}
    hours |= {START - n * HOUR: {"refund": 10} for n in range(1, 25)}
    drifted, _ = value("drift", Seen(intents=hours))
    assert drifted is not None
    assert drifted > 0.2


def test_understanding_fell_only_where_the_bounds_do_not_meet() -> None:
    def fall(low: float, high: float) -> float | None:
        before = Measured(START - DAY, 0.90, 0.88, 0.92, "same")
        now = Measured(START - HOUR, 0.85, low, high, "same")
        return value("f1", Seen(measured=[before, now]))[0]

    assert fall(0.82, 0.87) == pytest.approx(0.05)
    assert fall(0.81, 0.89) == 0.0


def test_calls_waits_jobs_and_steps_back_are_counted() -> None:
    minutes = {START - MINUTE: Minute(rejected=4, waited_us=31_000_000)}
    minutes[START - 5 * MINUTE] = Minute(rejected=3)
    minutes[START - 6 * MINUTE] = Minute(rejected=100)
    assert value("webhooks", Seen(minutes=minutes))[0] == 7
    assert value("queue", Seen(minutes=minutes))[0] == 31
    assert value("jobs", Seen(stale=2))[0] == 2
    assert value("approval", Seen(awaiting=1))[0] == 1
    assert value("channel", Seen(refused=2))[0] == 2
    assert value("canary", Seen(withdrawn=[START - 2 * HOUR, START - 30 * MINUTE]))[0] == 1


def test_clients_that_moved_are_told_of_for_a_fortnight_and_the_oldest_model_counts() -> None:
    moved = Seen(moved=[(START - 20 * DAY, 0.9), (START - DAY, 0.3)])
    assert value("risk-drift", moved)[0] == 0.3
    assert value("risk-drift", Seen(moved=[(START - 15 * DAY, 0.9)]))[0] is None
    learned = [START - 400 * DAY, START - 2 * DAY, START + DAY]
    assert value("risk-aged", Seen(learned=learned))[0] == 400
    assert value("risk-aged", Seen())[0] is None


def test_models_that_end_are_told_of_as_the_provider_was_asked_last() -> None:
    asked = [(START - 2 * DAY, 2), (START - DAY, 1), (START + HOUR, 5)]
    assert value("expiry", Seen(ending=asked))[0] == 1
    assert value("expiry", Seen(ending=[(START - 3 * DAY, 2)]))[0] is None
    assert value("expiry", Seen())[0] is None


def test_a_value_that_may_be_chance_neither_begins_an_alert_nor_goes_on_with_one() -> None:
    rule = Rule("f1-live", 0.03, fires_after=1, calms_after=1)
    values = ((0.5, False), (0.5, True), (0.5, False))
    found = [Point(START + n * HOUR, value, 0.03, sure) for n, (value, sure) in enumerate(values)]
    assert [one.weak for one in found] == [True, False, True]
    (told_of,) = backtest(rule, found)
    assert (told_of.since, told_of.until) == (START + HOUR, START + 2 * HOUR)


def test_the_intent_that_surely_fell_goes_before_one_that_fell_further_by_chance() -> None:
    each = {"price": (0.3, -0.1, 0.6), "buy": (0.2, 0.1, 0.3), "thanks": (-0.1, -0.2, 0.0)}
    fallen = {START: Fallen((-0.02, -0.1, 0.05), each)}
    assert value("f1-intent", Seen(fallen=fallen))[0] == 0.2
    assert value("f1-live", Seen(fallen=fallen))[0] == 0.0
    assert value("f1-live", Seen())[0] is None


def test_a_request_rings_from_its_last_week_until_it_is_done_late_or_not() -> None:
    one = Asked(START, START + 30 * DAY, START + 40 * DAY)

    def rings(at: datetime) -> float | None:
        return value("privacy", Seen(requests=[one]), at)[0]

    assert rings(START + 23 * DAY) == 0
    assert rings(START + 23 * DAY + MINUTE) == 1
    assert rings(START + 39 * DAY) == 1
    assert rings(START + 40 * DAY) == 0
    assert rings(START - DAY) == 0


def test_every_rule_has_its_words_in_both_languages() -> None:
    assert set(NAMES["es"]) == set(NAMES["en"]) == set(UNITS) == set(RULES)
    said = told("queue", 42.0, 30.0, "es", "https://tienda.example")
    assert (
        said.splitlines()[0] == "⚠️ Los mensajes esperan en la cola: 42\u00a0s (límite 30\u00a0s)."
    )
    assert said.splitlines()[-1] == "https://tienda.example/admin/alertas"


@pytest.mark.parametrize(
    ("kind", "value", "es", "en"),
    [
        ("risk-aged", 365, "365\u00a0días", "365\u00a0days"),
        ("risk-aged", 1, "1\u00a0día", "1\u00a0day"),
        ("webhooks", 5, "5\u00a0llamadas", "5\u00a0calls"),
        ("errors", 0.05, "5\u00a0%", "5\u00a0%"),
    ],
)
def test_what_is_seen_and_its_limit_have_a_unit(kind: str, value: float, es: str, en: str) -> None:
    assert (shown(kind, value, "es"), shown(kind, value)) == (es, en)
