"""A shop whose models, data and evaluations have a past to look at."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert

from config.packs import Pack
from config.rollout import RolloutSettings
from config.settings import CurationSettings
from config.training import TrainingSettings
from evaluation.cases import golden_set, seed
from evaluation.gates import Gate as Bar
from evaluation.gates import (
    at_least_right,
    at_most_wrong,
    confidence_of,
    macro_f1,
    quick,
    verdict_of,
)
from learning.dataset import Steps
from learning.measuring import Bounded
from learning.ordering import Office
from services.clock import now
from store import evaluating, facts
from store.app import Shop
from store.nlu import NluModel
from store.session import Store
from store.versions import ModelVersion, TrainingEvent, TrainingJob
from tests.builders import add_history
from tests.fixtures.rows import a_row
from tests.learning.served import PASSED, Stage, Talked

KNOBS = RolloutSettings(least=10)
INTENTS = ("consulta_precio", "consulta_envio", "proceso_pago", "solicitud_foto")


async def add_past(store: Store, shop: UUID, pack: Pack, folder: Path) -> list[ModelVersion]:
    """A dataset, trainings in several states, versions, evaluations, a canary on its way."""
    await add_history(store, shop, 40, first=now() - timedelta(hours=60))
    office = Office(store, TrainingSettings())
    settings = CurationSettings(per_customer=1.0, settle_h=0)
    built = await office.prepare(shop, folder / "datasets", Steps(), settings=settings)
    jobs = await _trained(store, shop, built.id)
    versions = await _versions(store, shop, built.id, jobs)
    await _evaluated(store, shop, pack, versions)
    await _learned(store, shop)
    await add_days(store, shop, 14)
    await _canary(store, shop, versions[1])
    return versions


async def _trained(store: Store, shop: UUID, dataset: UUID) -> list[UUID]:
    """One that goes on, one that failed, one that succeeded."""
    states = [
        ("running", 62, "step 31 of 50, loss 0.8123", None),
        ("failed", 12, "", "The base model is gone: it was deleted. Name another one"),
        ("succeeded", 100, "succeeded", None),
    ]
    ids = [uuid4() for _ in states]
    async with store.transaction() as session:
        for id_, (state, percent, stage, error) in zip(ids, states, strict=True):
            at = now() - timedelta(minutes=20)
            values: dict[str, Any] = {
                "shop_id": shop, "id": id_, "dataset_id": dataset, "trainer": "local",
                "base_model": "modelos/pequeño", "state": state, "progress": percent,
                "stage": stage, "error": error, "requested_by": "Eva", "approved_by": "Eva",
                "conversations": 40, "parameters": {"epochs": 3}, "started_at": at,
            }  # fmt: skip
            await session.execute(insert(TrainingJob).values(values))
        lines = [
            {"shop_id": shop, "job_id": ids[0], "number": step, "at": now(),
             "message": f"step {step} of 50, loss {2 / step:.4f}",
             "metrics": {"step": step, "epoch": step / 17, "loss": 2 / step}}
            for step in range(1, 32)
        ]  # fmt: skip
        await session.execute(insert(TrainingEvent), lines)
    return ids


async def _versions(
    store: Store, shop: UUID, dataset: UUID, jobs: list[UUID]
) -> list[ModelVersion]:
    made = [
        ModelVersion(
            shop_id=shop, id=uuid4(), name=name, provider="offline", base_model="modelos/pequeño",
            model=name, dataset_id=dataset, job_id=job, state=state,
            parameters={"temperature": 0.7, "top_p": 0.9},
            deployed_at=now() - timedelta(days=9) if state == "active" else None,
        )
        for name, state, job in (
            ("tienda-v1", "active", jobs[2]), ("tienda-v2", "candidate", jobs[2]),
            ("tienda-v0", "retired", None),
        )
    ]  # fmt: skip
    async with store.transaction() as session:
        session.add_all(made)
    return made


async def _evaluated(store: Store, shop: UUID, pack: Pack, versions: list[ModelVersion]) -> None:
    for place, version in enumerate(versions[:2]):
        bars = [
            macro_f1("intent_f1", Bounded(0.91 + place / 50, 0.88, 0.95), 120, 0.92, 0.95),
            at_least_right("slot_exact", (57, 60), 0.90, 0.95),
            at_most_wrong("off_policy", (place, 200), 0.015, 0.95),
            at_least_right("correct", (40 + 3 * place, 50), 0.85, 0.95),
            quick("latency_rag", [900, 1200, 2100] * 30, 3.5, 0.95),
            quick("latency", [300, 400] * 10, 2.2, 0.95),
        ]
        await add_run(store, shop, pack, version, bars, wrong=9 - 3 * place)


async def add_run(
    store: Store, shop: UUID, pack: Pack, version: ModelVersion, bars: list[Bar], wrong: int
) -> UUID:
    run = uuid4()
    async with store.transaction() as session:
        row = await session.get_one(Shop, shop)
        set_id = golden_set(row, pack)
        await seed(session, shop, set_id, pack)
        begun = {
            "shop_id": shop, "id": run, "set_id": set_id, "version_id": version.id,
            "kind": "golden", "split": "test", "models": [f"ollama:{version.model}"],
            "fingerprint": "x", "requested_by": "Eva", "cases": 20,
        }  # fmt: skip
        await evaluating.begin(session, begun)
        results: list[dict[str, Any]] = [
            {"shop_id": shop, "run_id": run, "name": f"caso-{number:02}", "case_id": None,
             "passed": number >= wrong, "points": 100.0 if number >= wrong else 0.0,
             "faults": [] if number >= wrong else ["missing: 24.990"],
             "reply": f"La mochila {number} cuesta $24.990", "observed": {},
             "latency_ms": 400 + 10 * number, "cost_micros": 120}
            for number in range(20)
        ]  # fmt: skip
        await evaluating.keep_results(session, results)
        await evaluating.number(session, shop, run, _risk)
        told = {
            "gates": [bar.told() for bar in bars], "verdict": verdict_of(bars),
        }  # fmt: skip
        await evaluating.end(session, shop, run, told)
    return run


def _risk(attempt: int) -> dict[str, Any]:
    return {"attempt": attempt, "confidence": confidence_of(attempt, 0.95), "spent": True}


async def _learned(store: Store, shop: UUID) -> None:
    for version, value in ((1, 0.92), (2, 0.89)):
        f1 = {
            name: {"value": value - place / 20, "low": 0.7, "high": 0.97}
            for place, name in enumerate(INTENTS)
        }
        header = {"metrics": {"macro_f1": {"value": value, "low": 0.8, "high": 0.95}, "f1": f1}}
        row = {"shop_id": shop, "version": version, "pack": "ventas", "data": b"", "header": header}
        async with store.transaction() as session:
            await session.execute(insert(NluModel).values(row | {"active": version == 2}))


async def add_days(store: Store, shop: UUID, count: int) -> None:
    today = now().date()
    rows = [
        a_row(facts.DailyFact.__table__, shop)  # type: ignore[arg-type]
        | {"day": today - timedelta(days=back), "costs": {}, "refused": {},
           "cost_micros": 900_000 + 61_000 * (back * 7 % 11), "p95_ms": 900 + 70 * (back * 5 % 9)}
        for back in range(count, 0, -1)
    ]  # fmt: skip
    async with store.transaction() as session:
        await facts.keep_days(session, rows)


async def _canary(store: Store, shop: UUID, version: ModelVersion) -> None:
    """A day of conversations, of which the candidate has half."""
    stage = Stage(store, shop, knobs=KNOBS)
    stage.clock.at = now() - timedelta(hours=20)
    rollout = await stage.controller.start(version, PASSED, "Eva", 50, forced=False)
    assert rollout.percent == 50
    talks = [
        Talked(
            number, timedelta(minutes=5 * number), 3 + (number * 7) % 3, cost=200 + number % 50,
            latency_ms=300 + 11 * (number % 40),
        )
        for number in range(160)
    ]  # fmt: skip
    await stage.talked(*talks)
