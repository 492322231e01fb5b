"""Alerts and their rules, as a program looks after them."""

from uuid import uuid4

import httpx2

from evaluation.alert_rules import RULES
from tests.web.api.conftest import refusal
from tests.web.pages.test_alerts import fired, rule
from tests.web.staff import actions
from web.app import WebParts

ALERTS, ERRORS = "/api/v1/alerts", "/api/v1/alert-rules/errors"


async def test_an_alert_is_listed_and_somebody_looks_after_it(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, first: WebParts
) -> None:
    old = await fired(first.store, first.shop, "queue", ago_m=60)
    new = await fired(first.store, first.shop, "errors")
    listed = (await program.get(ALERTS, params={"limit": 1})).json()
    assert [one["id"] for one in listed["items"]] == [str(new)]
    rest = (await program.get(ALERTS, params={"limit": 1, "cursor": listed["next_cursor"]})).json()
    assert [one["id"] for one in rest["items"]] == [str(old)]
    of_errors = (await program.get(ALERTS, params={"kind": "errors"})).json()["items"]
    assert [one["id"] for one in of_errors] == [str(new)]
    place = f"{ALERTS}/{new}"
    before = await program.get(place)
    seen = await program.put(f"{place}/acknowledgement")
    assert (seen.json()["state"], seen.json()["acknowledged_by"]) == (
        "acknowledged",
        first.shop_name,
    )
    assert seen.headers["etag"] != before.headers["etag"]
    again = await program.put(f"{place}/acknowledgement")
    assert again.json() == seen.json()
    assert await actions(first) == ["alert.acknowledged"]
    firing = (await program.get(ALERTS, params={"state": "firing"})).json()["items"]
    assert [one["id"] for one in firing] == [str(old)]
    for path in (place, f"{ALERTS}/{uuid4()}"):
        assert refusal(await neighbour.get(path)) == (404, "not_found")
    assert refusal(await neighbour.put(f"{place}/acknowledgement")) == (404, "not_found")
    assert (await neighbour.get(ALERTS)).json()["items"] == []


async def test_a_rule_gets_a_threshold_is_muted_and_switched_off(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, first: WebParts
) -> None:
    listed = (await program.get("/api/v1/alert-rules")).json()
    assert [one["kind"] for one in listed["items"]] == sorted(RULES)
    known = await program.get(ERRORS)
    assert (known.json()["threshold"], known.json()["usual"]) == (None, RULES["errors"].threshold)
    muted = {"threshold": 0.2, "muted_until": "2030-01-01T00:00:00Z"}
    assert refusal(await program.put(ERRORS, json=muted)) == (428, "if_match_needed")
    match = {"If-Match": known.headers["etag"]}
    done = await program.put(ERRORS, json=muted, headers=match)
    assert (done.json()["threshold"], done.json()["muted_until"]) == (0.2, "2030-01-01T00:00:00Z")
    assert refusal(await program.put(ERRORS, json=muted, headers=match)) == (412, "stale")
    alert = await fired(first.store, first.shop, "errors")
    now = {"If-Match": (await program.get(ERRORS)).headers["etag"]}
    off = await program.put(ERRORS, json={"enabled": False}, headers=now)
    assert (off.json()["enabled"], off.json()["state"], off.json()["threshold"]) == (
        False,
        "calm",
        None,
    )
    assert (await program.get(f"{ALERTS}/{alert}")).json()["state"] == "resolved"
    assert await actions(first) == ["alert.rule", "alert.rule"]
    assert (await rule(first.store, first.shop, "errors")).changed_by == first.shop_name
    assert (await neighbour.get(ERRORS)).json()["enabled"] is True


async def test_a_rule_that_nobody_knows_or_that_cannot_be_is_refused(
    program: httpx2.AsyncClient,
) -> None:
    any_ = {"If-Match": "*"}
    assert refusal(await program.get("/api/v1/alert-rules/weather")) == (404, "not_found")
    for odd in ({"threshold": 0}, {"threshold": -1}, {"threshold": 1e300}, {"more": 1}):
        answer = await program.put(ERRORS, json=odd, headers=any_)
        assert refusal(answer) == (422, "invalid"), odd
    jobs = "/api/v1/alert-rules/jobs"
    half = await program.put(jobs, json={"threshold": 1.5}, headers=any_)
    tried = await program.post(f"{ERRORS[:-6]}webhooks/backtests", json={"threshold": 0.5})
    assert [refusal(one) for one in (half, tried)] == [(422, "invalid")] * 2
    assert half.json()["errors"][0]["loc"] == ["body", "threshold"]
    assert (await program.put(jobs, json={"threshold": 2.0}, headers=any_)).status_code == 200
    naive = await program.put(ERRORS, json={"muted_until": "2030-01-01T00:00:00"}, headers=any_)
    assert refusal(naive) == (422, "invalid")


async def test_a_rule_is_tried_on_its_past_and_one_without_a_past_says_so(
    program: httpx2.AsyncClient,
) -> None:
    tried = await program.post(f"{ERRORS}/backtests", json={"days": 1, "threshold": 0.5})
    assert tried.status_code == 201
    assert (tried.json()["days"], tried.json()["firings"]) == (1, [])
    assert tried.json()["looks"] > 1_000
    past = await program.post("/api/v1/alert-rules/jobs/backtests", json={})
    assert refusal(past) == (422, "refused")
