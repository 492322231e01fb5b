"""Which version is used: one that is proven, and better than the one before on the same months."""

from dataclasses import replace
from functools import cache
from typing import Any
from uuid import UUID

import pytest

from prediction.learning import Asked, Learned, keep, learn
from prediction.model import encoded
from prediction.targets import TARGETS
from prediction.training import train
from store.predicting import RiskModel
from store.session import Store
from tests.prediction.lending import NOW, TODAY, lend, small

ASKED = Asked("loan", TODAY, NOW, "test", kind="scorecard", most=1_500)


async def kept(store: Store, shop: UUID, learned: Learned) -> RiskModel:
    async with store.transaction() as session:
        return await keep(session, shop, ASKED, learned)


def said_to_be(told: dict[str, Any], **auc: float) -> dict[str, Any]:
    metrics = told["metrics"]
    return told | {"metrics": metrics | {"auc": metrics["auc"] | auc}}


@cache
def learned(*, upside_down: bool = False) -> dict[str, Any]:
    """Of who did not pay, or of who did."""
    cases = TARGETS["loan"].cases(small(300).book, small(300).today, most=1_500)
    features = TARGETS["loan"].features
    assert cases.target is not None
    if upside_down:
        cases = replace(cases, target=1 - cases.target)
        features = tuple(replace(one, direction=0) for one in features)
    return encoded(train(cases, features, seed=7, at=NOW, kind="scorecard"))


async def test_what_nobody_can_tell_from_chance_is_kept_and_not_used(
    store: Store, shop: UUID
) -> None:
    unproven = Learned(said_to_be(learned(), low=0.42))
    assert not (await kept(store, shop, unproven)).active
    async with store.transaction() as session:
        assert (await keep(session, shop, replace(ASKED, activate=True), unproven)).active
    assert (await kept(store, shop, Learned(learned()))).active


@pytest.mark.timeout(120)
async def test_it_is_held_against_the_one_in_use_on_the_same_months(
    store: Store, shop: UUID
) -> None:
    """However well that one did on the months before."""
    await lend(store, shop, small(300))
    boasting = Learned(said_to_be(learned(upside_down=True), value=0.99, low=0.98))
    assert (await kept(store, shop, boasting)).active
    better = await learn(store, shop, ASKED)
    assert better.beside is not None
    assert better.beside < better.record["metrics"]["auc"]["value"]
    assert (await kept(store, shop, better)).active
    same = await learn(store, shop, ASKED)
    assert same.beside == pytest.approx(better.record["metrics"]["auc"]["value"])
    assert not (await kept(store, shop, same)).active


async def test_one_that_this_release_cannot_ask_stands_in_nobodys_way(
    store: Store, shop: UUID
) -> None:
    await lend(store, shop, small(300))
    assert (await kept(store, shop, Learned(learned() | {"schema": 99}))).active
    found = await learn(store, shop, ASKED)
    assert found.beside is None
    assert (await kept(store, shop, found)).active
