"""Who gets the candidate, and what a rollout does next."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import pytest

from config.rollout import RolloutSettings
from learning.guards import Window
from learning.judging import Side, Statistics
from learning.rollout import (
    Refused,
    Standing,
    State,
    begun,
    bucket,
    ended,
    following,
    judged,
    moved_to,
    sampled,
    side,
    watched,
)
from learning.sequential import Sample

KNOBS = RolloutSettings()
BEGAN = datetime(2026, 11, 2, 9, tzinfo=UTC)
LATER = BEGAN + timedelta(days=3)
CANARY = Standing("canary", 50, 3, 3, False, True, BEGAN, BEGAN)  # noqa: FBT003  paused, gated
DELAYS = tuple(10.0 * step for step in range(201))
CUSTOMERS = [uuid5(UUID(int=7), str(number)) for number in range(20_000)]


def a_side(conversations: int, score: float, customers: int | None = None) -> Side:
    samples = {
        "score": Sample(conversations, score, 0.8),
        "recontact": Sample(conversations, 0.15, 0.1275),
        "handover": Sample(conversations, 0.1, 0.09),
        "cost": Sample(conversations, 500.0, 40_000.0),
        "delay": Sample(conversations, 1_900.0, 0.0475),
    }
    people = conversations if customers is None else customers
    return Side(conversations, people, samples, delays=DELAYS)


def seen(
    control: tuple[int, float], canary: tuple[int, float], customers: int | None = None
) -> Statistics:
    return Statistics(a_side(*control), a_side(*canary, customers))


def test_as_many_get_it_as_should_and_always_the_same() -> None:
    ten = {one for one in CUSTOMERS if side("salt", one, 10) == "canary"}
    fifty = {one for one in CUSTOMERS if side("salt", one, 50) == "canary"}

    assert len(ten) == pytest.approx(2_000, rel=0.08)
    assert len(fifty) == pytest.approx(10_000, rel=0.03)
    assert ten < fifty, "who has it keeps it"
    assert bucket("salt", CUSTOMERS[0]) == bucket("salt", CUSTOMERS[0]) != bucket("x", CUSTOMERS[0])


def test_another_rollout_falls_on_others() -> None:
    both = Counter((side("a", one, 50), side("b", one, 50)) for one in CUSTOMERS)
    assert max(both.values()) - min(both.values()) < 600


def test_nobody_and_everybody() -> None:
    assert {side("salt", one, 0) for one in CUSTOMERS} == {"control"}
    assert {side("salt", one, 100) for one in CUSTOMERS} == {"canary"}
    assert not any(sampled("salt", one, 0.0) for one in CUSTOMERS)
    assert all(sampled("salt", one, 1.0) for one in CUSTOMERS)


@pytest.mark.parametrize(("percent", "after"), [(0, 10), (10, 50), (25, 50), (50, 100), (70, 100)])
def test_the_steps_follow_each_other(percent: int, after: int) -> None:
    assert following(percent, KNOBS.steps) == after


def test_it_begins_in_the_shadow_and_only_with_gates() -> None:
    assert begun(None, gated=True, forced=False, why="").to == "shadow"
    assert begun(20, gated=True, forced=False, why="").percent == 20
    with pytest.raises(Refused, match="no verdict"):
        begun(None, gated=False, forced=False, why="no verdict")
    assert begun(None, gated=False, forced=True, why="").to == "shadow"


@pytest.mark.parametrize("percent", [0, 101, -5])
def test_a_percentage_is_one(percent: int) -> None:
    with pytest.raises(Refused):
        moved_to(percent, "by hand")


@pytest.mark.parametrize("state", ["rolled_back", "inconclusive", "stopped"])
def test_what_is_over_cannot_be_ended(state: State) -> None:
    over = replace(CANARY, state=state)
    with pytest.raises(Refused):
        ended(over, "rolled_back", "")
    with pytest.raises(Refused):
        ended(replace(CANARY, state="promoted"), "stopped", "")
    assert ended(replace(CANARY, state="promoted"), "rolled_back", "").to == "rolled_back"


def test_the_rails_hold_in_the_canary_and_after_it() -> None:
    bad = Window(answers=5, invented=5)
    for state, back in (
        ("canary", True),
        ("promoted", True),
        ("shadow", False),
        ("stopped", False),
    ):
        found = watched(replace(CANARY, state=state), Window(), bad, KNOBS)  # type: ignore[arg-type]
        assert (found is not None) is back, state
    assert watched(replace(CANARY, paused=True), Window(), bad, KNOBS) is None
    assert watched(CANARY, Window(answers=5), Window(answers=5), KNOBS) is None


def test_by_hand_nothing_goes_forward_by_itself_but_everything_back() -> None:
    slowly = KNOBS.model_copy(update={"automatic": False})
    fine, bad = seen((3000, 4.4), (3000, 4.6)), seen((3000, 4.4), (3000, 4.0))

    assert judged(CANARY, fine, slowly, LATER)[0] is None
    move, _ = judged(CANARY, bad, slowly, LATER)
    assert move is not None
    assert move.to == "rolled_back"


@pytest.mark.parametrize(
    ("at", "stats", "to", "percent"),
    [
        ((10, True), seen((900, 4.4), (29, 3.0)), None, 0),
        ((10, True), seen((270, 4.4), (30, 4.4)), "canary", 50),
        ((10, True), seen((1080, 4.4), (120, 4.0)), "rolled_back", 0),
        ((50, True), seen((900, 4.4), (900, 4.4)), None, 0),
        ((50, True), seen((3000, 4.4), (3000, 4.45)), "promoted", 100),
        ((50, True), seen((3000, 4.4), (3000, 4.33)), "inconclusive", 0),
        ((50, False), seen((1500, 4.4), (1500, 4.6)), None, 0),
        ((50, False), seen((3000, 4.4), (3000, 4.6)), "inconclusive", 0),
        ((50, True), seen((1500, 4.4), (1500, 4.6), 1200), None, 0),
    ],
)
def test_customers_decide(
    at: tuple[int, bool], stats: Statistics, to: str | None, percent: int
) -> None:
    """The last ones: without gates, and with a broken split, nobody is promoted."""
    stood = replace(CANARY, percent=at[0], gated=at[1])

    move, found = judged(stood, stats, KNOBS, LATER)

    assert (move.to if move else None, move.percent if move else 0) == (to, percent)
    if move is not None:
        assert move.evidence == found.told()


def test_after_so_many_days_nothing_was_shown() -> None:
    move, _ = judged(CANARY, seen((50, 4.4), (50, 4.4)), KNOBS, BEGAN + timedelta(days=28))

    assert move is not None
    assert (move.to, move.reason) == ("inconclusive", "nothing was shown in 100 conversations")


@pytest.mark.parametrize(
    ("heard", "to"), [(0.4, "promoted"), (0.37, "promoted"), (0.2, None), (0.6, None)]
)
def test_scores_of_unlike_customers_promote_nobody(heard: float, to: str | None) -> None:
    """Whoever silences those who are not content has better scores, and is no better."""
    last, share = replace(CANARY, percent=50), 0.24
    sides = seen((2_900, 4.4), (2_900, 4.5))
    for one, mean in ((sides.control, 0.4), (sides.canary, heard)):
        assert isinstance(one.samples, dict)
        one.samples["heard"] = Sample(2_900, mean, share)

    move, found = judged(last, sides, KNOBS, LATER)
    late, _ = judged(last, sides, KNOBS, BEGAN + timedelta(days=KNOBS.days))

    assert (move.to if move else None) == to
    assert found.told()["heard_alike"] is (to is not None)
    assert late is not None
    if to is None:
        assert late.to == "inconclusive"
        assert "heard of more often" in late.reason


def test_many_conversations_of_a_few_customers_take_no_step() -> None:
    few = seen((900, 4.4), (100, 4.4), customers=KNOBS.least - 1)
    at = replace(CANARY, percent=10)

    move, _ = judged(at, few, KNOBS, LATER)

    assert move is None


@pytest.mark.parametrize(
    ("stars", "to", "why"),
    [
        ((2, 3, 5, 60, 330), "promoted", "not worse by 0.1"),
        ((20, 20, 60, 140, 160), "inconclusive", "its customers give fewer than 4.5 stars"),
        ((0, 0, 0, 4, 16), "inconclusive", "answers more were lacking to show 4.5 stars"),
        ((0, 0, 0, 0, 0), "inconclusive", "answers more were lacking to show 4.5 stars"),
    ],
)
def test_everybody_gets_it_only_if_its_customers_say_that_they_are_content(
    stars: tuple[int, ...], to: str, why: str
) -> None:
    """Where they are asked; where nobody is, there is nothing to be shown."""
    better = seen((3_000, 4.4), (3_000, 4.6))
    asked = replace(better, canary=replace(better.canary, stars=stars), asked=True)
    free = KNOBS.model_copy(update={"csat": 0.0})

    move, found = judged(CANARY, asked, KNOBS, LATER)

    assert move is not None
    assert (move.to, why in move.reason) == (to, True), move.reason
    assert move.evidence["csat"]["count"] == sum(stars) == found.told()["csat"]["count"]
    for other, knobs in ((asked, free), (replace(asked, asked=False), KNOBS)):
        unbound, _ = judged(CANARY, other, knobs, LATER)
        assert unbound is not None
        assert unbound.to == "promoted"


def test_a_little_dearer_is_allowed() -> None:
    stats = seen((1500, 4.4), (1500, 4.4))
    dearer = replace(
        stats.canary, samples={**stats.canary.samples, "cost": Sample(1500, 2_300.0, 9.0)}
    )

    _, found = judged(CANARY, replace(stats, canary=dearer), KNOBS, LATER)

    assert found.harms == ()


def test_a_pause_is_no_time_to_decide() -> None:
    paused = replace(CANARY, paused=True)
    assert judged(paused, seen((3000, 4.4), (3000, 3.0)), KNOBS, LATER)[0] is None
