"""Trainings: asked for, approved, followed while they go on, cancelled and tried again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final, Literal, TypeAlias
from uuid import UUID

from fastapi import Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from jobs.schedule import DEPLOYMENT
from jobs.training import follower_of, training_of
from learning.errors import DatasetError
from learning.ordering import AWAITED, Wanted
from learning.refusals import TrainingRefused
from learning.trainers.base import TrainerError
from learning.trainers.bases import fitting
from learning.trainers.opening import OPENERS, usual_base
from services.clock import now
from store import datasets, trainings, work
from store.audit import record
from store.session import WriteSession
from store.trainings import ENDED
from store.versions import TrainingJob
from web import charts
from web.charts import Chart, Series
from web.identity import actor_of, identity_of
from web.ordered import FIELDS, FORM, Order, like, options
from web.pages.refusing import not_found, refused
from web.permissions import Perm
from web.plots import metrics, thinned
from web.progress import minutes, remaining
from web.rendering import is_part, locale_of, unless_known
from web.routing import Route
from web.sheets import BadMark, sheet
from web.translating import words
from web.workshop import Bench

HOME = "/admin/entrenamientos/trabajos"
ONE = f"{HOME}/{{job}}"
CHOICES = 30
LINES = 200
LOSSES = ("loss", "train_loss", "eval_loss", "valid_loss", "full_valid_loss")
Step: TypeAlias = Literal["aprobar", "cancelar", "reintentar", "pausar", "seguir"]
DONE: Final[Mapping[Step, str]] = {
    "aprobar": "approved",
    "cancelar": "cancelled",
    "reintentar": "retried",
    "pausar": "paused",
    "seguir": "resumed",
}
"""How the audit calls each."""
REFUSED = (TrainingRefused, DatasetError, TrainerError)


@dataclass(frozen=True, slots=True)
class Trainings:
    bench: Bench

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", HOME, self.show, Perm.TRAINING_READ),
            Route("POST", HOME, self.start, Perm.TRAINING_WRITE),
            Route("GET", ONE, self.card, Perm.TRAINING_READ),
            Route("POST", f"{ONE}/{{step}}", self.step, Perm.TRAINING_WRITE),
        ]

    async def show(
        self,
        request: Request,
        antes: str = "",
        como: Annotated[UUID | None, Query()] = None,
        conjunto: Annotated[UUID | None, Query()] = None,
    ) -> Response:
        """`como` is a training whose order is copied into the form, to be changed there."""
        bench = self.bench
        filled = Order(entrenador=bench.settings.training.trainer, conjunto=conjunto)
        if como is not None:
            async with bench.store.tenant(bench.shop) as session:
                before = await trainings.job(session, bench.shop, como)
            filled = like(before) if before else filled
        return await self._page(request, filled, antes)

    async def _page(
        self, request: Request, filled: Order, before: str = "", problem: str = ""
    ) -> Response:
        bench = self.bench
        try:
            async with bench.store.tenant(bench.shop) as session:
                mine = select(TrainingJob).where(TrainingJob.shop_id == bench.shop)
                listed = await sheet(session, mine, TrainingJob, before)
                found = await datasets.listed(session, bench.shop, CHOICES)
        except BadMark:
            return not_found(bench.pages, request, HOME)
        template = "_trabajos.html" if is_part(request, "trabajos") else "trabajos.html"
        answer = bench.pages.answer(
            request, template, listed=listed, before=before, filled=filled, left=_left,
            datasets=[one for one in found if one.rows and not one.stale_reason],
            trainers={name: usual_base(name, bench.settings) or "" for name in OPENERS},
            problem=problem, field=FIELDS.get(problem, ""),
            status=(422 if problem in FORM else 409) if problem else 200,
        )  # fmt: skip
        return answer if problem else unless_known(request, answer)

    async def start(self, request: Request, filled: Annotated[Order, Form()]) -> Response:
        """What costs money waits for a second look: the estimate stands on its page. What is
        refused comes back as it was typed."""
        bench, who, trainer = self.bench, identity_of(request).name, filled.entrenador
        base = filled.base.strip() or usual_base(trainer, bench.settings) or ""
        if problem := filled.problem(base):
            return await self._page(request, filled, problem=problem)
        free, knobs = trainer != "openai", options(filled.parametros) or {}
        wanted = Wanted(trainer, base, who, filled.conjunto, filled.metodo, knobs, approved=free)
        after = {"trainer": trainer, "base": base, "dataset": str(filled.conjunto)}

        async def noted(session: WriteSession, job: TrainingJob) -> None:
            what, by = f"training:{job.id}", actor_of(request)
            await record(session, bench.shop, by, "training.asked", what, after=after)

        try:
            fitting(trainer, base, bench.settings)
            job, _ = await replace(bench.office, begun=noted).begin(bench.shop, wanted)
        except REFUSED as error:
            return await self._page(request, filled, problem=type(error).__name__)
        if job.state not in ENDED and job.approved_by:
            await bench.workshop.offer(training_of(bench.shop, job.id))
        await bench.news.tell("job", id=job.id)
        return RedirectResponse(f"{HOME}/{job.id}", 303)

    async def card(self, request: Request, job: UUID) -> Response:
        bench = self.bench
        async with bench.store.tenant(bench.shop) as session:
            row = await trainings.job(session, bench.shop, job)
            if row is None:
                return not_found(bench.pages, request, HOME)
            lines = await trainings.events(session, bench.shop, job)
            version = await trainings.version_of(session, bench.shop, job)
            which = str(version.id) if version else ""
            placed = await work.run_of(session, bench.shop, DEPLOYMENT, which)
        told = [one.metrics for one in lines]
        title = words(locale_of(request)).say("Pérdida por paso")
        template = "_trabajo.html" if is_part(request, "trabajo") else "trabajo.html"
        answer = bench.pages.answer(
            request, template, job=row, lines=lines[-LINES:], version=version, left=_left(row),
            last=told[-1] if told else {}, chart=_curve(told, title), awaited=row.stage == AWAITED,
            ended=row.state in ENDED, placed=placed,
        )  # fmt: skip
        return unless_known(request, answer)

    async def step(self, request: Request, job: UUID, step: Step) -> Response:
        bench = self.bench
        async with bench.store.tenant(bench.shop) as session:
            row = await trainings.job(session, bench.shop, job)
        if row is None:
            return not_found(bench.pages, request, HOME)
        try:
            now_ = await self._settled(request, row, step)
        except REFUSED as error:
            return refused(bench.pages, request, error, f"{HOME}/{job}", status=409)
        if now_.state not in ENDED and now_.approved_by:
            await bench.workshop.offer(training_of(bench.shop, now_.id))
        await bench.news.tell("job", id=now_.id)
        return RedirectResponse(f"{HOME}/{now_.id}", 303)

    async def _settled(self, request: Request, row: TrainingJob, step: Step) -> TrainingJob:
        """With its line in the audit, which stands before a trainer is told: that cannot be part of
        a transaction, nor be taken back."""
        bench, who = self.bench, identity_of(request).name
        if step in {"pausar", "seguir"}:
            await bench.audit(request, *_line(step, row))
            return await self.take(row, step, who)
        async with bench.together() as one:
            done = await replace(self, bench=one).take(row, step, who)
            await one.audit(request, *_line(step, done))
        return done

    async def take(self, row: TrainingJob, step: Step, who: str) -> TrainingJob:
        """The training it is about afterwards: tried again, it is another one."""
        bench = self.bench
        match step:
            case "aprobar":
                return await bench.office.approve(bench.shop, row, who)
            case "cancelar":
                return await bench.office.cancel(bench.shop, row)
            case "reintentar":
                again, _ = await bench.office.retry(bench.shop, row, who)
                return again
            case "pausar" | "seguir":
                wish: Literal["pause", "resume"] = "pause" if step == "pausar" else "resume"
                follower = follower_of(bench.store, bench.settings)
                await follower.turn(bench.shop, row.id, wish)
                return row


def _line(step: Step, job: TrainingJob) -> tuple[str, str, None, Mapping[str, Any]]:
    return f"training.{DONE[step]}", f"training:{job.id}", None, {"state": job.state}


def _left(job: TrainingJob) -> int | None:
    """Minutes."""
    found = remaining(job.progress, job.started_at, now())
    return minutes(found) if found is not None and job.state == "running" else None


def _curve(told: Sequence[Mapping[str, Any]], title: str) -> charts.Drawing | None:
    name = next((one for one in LOSSES if any(one in line for line in told)), None)
    points = thinned(metrics(told, name)) if name else []
    if len(points) < 2:  # noqa: PLR2004  a line has two ends
        return None
    values = tuple(value for _, value in points)
    labels = tuple(step for step, _ in points)
    return charts.lines(Chart(title, labels, (Series(title, values),), "decimal"))
