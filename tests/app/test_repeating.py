"""Evaluations that are repeated: each has to be surer than the one before."""

from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.commands_eval import evals
from store.audit import AuditEvent
from store.session import Store
from tests.app.packs import CASES, small_pack, version
from tests.app.terminal import typed

TOWNS: list[dict[str, Any]] = [
    {"name": split, "split": split, "messages": ["¿la envían a Temuco?"], "must": ["envío"],
     "intent": "consulta_envio", "slots": {"city": "Temuco"}}
    for split in ("test", "dev")
]  # fmt: skip


async def test_the_next_evaluation_of_a_model_has_to_be_surer(
    terminal: dict[str, str], store: Store
) -> None:
    """One that had too few cases to pass spends nothing; another model, or another set, begins
    anew."""
    terminal |= {"USER": "ana"}
    told = [(await typed(evals, terminal, "run", "--json")).json for _ in range(2)]
    few = {"slot_exact": 0.0, "intent_f1": 0.0, "correct": 0.1, "off_policy": 0.2}
    limits = {f"APRENDIZ_EVALUATION__{name.upper()}": str(few[name]) for name in few}
    small_pack(Path(terminal["APRENDIZ_APP__PACK"]), [*CASES, *TOWNS])
    easy = terminal | limits
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
    assert await audited(store) == [("terminal:ana", "evaluation.start")] * 7


async def audited(store: Store) -> list[tuple[str, str]]:
    async with store.reading() as session:
        rows = await session.scalars(select(AuditEvent).order_by(AuditEvent.number))
        return [(row.actor, row.action) for row in rows]
