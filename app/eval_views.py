"""What evaluations found: every run, what was wrong in one, and two side by side."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from rich.markup import escape
from rich.table import Table

from app.console import FAILED, emit, refuse, result
from app.desk import Desk, known_shop, opened
from app.library import library
from config.settings import Settings
from evaluation.comparing import MEASURES, measured, paired
from evaluation.report import repeated
from store import evaluating
from store.evaluations import EvalResult, EvalRun
from store.session import ReadSession

NEWEST: Final = 30
CURRENT: Final = "current"
SETTINGS: Final = "settings"
"""What is said of the models of the settings, which have no version."""


async def show(settings: Settings, key: str, *, as_json: bool) -> None:
    async with library(settings, key) as at, at.store.reading() as session:
        found = [_line(row.EvalRun, row.version) for row in await evaluating.runs(
            session, at.shop, NEWEST
        )]  # fmt: skip
    if as_json:
        emit(found)
        return
    if not found:
        result.print("No evaluation yet. Begin one with: main.py eval run")
        return
    table = Table("run", "what", "of", "set", "verdict", "score", "when", "by", box=None)
    for one in found:
        when = f"{one['created_at']:%Y-%m-%d %H:%M}"
        cells = (one["run"][:8], one["kind"], one["version"] or SETTINGS, one["set"] or "")
        score = "" if one["score"] is None else f"{one['score']:g}"
        table.add_row(*cells, one["verdict"] or one["state"], score, when, escape(one["by"]))
    result.print(table)


def _line(run: EvalRun, version: str | None) -> dict[str, Any]:
    return {
        "run": str(run.id), "kind": run.kind, "version": version, "models": run.models,
        "set": run.split, "state": run.state, "verdict": run.verdict, "score": run.score,
        "attempt": run.attempt, "confidence": run.confidence, "by": run.requested_by,
        "created_at": run.created_at,
    }  # fmt: skip


async def one(settings: Settings, key: str, which: str, *, as_json: bool) -> None:
    """Every case that went wrong, or all of them as JSON."""
    async with opened(settings, key) as desk:
        run, rows = await _found(desk, key, which)
    if as_json:
        emit(_line(run, None) | {"figures": run.figures, "gates": run.gates} | {"cases": [
            {"case": row.name, "passed": row.passed, "points": row.points, "faults": row.faults,
             "reply": row.reply, "latency_ms": row.latency_ms} for row in rows
        ]})  # fmt: skip
        return
    if run.attempt is not None and run.confidence is not None:
        result.print(repeated(run.attempt, run.confidence, "en"))
    wrong = [row for row in rows if row.faults]
    for row in wrong:
        result.print(f"{row.name}: {'; '.join(row.faults)}", markup=False, soft_wrap=True)
        result.print(f"    {row.reply}", markup=False, soft_wrap=True)
    result.print(f"[dim]{len(wrong)} of {len(rows)} with something to look at[/]")


async def compare(
    settings: Settings, key: str, names: Sequence[str], split: str, *, as_json: bool
) -> None:
    """The newest evaluations of two versions, or two runs, on the cases that both were given."""
    async with opened(settings, key) as desk:
        first, second = [await _found(desk, key, name, split=split) for name in names]
    told: dict[str, Any] = {"first": str(first[0].id), "second": str(second[0].id)}
    for name in MEASURES:
        gap = paired(*(measured(rows, name) for _, rows in (first, second)))
        if gap is None:
            hint = "evaluate both with the same --set and --pack"
            refuse("they have no case in common", hint=hint, code=FAILED)
        told[name] = gap.told()
    if as_json:
        emit(told)
        return
    table = Table("second less first", "difference", "between", "better", "worse", "sure", box=None)
    for name in MEASURES:
        gap = told[name]
        between = f"{gap['low']:+g} … {gap['high']:+g}"
        cells = f"{gap['value']:+g}", between, str(gap["better"]), str(gap["worse"])
        table.add_row(name, *cells, gap["sure"] or "not sure")
    result.print(table)


async def _found(
    desk: Desk, key: str, which: str, **of: object
) -> tuple[EvalRun, list[EvalResult]]:
    """A run by the beginning of its id; else the newest of a version, or of `current`: whoever
    answers customers now."""
    shop = (await known_shop(desk, key)).id
    async with desk.store.reading() as session:
        run = await _of_version(session, shop, which, of)
        if run is None:
            named = await evaluating.run_by_id(session, shop, which)
            run = named[0] if len(named) == 1 else None
        if run is None:
            hint = "main.py eval list shows what there is"
            refuse(f"there is no evaluation {which!r}", hint=hint, code=FAILED)
        return run, await evaluating.results(session, shop, run.id)


async def _of_version(
    session: ReadSession, shop: UUID, name: str, of: Mapping[str, object]
) -> EvalRun | None:
    if name == CURRENT:
        version = await evaluating.active_version(session, shop)
    elif (version := await evaluating.version_named(session, shop, name)) is None:
        return None
    found = version.id if version is not None else None
    return await evaluating.last_done(session, shop, found, "golden", **of)
