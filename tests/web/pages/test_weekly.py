"""Each person chooses for themselves whether they are told of the week, and where."""

from dataclasses import replace
from uuid import UUID

import httpx2

from store import weekly
from store.session import Store
from tests.web.roles import acting
from tests.web.staff import actions
from web.app import WebParts


async def test_whoever_wants_it_is_told_of_the_week_in_a_chat_of_their_own(
    parts: WebParts, store: Store, shop: UUID, seller: httpx2.AsyncClient
) -> None:
    staff = ("telegram:main:77", "telegram:main:78")
    path, asked = "/informes/resumen", {"chat": staff[0]}
    with_chats = replace(parts, staff=staff)
    async with acting(with_chats, "seller") as ana, acting(with_chats, "seller") as eva:
        assert "Enviar resumen los lunes a mi Telegram" in (await ana.get("/informes")).text
        done = await ana.post(path, data=asked)
        assert (done.status_code, done.headers["location"]) == (303, "/informes#resumen")
        assert "Te llega los lunes a Telegram, chat 77." in (await ana.get("/informes")).text
        offered = (await eva.get("/informes")).text
        assert (staff[0] in offered, staff[1] in offered) == (False, True)
        assert (await eva.post(path, data=asked)).status_code == 409
        assert (await eva.post(path, data={"chat": "telegram:main:9"})).status_code == 422
        async with store.tenant(shop) as session:
            assert [one.chat for one in await weekly.readers(session, shop)] == [staff[0]]
        await ana.post(path)
        assert staff[0] in (await eva.get("/informes")).text
    assert "Entra con tu cuenta" in (await seller.get("/informes")).text
    assert (await seller.post(path, data=asked)).status_code == 422
    assert (await actions(parts))[:2] == ["report.weekly", "report.weekly"]
