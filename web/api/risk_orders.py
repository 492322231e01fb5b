"""Has a lender's models learned anew, and asked: by a worker, in a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import Response
from pydantic import ConfigDict

from jobs.cadences import RISK
from jobs.predicting import training_of
from jobs.schedule import Run
from store import risk_models
from store.predicting import Of
from web.api.house import ROOT, House
from web.api.jobs import id_of
from web.api.means import Means
from web.api.problems import Problem
from web.api.shapes import Body, Shown
from web.api.versions import shown
from web.permissions import Perm
from web.routing import Route


class NewRiskModel(Body):
    """What is better on later cases than the model in use is used by itself."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"kind": "loan"}]})

    kind: Of


class RiskOrderShown(Shown):
    """`job` says how far it is, and what came of it."""

    job: str


@dataclass(frozen=True, slots=True)
class RiskOrders:
    house: House
    means: Means

    def routes(self) -> Sequence[Route]:
        route, needs, answers = self.house.route, Perm.RISK_TRAIN, RiskOrderShown
        train, ask = self.train_risk_model, self.ask_risk_models
        return [
            route("POST", "/risk/models", train, needs, answers, status_code=202),
            route("POST", "/risk/predictions", ask, needs, answers, status_code=202),
        ]

    async def train_risk_model(self, request: Request, given: NewRiskModel) -> Response:
        """A new version, learned from everything the lender's tables say of the past."""
        run = training_of(self.house.shop, given.kind)
        return await self._asked(request, run, "risk.train", {"kind": given.kind})

    async def ask_risk_models(self, request: Request) -> Response:
        """Every open loan and instalment, by what is known until now."""
        zone = ZoneInfo(self.means.settings.hours.timezone)
        day = self.house.clock().astimezone(zone).date().isoformat()
        run = Run(RISK, self.house.shop, day)
        return await self._asked(request, run, "risk.predict", {"day": day})

    async def _asked(
        self, request: Request, run: Run, action: str, told: Mapping[str, object]
    ) -> Response:
        """Raises Problem."""
        house, job = self.house, id_of(run.name, run.period)
        async with house.store.tenant(house.shop) as session:
            if not await risk_models.has_loans(session, house.shop):
                raise Problem(
                    "conflict", "There is no loan: main.py lending import brings them in."
                )
            await house.note(session, request, action, f"job:{run.name}", after=told)
        await self.means.offer(run)
        return shown(RiskOrderShown(job=job), 202, {"Location": f"{ROOT}/jobs/{job}"})
