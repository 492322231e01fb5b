"""Sums checked against rows that were counted by hand."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, text

from config.settings import CurationSettings
from jobs.schedule import SCORES
from learning.errors import ShopUnknown
from learning.facts import PROVIDERS, Facts, facts_of, often
from store import counting, expenses, facts
from store.app import EventLog
from store.curating import BY_KEY
from store.dealings import HandOver, Order
from store.evaluations import EvalResult, EvalRun, EvalSet
from store.ratings import Correction, Rating
from store.senses import SenseLog
from store.session import Store
from store.work import JobRun
from tests.builders import a_turn, add_customer, add_turns, turn_id
from tests.fixtures.store import add_shop

SANTIAGO = ZoneInfo("America/Santiago")
DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, tzinfo=SANTIAGO).astimezone(UTC)
UNKNOWN = {"verdict": "ok", "sources": [{"kind": "answer", "id": "unknown", "title": "?"}]}


async def of(store: Store, shop: UUID) -> Facts:
    return await facts_of(store, shop, SANTIAGO, CurationSettings())


async def add_replies(store: Store, turns: list[dict[str, Any]], costs: list[int]) -> None:
    await add_turns(store, turns)
    async with store.transaction() as session:
        for turn, cost in zip(turns, costs, strict=True):
            call = {"reply_id": turn["id"], "cost_micros": cost, "ok": True}
            call |= {name: turn[name] for name in COPIED}
            await session.execute(insert(EventLog).values(call))


COPIED = (
    "shop_id", "request_id", "provider", "model", "tokens_in", "tokens_out", "latency_ms",
    "created_at",
)  # fmt: skip


async def a_day(store: Store, shop: UUID, noon: datetime = NOON) -> None:
    """Five replies of a day, one on each side of its midnights, and what followed them."""
    ana, luis = await add_customer(store, shop, "ana"), await add_customer(store, shop, "luis")

    def turn(name: str, who: UUID, **changes: object) -> dict[str, Any]:
        at = changes.pop("at", noon)
        return a_turn(shop, name, who, dispatched_at=at, created_at=at, **changes)

    hosted = {"provider": "groq", "tokens_in": 100, "tokens_out": 20}
    turns = [
        turn("a", ana, quality_score=5, latency_ms=100, **hosted),
        turn("b", ana, quality_score=4, latency_ms=300, is_successful=False, **hosted),
        turn("c", luis, quality_score=2, latency_ms=200, is_successful=False),
        turn("d", luis, quality_score=None, latency_ms=400, is_successful=False, context=UNKNOWN),
        turn("e", luis, quality_score=1, stars=5, latency_ms=500),
        turn("before", ana, at=noon - timedelta(hours=12, seconds=1)),
        turn("after", ana, at=noon + timedelta(hours=12)),
    ]
    await add_replies(store, turns, [900, 1100, 0, 0, 0, 0, 0])
    await what_followed(store, shop, ana, noon)


async def what_followed(store: Store, shop: UUID, ana: UUID, noon: datetime) -> None:
    order = {
        "shop_id": shop, "customer_id": ana, "conversation_id": ana, "account": "web:main",
        "chat": "ana", "currency": "CLP", "updated_at": noon,
    }  # fmt: skip
    async with store.transaction() as session:
        for number, (state, total, paid_at, led) in enumerate(
            [
                ("paid", 24_990, noon, True),
                ("paid", 10_000, noon, False),
                ("confirmed", 5_000, None, True),
            ]
        ):
            row = order | {"id": UUID(int=number), "state": state, "total": total}
            row |= {"confirmed_at": noon - timedelta(days=number == 1), "paid_at": paid_at}
            reply = turn_id(shop, "a") if led else None
            await session.execute(insert(Order).values(row | {"reply_id": reply}))
        handed = {"conversation_id": ana, "reason": "asked", "question": "¿?", "at": noon}
        await session.execute(insert(HandOver).values(shop_id=shop, id=UUID(int=1), **handed))
        for number, stars in enumerate([5, 1, None]):
            said = {"training_id": turn_id(shop, "a"), "role": "staff", "via": "web"}
            said |= {"shop_id": shop, "id": UUID(int=number), "stars": stars, "updated_at": noon}
            await session.execute(insert(Rating).values(said))
        for number, state in enumerate(["accepted", "proposed"]):
            better = {"training_id": turn_id(shop, "c"), "text": "x", "basis": "y", "state": state}
            better |= {"origin": "person", "proposed_by": "ana", "decided_by": "ana"}
            better |= {"shop_id": shop, "id": UUID(int=number), "created_at": noon}
            await session.execute(insert(Correction).values(better))


async def test_a_day_is_what_was_counted_by_hand(store: Store, shop: UUID) -> None:
    await a_day(store, shop)
    found = await (await of(store, shop)).day(DAY)
    began = datetime(2026, 11, 20, 3, tzinfo=UTC)
    assert (found["began_at"], found["ended_at"]) == (began, began + timedelta(days=1))
    left = {name: found[name] for name in found if name not in {"began_at", "ended_at"}}
    assert left == {
        "shop_id": shop, "day": DAY, "replies": 5, "conversations": 2, "scored": 4,
        "score_sum": 5 + 4 + 2 + 5, "successes": 2, "no_answers": 1, "local": 3, "tokens_in": 200,
        "tokens_out": 40, "p50_ms": 300.0, "p95_ms": 480.0, "cost_micros": 2000,
        "costs": {
            "groq": {"replies": 2, "micros": 2000}, "offline": {"replies": 3, "micros": 0},
        },
        "orders": 2, "orders_sum": 29_990, "paid": 2, "paid_sum": 34_990, "paid_led": 1,
        "paid_led_sum": 24_990, "hand_overs": 1, "ratings": 2, "bad_ratings": 1, "corrections": 1,
        "good": 3, "refused": {"low_score": 1, "unscored": 1},
    }  # fmt: skip


async def test_counting_a_day_again_changes_only_what_changed(store: Store, shop: UUID) -> None:
    await a_day(store, shop)
    mine = await of(store, shop)
    await mine.keep([await mine.day(DAY)])
    async with store.transaction() as session:
        await session.execute(text("UPDATE ml.training_data SET quality_score = 3"))
    await mine.keep([await mine.day(DAY)])
    async with store.reading() as session:
        (kept,) = await facts.days(session, shop, DAY, DAY)
    assert (kept.replies, kept.scored, kept.score_sum) == (5, 5, 3 * 4 + 5)


async def test_a_shop_in_which_nothing_was_said_has_days_of_nothing(
    store: Store, shop: UUID
) -> None:
    await a_day(store, shop)
    silent = await of(store, await add_shop(store, "silent"))
    found = await silent.day(DAY)
    assert {found[name] for name in ("replies", "scored", "orders", "good", "cost_micros")} == {0}
    assert (found["costs"], found["p95_ms"]) == ({}, None)


async def test_figures_are_the_sum_of_the_days_and_what_was_saved_has_a_last_price(
    store: Store, shop: UUID
) -> None:
    await a_day(store, shop)
    mine = await of(store, shop)
    days = [DAY + timedelta(number) for number in (-1, 0, 1)]
    assert await mine.missing(days[0], days[-1]) == days
    await mine.keep([await mine.day(day) for day in days])
    assert await mine.missing(days[0], days[-1]) == []
    found = await mine.figures(days[0], days[-1])
    assert (found.days, found.replies, found.local, found.cost_micros) == (3, 7, 5, 2000)
    assert found.saved_micros == 5 * 1000
    assert found.unanswered == [(str(turn_id(shop, "d")), 1)]
    before = await mine.figures(days[0], days[0])
    assert (before.replies, before.saved_micros) == (1, None)


async def test_what_the_judge_and_the_evaluations_cost_is_part_of_the_fortnight(
    store: Store, shop: UUID
) -> None:
    other = await add_shop(store, "other")
    for whose, at in ((shop, NOON), (shop, NOON - timedelta(days=9)), (other, NOON)):
        await _evaluated(store, whose, at, [300, 200])
        await _judged(store, whose, at, 70)

    found = await (await of(store, shop)).figures(DAY, DAY)

    assert (found.evaluation_micros, found.judge_micros) == (500, 70)
    assert found.learning_micros == found.total_micros == 570


async def test_what_was_heard_and_looked_at_is_part_of_the_fortnight(
    store: Store, shop: UUID
) -> None:
    other = await add_shop(store, "other")
    for whose, at in ((shop, NOON), (shop, NOON - timedelta(days=9)), (other, NOON)):
        await _heard(store, whose, at)

    found = await (await of(store, shop)).figures(DAY, DAY)

    assert (found.voice_micros, found.image_micros, found.unpriced_files) == (900, 40, 1)
    assert (found.learning_micros, found.total_micros) == (0, 940)


async def _heard(store: Store, shop: UUID, at: datetime) -> None:
    same = {
        "shop_id": shop, "channel": "web", "provider": "groq", "model": "m", "tokens_in": 0,
        "tokens_out": 0, "created_at": at,
    }  # fmt: skip
    costs: list[tuple[str, int | None]] = [("voice", 900), ("voice", None), ("image", 40)]
    rows = [same | {"id": uuid4(), "kind": kind, "cost_micros": cost} for kind, cost in costs]
    async with store.transaction() as session:
        await session.execute(insert(SenseLog), rows)


async def _evaluated(store: Store, shop: UUID, at: datetime, costs: list[int]) -> None:
    which = {"shop_id": shop, "id": uuid4()}
    run = {"set_id": which["id"], "kind": "golden", "fingerprint": "", "requested_by": "ana"}
    async with store.transaction() as session:
        await session.execute(insert(EvalSet).values(which | {"pack": at.isoformat()}))
        await session.execute(insert(EvalRun).values(which | run | {"created_at": at}))
        for place, cost in enumerate(costs):
            one = {"run_id": which["id"], "name": str(place), "passed": True, "points": 100}
            said = {"faults": [], "reply": "", "observed": {}, "latency_ms": 1, "created_at": at}
            row = one | said | {"shop_id": shop, "cost_micros": cost}
            await session.execute(insert(EvalResult).values(row))


async def _judged(store: Store, shop: UUID, at: datetime, cost: int) -> None:
    done = {"state": "done", "finished_at": at, "result": {"judge": {"cost_micros": cost}}}
    row = {"shop_id": shop, "name": SCORES, "period": at.isoformat()} | done
    async with store.transaction() as session:
        await session.execute(insert(JobRun).values(row))


async def test_of_a_shop_that_nobody_set_up_nothing_is_counted(store: Store) -> None:
    with pytest.raises(ShopUnknown):
        await of(store, UUID(int=9))


async def test_no_statement_reads_more_than_its_days(store: Store, shop: UUID) -> None:
    """Whatever the planner thinks of the tables, an index leads to the rows."""
    span = counting.Span(shop, NOON, NOON + timedelta(days=1))
    async with store.tuned(BY_KEY) as connection:
        for query in (
            counting.REPLIES, expenses.OF_DAY, counting.ORDERED, counting.PAID, counting.HANDED,
            counting.RATED, counting.CORRECTED, counting.UNANSWERED,
        ):  # fmt: skip
            more = [PROVIDERS] if query == counting.REPLIES else []
            plan = await connection.fetchval(f"EXPLAIN (FORMAT JSON) {query}", *span.bound(), *more)
            told = json.dumps(plan)
            assert "Seq Scan" not in told, query
            assert re.search(r'"Index Cond": "[^"]*(created_at|updated_at|_at|at) >= ', told), query


def test_who_asks_the_same_a_hundred_times_is_one_of_those_who_asked_it() -> None:
    loud, ana, luis = (UUID(int=number) for number in range(3))
    asked = [(UUID(int=100 + number), "¿venden drones?", loud) for number in range(100)]
    asked += [(UUID(int=10), "¿tienen patines?", ana), (UUID(int=11), "tienen patines", luis)]

    assert often(asked) == [(UUID(int=10), 2), (UUID(int=100), 1)]
