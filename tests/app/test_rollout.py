"""`main.py rollout` at the terminal: start, watch, move, take back."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.commands_rollout import rollout
from events.happened import named
from store.audit import Wanted, events
from store.session import Store, open_connection
from tests.app.packs import small_pack
from tests.app.terminal import Ended, typed
from tests.fixtures.store import add_shop
from tests.flow.rollouts import add_version

EVALUATIONS = """
CREATE TABLE IF NOT EXISTS ml.eval_set (shop_id uuid, id uuid, pack text);
CREATE TABLE IF NOT EXISTS ml.eval_run (shop_id uuid, id uuid, set_id uuid, version_id uuid,
    kind text, split text, state text, fingerprint text, requested_by text, verdict text,
    created_at timestamptz DEFAULT now());
GRANT SELECT ON ml.eval_run TO aprendiz_pipeline;
"""
SHOP = named("shop", "demo")


@pytest.fixture
async def version(store: Store) -> UUID:
    await add_shop(store)
    return (await add_version(store, SHOP, provider="offline")).id


async def ran(env: dict[str, str], *words: str) -> Ended:
    return await typed(rollout, env, *words)


async def told(env: dict[str, str], *words: str) -> Any:  # noqa: ANN401  JSON
    done = await ran(env, *words, "--json")
    assert done.code == 0, done.said
    return done.json


async def evaluated(env: dict[str, str], version: UUID, verdict: str, pack: str = "ventas") -> None:
    run = named("run", pack)
    connection = await open_connection(env["APRENDIZ_DATABASE_URL"])
    await connection.execute(EVALUATIONS)
    await connection.execute(
        "INSERT INTO ml.eval_set (shop_id, id, pack) VALUES ($1, $2, $3)", SHOP, run, pack
    )
    await connection.execute(
        "INSERT INTO ml.eval_run (shop_id, id, set_id, version_id, kind, split, state,"
        " fingerprint, requested_by, verdict)"
        " VALUES ($1, $4, $4, $2, 'golden', 'test', 'done', 'f', 'ana', $3)",
        SHOP, version, verdict, run,
    )  # fmt: skip
    await connection.close()


async def test_it_is_moved_by_hand_from_the_shadow_to_everybody_and_back(
    env: dict[str, str], version: UUID
) -> None:
    await evaluated(env, version, "passed")
    assert "No rollout yet" in (await ran(env, "status")).said

    began = await told(env, "start", "tienda-v2")
    canary = await told(env, "advance")
    wider = await told(env, "advance", "--percent", "25")
    paused = await told(env, "pause")
    resumed = await told(env, "resume")
    everybody = await told(env, "advance", "--percent", "100")
    back = await told(env, "rollback", "--reason", "dicen que es peor")

    stood = [(one["state"], one["percent"]) for one in (began, canary, wider, everybody, back)]
    assert stood == [
        ("shadow", 0), ("canary", 10), ("canary", 25), ("promoted", 100), ("rolled_back", 0),
    ]  # fmt: skip
    assert (began["gate"]["passed"], paused["paused"], resumed["paused"]) == (True, True, False)
    assert [one["stage"] for one in (canary, wider, paused, resumed)] == [2, 3, 4, 5]
    steps = (await told(env, "history"))[0]["steps"]
    assert [step["number"] for step in steps] == [1, 2, 3, 4, 5, 6, 7]
    assert steps[-1]["reason"] == "dicen que es peor"


async def test_what_is_typed_stands_in_the_audit(
    env: dict[str, str], version: UUID, store: Store
) -> None:
    ana = env | {"USER": "ana"}
    await told(ana, "start", "tienda-v2", "--force", "--percent", "20")
    await told(ana, "rollback", "--reason", "dicen que es peor")

    async with store.tenant(SHOP) as session:
        back, begun = await events(session, SHOP, Wanted(action="rollout."))
    assert begun.actor == back.actor == "terminal:ana"
    assert [one.action for one in (begun, back)] == ["rollout.begun", "rollout.rolled_back"]
    assert ((begun.after or {})["forced"], (back.after or {})["reason"]) == (
        True, "dicen que es peor",
    )  # fmt: skip


async def test_where_customers_are_asked_how_many_more_answers_are_needed_is_told(
    env: dict[str, str], version: UUID
) -> None:
    await told(env, "start", "tienda-v2", "--force", "--percent", "50")
    asking = env | {"APRENDIZ_RATINGS__CSAT": "true"}

    shown, found = await ran(asking, "status"), await told(asking, "status")

    more = found["seen"]["csat"]["lacking"]
    assert f"not enough data to show 4.5, {more} more" in shown.said
    assert (await told(env, "status"))["seen"]["csat"] is None


@pytest.mark.parametrize(
    ("verdict", "why"),
    [
        (None, "it was never evaluated"),
        ("failed", "its golden set failed"),
        ("not_enough", "its golden set had too few cases"),
    ],
)
async def test_nothing_begins_without_passed_gates_but_by_force(
    env: dict[str, str], version: UUID, verdict: str | None, why: str
) -> None:
    if verdict is not None:
        await evaluated(env, version, verdict)

    refused = await ran(env, "start", "tienda-v2")
    forced = await told(env, "start", "tienda-v2", "--force")

    assert refused.code == 1
    assert why in refused.said
    assert (forced["state"], forced["gate"]["passed"]) == ("shadow", False)


async def test_the_cases_of_another_pack_open_no_gate_and_shut_none(
    env: dict[str, str], version: UUID
) -> None:
    await evaluated(env, version, "passed", "creditos")
    refused = await ran(env, "start", "tienda-v2")
    await evaluated(env, version, "passed")
    await evaluated(env, version, "failed", "finanzas")
    began = await told(env, "start", "tienda-v2")

    assert "it was never evaluated" in refused.said
    assert began["gate"]["passed"]


async def test_a_pack_of_ones_own_is_known_by_its_folder(
    env: dict[str, str], version: UUID, tmp_path: Path
) -> None:
    env |= {"APRENDIZ_APP__PACK": str(small_pack(tmp_path / "flores"))}
    await evaluated(env, version, "passed", "flores")
    assert (await told(env, "start", "tienda-v2"))["gate"]["passed"]


async def test_one_at_a_time(env: dict[str, str], version: UUID, store: Store) -> None:
    await add_version(store, SHOP, "tienda-v3", "offline")
    await told(env, "start", "tienda-v2", "--force", "--percent", "20")

    again = await ran(env, "start", "tienda-v2", "--force")
    other = await ran(env, "start", "tienda-v3", "--force")

    assert (again.code, other.code) == (1, 1)
    assert "tienda-v2 is canary" in again.said
    assert "another one is under way" in other.said


async def test_who_answered_before_is_active_again_after_a_rollback(
    env: dict[str, str], version: UUID, store: Store
) -> None:
    await add_version(store, SHOP, "tienda-v3", "offline")
    assert (await ran(env, "activate", "tienda-v2")).code == 1, "its gates are not passed"
    await told(env, "activate", "tienda-v2", "--force")
    await told(env, "activate", "tienda-v3", "--force")

    await told(env, "rollback")
    again = await ran(env, "activate", "tienda-v2")

    assert "tienda-v2 is active" in again.said
    told_of = await told(env, "history")
    assert [(one["version"], one["baseline"], one["state"]) for one in told_of] == [
        ("tienda-v3", "tienda-v2", "rolled_back"),
        ("tienda-v2", None, "promoted"),
    ]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("start", "unknown"), "there is no model version 'unknown'"),
        (("status", "--shop", "nobody"), "there is no shop 'nobody'"),
        (("advance",), "there is no rollout"),
    ],
)
async def test_what_cannot_be_done_is_explained(
    env: dict[str, str], version: UUID, words: tuple[str, ...], why: str
) -> None:
    done = await ran(env, *words)

    assert done.code != 0
    assert why in done.said


async def test_what_is_over_stays_over(env: dict[str, str], version: UUID) -> None:
    await told(env, "start", "tienda-v2", "--force")
    await told(env, "stop")

    for words in (("advance",), ("pause",), ("resume",), ("stop",), ("rollback",)):
        assert "stopped" in (await ran(env, *words)).said
    assert (await ran(env, "status")).said.startswith("tienda-v2 against the models")
