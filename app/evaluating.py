"""`eval run`: a model answers the golden cases and real messages, and its gates are told."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from uuid import UUID, uuid4

from app.backing import Backing, backing
from app.candidates import answering_with, chosen, models_of
from app.console import FAILED, acting, emit, refuse, said_once
from app.examinee import Examinee
from app.examiner import Examiner
from app.gate_views import show_gates
from app.plugins import App, find_pack, load
from app.shop import set_up_shop
from config.packs import Pack
from config.settings import Settings
from evaluation.cases import Given, fingerprint, golden_set, labelled, seed
from evaluation.gates import Gate, Verdict, confidence_of, gates, verdict_of
from evaluation.metrics import Figures, Row
from evaluation.planning import Plan, planned
from evaluation.understanding import understand
from handlers.learned import Classifiers
from learning.answerable import answerable
from store import evaluating
from store.app import Shop
from store.audit import record
from store.evaluations import EvalRun
from store.session import Store, WriteSession, open_store
from store.shops import find_shop
from store.versions import ModelVersion

NOT_ENOUGH = 3
"""Exit code of an evaluation that nothing failed, and that too few cases were given."""
CODES: dict[Verdict, int] = {"passed": 0, "failed": FAILED, "not_enough": NOT_ENOUGH}


@dataclass(frozen=True, slots=True)
class Wanted:
    """`pack` is that of the shop when it is empty, `version` whoever answers there now."""

    shop: str = ""
    version: str = ""
    split: str = "test"
    pack: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Bench:
    """Where an evaluation works: a shop, its pack and who is to answer."""

    settings: Settings
    here: Backing
    store: Store
    shop: Shop
    pack: Pack
    extension: App
    version: ModelVersion | None

    @property
    def version_id(self) -> UUID | None:
        return self.version.id if self.version is not None else None

    @property
    def examinee(self) -> Examinee:
        return Examinee(self.shop.id, self.version)

    @property
    def models(self) -> list[str]:
        return models_of(self.settings)


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a run that was the `attempt`-th of its model, judged with `confidence`."""

    run: EvalRun
    attempt: int
    confidence: float
    figures: Figures
    gates: Sequence[Gate]

    @property
    def verdict(self) -> Verdict:
        return verdict_of(self.gates)


@asynccontextmanager
async def bench(settings: Settings, wanted: Wanted) -> AsyncIterator[Bench]:
    async with backing(settings, said_once()) as here, bench_at(settings, here, wanted) as at:
        yield at


@asynccontextmanager
async def bench_at(settings: Settings, here: Backing, wanted: Wanted) -> AsyncIterator[Bench]:
    extension = load(settings.app.plugins)
    store = open_store(here.database_url, role="pipeline", pool=4)
    try:
        shop = await _shop(store, settings, wanted.shop, extension)
        pack = find_pack(wanted.pack or shop.pack, extension)
        version = await chosen(store, shop.id, wanted.version)
        if version is not None:
            await answerable(settings, version)
        with_it = answering_with(settings, version)
        yield Bench(with_it, here, store, shop, pack, extension, version)
    finally:
        await store.close()


async def run(settings: Settings, wanted: Wanted, *, as_json: bool) -> int:
    async with bench(settings, wanted) as at:
        given = await given_of(at, wanted.split)
        if not given.cases and not given.labels:
            refuse("there is nothing to ask", f"the pack {at.pack.name} has no cases", code=FAILED)
        judged = await concluded(at, wanted, given)
        _tell(at, judged, as_json=as_json)
    return CODES[judged.verdict]


async def concluded(at: Bench, wanted: Wanted, given: Given) -> Judged:
    """Every case asked, and what its gates say of the answers written down."""
    plan = await _planned(at, given)
    run_id, rows, asked = await _answered(at, wanted, given, plan)
    figures = partial(plan.figures, rows, asked.intents, asked.slots)
    return await _judged(at, run_id, plan, figures)


