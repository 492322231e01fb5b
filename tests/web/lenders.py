"""A lender's shop with a model of each kind, and what they foretold of a few loans."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID, uuid5

import numpy as np

from config.packs import load_pack
from jobs.schedule import Run, Terms, ask, claim, finish
from prediction.model import Model, encoded
from prediction.table import Feature, Table
from prediction.training import train
from store import portfolio, risk_models
from store.audit import Wanted, events
from store.portfolio import ClientRow, InstalmentRow, LoanRow, Portfolio, client_id, loan_id
from store.predicting import Of, RiskModel, RiskPrediction
from store.risk_models import NewModel
from store.session import Store
from web.app import WebParts

TODAY = date(2026, 11, 21)
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
FEATURES = (
    Feature("late_share", direction=1, words="pagó con atraso {percent} de sus cuotas"),
    Feature("paid_share", direction=-1, words="ya pagó {percent} del préstamo"),
)
FACTORS = [
    {"feature": "late_share", "value": 0.75, "effect": 1.2,
     "words": "pagó con atraso 75 % de sus cuotas: sube mucho el riesgo"},
    {"feature": "paid_share", "value": 0.4, "effect": -0.3,
     "words": "ya pagó 40 % del préstamo: baja el riesgo"},
]  # fmt: skip


def lending(parts: WebParts) -> WebParts:
    return replace(parts, pack=load_pack("creditos"))


@cache
def a_model() -> Model:
    """Trained on people who never were."""
    random = np.random.default_rng(3)
    late, paid = random.random(400), random.random(400)
    bad = (random.random(400) < 0.1 + 0.6 * late * (1 - paid)).astype(np.int8)
    days = np.datetime64("2025-01-01") + np.arange(400).astype("timedelta64[D]")
    table = Table({"late_share": late, "paid_share": paid}, bad, days)
    return train(table, FEATURES, seed=1, at=AT, kind="scorecard")


def lent(names: Sequence[str]) -> Portfolio:
    """A loan of three instalments each, the first of which has most left to pay; numbers begin at
    C-0 and 1000."""
    places = range(len(names))
    return Portfolio(
        clients=[ClientRow(f"C-{n}", one, "5678", TODAY) for n, one in enumerate(names)],
        loans=[
            LoanRow(f"{1000 + n}", f"C-{n}", 1_200_000, left(n), Decimal("24.5"), "current", TODAY)
            for n in places
        ],
        instalments=[
            InstalmentRow(f"{1000 + n}", number, due(number), 110_000, 0, "pending")
            for n in places
            for number in (1, 2, 3)
        ],
    )  # fmt: skip


def left(place: int) -> int:
    return 800_000 - 20_000 * (place % 30)


def due(number: int) -> date:
    return TODAY + timedelta(days=30 * number)


@dataclass(frozen=True)
class Lender:
    store: Store
    shop: UUID

    async def lends(self, *names: str) -> None:
        async with self.store.transaction() as session:
            await portfolio.replace(session, self.shop, lent(names))

    async def trains(self, of: Of = "loan", **changed: object) -> RiskModel:
        """In use at once; `changed` of its record."""
        record = encoded(a_model()) | changed
        new = NewModel(of, record, record["metrics"], AT, "Eva")
        async with self.store.transaction() as session:
            row = await risk_models.keep(session, self.shop, new)
            await risk_models.activate(session, self.shop, of, row.version)
        return row

    async def foretells(
        self, model: RiskModel, place: int, probability: float, *, days_ago: int = 0
    ) -> UUID:
        """Of the loan at this place, or of its first instalment."""
        loan, day = f"{1000 + place}", TODAY - timedelta(days=days_ago)
        one = portfolio.instalment_id(self.shop, loan, 1) if model.kind == "instalment" else None
        row = RiskPrediction(
            shop_id=self.shop, id=uuid5(model.id, f"{loan} {day}"), kind=model.kind,
            model_id=model.id, version=model.version,
            client_id=client_id(self.shop, f"C-{place}"), loan_id=loan_id(self.shop, loan),
            instalment_id=one, due_on=due(1) if one else None, as_of=day, at=AT,
            probability=probability, factors=FACTORS, current=days_ago == 0,
        )  # fmt: skip
        async with self.store.transaction() as session:
            session.add(row)
            await session.flush()
            return row.id


async def ended(store: Store, run: Run, result: dict[str, Any]) -> None:
    """As a worker ends a job."""
    await ask(store, run)
    attempt = await claim(store, run, Terms())
    assert attempt is not None
    async with store.transaction() as session:
        await finish(session, run, attempt, result)


async def noted(parts: WebParts) -> list[tuple[str, str, dict[str, object] | None]]:
    async with parts.store.tenant(parts.shop) as session:
        found = await events(session, parts.shop, Wanted(action="risk."))
    return [(one.action, one.object, one.after) for one in found]
