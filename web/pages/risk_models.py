"""The models of risk: how good each is, whether people have changed since, and which is in use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Form, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from config.risk import RiskSettings
from jobs.cadences import RISK
from jobs.predicting import training_of
from jobs.rights import Offer, nobody_offers
from jobs.schedule import Run
from prediction.card import card
from prediction.drift import shift
from prediction.model import Model
from services.clock import Clock, now
from store import risk_models
from store.audit import record
from store.predicting import RiskModel
from store.risk_models import SCORE
from store.session import Store
from web import csv
from web.curves import calibration, looks, of_hundred, roc
from web.identity import actor_of
from web.permissions import Perm
from web.rendering import Pages
from web.risk_jobs import works
from web.risk_lists import HOME, OF, Which
from web.risks import MOST, above, readable
from web.routing import Route
from web.wording_risks import SAID

MODEL: Final = f"{HOME}/modelo"
Version = Annotated[int | None, Query(ge=1, le=2**31 - 1)]
HEADERS: Final[dict[str, tuple[str, ...]]] = {
    "roc": ("falsas alarmas", "encontrados"),
    "calibracion": ("dicho", "visto", "casos"),
}


@dataclass(frozen=True)
class RiskModels:
    pages: Pages
    store: Store
    shop: UUID
    settings: RiskSettings
    zone: ZoneInfo
    offer: Offer = nobody_offers
    clock: Clock = now

    def routes(self) -> Sequence[Route]:
        return [
            Route("GET", MODEL, self.show, Perm.RISK_READ),
            Route("GET", f"{MODEL}/ficha.md", self.card, Perm.RISK_READ),
            Route("GET", f"{MODEL}/curva.csv", self.curve, Perm.RISK_READ),
            Route("POST", f"{MODEL}/entrenar", self.train, Perm.RISK_TRAIN),
            Route("POST", f"{HOME}/estimar", self.estimate, Perm.RISK_TRAIN),
            Route("POST", f"{MODEL}/{{version}}/usar", self.use, Perm.RISK_TRAIN),
        ]

    async def show(
        self, request: Request, de: Which = "prestamos", version: Version = None, hecho: str = ""
    ) -> Response:
        of, shop = OF[de], self.shop
        async with self.store.tenant(shop) as session:
            versions = await risk_models.versions(session, shop, of)
            row = await risk_models.called(session, shop, of, version)
            if row is None and version is None and versions:
                row = await risk_models.called(session, shop, of, versions[0].version)
            drift = await risk_models.drift(session, shop, row.id) if row else []
            count = await above(session, shop, of, self.settings.threshold)
            loans = await risk_models.has_loans(session, shop)
            going = await works(session, shop, of, self._today())
        if row is None and version is not None:
            return self.pages.missing(request, MODEL)
        return self.pages.answer(
            request, "riesgo_modelo.html", of=de, row=row, versions=versions, drift=drift,
            above=count, most=MOST, threshold=self.settings.threshold, has_loans=loans,
            of_hundred=of_hundred, shift=shift, score=SCORE, said=hecho if hecho in SAID else "",
            csv=_address("/curva.csv", de, row), works=going,
            address=_address("", de, row if version else None), **_drawn(readable(row)),
        )  # fmt: skip

    async def card(
        self, request: Request, de: Which = "prestamos", version: Version = None
    ) -> Response:
        model = await self._model(de, version)
        if model is None:
            return self.pages.missing(request, MODEL)
        headers = {"Content-Disposition": f'attachment; filename="modelo-{de}.md"'}
        return Response(card(model), media_type="text/markdown; charset=utf-8", headers=headers)

    async def curve(
        self,
        request: Request,
        curva: Literal["roc", "calibracion"] = "roc",
        de: Which = "prestamos",
        version: Version = None,
    ) -> Response:
        model = await self._model(de, version)
        if model is None:
            return self.pages.missing(request, MODEL)
        drawn = roc(model.metrics) if curva == "roc" else calibration(model.metrics)
        return csv.answer(curva, HEADERS[curva], csv.each(drawn.rows))

    async def train(self, request: Request, de: Annotated[Which, Form()]) -> Response:
        """A worker does it; what is better than the one in use is used at once."""
        await self.offer(training_of(self.shop, OF[de]))
        await self._note(request, "risk.train", {"kind": OF[de]})
        return _back(de, "entrenando")

    async def estimate(self, request: Request, de: Annotated[Which, Form()]) -> Response:
        """Of all loans and instalments, by what is known until now."""
        today = self._today()
        await self.offer(Run(RISK, self.shop, today.isoformat()))
        await self._note(request, "risk.predict", {"day": today.isoformat()})
        return _back(de, "estimando")

    async def use(
        self,
        request: Request,
        version: Annotated[int, Path(ge=1, le=2**31 - 1)],
        de: Annotated[Which, Form()],
    ) -> Response:
        async with self.store.tenant(self.shop) as session:
            if not await risk_models.activate(session, self.shop, OF[de], version):
                return self.pages.missing(request, MODEL)
        await self._note(request, "risk.activated", {"kind": OF[de], "version": version})
        return _back(de, "en-uso")

    def _today(self) -> date:
        return self.clock().astimezone(self.zone).date()

    async def _note(self, request: Request, action: str, told: dict[str, object]) -> None:
        who, what = actor_of(request), f"shop:{self.shop}"
        async with self.store.tenant(self.shop) as session:
            await record(session, self.shop, who, action, what, after=told, clock=self.clock)

    async def _model(self, de: Which, version: int | None) -> Model | None:
        async with self.store.tenant(self.shop) as session:
            return readable(await risk_models.called(session, self.shop, OF[de], version))


def _drawn(model: Model | None) -> dict[str, Any]:
    return {
        "model": model,
        "looks": looks(model.features) if model else {},
        "roc": roc(model.metrics) if model else None,
        "calibration": calibration(model.metrics) if model else None,
    }


def _address(ending: str, de: Which, row: RiskModel | None) -> str:
    version = {"version": row.version} if row else {}
    return f"{MODEL}{ending}?{urlencode({'de': de, **version})}"


def _back(de: Which, said: str) -> Response:
    return RedirectResponse(f"{MODEL}?{urlencode({'de': de, 'hecho': said})}", 303)
