"""Evaluations that are repeated: each has to be surer than the one before."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.commands_eval import evals
from store.audit import AuditEvent
from store.evaluations import EvalResult, EvalRun
from store.session import Store
from tests.app.packs import CASES, small_pack, version
from tests.app.terminal import typed
from tests.docs.pages import ROOT
from tests.fixtures.bots import until

TOWNS: list[dict[str, Any]] = [
    {"name": split, "split": split, "messages": ["¿la envían a Temuco?"], "must": ["envío"],
     "intent": "consulta_envio", "slots": {"city": "Temuco"}}
    for split in ("test", "dev")
]  # fmt: skip

EASY = {"slot_exact": 0.0, "intent_f1": 0.0, "correct": 0.1, "off_policy": 0.2}
MANY = 150


async def test_the_next_evaluation_of_a_model_has_to_be_surer(
    terminal: dict[str, str], store: Store
) -> None:
    """One that had too few cases to pass spends nothing; another model, or another set, begins
    anew."""
    terminal |= {"USER": "ana"}
    told = [(await typed(evals, terminal, "run", "--json")).json for _ in range(2)]
    small_pack(Path(terminal["APRENDIZ_APP__PACK"]), [*CASES, *TOWNS])
    easy = easily(terminal)
    await version(store, "other", "offline")
    others = (), (), ("--version", "other"), ("--set", "dev"), ()
    told += [(await typed(evals, easy, "run", *more, "--json")).json for more in others]

    assert [one["attempt"] for one in told] == [1, 1, 1, 2, 1, 1, 3]
    assert [round(one["confidence"], 4) for one in told[2:4]] == [0.9696, 0.9924]
    assert {one["by"] for one in told} == {"ana"}
    listed = (await typed(evals, terminal, "list", "--json")).json
    assert [one["attempt"] for one in reversed(listed)] == [one["attempt"] for one in told]
    shown = await typed(evals, terminal, "show", told[3]["run"], "--json")
    assert (shown.json["attempt"], shown.json["by"]) == (2, "ana")
    assert await audited(store) == [("terminal:ana", "evaluation.asked")] * 7


async def test_an_evaluation_that_is_killed_after_somebody_could_look_was_an_attempt(
    terminal: dict[str, str], store: Store
) -> None:
    """Whoever takes away a case that went wrong has had the first try; the killed one keeps its
    number when it is gone on with."""
    easy, pack = easily(terminal), Path(terminal["APRENDIZ_APP__PACK"])
    more = [{**CASES[0], "name": f"price {place}"} for place in range(MANY)]
    whole = [*CASES, *TOWNS, *more]
    small_pack(pack, whole)
    command = [sys.executable, str(ROOT / "main.py"), "eval", "run", "--json"]
    slowly = os.environ | easy | {"APRENDIZ_EVALUATION__AT_ONCE": "1"}
    process = await asyncio.create_subprocess_exec(*command, env=slowly, stdout=DEVNULL)
    await until(lambda: answers(store), seconds=60)
    process.kill()
    assert await process.wait() == -signal.SIGKILL
    (left,) = await evaluated(store)
    assert (left.state, left.attempt, left.spent) == ("running", 1, True)

    small_pack(pack, [one for one in whole if one["name"] != "wrong"])
    fewer = (await typed(evals, easy, "run", "--json")).json
    small_pack(pack, whole)
    gone_on = (await typed(evals, easy, "run", "--json")).json
    last = (await typed(evals, easy, "run", "--json")).json

    assert gone_on["run"] == str(left.id)
    assert [one["attempt"] for one in (fewer, gone_on, last)] == [2, 1, 3]
    assert [run.attempt for run in await evaluated(store)] == [1, 2, 3]


def easily(terminal: dict[str, str]) -> dict[str, str]:
    """With limits that a few cases can show to be kept."""
    return terminal | {f"APRENDIZ_EVALUATION__{name.upper()}": str(EASY[name]) for name in EASY}


async def answers(store: Store) -> bool:
    async with store.reading() as session:
        return bool(await session.scalar(select(func.count()).select_from(EvalResult)))


async def evaluated(store: Store) -> list[EvalRun]:
    async with store.reading() as session:
        return list(await session.scalars(select(EvalRun).order_by(EvalRun.created_at)))


async def audited(store: Store) -> list[tuple[str, str]]:
    async with store.reading() as session:
        rows = await session.scalars(select(AuditEvent).order_by(AuditEvent.number))
        return [(row.actor, row.action) for row in rows]
