import time
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import median
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.settings import CurationSettings
from learning.curation import Example, Terms, changed, refusal, settled
from learning.errors import RowForeign
from learning.sieve import Curation, Sieve, curate
from learning.spilling import spill
from tests.learning.examples import SHOP, START, an_example, misspelt

SETTINGS = CurationSettings(per_customer=1.0)
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def kept_ids(curation: Curation) -> list[UUID]:
    return [one.example.id for one in curation.kept]


def examples(low: int = 0) -> st.SearchStrategy[list[Example]]:
    """Few customers, texts and groups, so that they meet; all ids differ."""
    one = st.builds(
        lambda text, typo, customer, intent, intensity, score, successful, hour: changed(
            an_example(text),
            question=misspelt(an_example(text).question, typo),
            customer=UUID(int=customer),
            intent=intent,
            intensity=intensity,
            score=score,
            successful=successful,
            at=START.replace(hour=hour),
        ),
        st.integers(0, 30), st.integers(0, 3), st.integers(1, 9), st.sampled_from("abc"),
        st.sampled_from([0.1, 0.5, 0.9]), st.sampled_from([None, 2, 4, 5]), st.booleans(),
        st.integers(0, 23),
    )  # fmt: skip
    return st.lists(one, min_size=low, max_size=60).map(
        lambda rows: [changed(row, id=UUID(int=place)) for place, row in enumerate(rows)]
    )


@settings(deadline=None, max_examples=60)
@given(examples())
def test_no_customer_and_no_cluster_stands_in_two_splits(rows: list[Example]) -> None:
    splits: defaultdict[object, set[str]] = defaultdict(set)
    for one in curate(rows, SHOP, SETTINGS).kept:
        splits[one.example.customer].add(one.split)
        splits[one.cluster].add(one.split)
    assert all(len(found) == 1 for found in splits.values())


@settings(deadline=None, max_examples=60)
@given(examples(), st.integers(0, 100))
def test_the_order_in_which_rows_come_changes_nothing(rows: list[Example], seed: int) -> None:
    shuffled = rows[:]
    Random(seed).shuffle(shuffled)  # noqa: S311  a repeatable order, not a secret
    assert curate(rows, SHOP, SETTINGS) == curate(shuffled, SHOP, SETTINGS)


@settings(deadline=None, max_examples=60)
@given(examples())
def test_every_row_is_kept_or_dropped_for_one_reason(rows: list[Example]) -> None:
    curation = curate(rows, SHOP, SETTINGS)
    assert curation.read == len(rows) == len(curation.kept) + sum(curation.dropped.values())
    assert all(one.example.score in {4, 5} for one in curation.kept)
    said = [(one.example.question, one.example.answer) for one in curation.kept]
    assert len(set(said)) == len(said)


@settings(deadline=None, max_examples=60)
@given(examples())
def test_no_group_of_intent_and_intensity_outgrows_three_times_the_median(
    rows: list[Example],
) -> None:
    groups: defaultdict[tuple[str, float], list[float]] = defaultdict(list)
    for one in curate(rows, SHOP, SETTINGS).kept:
        groups[one.example.intent, one.example.intensity].append(one.weight)
    true_sizes = [round(sum(weights)) for weights in groups.values()]
    for weights, size in zip(groups.values(), true_sizes, strict=True):
        assert len(weights) == min(size, int(3 * median(true_sizes)))


@settings(deadline=None, max_examples=30)
@given(examples(low=1), st.data())
def test_a_row_of_another_shop_is_an_error(rows: list[Example], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(rows) - 1))
    rows[place] = changed(rows[place], shop=UUID(int=2))
    with pytest.raises(RowForeign, match="is not of shop"):
        curate(rows, SHOP, SETTINGS)


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        (None, {}),
        ("no_training", {"no_training": True, "corrected": True}),
        ("rejected", {"rejected": True, "corrected": True}),
        ("error", {"failed": True}),
        (None, {"failed": True, "corrected": True}),
        ("unscored", {"score": None}),
        ("low_score", {"score": 3}),
        (None, {"score": 1, "corrected": True}),
        (None, {"score": None, "demonstrated": True}),
        ("low_score", {"score": 3, "demonstrated": True}),
        (None, {"score": 3, "demonstrated": True, "corrected": True}),
        ("slow", {"latency_ms": 8000}),
        (None, {"latency_ms": 7999}),
        (None, {"latency_ms": 8000, "corrected": True}),
        ("short", {"question": "uno dos tres cuatro cinco seis"}),
        (None, {"question": "uno dos tres cuatro cinco seis ya"}),
        ("short", {"answer": "", "corrected": True}),
        ("personal_data", {"scrubbed": False}),
        ("personal_data", {"answer": "Escríbeme mejor a la dirección ana@correo.cl por favor"}),
        ("personal_data", {"answer": "Hola Berta, claro que sí, te lo enviamos mañana temprano",
                           "names": ("Berta Soto",)}),
        (None, {"answer": "Hola [NOMBRE_1], claro que sí, te lo enviamos mañana temprano",
                "names": ("Berta Soto",)}),
    ],
)  # fmt: skip
def test_a_row_is_refused_for_a_reason(reason: str | None, changes: dict[str, object]) -> None:
    assert refusal(an_example(**changes), Terms(SETTINGS)) == reason


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        ("too_fresh", {}),
        (None, {"at": NOON - timedelta(seconds=1)}),
        ("low_score", {"score": 2}),
        (None, {"corrected": True}),
        (None, {"demonstrated": True, "score": None}),
        (None, {"accepted": True}),
    ],
)
def test_what_a_machine_said_waits_until_it_is_known_how_it_went_on(
    reason: str | None, changes: dict[str, Any]
) -> None:
    terms = Terms(SETTINGS, settled=settled(SETTINGS, NOON + timedelta(hours=72, minutes=59)))
    row = an_example(**({"at": NOON + timedelta(seconds=1)} | changes))
    assert refusal(row, terms) == reason
    assert settled(CurationSettings(settle_h=0), NOON) is None


