"""The demo's doors stand open on this machine, and nowhere else."""

from dataclasses import replace

import pytest

from app.demo import PEOPLE, doors, people
from config.settings import WebSettings
from tests.fixtures.store import add_shop
from tests.web.conftest import asking, channel, inbox, pack, parts
from web.app import WebParts, build

__all__ = ["channel", "inbox", "pack", "parts"]


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_on_this_machine_alone_anybody_may_take_an_account(host: str) -> None:
    assert set(doors(WebSettings(host=host))) == set(PEOPLE)


@pytest.mark.parametrize(
    "web",
    [
        WebSettings(host="0.0.0.0"),  # noqa: S104  who may not
        WebSettings(host="192.168.1.20"),
        WebSettings(host="127.0.0.1", public_url="https://tienda.example"),
    ],
)
async def test_where_others_come_there_is_no_door(parts: WebParts, web: WebSettings) -> None:
    await add_shop(parts.store)
    await people(parts.store, parts.shop)
    email = PEOPLE["Entrar como administradora demo"][0]
    async with asking(build(replace(parts, demo=doors(web)))) as visitor:
        page = (await visitor.get("/entrar")).text
        tried = await visitor.post("/entrar/demo", data={"quien": email})
        inside = await visitor.get("/hoy")

    assert not any(words in page for words in PEOPLE)
    assert tried.status_code in {404, 405}
    assert inside.status_code == 303


async def test_a_door_leads_to_its_own_account_and_to_no_other(parts: WebParts) -> None:
    await add_shop(parts.store)
    await people(parts.store, parts.shop)
    at_home = replace(parts, demo=doors(WebSettings(host="127.0.0.1")))
    async with asking(build(at_home)) as visitor:
        page = (await visitor.get("/entrar")).text
        stranger = await visitor.post("/entrar/demo", data={"quien": "eva@tienda.cl"})
        email = PEOPLE["Entrar como vendedora demo"][0]
        await visitor.post("/entrar/demo", data={"quien": email})
        seller = await visitor.get("/hoy")
        desk = await visitor.get("/admin/sistema")

    assert all(words in page for words in PEOPLE)
    assert stranger.status_code == 403
    assert (seller.status_code, desk.status_code) == (200, 403)
