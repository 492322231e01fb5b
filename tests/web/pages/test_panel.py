"""What administrators see first: what each day cost."""

import re
from datetime import timedelta
from uuid import UUID

from sqlalchemy import insert

from services.clock import now
from store.rollups import TokensCost
from store.session import Store
from tests.flow.rollouts import add_version
from tests.web.desks import desk_of, equipped
from tests.web.rows import add_conversation, add_day, add_row
from web.api.means import Means
from web.app import WebParts

NOTHING = "En estos días nada tuvo costo"


async def test_what_is_told_says_where_it_was_measured(parts: WebParts, means: Means) -> None:
    await add_conversation(parts.store, parts.shop)
    await add_row(parts.store, parts.shop, "algo")
    async with desk_of(equipped(parts, means.settings)[0]) as eva:
        panel = (await eva.get("/admin")).text
        quality = (await eva.get("/admin/calidad")).text
    assert "Demora, últimas 24 h" in panel
    assert "el de hoy, hasta hace unos minutos" in panel
    assert "en mensajes apartados" in panel
    told = re.search(r"F1 macro al entrenar</a></dt><dd>([\d,]+)</dd>", panel)
    assert told is not None
    assert re.search(rf"F1 macro al entrenar</dt><dd>{told[1]}</dd>", quality) is not None
    assert "en la prueba fija" in quality


async def test_the_canary_is_raised_and_stopped_from_here_by_whoever_may(
    parts: WebParts, means: Means, store: Store, shop: UUID
) -> None:
    version = await add_version(store, shop, provider="offline")
    await add_conversation(store, shop)
    await add_row(store, shop, "algo")
    forced = {"porcentaje": 10, "motivo": "a ver", "igual": "si"}
    async with desk_of(equipped(parts, means.settings)[0]) as eva:
        path = (await eva.post(f"/admin/modelos/{version.id}/canario", data=forced)).headers[
            "location"
        ]
        page = (await eva.get("/admin")).text
        assert f'action="{path}/subir"' in page
        assert "Subir a 25 %" in page
        assert f'action="{path}/detener"' in page
        assert f'hx-get="{path}"' in page
        await eva.post(f"{path}/subir", data={"porcentaje": 25})
        assert "Subir a 50 %" in (await eva.get("/admin")).text
        await eva.post(f"{path}/detener", data={"motivo": "ya no"})
        assert "Canario frente al activo" not in (await eva.get("/admin")).text


async def test_days_that_cost_nothing_are_told_and_not_drawn(parts: WebParts, means: Means) -> None:
    store, shop = parts.store, parts.shop
    await add_conversation(store, shop)
    await add_row(store, shop, "algo")
    await add_day(store, shop, 1, replies=3)
    async with desk_of(equipped(parts, means.settings)[0]) as eva:
        assert NOTHING in (await eva.get("/admin")).text

    day = {"shop_id": shop, "day": (now() - timedelta(days=1)).date(), "channel": "telegram"}
    spent = {"intent": "precio", "provider": "groq", "model": "uno", "cost_micros": 7}
    async with store.transaction() as session:
        await session.execute(insert(TokensCost).values(day | spent))

    async with desk_of(equipped(parts, means.settings)[0]) as eva:
        assert NOTHING not in (await eva.get("/admin")).text
