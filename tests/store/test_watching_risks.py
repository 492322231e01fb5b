"""What alerts see of a lender's models: how far what they say moved, and when each was trained."""

from datetime import date, timedelta
from uuid import UUID

from store import watching
from store.risk_models import NewModel, activate, keep, note_drift
from store.session import Store
from tests.fixtures.store import add_shop
from tests.prediction.lending import NOW


async def test_only_models_in_use_and_of_the_shop_count(store: Store, shop: UUID) -> None:
    other = await add_shop(store, "other")
    day = date(2026, 11, 15)
    async with store.transaction() as session:
        for whose, psi in ((shop, 0.3), (other, 0.9)):
            old, new = [
                await keep(session, whose, NewModel("loan", {}, {}, NOW - timedelta(back), "ana"))
                for back in (400, 2)
            ]
            assert await activate(session, whose, "loan", new.version)
            await note_drift(session, whose, old.id, day, {"rate": 2.0})
            await note_drift(session, whose, new.id, day, {"rate": 0.1, "score": psi})
            await note_drift(session, whose, new.id, day, {"months": 1.3, "score": psi})
    async with store.lookup() as connection:
        moved = await watching.moved(connection, shop, NOW - timedelta(14), NOW)
        learned = await watching.learned(connection, shop)
        assert await watching.moved(connection, shop, NOW - timedelta(2), NOW) == []
    assert [(at.isoformat(), psi) for at, psi in moved] == [("2026-11-16T00:00:00+00:00", 0.3)]
    assert learned == [NOW - timedelta(2)]
