"""Golden cases and evaluations in Postgres; and how a whole shop is forgotten."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select

from services.clock import now
from store import evaluating
from store.evaluations import EvalCase, EvalRun
from store.forgetting import AUDIT, forget_shop, shops_before
from store.session import Store
from tests.fixtures.rows import TABLES, a_row
from tests.fixtures.store import add_shop

SET = UUID(int=7)


def case(shop: UUID, name: str, **more: object) -> dict[str, Any]:
    return {
        "shop_id": shop, "id": UUID(int=len(name)), "set_id": SET, "name": name, "origin": "pack",
        "split": "dev", "messages": ["hola"], "expected": {}, "training_id": None, "added_by": "",
        "active": True,
    } | more  # fmt: skip


async def seeded(store: Store, shop: UUID, *rows: dict[str, Any]) -> list[EvalCase]:
    async with store.transaction() as session:
        await evaluating.keep_set(session, shop, SET, "ventas")
        await evaluating.keep_cases(session, rows)
        kept = [row["name"] for row in rows]
        await evaluating.retire_cases(session, shop, SET, kept)
        return await evaluating.cases(session, shop, SET, "dev")


async def test_the_packs_cases_follow_the_pack_and_the_shops_stay(store: Store, shop: UUID) -> None:
    own = case(shop, "own", origin="shop")
    assert len(await seeded(store, shop, case(shop, "a"), case(shop, "bb"), own)) == 3
    again = await seeded(store, shop, case(shop, "a", messages=["chao"]))
    assert [(one.name, one.messages) for one in again] == [("a", ["chao"]), ("own", ["hola"])]
    back = await seeded(store, shop, case(shop, "a"), case(shop, "bb"))
    assert [one.name for one in back] == ["a", "bb", "own"]


async def test_a_run_that_was_cut_short_is_found_by_what_it_was_given(
    store: Store, shop: UUID
) -> None:
    run = uuid4()
    await seeded(store, shop)
    async with store.transaction() as session:
        await evaluating.begin(session, begun(shop, run, []))
        assert await evaluating.unfinished(session, shop, None, "f") == run
        assert await evaluating.unfinished(session, shop, None, "other") is None
        await evaluating.end(session, shop, run, {"verdict": "passed"})
        assert await evaluating.unfinished(session, shop, None, "f") is None
        done = await evaluating.last_done(session, shop, None, "golden")
        assert done is not None
        assert (done.id, done.verdict, done.state) == (run, "passed", "done")
        assert [one.id for one in await evaluating.run_by_id(session, shop, str(run)[:8])] == [run]


async def test_what_died_before_its_first_answer_was_no_attempt(store: Store, shop: UUID) -> None:
    """Two that work at once get numbers of their own, and keep them; one that could not pass, and
    one of other models, take none."""
    dead, first, second, poor, other = (UUID(int=place) for place in range(1, 6))
    await seeded(store, shop)
    async with store.transaction() as session:
        for run in (dead, first, second, poor, other):
            models = ["groq"] if run == other else ["offline"]
            await evaluating.begin(session, begun(shop, run, models))

    for run in (first, poor, second, first, second):
        async with store.transaction() as session:
            risk = partial(risked, spent=run != poor)
            await evaluating.reveal(session, shop, run, risk)
    async with store.transaction() as session:
        seen = [(await session.get_one(EvalRun, (shop, run))).attempt for run in (dead, poor)]
        ends = [
            await evaluating.number(session, shop, run, risked) for run in (second, poor, other)
        ]
        numbers = [(run.attempt, run.spent) for run in ends]

    assert seen == [None, 2]
    assert numbers == [(2, True), (3, True), (1, True)]


def begun(shop: UUID, run: UUID, models: list[str]) -> dict[str, Any]:
    return {
        "shop_id": shop, "id": run, "set_id": SET, "version_id": None, "kind": "golden",
        "split": "dev", "models": models, "fingerprint": "f", "requested_by": "ana",
    }  # fmt: skip


def risked(attempt: int, *, spent: bool = True) -> dict[str, Any]:
    return {"attempt": attempt, "confidence": 0.99, "spent": spent}


async def test_a_forgotten_shop_leaves_nothing_and_its_neighbour_everything(store: Store) -> None:
    gone, stays = await add_shop(store, "~x:1"), await add_shop(store, "stays")
    async with store.transaction() as session:
        for shop in (gone, stays):
            for table in TABLES:
                if table.name != "shop" and (shop != gone or table.fullname != AUDIT):
                    await session.execute(insert(table).values(a_row(table, shop)))

    assert await shops_before(store, "~x:", now() + timedelta(minutes=1)) == [gone]
    assert await shops_before(store, "~x:", now() - timedelta(minutes=1)) == []
    await forget_shop(store, gone)

    async with store.reading() as session:
        for table in TABLES:
            column = table.c.id if table.name == "shop" else table.c.get("shop_id")
            if column is not None:
                found = await session.execute(select(column, func.count()).group_by(column))
                assert [tuple(row) for row in found] == [(stays, 1)], table.fullname