async def given_of(at: Bench, split: str) -> Given:
    """The cases of the pack are brought up to date on the way."""
    set_id = golden_set(at.shop, at.pack)
    async with at.store.transaction() as session:
        await seed(session, at.shop.id, set_id, at.pack)
        rows = await evaluating.cases(session, at.shop.id, set_id, split)
    return Given(set_id, tuple(rows), tuple(labelled(at.pack, split)))


async def _planned(at: Bench, given: Given) -> Plan:
    classifiers = Classifiers(at.store, at.pack)
    learned = (await classifiers.of(at.shop.id)).classifier
    await classifiers.close()
    read = understand(at.pack, given.labels, learned)
    async with at.store.reading() as session:
        counts = await evaluating.asked_for(session, at.shop.id)
    return planned(given, at.pack, read, counts, at.settings.evaluation.top_intents)


async def _answered(
    at: Bench, wanted: Wanted, given: Given, plan: Plan
) -> tuple[UUID, Sequence[Row], Examiner]:
    """Goes on with a run of the same cases that was cut short."""
    mark = fingerprint(given, at.models)
    async with at.store.transaction() as session:
        run_id = await evaluating.unfinished(session, at.shop.id, at.version_id, mark)
        if run_id is None:
            run_id = uuid4()
            row = {
                "shop_id": at.shop.id, "id": run_id, "set_id": given.set_id,
                "version_id": at.version_id, "kind": "golden", "split": wanted.split,
                "models": at.models, "fingerprint": mark, "requested_by": wanted.by,
                "cases": len(given.cases) + len(given.labels),
            }  # fmt: skip
            await evaluating.begin(session, row)
            await note(session, at.shop.id, wanted, str(run_id))
    risk = plan.risk(at.settings.evaluation)
    place = at.settings, at.here, at.store, at.shop, at.examinee, at.pack, at.extension
    examiner = Examiner(*place, run_id, risk)
    return run_id, await examiner.examine(given), examiner


async def note(session: WriteSession, shop: UUID, wanted: Wanted, what: str) -> None:
    """In the audit, in the transaction of what was asked for."""
    if who := acting():
        told = {"set": wanted.split, "version": wanted.version}
        await record(session, shop, who, "evaluation.asked", f"evaluation:{what}", after=told)


async def _judged(
    at: Bench, run_id: UUID, plan: Plan, figures_of: Callable[[float], Figures]
) -> Judged:
    """By the number it got with its first answer; one that could not pass gets another one now,
    after all that could."""
    knobs = at.settings.evaluation
    async with at.store.transaction() as session:
        run = await evaluating.number(session, at.shop.id, run_id, plan.risk(knobs))
        attempt = run.attempt or 1
        sure = confidence_of(attempt, knobs.confidence)
        figures = figures_of(sure)
        found = gates(figures, knobs, attempt)
        told = {
            "figures": figures.told(),
            "gates": [gate.told() for gate in found],
            "verdict": verdict_of(found),
            "confidence": sure,
        }
        await evaluating.end(session, at.shop.id, run_id, told)
        return Judged(run, attempt, sure, figures, found)


async def _shop(store: Store, settings: Settings, key: str, extension: App) -> Shop:
    if key in {"", settings.app.shop}:
        await set_up_shop(store, settings, find_pack(settings.app.pack, extension))
    async with store.reading() as session:
        shop = await find_shop(session, key or settings.app.shop)
    if shop is None:
        refuse(f"there is no shop {key!r}", "no bot ever ran for it")
    return shop


def _tell(at: Bench, judged: Judged, *, as_json: bool) -> None:
    head = {
        "run": str(judged.run.id),
        "shop": at.shop.key,
        "pack": at.pack.name,
        "set": judged.run.split,
        "version": at.version.name if at.version else None,
        "models": at.models,
        "verdict": judged.verdict,
        "attempt": judged.attempt,
        "confidence": judged.confidence,
        "by": judged.run.requested_by,
    }
    found, figures = judged.gates, judged.figures.told()
    if as_json:
        emit(head | {"gates": [gate.told() for gate in found], "figures": figures})
        return
    show_gates(head, found, figures)
