"""The rails look at the last minutes, and as far back as the candidate's last answers reach."""

from datetime import timedelta

import pytest

from learning.guards import Window
from store.session import Store
from tests.fixtures.store import add_shop
from tests.learning.served import Stage, Talked

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
INVENTED = ("replaced:price",)


@pytest.fixture
async def stage(store: Store) -> Stage:
    return Stage(store, await add_shop(store))


def daily(count: int, *, first: int = 0, failing: bool = False) -> list[Talked]:
    """One answer of the candidate's a day, and nine of the others."""
    return [
        Talked(number, number // 10 * DAY, variant="control" if number % 10 else "canary",
               fallback=failing and number % 10 == 0)
        for number in range(10 * first, 10 * (first + count))
    ]  # fmt: skip


async def test_where_a_shop_has_few_answers_those_of_days_ago_count(stage: Stage) -> None:
    """One that never answers is taken back after its fourth answer, however long that took."""
    await stage.start(percent=10)
    await stage.talked(*daily(3, failing=True))
    stage.clock.at += 2 * DAY + MINUTE
    assert await stage.controller.guard(stage.shop) is None

    await stage.talked(*daily(1, first=3, failing=True))
    stage.clock.at += DAY
    move = await stage.controller.guard(stage.shop)

    assert move is not None
    assert (move.to, move.reason) == ("rolled_back", "guard rail: errors: 4 of 4 answers")


async def test_one_that_was_promoted_is_taken_back_by_its_first_answers(stage: Stage) -> None:
    await stage.start(percent=100)
    await stage.talked(
        *(Talked(n, n * timedelta(hours=3), variant="canary", fallback=True) for n in range(4))
    )
    stage.clock.at += timedelta(hours=10)

    move = await stage.controller.guard(stage.shop)

    assert move is not None
    assert move.to == "rolled_back"


async def test_an_outage_of_both_is_no_fault_of_either_however_long_ago(stage: Stage) -> None:
    """The others are counted over the same days."""
    await stage.start(percent=10)
    down = [
        Talked(n, n * timedelta(minutes=30), variant="canary" if n % 10 == 0 else "control",
               fallback=True)
        for n in range(50)
    ]  # fmt: skip
    await stage.talked(*down)
    stage.clock.at += 3 * DAY

    assert await stage.controller.guard(stage.shop) is None
    _, (control, canary) = await stage.controller.windows(await stage.rollout())
    assert (control.failed, canary.failed) == (45, 5)


async def test_what_is_older_than_the_last_answers_counts_no_more(stage: Stage) -> None:
    few = stage.with_knobs(window_answers=5)
    await few.start()
    early = [Talked(n, variant="canary", checks=INVENTED) for n in range(9)]
    late = [Talked(n, DAY, variant="canary") for n in range(20, 25)]
    await few.talked(*early, *late, Talked(30, variant="control"), Talked(31, DAY))
    few.clock.at += DAY + MINUTE

    (_, recent), (control, last) = await few.controller.windows(await few.rollout())

    assert recent == last
    assert last.answers in {5, 6}
    assert (last.invented, control.answers + last.answers) == (0, 6)
    assert await few.controller.guard(few.shop) is None


async def test_in_a_busy_shop_all_of_the_last_minutes_count(stage: Stage) -> None:
    few = stage.with_knobs(window_answers=5)
    await few.start()
    await few.talked(*(Talked(n, variant="canary") for n in range(12)))
    few.clock.at += 5 * MINUTE

    looks = await few.controller.windows(await few.rollout())

    assert looks == ((Window(), Window(answers=12)),) * 2


async def test_what_breaks_after_a_good_beginning_is_seen_within_minutes(stage: Stage) -> None:
    """Four failures in a row, which fifty good answers before them would hide."""
    await stage.start()
    await stage.talked(*(Talked(n, variant="canary") for n in range(50)))
    await stage.talked(*(Talked(n, DAY, variant="canary", fallback=True) for n in range(60, 64)))
    stage.clock.at += DAY + MINUTE

    move = await stage.controller.guard(stage.shop)

    assert move is not None
    assert move.reason == "guard rail: errors: 4 of 4 answers"
