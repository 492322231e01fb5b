"""`eval lab`: a pack's simulated customers live through the whole pipeline, and what it was worth.

They talk to a shop of their own, with the pack's samples, on a network in memory.
"""

import asyncio
import hashlib
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Any, Final
from uuid import uuid4

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.console import FAILED, emit, refuse, talk
from app.evaluating import Bench, Wanted, bench, note
from app.examiner import taught
from app.lab_views import show_lab
from app.lives import HabitsChannel, Life, Words
from app.parts import build
from app.personas import Lived, Persona, read_personas
from app.pipeline import pipeline
from app.plugins import Setting
from app.sandbox import sandbox, tidy
from app.simulation import ACCOUNT
from bot.channels.base import Channel
from config.insults import insults
from config.packs import Pack
from config.settings import Settings
from evaluation.cases import golden_set
from evaluation.comparing import Difference, paired
from evaluation.laboratory import Experience, Points, points
from events import dead
from knowledge.prompt import own_recognisers
from store import evaluating
from store.evaluations import EvalRun
from text.privacy import scrub

FILE: Final = "personas.toml"
PATIENCE_S: Final = 20.0
PAID: Final = "Banco de prueba, cuenta 123"


@dataclass(frozen=True, slots=True)
class Outcome:
    persona: Persona
    lived: Lived
    points: Points


async def lab(settings: Settings, wanted: Wanted, *, as_json: bool) -> int:
    """1 when somebody was told what must never be said, or an event ended on the dead letters."""
    async with bench(settings, wanted) as at:
        file = _cast(at.pack)
        personas = read_personas(file)
        began = time.perf_counter()
        lived, letters = await _lived(at, personas)
        seconds = time.perf_counter() - began
        outcomes = [
            Outcome(persona, one, points(_experience(persona, one), persona.never, insults()))
            for persona, one in zip(personas, lived, strict=True)
        ]
        before = await _before(at)
        told = _told(at, outcomes, (letters, seconds))
        told["run"] = await _kept(at, outcomes, told, (_mark(file), wanted))
        change = await _change(at, outcomes, before)
    told |= {"change": change.told() if change else None, "by": wanted.by}
    if as_json:
        emit(told)
    else:
        show_lab(told)
    return FAILED if letters or any(one.points.forbidden for one in outcomes) else 0


def _cast(pack: Pack) -> Path:
    file = pack.folder / FILE
    if not file.is_file():
        hint = "examples/personas.toml shows how they are written"
        refuse(f"the pack {pack.name} brings no simulated customers", str(file), hint, code=FAILED)
    return file


async def _lived(at: Bench, personas: Sequence[Persona]) -> tuple[list[Lived], int]:
    made: list[HabitsChannel] = []

    def habits(setting: Setting) -> Channel:
        made.append(HabitsChannel(setting.shop, setting.account))
        return made[-1]

    orders = at.settings.orders.model_copy(update={"enabled": True, "transfer": PAID})
    selling = at.settings.model_copy(update={"orders": orders})
    async with sandbox(selling, at.here, str(at.pack.folder)) as under:
        try:
            async with build(
                under, at.here, at.extension, {ACCOUNT: habits}, hearing=Words()
            ) as parts:
                await taught(at.store, at.shop.id, parts.shop)
                async with at.examinee.replying(parts) as replier:
                    with_it = replace(parts, replier=replier)
                    async with pipeline(with_it, at.here.redis_url, at.extension):
                        lived = await _played(made[0], personas, under.evaluation.at_once)
                letters = len([one async for one in dead.letters(parts.stream)])
        finally:
            await tidy(at.here.redis_url, under.redis.prefix)
    return lived, letters


async def _played(channel: HabitsChannel, personas: Sequence[Persona], at_once: int) -> list[Lived]:
    """One customer of each persona, so many at once."""
    gate, run = asyncio.Semaphore(at_once), uuid4().hex[:8]
    columns = TextColumn("living"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=talk, transient=True) as progress:
        task = progress.add_task("", total=len(personas))

        async def one(persona: Persona) -> Lived:
            lived = Lived(persona.name)
            async with gate:
                chat = f"{run}-{persona.name}"
                life = Life(channel, chat, persona, lived, stubborn=True, patience_s=PATIENCE_S)
                await life.live()
            progress.advance(task)
            return lived

        return list(await asyncio.gather(*map(one, personas)))


