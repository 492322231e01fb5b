"""What models may cost a shop a day, as a program reads and changes it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx2
import pytest

from config.manners import BudgetSettings
from tests.web.api.conftest import asking, refusal
from tests.web.api.test_settings import deeds, tag
from tests.web.roles import acting
from web.app import WebParts

LIMITS = "/api/v1/settings/limits"
NONE = {"usd": None, "own": False, "usual": None, "most": None}


@pytest.fixture
async def bounded(first: WebParts) -> AsyncIterator[httpx2.AsyncClient]:
    """The same shop, by a file that knows both bounds and the most of one."""
    budget = BudgetSettings(shop_usd=2, shop_most_usd=10, customer_usd=0.5)
    async with asking(replace(first, budget=budget)) as client:
        yield client


async def test_limits_are_chosen_told_and_given_back_to_the_file(
    bounded: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, first: WebParts
) -> None:
    usual = await bounded.get(LIMITS)
    file = {"usd": "2", "own": False, "usual": "2", "most": "10"}
    assert usual.json()["shop"] == file
    wanted = {"shop_usd": "7.5", "customer_usd": "0"}
    assert refusal(await bounded.put(LIMITS, json=wanted)) == (428, "if_match_needed")
    match = {"If-Match": usual.headers["etag"]}
    done = await bounded.put(LIMITS, json=wanted, headers=match)
    assert done.json()["shop"] == file | {"usd": "7.5", "own": True}
    assert done.json()["customer"] == NONE | {"own": True, "usual": "0.5"}
    assert refusal(await bounded.put(LIMITS, json=wanted, headers=match)) == (412, "stale")
    same = {"If-None-Match": done.headers["etag"]}
    assert (await bounded.get(LIMITS, headers=same)).status_code == 304
    assert (await neighbour.get(LIMITS)).json() == {"shop": NONE, "customer": NONE}

    nothing = {"shop_usd": None, "customer_usd": None}
    back = await bounded.put(LIMITS, json=nothing, headers=await tag(bounded, LIMITS))
    assert back.json() == usual.json()
    last, before = await deeds(first)
    chosen = {"shop_cap": "7.5", "customer_cap": "0"}
    file_s = {"shop_cap": "archivo", "customer_cap": "archivo"}
    assert (last.action, last.before, last.after) == ("settings.limits", chosen, file_s)
    assert (before.before, before.after) == (file_s, chosen)


async def test_nothing_above_the_most_nor_no_bound_at_all_is_taken(
    bounded: httpx2.AsyncClient, first: WebParts
) -> None:
    usual = (await bounded.get(LIMITS)).json()
    for usd in ("10.01", "0"):
        wanted = {"shop_usd": usd, "customer_usd": "1"}
        answer = await bounded.put(LIMITS, json=wanted, headers={"If-Match": "*"})
        assert refusal(answer) == (422, "refused")
        assert "at most 10" in answer.json()["detail"]
    for wrong in ("-1", "1e3", "muchos", "99999999"):
        wanted = {"shop_usd": wrong, "customer_usd": "1"}
        answer = await bounded.put(LIMITS, json=wanted, headers={"If-Match": "*"})
        assert refusal(answer) == (422, "invalid")
    assert (await bounded.get(LIMITS)).json() == usual
    assert await deeds(first) == []


async def test_who_sells_neither_reads_nor_sets_them(first: WebParts) -> None:
    async with acting(first, "seller") as seller:
        assert refusal(await seller.get(LIMITS)) == (403, "forbidden")
