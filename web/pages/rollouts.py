"""One rollout: how far it is, what was seen, and the steps that a person may take."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from learning.guards import Window
from learning.judging import METRICS, Weighed
from learning.rollout import OPEN, Refused
from learning.standing import guards_of, within
from store import registry
from store.rollouts import Rollout
from store.versions import ModelVersion
from web.identity import actor_of, identity_of
from web.own_limits import shown
from web.pages.refusing import not_found, refused
from web.permissions import Perm
from web.plots import corridor, whisker
from web.reasons import reason_of
from web.rendering import is_part, unless_known
from web.routing import Route
from web.workshop import Bench

HOME = "/admin/modelos"
PATH = f"{HOME}/despliegues/{{rollout}}"
STEPS = (5, 10, 25, 50, 100)
TAKEN = 100
"""Steps that the page tells, the newest."""
RAILS = ("leaked", "invented", "rude", "failed", "slow")
Step: TypeAlias = Literal["subir", "pausar", "seguir", "detener", "volver"]


@dataclass(frozen=True, slots=True)
class Rollouts:
    bench: Bench

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", PATH, self.show, Perm.MODEL_READ),
            Route("POST", f"{PATH}/{{step}}", self.step, Perm.MODEL_ACTIVATE),
        ]

    async def show(self, request: Request, rollout: UUID) -> Response:
        bench = self.bench
        async with bench.store.tenant(bench.shop) as session:
            row = await session.get(Rollout, (bench.shop, rollout))
            if row is None:
                return not_found(bench.pages, request, HOME)
            steps = await registry.steps_of(session, bench.shop, rollout, TAKEN)
            version = await session.get_one(ModelVersion, (bench.shop, row.version_id))
            baseline = None
            if row.baseline_id is not None:
                baseline = await session.get_one(ModelVersion, (bench.shop, row.baseline_id))
            latest = await registry.latest(session, bench.shop)
        values = await self._seen(row)
        template = "_despliegue.html" if is_part(request, "despliegue") else "despliegue.html"
        answer = bench.pages.answer(
            request, template, rollout=row, steps=steps, taken=TAKEN, version=version,
            baseline=baseline, is_latest=latest[0].id == row.id, is_open=row.state in OPEN,
            reason_of=reason_of,
            percents=[one for one in STEPS if one > row.percent],
            knobs=within(bench.settings.rollout, row),
            limits=shown(guards_of(row), bench.settings.rollout.model_dump()),
            **values,
        )  # fmt: skip
        return unless_known(request, answer)

    async def _seen(self, row: Rollout) -> dict[str, Any]:
        controller = self.bench.controller
        found: dict[str, Any] = {"shadow": None, "weighed": None, "rails": [], "chart": None}
        if row.state == "shadow":
            found["shadow"] = shadow = await controller.shadow(row)
            found["rails"] = _rails(Window(), shadow.window)
        elif row.state in {"canary", "promoted"}:
            _, weighed = await controller.weighed(row)
            found["weighed"], found["figures"] = weighed, _figures(weighed)
            found["chart"] = corridor(await controller.course(row), -controller.knobs.worse)
            _, last = await controller.windows(row)
            found["rails"] = _rails(*last)
        return found

    async def step(
        self,
        request: Request,
        rollout: UUID,
        step: Step,
        porcentaje: Annotated[int | None, Form(ge=1, le=100)] = None,
        motivo: Annotated[str, Form(max_length=300)] = "",
    ) -> Response:
        bench, back = self.bench, f"{HOME}/despliegues/{rollout}"
        async with bench.store.tenant(bench.shop) as session:
            row = await session.get(Rollout, (bench.shop, rollout))
        if row is None:
            return not_found(bench.pages, request, HOME)
        if step in {"volver", "detener"} and not motivo.strip():
            return refused(bench.pages, request, "reason", back)
        try:
            await self.take(request, row, step, (porcentaje, motivo.strip()))
        except Refused as error:
            return refused(bench.pages, request, error, back, status=409)
        await bench.news.tell("model", id=row.version_id)
        return RedirectResponse(back, 303)

    async def take(
        self, request: Request, row: Rollout, step: Step, told: tuple[int | None, str]
    ) -> None:
        """Raises Refused."""
        controller = self.bench.controller.acting(actor_of(request))
        who, (percent, reason) = identity_of(request).name, told
        match step:
            case "subir":
                await controller.advance(row, who, percent, reason)
            case "pausar" | "seguir":
                await controller.pause(row, who, paused=step == "pausar")
            case "detener":
                await controller.end(row, "stopped", who, reason)
            case "volver":
                await controller.end(row, "rolled_back", who, reason)


def _rails(control: Window, canary: Window) -> list[tuple[str, int, int, int, int]]:
    """Of each rail: hits and answers of the candidate, then of the others."""
    return [
        (name, getattr(canary, name), canary.answers, getattr(control, name), control.answers)
        for name in RAILS
    ]


def _figures(found: Weighed) -> list[tuple[str, Any, Any, Any, Any, bool]]:
    """Of each metric: both samples, the difference with its picture, and whether it does harm."""
    rows = []
    for name in METRICS:
        gap = found.differences[name]
        picture = whisker(gap.low, gap.value, gap.high) if gap else None
        sides = found.statistics.control.of(name), found.statistics.canary.of(name)
        rows.append((name, *sides, gap, picture, name in found.harms))
    return rows
