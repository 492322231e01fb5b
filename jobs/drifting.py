"""Once a week: how far a lender's clients have moved away from those its models learned from."""

from datetime import timedelta
from typing import Any

from config.settings import Settings
from jobs.attempts import Attempt
from jobs.predicting import OFS
from learning.weeks import end_of
from prediction.drifting import drift
from prediction.foretelling import Foretelling
from store import risk_models


async def watch_drift(attempt: Attempt, _settings: Settings) -> None:
    store, shop = attempt.store, attempt.run.shop
    sunday = (end_of(attempt.run.period) - timedelta(days=1)).date()
    asks, worst = Foretelling(store, shop), dict[str, Any]()
    for of in OFS:
        chosen = await asks.chosen(of)
        found = {} if chosen is None else await drift(store, shop, chosen, sunday)
        if chosen is None or not found:
            continue
        async with store.transaction() as session:
            await attempt.hold(session)
            await risk_models.note_drift(session, shop, chosen.id, sunday, found)
        worst[of] = max(found.values())
    async with store.transaction() as session:
        await attempt.end(session, worst)
