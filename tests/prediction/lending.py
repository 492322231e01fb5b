"""Lenders for tests: small ones, written to the tables as any lender's are."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from prediction.learning import Asked, Learned, keep
from prediction.lender import Lender, lender
from prediction.lent import Records
from prediction.model import encoded
from prediction.targets import TARGETS
from prediction.training import train
from store.portfolio import replace
from store.predicting import Of, RiskModel
from store.session import Store

TODAY: Final = date(2026, 11, 21)
NOW: Final = datetime.combine(TODAY, time(4), UTC)


@lru_cache(maxsize=4)
def small(clients: int = 150, seed: int = 7) -> Lender:
    return lender(TODAY, clients=clients, seed=seed)


async def lend(store: Store, shop: UUID, given: Lender) -> None:
    for chunk in Records(given).chunks():
        async with store.transaction() as session:
            await replace(session, shop, chunk)


@lru_cache(maxsize=2)
def record(of: Of) -> dict[str, Any]:
    """A scorecard: that takes little time, and is asked in the same way."""
    cases = TARGETS[of].cases(small().book, small().today, most=1_500)
    return encoded(train(cases, TARGETS[of].features, seed=7, at=NOW, kind="scorecard"))


async def trained(store: Store, shop: UUID, of: Of) -> RiskModel:
    """In use, though so few clients prove little."""
    asked = Asked(of, TODAY, NOW, "test", activate=True)
    async with store.transaction() as session:
        return await keep(session, shop, asked, Learned(record(of)))
