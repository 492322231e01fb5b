"""`main.py alerts` at the terminal: what is open, who looks after it, what the past would say."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app.commands_alerts import alerts as commands
from evaluation.alert_rules import RULES
from evaluation.watching import known_rules
from events.happened import named
from services.clock import now
from store import alerts
from store.session import Store
from store.spans import SPANS
from tests.app.terminal import Ended, typed
from tests.fixtures.store import add_shop

SHOP = named("shop", "demo")


@pytest.fixture
async def alert(store: Store) -> UUID:
    """Some of the replies of a minute two days ago failed, and that is open still."""
    await add_shop(store)
    began = (now() - timedelta(days=2)).replace(second=0, microsecond=0)
    rows = [
        (SHOP, uuid4(), uuid4(), None, None, "reply", "internal", began + timedelta(seconds=n), 5,
         n % 2 == 0, None, "{}")
        for n in range(20)
    ]  # fmt: skip
    async with store.batch() as connection:
        await SPANS.write(connection, rows)
    async with store.transaction() as session:
        rules = {one.kind: one for one in await known_rules(session, SHOP)}
        row = {"shop_id": SHOP, "id": uuid4(), "rule_id": rules["errors"].id, "kind": "errors",
               "value": 0.5, "peak": 0.5, "threshold": 0.05, "fired_at": began}  # fmt: skip
        await alerts.fire(session, row)
    return UUID(str(row["id"]))


async def ran(env: dict[str, str], *words: str) -> Ended:
    return await typed(commands, env, *words)


async def test_what_is_open_is_listed_with_every_rule_and_seen_once(
    env: dict[str, str], alert: UUID
) -> None:
    told = (await ran(env, "list", "--json")).json
    assert [one["id"] for one in told["alerts"]] == [str(alert)]
    assert {one["kind"] for one in told["rules"]} == set(RULES)
    assert "errors 50\u00a0%" in (await ran(env, "list")).out
    assert (await ran(env, "ack", "errors", "--json")).json["state"] == "acknowledged"
    again = await ran(env, "ack", str(alert))
    assert again.code == 1
    assert "there is no open alert" in again.said


async def test_a_rule_is_muted_and_told_again(env: dict[str, str], alert: UUID) -> None:
    assert (await ran(env, "mute", "queue", "--hours", "2", "--json")).json["muted_until"]
    assert "muted until" in (await ran(env, "list")).said
    assert "told again" in (await ran(env, "mute", "queue", "--hours", "0")).said
    unknown = await ran(env, "mute", "nothing")
    assert unknown.code == 2
    assert "latency" in unknown.said


async def test_a_rule_is_held_against_the_past_by_any_limit(
    env: dict[str, str], alert: UUID
) -> None:
    past = (await ran(env, "backtest", "errors", "--days", "7", "--json")).json
    assert (past["days"], len(past["firings"])) == (7, 1)
    calm = await ran(env, "backtest", "errors", "--days", "7", "--threshold", "0.9")
    assert "errors would have been told 0 times in 7 days." in calm.said
    present = await ran(env, "backtest", "jobs")
    assert present.code == 1
    assert "nothing of that is kept" in present.said
