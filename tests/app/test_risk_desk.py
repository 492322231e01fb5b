"""`main.py risk` over a lender's own tables, at the terminal."""

from typing import Any

import pytest

from app.commands_risk import risk
from events.happened import named
from prediction.drift import ENGLISH
from store.audit import Wanted, events
from store.session import Store
from tests.app.terminal import Ended, typed
from tests.fixtures.store import add_shop
from tests.store.lending import lend

SHOP = named("shop", "demo")


@pytest.fixture
async def env(env: dict[str, str], store: Store) -> dict[str, str]:
    await add_shop(store)
    return env


async def ran(env: dict[str, str], *words: str) -> Ended:
    return await typed(risk, env, *words)


async def told(env: dict[str, str], *words: str) -> Any:  # noqa: ANN401  JSON
    done = await ran(env, *words, "--json")
    assert done.code == 0, done.said
    return done.json


@pytest.mark.timeout(240)
async def test_a_sample_is_learned_from_asked_about_and_watched(
    env: dict[str, str], store: Store
) -> None:
    written = await told(env, "sample", "--clients", "300")
    assert (written["clients"], written["loans"]) == (300, 450)
    assert await told(env, "sample", "--clients", "300") == written

    learned = await told(env, "train", "--kind", "scorecard")
    assert (learned["kind"], learned["version"], learned["active"]) == ("loan", 1, True)
    assert learned["auc"]["value"] > 0.6
    asked = await told(env, "predict")
    assert asked["written"]["loan"] > 50
    assert "instalment" not in asked["written"]

    report = await told(env, "report")
    assert report["card"].startswith("# Ficha del modelo")
    assert 0 < report["above"] < asked["written"]["loan"]
    drift = await told(env, "drift")
    assert {one["feature"] for one in drift["moved"]} > {"score", "late_share"}
    drawn = (await ran(env, "drift")).out
    assert any(words in drawn for words in ENGLISH.values())
    assert "version 1 still says what it did" in drawn or "train again" in drawn
    assert drawn.index("score") < drawn.index("client_months")
    assert (await ran(env, "report", "--version", "7")).code == 1

    said = [await ran(env, "predict", "--loan", f"LS-P{n:06}") for n in range(1, 40)]
    shown = [one.out for one in said if one.code == 0]
    assert shown
    assert all("%" in one and "el riesgo" in one for one in shown)
    async with store.tenant(SHOP) as session:
        seen = await events(session, SHOP, Wanted(action="risk.seen"))
        noted = await events(session, SHOP, Wanted(action="risk."))
    assert len(seen) == len(shown)
    assert [one.after for one in noted if one.action != "risk.seen"] == [
        {"day": asked["day"]},
        {"kind": "loan", "version": 1},
    ]


async def test_a_worse_model_is_kept_and_not_used_unless_somebody_says_so(
    env: dict[str, str],
) -> None:
    await told(env, "sample", "--clients", "300")
    first = await told(env, "train", "--kind", "scorecard")
    again = await told(env, "train", "--kind", "scorecard")
    used = await told(env, "train", "--kind", "scorecard", "--activate")
    assert [one["active"] for one in (first, again, used)] == [True, False, True]
    old = await ran(env, "report", "--version", "1")
    assert "loan version 1: not in use\n" in old.out


async def test_invented_clients_do_not_come_among_real_ones(
    env: dict[str, str], store: Store
) -> None:
    await lend(store, SHOP)
    refused = await ran(env, "sample", "--clients", "60")
    assert refused.code == 1
    assert "has loans of its own" in refused.said
    assert (await told(env, "sample", "--clients", "60", "--over"))["clients"] == 60


async def test_what_cannot_be_done_is_said_in_words(env: dict[str, str], store: Store) -> None:
    nobody = await ran(env, "train")
    assert (nobody.code, "has no loans" in nobody.said) == (3, True)
    await lend(store, SHOP)
    few = await ran(env, "train")
    assert few.code == 1
    assert "next:" in few.said
    none = await ran(env, "predict")
    assert (none.code, "no model of loans is in use" in none.said) == (1, True)
    drift = await ran(env, "drift", "--of", "instalments")
    assert (drift.code, "risk train --of instalments" in drift.said) == (1, True)
    assert (await ran(env, "train", "--of", "houses")).code == 2
    half = await ran(env, "train", "--csv", "x.csv")
    assert (half.code, "--target is missing" in half.said) == (2, True)