def test_of_copies_the_corrected_then_the_successful_then_the_best_scored_is_kept() -> None:
    copies = [
        an_example(id=UUID(int=1), score=5),
        an_example(id=UUID(int=2), score=4, successful=True),
        an_example(id=UUID(int=3), score=2, corrected=True),
    ]
    assert kept_ids(curate(copies, SHOP, SETTINGS)) == [UUID(int=3)]
    assert kept_ids(curate(copies[:2], SHOP, SETTINGS)) == [UUID(int=2)]
    assert curate(copies, SHOP, SETTINGS).dropped == {"exact_duplicate": 2}


def test_only_the_most_frequent_intents_and_the_newest_rows_are_used() -> None:
    rows = [an_example(number, intent="often" if number % 3 else "rarely") for number in range(30)]
    few = CurationSettings(top_intents=1, newest=5, per_customer=1.0)
    curation = curate(rows, SHOP, few)
    newest = [row.id for row in rows if row.intent == "often"][-5:]
    assert kept_ids(curation) == newest
    assert curation.dropped == {"older": 15, "rare_intent": 10}


def test_one_customer_gives_at_most_a_share_and_the_best_of_it() -> None:
    loud = [
        an_example(number, customer=UUID(int=7), score=4 + number // 25) for number in range(30)
    ]
    rows = [*loud, *(an_example(number) for number in range(30, 130))]
    curation = curate(rows, SHOP, CurationSettings(per_customer=0.04))
    mine = [one.example for one in curation.kept if one.example.customer == UUID(int=7)]
    assert len(mine) == 4
    assert all(row.score == 5 for row in mine)
    assert curation.dropped == {"customer_cap": 26}


def test_prices_in_answers_become_placeholders_and_then_copies_are_found() -> None:
    answer = "Claro, la polera negra talla M cuesta {} y te llega muy pronto"
    rows = [
        an_example(answer=answer.format(price), id=UUID(int=place))
        for place, price in enumerate(["$9.990", "$12.990"])
    ]
    curation = curate(rows, SHOP, SETTINGS)
    assert [one.example.answer for one in curation.kept] == [answer.format("{precio}")]


def test_a_sieve_is_full_before_memory_is() -> None:
    with spill() as aside:
        sieve = Sieve(SHOP, Terms(CurationSettings(newest=2)), aside)
        for number in range(40):
            assert not sieve.full
            sieve.take([an_example(number)])
        assert sieve.full


def test_without_a_limit_a_sieve_is_never_full_and_keeps_every_row() -> None:
    rows = [an_example(number) for number in range(60)]
    with spill() as aside:
        sieve = Sieve(SHOP, Terms(CurationSettings(newest=0, per_customer=1.0)), aside)
        sieve.take(rows)
        assert not sieve.full
        assert len(sieve.result().kept) == 60


def test_nothing_gives_an_empty_curation() -> None:
    assert curate([], SHOP, SETTINGS) == Curation((), {}, 0)


def test_twenty_thousand_rows_take_seconds() -> None:
    rows = [an_example(number, customer=UUID(int=number % 3000 + 1)) for number in range(15_000)]
    rows += [
        changed(row, id=UUID(int=place), question=misspelt(row.question, place))
        for place, row in enumerate(rows[:5000])
    ]
    began = time.process_time()
    curation = curate(rows, SHOP, CurationSettings(newest=20_000, per_customer=1.0))
    assert time.process_time() - began < 60
    assert Counter(one.split for one in curation.kept).keys() == {"train", "validation", "test"}


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ({"since": date(2099, 1, 1)}, "too_old"),
        ({"sold": True}, "not_sold"),
        ({"intents": ("consulta_envio",)}, "other_intent"),
    ],
)
def test_what_is_narrowed_down_leaves_the_others_out(wanted: dict[str, Any], reason: str) -> None:
    terms = Terms(CurationSettings(**wanted))
    for corrected in (False, True):
        assert refusal(an_example(1, corrected=corrected), terms) == reason
