"""The sample lender has a past, models that learned from it, and what they foretell."""

from uuid import UUID

from sqlalchemy import func, select

from app.lent import CLIENTS, lend
from config.settings import Settings
from store.portfolio import count_clients
from store.predicting import RiskModel, RiskPrediction
from store.session import Store


async def test_it_is_lent_to_once_and_both_models_foretell(store: Store, shop: UUID) -> None:
    settings = Settings.model_validate({})
    for _ in range(2):
        await lend(store, shop, settings)
    async with store.reading() as session:
        assert await count_clients(session, shop) == CLIENTS
        models = (await session.scalars(select(RiskModel).order_by(RiskModel.kind))).all()
        query = select(RiskPrediction.kind, func.count()).group_by(RiskPrediction.kind)
        found = {str(kind): int(count) for kind, count in await session.execute(query)}
    assert [(one.kind, one.version, one.active) for one in models] == [
        ("instalment", 1, True), ("loan", 1, True),
    ]  # fmt: skip
    assert found["loan"] > 80
    assert found["instalment"] > 800
    assert all(0.5 < one.metrics["auc"]["value"] < 0.99 for one in models)
