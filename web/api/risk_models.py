"""The models behind a lender's risks: figures, drift, and which is in use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response
from sqlalchemy import select

from prediction.card import card
from prediction.drift import shift
from prediction.errors import SchemaMismatch
from prediction.model import decoded
from store import risk_models
from store.predicting import Of, RiskModel
from store.session import WriteSession
from web.api.house import House
from web.api.problems import Problem
from web.api.shapes import IfNoneMatch, Listed, Moment, Paging, Shown
from web.api.versions import shown, tagged
from web.permissions import Perm
from web.routing import Route

MANY = "/risk/models"
ONE = f"{MANY}/{{risk_model}}"
MARKDOWN = "text/markdown"


class RiskModelShown(Shown):
    """`metrics` are of cases it did not learn from; `roc` and `bins` of them are for drawing."""

    id: UUID
    kind: Of
    version: int
    active: bool
    metrics: dict[str, Any]
    trained_at: Moment
    trained_by: str


class RiskDriftShown(Shown):
    """Population stability index against what the model learned from; `score` is the probability
    itself. Below 0.1 steady, above 0.25 changed."""

    feature: str
    psi: float
    day: date
    shift: str


class RiskModelWhole(RiskModelShown):
    drift: list[RiskDriftShown]


class RiskModelsWanted(Paging):
    kind: Literal["loan", "instalment"] | None = None


@dataclass(frozen=True, slots=True)
class RiskModels:
    house: House

    def routes(self) -> Sequence[Route]:
        route, read = self.house.route, Perm.RISK_READ
        told = {"200": {"content": {MARKDOWN: {"schema": {"type": "string"}}}}}
        card_of, use = f"{ONE}/card", f"{ONE}/activation"
        return [
            route("GET", MANY, self.list_risk_models, read, Listed[RiskModelShown]),
            route("GET", ONE, self.get_risk_model, read, RiskModelWhole),
            route("GET", card_of, self.get_risk_card, read, responses=told),
            route("POST", use, self.use_risk_model, Perm.RISK_TRAIN, RiskModelShown),
        ]

    async def list_risk_models(self, wanted: Annotated[RiskModelsWanted, Query()]) -> Response:
        """Versions, the newest first."""
        row, house = RiskModel, self.house
        query = select(row).where(row.shop_id == house.shop)
        if wanted.kind is not None:
            query = query.where(row.kind == wanted.kind)
        async with house.store.tenant(house.shop) as session:
            rows, cursor = await house.page(session, query, (row.trained_at, row.id), wanted)
        items = [RiskModelShown.model_validate(one) for one in rows]
        return shown(Listed(items=items, next_cursor=cursor))

    async def get_risk_model(self, risk_model: UUID, if_none_match: IfNoneMatch = None) -> Response:
        """One version: its figures, and how far people have moved away from it."""
        async with self.house.store.tenant(self.house.shop) as session:
            row = await self._found(session, risk_model)
            moved = await risk_models.drift(session, self.house.shop, risk_model)
        drift = [
            RiskDriftShown(feature=one.feature, psi=one.psi, day=one.day, shift=shift(one.psi))
            for one in moved
        ]
        told = RiskModelShown.model_validate(row).model_dump()
        return tagged(RiskModelWhole(**told, drift=drift), if_none_match)

    async def get_risk_card(self, risk_model: UUID) -> Response:
        """Its model card, as Markdown."""
        async with self.house.store.tenant(self.house.shop) as session:
            row = await self._found(session, risk_model)
            whole = await risk_models.called(session, self.house.shop, row.kind, row.version)
        try:
            text = card(decoded(whole.record if whole else {}))
        except SchemaMismatch as error:
            raise Problem("conflict", str(error)) from error
        return Response(text, media_type=f"{MARKDOWN}; charset=utf-8")

    async def use_risk_model(self, request: Request, risk_model: UUID) -> Response:
        """From now on this version of its kind is asked."""
        house = self.house
        async with house.store.tenant(house.shop) as session:
            row = await self._found(session, risk_model)
            await risk_models.activate(session, house.shop, row.kind, row.version)
            told = {"kind": row.kind, "version": row.version}
            await house.note(session, request, "risk.activated", f"model:{row.id}", after=told)
            await session.refresh(row)
            return shown(RiskModelShown.model_validate(row))

    async def _found(self, session: WriteSession, which: UUID) -> RiskModel:
        """Raises Problem."""
        found = await session.get(RiskModel, (self.house.shop, which))
        if found is None:
            raise Problem("not_found")
        return found
