"""A sample lender's past beside its pack's records: clients nobody ever met, models that learned
from them, and what these foretell."""

from typing import Final, get_args
from uuid import UUID

from config.opening import zone_of
from config.settings import Settings
from prediction.foretelling import Foretelling
from prediction.learning import Asked, keep, learn
from prediction.lender import lender
from prediction.lent import Records
from services.clock import now
from store import portfolio, risk_models
from store.predicting import Of
from store.session import Store, WriteSession

CLIENTS: Final = 300
MOST: Final = 6_000
BY: Final = "demo"


async def lend(store: Store, shop: UUID, settings: Settings) -> None:
    """Nothing where a model is in use already."""
    async with store.lookup() as connection:
        if await risk_models.active(connection, shop, "loan") is not None:
            return
    at = now()
    today = at.astimezone(zone_of(settings.hours.timezone)).date()
    for chunk in Records(lender(today, clients=CLIENTS)).chunks():
        async with store.transaction() as session:
            await portfolio.replace(session, shop, chunk)
    for of in get_args(Of):
        await _foretell(store, shop, Asked(of, today, at, BY, activate=True, most=MOST))


async def _foretell(store: Store, shop: UUID, asked: Asked) -> None:
    learned = await learn(store, shop, asked)
    async with store.transaction() as session:
        await keep(session, shop, asked, learned)
    asks = Foretelling(store, shop)
    chosen = await asks.chosen(asked.of)
    if chosen is not None:
        await asks.all(chosen, asked.today, asked.at, _unwatched)


async def _unwatched(_session: WriteSession, _client: UUID, _count: int) -> None:
    """So few are written that nobody waits for them."""
