"""A link to try the bot: it opens one page, for a while, and for nobody who has not got it."""

import re
from dataclasses import replace
from uuid import uuid4

import httpx2
import pytest

from events.vocabulary import ReplyDrafted
from services.clock import now
from tests.web.conftest import asking
from tests.web.roles import acting
from tests.web.staff import actions
from web.app import WebParts, build
from web.trial import STANDS_S


def said(text: str) -> ReplyDrafted:
    one, at = uuid4(), now()
    return ReplyDrafted(
        id=one, shop=one, account="web:try", conversation=one, request_id=one, turn=None, at=at,
        received_at=at, customer=one, chat="try", text=text, parts=(text,),
    )  # fmt: skip


async def echo(question: str) -> ReplyDrafted | None:
    return said(f"Preguntaste: {question}")


@pytest.fixture
def answering(parts: WebParts) -> WebParts:
    return replace(parts, ask=echo)


async def shared(seller: httpx2.AsyncClient) -> str:
    page = (await seller.post("/probar/enlace")).text
    return "/prueba/" + page.split("/prueba/")[1].split('"')[0]


@pytest.mark.usefixtures("shop")
async def test_a_link_lets_anybody_ask_until_it_is_switched_off(answering: WebParts) -> None:
    async with acting(answering, "seller") as seller, asking(build(answering)) as guest:
        first = await shared(seller)
        asked = await guest.post(first, data={"pregunta": "<b>¿hola?</b>"})
        assert "Preguntaste: &lt;b&gt;¿hola?" in asked.text
        assert (await guest.post(first, data={"pregunta": " "})).status_code == 422
        second = await shared(seller)
        assert (await guest.get(first)).status_code == 404
        assert (await guest.get(second)).status_code == 200
        assert "/prueba/" not in (await seller.get("/probar/enlace")).text
        left = await answering.wire.command(
            "TTL", f"{answering.channel.prefix}:web:trial:{answering.shop}"
        )
        assert STANDS_S - 60 < left <= STANDS_S

        await seller.post("/probar/enlace/quitar")

        assert (await guest.post(second, data={"pregunta": "¿hola?"})).status_code == 404
        assert (await guest.get("/probar")).status_code in {303, 307}
        told = await actions(answering)
    assert told[:3] == ["trial.withdrawn", "trial.shared", "trial.shared"]


@pytest.mark.usefixtures("shop")
async def test_whoever_asks_too_often_waits(answering: WebParts) -> None:
    async with acting(answering, "seller") as seller, asking(build(answering)) as guest:
        link = await shared(seller)
        found = [await guest.post(link, data={"pregunta": "hola"}) for _ in range(11)]
    assert [one.status_code for one in found] == [200] * 10 + [429]
    assert 1 <= int(found[-1].headers["retry-after"]) <= 60
    assert re.search(r"Muchas pruebas seguidas: espera \d+\xa0s\.", found[-1].text)
