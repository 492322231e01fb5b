"""What is done to the registry by hand: a model added to it, put on its server, or retired."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from jobs.deploying import order
from learning.registering import ModelInUse, ModelRefused, register, retire
from learning.rollout import Refused
from store import trainings
from store.versions import ModelVersion
from web.identity import identity_of
from web.pages.models import HOME, Filled, Models, Reason
from web.pages.refusing import not_found, refused
from web.permissions import Perm
from web.routing import Route
from web.workshop import Bench


@dataclass(frozen=True, slots=True)
class Registry:
    bench: Bench

    @property
    def models(self) -> Models:
        return Models(self.bench)

    def routes(self) -> Sequence[Route]:
        return [
            Route("POST", HOME, self.add, Perm.TRAINING_WRITE),
            Route("POST", f"{HOME}/{{version}}/desplegar", self.deploy, Perm.TRAINING_WRITE),
            Route("POST", f"{HOME}/{{version}}/retirar", self.retire, Perm.MODEL_ACTIVATE),
        ]

    async def add(self, request: Request, filled: Annotated[Filled, Form()]) -> Response:
        """What is refused comes back as it was typed."""
        bench, job = self.bench, None
        if filled.entrenamiento is not None:
            async with bench.store.tenant(bench.shop) as session:
                job = await trainings.job(session, bench.shop, filled.entrenamiento)
        try:
            async with bench.together() as one:
                made = await register(one.store, bench.settings, bench.shop, filled.offered(job))
                after = {"provider": made.provider, "model": made.model}
                await one.audit(request, "model.register", f"model:{made.id}", None, after)
        except ModelRefused as error:
            return await self.models.listed(request, "", filled, type(error).__name__)
        await bench.news.tell("model", id=made.id)
        return RedirectResponse(f"{HOME}/{made.id}", 303)

    async def deploy(self, request: Request, version: UUID) -> Response:
        """Again, too: what the server has already is not sent."""
        bench = self.bench
        async with bench.store.tenant(bench.shop) as session:
            row = await session.get(ModelVersion, (bench.shop, version))
        if row is None:
            return not_found(bench.pages, request, HOME)
        try:
            async with bench.together() as one:
                run = await order(one.store, bench.settings, row, identity_of(request).name)
                await one.audit(request, "model.deploy", f"model:{version}", None, None)
        except Refused as error:
            return refused(bench.pages, request, error, f"{HOME}/{version}", status=409)
        await bench.workshop.offer(run)
        await bench.news.tell("model", id=version)
        return RedirectResponse(f"{HOME}/{version}", 303)

    async def retire(self, request: Request, version: UUID, motivo: Reason = "") -> Response:
        """What was proposed and is not wanted; why has to be typed."""
        bench, reason = self.bench, motivo.strip()
        if not reason:
            return refused(bench.pages, request, "reason", f"{HOME}/{version}")
        async with bench.store.tenant(bench.shop) as session:
            if await session.get(ModelVersion, (bench.shop, version)) is None:
                return not_found(bench.pages, request, HOME)
        try:
            async with bench.together() as one:
                gone = await retire(one.store, bench.shop, version, reason)
                after = {"model": gone.name, "reason": reason}
                await one.audit(request, "model.retire", f"model:{version}", None, after)
        except ModelInUse as error:
            return refused(bench.pages, request, error, f"{HOME}/{version}", status=409)
        await bench.news.tell("model", id=version)
        return RedirectResponse(f"{HOME}/{version}", 303)