def _experience(persona: Persona, lived: Lived) -> Experience:
    return Experience(
        due=sum(step.expect is not None for step in persona.steps),
        right=lived.answered,
        unanswered=lived.unanswered,
        surplus=lived.surplus,
        after_a_person=lived.after_a_person,
        heard=tuple(lived.heard),
    )


async def _before(at: Bench) -> EvalRun | None:
    """The last time of whoever answers customers now."""
    set_id = golden_set(at.shop, at.pack)
    async with at.store.reading() as session:
        active = await evaluating.active_version(session, at.shop.id)
        found = active.id if active is not None else None
        return await evaluating.last_done(session, at.shop.id, found, "laboratory", set_id=set_id)


async def _change(
    at: Bench, outcomes: Sequence[Outcome], before: EvalRun | None
) -> Difference | None:
    """Persona by persona; None the first time."""
    if before is None:
        return None
    async with at.store.reading() as session:
        rows = await evaluating.results(session, at.shop.id, before.id)
    first = {row.name: row.points for row in rows}
    return paired(first, {one.persona.name: one.points.total for one in outcomes})


async def _kept(
    at: Bench, outcomes: Sequence[Outcome], told: dict[str, Any], asked: tuple[str, Wanted]
) -> str:
    run_id, set_id, extra = uuid4(), golden_set(at.shop, at.pack), own_recognisers(at.pack)
    row = {
        "shop_id": at.shop.id, "id": run_id, "set_id": set_id, "version_id": at.version_id,
        "kind": "laboratory", "models": at.models, "fingerprint": asked[0],
        "requested_by": asked[1].by, "cases": len(outcomes),
    }  # fmt: skip
    rows = [
        {
            "shop_id": at.shop.id, "run_id": run_id, "name": one.persona.name, "case_id": None,
            "passed": not one.points.forbidden and one.lived.wrong == one.lived.unanswered == 0,
            "points": one.points.total,
            "faults": [scrub(text, extra=extra).text for text in faults_of(one)],
            "reply": scrub("\n\n".join(one.lived.heard), extra=extra).text,
            "observed": asdict(one.points), "latency_ms": _slowest(one.lived), "cost_micros": 0,
        }
        for one in outcomes
    ]  # fmt: skip
    async with at.store.transaction() as session:
        await evaluating.keep_set(session, at.shop.id, set_id, at.pack.name)
        await evaluating.begin(session, row)
        await note(session, at.shop.id, asked[1], str(run_id))
        await evaluating.keep_results(session, rows)
        figures = {name: told[name] for name in ("parts", "seconds", "dead_letters")}
        await evaluating.end(
            session, at.shop.id, run_id, {"score": told["score"], "figures": figures}
        )
    return str(run_id)


def faults_of(one: Outcome) -> list[str]:
    return [*(f"said: {text}" for text in one.points.forbidden), *one.lived.complaints]


def _slowest(lived: Lived) -> int:
    return round(max(lived.waits, default=0.0) * 1000)


def _told(at: Bench, outcomes: Sequence[Outcome], how: tuple[int, float]) -> dict[str, Any]:
    letters, seconds = how
    kinds = ("goal", "kept", "manners")
    return {
        "shop": at.shop.key, "pack": at.pack.name, "models": at.models,
        "version": at.version.name if at.version else None,
        "score": round(fmean(one.points.total for one in outcomes), 1),
        "parts": {
            kind: round(fmean(getattr(one.points, kind) for one in outcomes), 1) for kind in kinds
        },
        "seconds": round(seconds, 1), "dead_letters": letters,
        "personas": [
            {"persona": one.persona.name, "title": one.persona.title, "score": one.points.total,
             "right": one.lived.answered, "due": _experience(one.persona, one.lived).due,
             "forbidden": list(one.points.forbidden), "faults": faults_of(one),
             "slowest_ms": _slowest(one.lived)}
            for one in outcomes
        ],
    }  # fmt: skip


def _mark(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
