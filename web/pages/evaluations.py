"""Evaluations: asked for, followed, compared with whoever answers now, failing cases first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from evaluation.comparing import MEASURES, flipped, measured, paired
from jobs.evaluating import Asked, want
from jobs.schedule import EVALUATION
from learning.answerable import answerable
from learning.rollout import Refused
from services.clock import now
from store import evaluating, work
from store.evaluations import EvalResult, EvalRun
from store.session import ReadSession
from store.versions import ModelVersion
from web import csv, versions
from web.identity import identity_of
from web.pages.refusing import not_found, refused
from web.permissions import Perm
from web.rendering import is_part, unless_known
from web.routing import Route
from web.sheets import BadMark, sheet
from web.workshop import Bench

HOME = "/admin/evaluaciones"
ONE = f"{HOME}/{{run}}"
FAILED, RIGHT, FLIPS = 200, 50, 20
COLUMNS = ("case", "passed", "points", "faults", "reply", "latency_ms", "cost_micros")


@dataclass(frozen=True, slots=True)
class Evaluations:
    bench: Bench

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", HOME, self.show, Perm.EVALUATION_READ),
            Route("POST", HOME, self.start, Perm.EVALUATION_WRITE),
            Route("GET", ONE, self.card, Perm.EVALUATION_READ),
            Route("GET", f"{ONE}/casos.csv", self.table, Perm.EVALUATION_READ),
        ]

    async def show(self, request: Request, antes: str = "") -> Response:
        bench = self.bench
        try:
            async with bench.store.tenant(bench.shop) as session:
                mine = select(EvalRun).where(EvalRun.shop_id == bench.shop)
                listed = await sheet(session, mine, EvalRun, antes)
                names = {one.id: one.name for one in await _named(session, listed.rows)}
                going = [one.id for one in listed.rows if one.state == "running"]
                done = await evaluating.answered(session, bench.shop, going)
                queue = await work.open_runs(session, bench.shop, [EVALUATION])
                models = await versions.names(session, bench.shop)
        except BadMark:
            return not_found(bench.pages, request, HOME)
        template = "_corridas.html" if is_part(request, "corridas") else "evaluaciones.html"
        answer = bench.pages.answer(
            request, template, listed=listed, names=names, done=done, before=antes,
            waiting=[one for one in queue if one.state == "waiting"], models=models,
        )  # fmt: skip
        return unless_known(request, answer)

    async def start(
        self,
        request: Request,
        conjunto: Annotated[Literal["dev", "test", "lab"], Form()] = "test",
        version: Annotated[str, Form(max_length=40)] = "",
    ) -> Response:
        """Without a version, whoever answers customers now."""
        bench, name = self.bench, ""
        if version:
            async with bench.store.tenant(bench.shop) as session:
                found = await session.get(ModelVersion, (bench.shop, _id(version)))
            if found is None:
                return not_found(bench.pages, request, HOME)
            try:
                await answerable(bench.settings, found)
            except Refused as error:
                return refused(bench.pages, request, error, HOME, status=409)
            name = found.name
        run = Asked(conjunto, "", name).run(bench.shop, now(), by=identity_of(request).name)
        after = {"set": conjunto, "version": name}
        async with bench.together() as one:
            await want(one.store, run)
            await one.audit(request, "evaluation.asked", "evaluation", None, after)
        await bench.workshop.offer(run)
        await bench.news.tell("job", id=EVALUATION)
        return RedirectResponse(HOME, 303)

    async def card(self, request: Request, run: UUID) -> Response:
        bench = self.bench
        async with bench.store.tenant(bench.shop) as session:
            row = await session.get(EvalRun, (bench.shop, run))
            if row is None:
                return not_found(bench.pages, request, HOME)
            rows = await evaluating.results(session, bench.shop, run)
            names = await _named(session, [row])
            base = await self._baseline(session, row)
            before = await evaluating.results(session, bench.shop, base.id) if base else []
        wrong = sorted((one for one in rows if not one.passed), key=lambda one: one.points)
        return bench.pages.answer(
            request, "evaluacion.html", run=row, wrong=wrong[:FAILED], failed=len(wrong),
            right=[one for one in rows if one.passed][:RIGHT], total=len(rows),
            name=names[0].name if names else "", base=base, **_compared(before, rows),
        )  # fmt: skip

    async def _baseline(self, session: ReadSession, run: EvalRun) -> EvalRun | None:
        """The newest one of whoever answers now, of the same cases; never the run itself."""
        shop = self.bench.shop
        active = await evaluating.active_version(session, shop)
        id_ = active.id if active else None
        of: dict[str, Any] = {"set_id": run.set_id} | ({"split": run.split} if run.split else {})
        found = await evaluating.last_done(session, shop, id_, run.kind, **of)
        return found if found is not None and found.id != run.id else None

    async def table(self, request: Request, run: UUID) -> Response:
        bench = self.bench
        async with bench.store.tenant(bench.shop) as session:
            row = await session.get(EvalRun, (bench.shop, run))
            rows = await evaluating.results(session, bench.shop, run) if row else []
        if row is None:
            return not_found(bench.pages, request, HOME)
        lines = [
            (one.name, one.passed, one.points, "; ".join(one.faults), one.reply, one.latency_ms,
             one.cost_micros)
            for one in rows
        ]  # fmt: skip
        await bench.audit(request, "evaluation.download", f"evaluation:{run}", None, None)
        return csv.answer(f"evaluacion-{run.hex[:8]}", COLUMNS, csv.each(lines))


def _compared(before: Sequence[EvalResult], rows: Sequence[EvalResult]) -> dict[str, Any]:
    gaps = {name: paired(measured(before, name), measured(rows, name)) for name in MEASURES}
    return {
        "gaps": {name: gap for name, gap in gaps.items() if gap},
        "flips": flipped(before, rows)[:FLIPS],
    }


async def _named(session: ReadSession, runs: Sequence[EvalRun]) -> Sequence[ModelVersion]:
    ids = [one.version_id for one in runs if one.version_id]
    if not ids:
        return []
    mine = ModelVersion.shop_id == runs[0].shop_id, ModelVersion.id.in_(ids)
    return list(await session.scalars(select(ModelVersion).where(*mine)))


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
