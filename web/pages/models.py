"""The models of a shop: what each was made of, how it did, and how it comes to answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from evaluation.comparing import MEASURES, flipped, measured, paired
from jobs.deploying import deployable
from jobs.evaluating import Asked, want
from jobs.schedule import DEPLOYMENT
from learning.answerable import answerable, missing
from learning.gating import gate_of
from learning.registering import PROVIDERS, Offered
from learning.rollout import OPEN, Refused
from services.clock import now
from store import evaluating, registry, work
from store.evaluations import EvalResult, EvalRun
from store.rollouts import Rollout
from store.session import ReadSession
from store.versions import ModelVersion, TrainingJob
from web import versions
from web.checklist import Candidate, Check, checks, ready
from web.identity import actor_of, identity_of
from web.pages.refusing import not_found, refused
from web.permissions import Perm
from web.reasons import reason_of
from web.routing import Route
from web.sheets import BadMark
from web.versions import FIGURES, Shown
from web.workshop import Bench

HOME = "/admin/modelos"
STEPS = (5, 10, 25, 50)
FLIPS = 50
Reason = Annotated[str, Form(max_length=300)]


FIELDS = {
    "NameUnfit": "nombre", "NameTaken": "nombre", "ModelKnown": "modelo", "ModelUnserved": "modelo",
}  # fmt: skip
"""The field that a problem stands beside; any other stands above the form."""


class Filled(BaseModel):
    """The form of a model that is registered by hand, or the button of a checkpoint."""

    nombre: Annotated[str, Field(max_length=80)] = ""
    proveedor: Annotated[str, Field(max_length=20)] = ""
    modelo: Annotated[str, Field(max_length=200)] = ""
    entrenamiento: UUID | None = None
    punto: int | None = None
    notas: Annotated[str, Field(max_length=500)] = ""

    def offered(self, job: TrainingJob | None) -> Offered:
        return Offered(
            self.nombre.strip(), self.proveedor, self.modelo, job, self.punto, self.notas.strip()
        )


@dataclass(frozen=True, slots=True)
class Models:
    bench: Bench

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", HOME, self.show, Perm.MODEL_READ),
            Route("GET", f"{HOME}/comparar", self.compare, Perm.MODEL_READ),
            Route("GET", f"{HOME}/{{version}}", self.card, Perm.MODEL_READ),
            Route("POST", f"{HOME}/{{version}}/evaluar", self.evaluate, Perm.EVALUATION_WRITE),
            Route("POST", f"{HOME}/{{version}}/sombra", self.shadow, Perm.MODEL_ACTIVATE),
            Route("POST", f"{HOME}/{{version}}/canario", self.canary, Perm.MODEL_ACTIVATE),
            Route("POST", f"{HOME}/{{version}}/activar", self.activate, Perm.MODEL_ACTIVATE),
        ]

    async def show(self, request: Request, antes: str = "") -> Response:
        return await self.listed(request, antes, Filled())

    async def listed(
        self, request: Request, before: str, filled: Filled, problem: str = ""
    ) -> Response:
        bench = self.bench
        try:
            async with bench.store.tenant(bench.shop) as session:
                listed = await versions.listed(session, bench.shop, before)
                latest = await registry.latest(session, bench.shop)
        except BadMark:
            return not_found(bench.pages, request, HOME)
        return bench.pages.answer(
            request, "modelos.html", listed=listed, latest=latest[0] if latest else None,
            before=before, figures=FIGURES, open_states=OPEN, settings=bench.settings,
            filled=filled, problem=problem, field=FIELDS.get(problem, ""), providers=PROVIDERS,
            status=422 if problem else 200,
        )  # fmt: skip

    async def card(self, request: Request, version: UUID) -> Response:
        bench = self.bench
        async with bench.store.tenant(bench.shop) as session:
            shown = await versions.one(session, bench.shop, version)
            if shown is None:
                return not_found(bench.pages, request, HOME)
            rollouts = await versions.rollouts_of(session, bench.shop, version)
            latest = await registry.latest(session, bench.shop)
            others = await versions.names(session, bench.shop)
            placed = await work.run_of(session, bench.shop, DEPLOYMENT, str(version))
        current = latest[0] if latest and latest[0].state in OPEN else None
        found = await self._checks(shown)
        return bench.pages.answer(
            request, "modelo.html", shown=shown, rollouts=rollouts, rollout=current,
            placed=placed, deployable=deployable, checks=found, is_ready=ready(found),
            others=others, steps=STEPS, figures=FIGURES, reason_of=reason_of,
            knobs=bench.settings.rollout,
        )  # fmt: skip

    async def compare(
        self, request: Request, a: Annotated[UUID, Query()], b: Annotated[UUID, Query()]
    ) -> Response:
        """The newest evaluations of two versions, on the cases that both were given."""
        bench = self.bench
        async with bench.store.tenant(bench.shop) as session:
            first, second = await self._side(session, a), await self._side(session, b)
        if first is None or second is None:
            return not_found(bench.pages, request, HOME)
        sides = first[2], second[2]
        gaps = {name: paired(*(measured(rows, name) for rows in sides)) for name in MEASURES}
        return bench.pages.answer(
            request, "comparar.html", first=first, second=second, gaps=gaps,
            flips=flipped(*sides)[:FLIPS], most=FLIPS,
        )  # fmt: skip

    async def _side(
        self, session: ReadSession, version: UUID
    ) -> tuple[ModelVersion, EvalRun | None, Sequence[EvalResult]] | None:
        shop = self.bench.shop
        row = await session.get(ModelVersion, (shop, version))
        if row is None:
            return None
        own = await evaluating.own_set(session, shop)
        run = await evaluating.last_done(session, shop, version, "golden", set_id=own)
        return row, run, await evaluating.results(session, shop, run.id) if run else []

    async def evaluate(self, request: Request, version: UUID) -> Response:
        bench, row = self.bench, await self._version(version)
        who = identity_of(request).name
        try:
            await answerable(bench.settings, row)
        except Refused as error:
            return refused(bench.pages, request, error, f"{HOME}/{version}", status=409)
        run = Asked("test", "", row.name).run(bench.shop, now(), by=who)
        async with bench.together() as one:
            await want(one.store, run)
            await one.audit(request, "evaluation.asked", f"model:{version}", None, {"set": "test"})
        await bench.workshop.offer(run)
        return RedirectResponse("/admin/evaluaciones", 303)

    async def shadow(self, request: Request, version: UUID, motivo: Reason = "") -> Response:
        return await self._start(request, version, None, motivo)

    async def canary(
        self,
        request: Request,
        version: UUID,
        porcentaje: Annotated[int, Form(ge=1, le=99)],
        motivo: Reason = "",
        igual: Annotated[str, Form()] = "",
    ) -> Response:
        return await self._start(request, version, porcentaje, motivo, forced=igual == "si")

    async def activate(
        self,
        request: Request,
        version: UUID,
        motivo: Reason = "",
        igual: Annotated[str, Form()] = "",
    ) -> Response:
        """A reason has to be typed, and what the checklist says is true, or taken upon oneself."""
        bench = self.bench
        if not motivo.strip():
            return refused(bench.pages, request, "reason", f"{HOME}/{version}")
        async with bench.store.tenant(bench.shop) as session:
            shown = await versions.one(session, bench.shop, version)
        if shown is None:
            return not_found(bench.pages, request, HOME)
        found = await self._checks(shown)
        if not ready(found) and igual != "si":
            return refused(bench.pages, request, "unready", f"{HOME}/{version}")
        return await self._start(request, version, 100, motivo, forced=True)

    async def _start(
        self,
        request: Request,
        chosen: UUID,
        percent: int | None,
        reason: str,
        *,
        forced: bool = False,
    ) -> Response:
        bench, version = self.bench, await self._version(chosen)
        try:
            if version.state not in OPEN:
                await answerable(bench.settings, version)
            rollout = await self.move(request, version, percent, reason.strip(), forced=forced)
        except Refused as error:
            return refused(bench.pages, request, error, f"{HOME}/{chosen}", status=409)
        await bench.news.tell("model", id=chosen)
        return RedirectResponse(f"{HOME}/despliegues/{rollout.id}", 303)

    async def move(
        self,
        request: Request,
        version: ModelVersion,
        percent: int | None,
        reason: str,
        *,
        forced: bool,
    ) -> Rollout:
        """One that is under way with this very version goes on. Raises Refused."""
        bench, who = self.bench, identity_of(request).name
        controller = bench.controller.acting(actor_of(request))
        async with bench.store.tenant(bench.shop) as session:
            latest = await registry.latest(session, bench.shop)
        if percent and latest and latest[0].state in OPEN and latest[0].version_id == version.id:
            await controller.advance(latest[0], who, percent, reason)
            return latest[0]
        gate = await gate_of(bench.store, version)
        return await controller.start(version, gate, who, percent, forced=forced, reason=reason)

    async def _version(self, id: UUID) -> ModelVersion:  # noqa: A002  the row's
        async with self.bench.store.tenant(self.bench.shop) as session:
            found = await session.get(ModelVersion, (self.bench.shop, id))
        if found is None:
            raise HTTPException(404)
        return found

    async def _checks(self, shown: Shown) -> Sequence[Check]:
        bench, row = self.bench, shown.version
        gate = await gate_of(bench.store, row)
        one = Candidate(
            gate.passed, gate.why, row.deployed_at is not None, shown.is_stale, row.expires_at,
            await missing(bench.settings, row.provider, row.model),
        )  # fmt: skip
        return checks(one, now())
