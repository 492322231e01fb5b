"""What is drawn by chance, and what it says of everything."""

import random
from uuid import UUID, uuid4

import pytest

from learning.sampling import DRAWN, LEAST, LOW, ONE_IN, differ, disagree, drawn, quality


def test_one_in_twenty_is_drawn_and_always_the_same_ones() -> None:
    turns = [uuid4() for _ in range(20_000)]

    found = [turn for turn in turns if drawn(turn)]

    assert 800 < len(found) < 1_200
    assert all(drawn(UUID(str(turn))) for turn in found)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Sí, hacemos envíos a Arica", "El polerón cuesta $19.990"), ("Hola", "")],
)
def test_answers_differ_when_they_share_hardly_a_word(one: str, other: str) -> None:
    assert differ(one, other)
    assert not differ(one, f"{one}, claro")


def test_models_disagree_when_one_alone_passed() -> None:
    assert disagree(("Sí, a Arica", "ok"), ("Sí, a Arica", "replaced:price"))
    assert not disagree(("Sí, a Arica", "ok"), ("Sí, a Arica", "ok"))


def test_too_few_say_nothing() -> None:
    assert quality([(DRAWN, 5)] * (LEAST - 1), {DRAWN: LEAST - 1}) is None
    assert quality([(LOW, 1)] * LEAST, {LOW: LEAST, DRAWN: 100}) is None


def test_reviewing_the_worst_first_does_not_make_the_bot_worse() -> None:
    """Of 400 drawn turns 40 are bad; all bad ones are reviewed, and 40 of the others."""
    said = [(LOW, 1)] * 40 + [(DRAWN, 5)] * 40

    found = quality(said, {LOW: 40, DRAWN: 360})

    assert found is not None
    assert found.value == pytest.approx(4.6)
    assert (found.reviewed, found.drawn) == (80, 400)


def test_the_bounds_hold_the_truth_as_often_as_they_say() -> None:
    held = 0
    for seed in range(300):
        chance = random.Random(seed)  # noqa: S311  a simulation
        whole = {reason: [chance.randint(low, 5) for _ in range(n)]
                 for reason, low, n in ((LOW, 1, 300), (DRAWN, 3, 3_000))}  # fmt: skip
        truth = sum(sum(stars) for stars in whole.values()) / 3_300
        seen = [(LOW, stars) for stars in chance.sample(whole[LOW], 60)]
        seen += [(DRAWN, stars) for stars in chance.sample(whole[DRAWN], 60)]
        found = quality(seen, {LOW: 300, DRAWN: 3_000})
        assert found is not None
        held += found.low <= truth <= found.high

    assert held >= 270
    assert ONE_IN == 20
