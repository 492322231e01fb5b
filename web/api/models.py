"""The registry of models: what was trained of what, and what two of them answer differently."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from fastapi.responses import Response
from sqlalchemy import select

from evaluation.comparing import MEASURES, flipped, measured, paired
from store import evaluating
from store.evaluations import EvalResult
from store.session import WriteSession
from store.versions import ModelVersion
from web.api.house import House
from web.api.problems import Problem
from web.api.shapes import IfNoneMatch, Listed, Moment, Paging, Shown
from web.api.versions import shown, tagged
from web.permissions import Perm
from web.routing import Route

FLIPPED = 200


class ModelShown(Shown):
    """`state` is candidate, shadow, canary, active, retired or withdrawn."""

    id: UUID
    name: str
    provider: str
    base_model: str
    model: str
    state: str
    job_id: UUID | None
    dataset_id: UUID | None
    parameters: dict[str, Any]
    notes: str
    created_at: Moment
    deployed_at: Moment | None
    expires_at: Moment | None


class Gap(Shown):
    """The second less the first, with its bounds at 95 %."""

    cases: int
    better: int
    worse: int
    value: float
    low: float
    high: float
    sure: str


class Flipped(Shown):
    case: str
    first: str
    second: str
    improved: bool


class DiffShown(Shown):
    """Of the newest golden runs of both: measures on their common cases, and those that flipped."""

    first: UUID
    second: UUID
    measures: dict[str, Gap]
    flipped: list[Flipped]


@dataclass(frozen=True, slots=True)
class Models:
    house: House

    def routes(self) -> Sequence[Route]:
        route, read = self.house.route, Perm.MODEL_READ
        return [
            route("GET", "/models", self.list_models, read, Listed[ModelShown]),
            route("GET", "/models/{model}", self.get_model, read, ModelShown),
            route("GET", "/models/{model}/diff/{other}", self.compare_models, read, DiffShown),
        ]

    async def list_models(self, wanted: Annotated[Paging, Query()]) -> Response:
        """Model versions, the newest first."""
        row, house = ModelVersion, self.house
        query = select(row).where(row.shop_id == house.shop)
        async with house.store.tenant(house.shop) as session:
            rows, cursor = await house.page(session, query, (row.created_at, row.id), wanted)
        items = [ModelShown.model_validate(one) for one in rows]
        return shown(Listed(items=items, next_cursor=cursor))

    async def get_model(self, model: UUID, if_none_match: IfNoneMatch = None) -> Response:
        """One version: its training, its dataset, and since when it answers."""
        async with self.house.store.tenant(self.house.shop) as session:
            found = await self._found(session, model)
        return tagged(ModelShown.model_validate(found), if_none_match)

    async def compare_models(self, model: UUID, other: UUID) -> Response:
        """Where the second answers better or worse than the first."""
        async with self.house.store.tenant(self.house.shop) as session:
            first = await self._results(session, await self._found(session, model))
            second = await self._results(session, await self._found(session, other))
        measures = {}
        for name in MEASURES:
            gap = paired(measured(first, name), measured(second, name))
            if gap is None:
                raise Problem("conflict", "They have no case in common: evaluate both first.")
            measures[name] = Gap(**gap.told())
        changed = [
            Flipped(case=new.name, first=old.reply, second=new.reply, improved=new.passed)
            for old, new in flipped(first, second)[:FLIPPED]
        ]
        told = DiffShown(first=model, second=other, measures=measures, flipped=changed)
        return tagged(told)

    async def _results(self, session: WriteSession, version: ModelVersion) -> Sequence[EvalResult]:
        shop = self.house.shop
        own = await evaluating.own_set(session, shop)
        run = await evaluating.last_done(session, shop, version.id, "golden", set_id=own)
        return await evaluating.results(session, shop, run.id) if run else ()

    async def _found(self, session: WriteSession, which: UUID) -> ModelVersion:
        """Raises Problem."""
        found = await session.get(ModelVersion, (self.house.shop, which))
        if found is None:
            raise Problem("not_found")
        return found
