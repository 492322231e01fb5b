"""Limits of one rollout alone, as a person sets them on its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from learning.rollout import Refused
from learning.standing import guards_of
from store.rollouts import Rollout
from web.identity import actor_of, identity_of
from web.own_limits import Limits
from web.pages.refusing import not_found, refused
from web.pages.rollouts import HOME, PATH
from web.permissions import Perm
from web.routing import Route
from web.workshop import Bench


@dataclass(frozen=True, slots=True)
class RolloutLimits:
    bench: Bench

    def routes(self) -> Sequence[Route]:
        return [Route("POST", f"{PATH}/limites", self.save, Perm.MODEL_ACTIVATE)]

    async def save(
        self, request: Request, rollout: UUID, limits: Annotated[Limits, Form()]
    ) -> Response:
        bench, back = self.bench, f"{HOME}/despliegues/{rollout}"
        async with bench.store.tenant(bench.shop) as session:
            row = await session.get(Rollout, (bench.shop, rollout))
        if row is None:
            return not_found(bench.pages, request, HOME)
        controller = bench.controller.acting(actor_of(request))
        try:
            guards = limits.told(guards_of(row))
            await controller.limit(row, identity_of(request).name, guards)
        except Refused as error:
            return refused(bench.pages, request, error, back, status=409)
        await bench.news.tell("model", id=row.version_id)
        return RedirectResponse(back, 303)
