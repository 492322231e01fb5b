"""What was done in a conversation is said on the page after, with the form that takes it back."""

import re
from datetime import UTC, datetime
from html import unescape
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import select

from store.inbox import ConversationState
from store.ratings import Rating
from store.session import Store
from tests.web.talks import PRICE, add_talk, answer, hand_over, page

NOW = datetime.now(UTC)
FORM = re.compile(
    r'<div class="toast"><span>([^<]*)</span>\s*'
    r'<form method="post" action="([^"]*)">(.*?)</form>',
    re.DOTALL,
)
FIELD = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


@pytest.fixture
async def ana(store: Store, shop: UUID) -> UUID:
    return await add_talk(store, shop, "Ana", *PRICE, at=NOW)


async def state(store: Store, shop: UUID, talk: UUID) -> ConversationState | None:
    async with store.tenant(shop) as session:
        return await session.get(ConversationState, (shop, talk))


async def after(seller: httpx2.AsyncClient, answered: httpx2.Response) -> str:
    assert answered.status_code == 303
    return (await seller.get(answered.headers["location"])).text


async def undone(seller: httpx2.AsyncClient, shown: str) -> str:
    """Presses what the page offers; the page after."""
    found = FORM.search(shown)
    assert found is not None
    values = {name: unescape(value) for name, value in FIELD.findall(found[3])}
    return await after(seller, await seller.post(unescape(found[2]), data=values))


async def test_what_was_done_is_said_and_taken_back(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, ana: UUID
) -> None:
    for way, data, said, field, before in (
        ("/resolver", {}, "Resuelta.", "state", "open"),
        ("/posponer", {"hasta": "3h"}, "Pospuesta: vuelve sola.", "state", "open"),
        ("/etiquetas", {"etiquetas": "vip"}, "Etiquetas guardadas.", "labels", []),
        ("/etiquetas", {"etiquetas": "vip, a&b"}, "Etiquetas guardadas.", "labels", []),
        ("/venta", {"venta": "si"}, "Marcada como venta.", "converted", None),
    ):
        shown = await after(seller, await seller.post(page(ana, way), data=data))
        assert f"<span>{said}</span>" in shown
        assert getattr(await state(store, shop, ana), field) != before
        assert 'class="toast"' in await undone(seller, shown)
        assert getattr(await state(store, shop, ana), field) == before


async def test_the_word_is_given_back_as_it_was_taken(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, ana: UUID
) -> None:
    taken = await after(seller, await seller.post(page(ana, "/tomar")))
    assert "<span>La atiendes tú: el bot calla.</span>" in taken
    given = await undone(seller, taken)
    assert "<span>Devuelta al bot.</span>" in given
    row = await state(store, shop, ana)
    assert row is not None
    assert row.assigned_to is None
    assert "<span>La atiendes tú: el bot calla.</span>" in await undone(seller, given)
    row = await state(store, shop, ana)
    assert row is not None
    assert row.assigned_to is not None

    waits = await add_talk(store, shop, "Luis", *PRICE, at=NOW)
    await hand_over(store, shop, waits, at=NOW)
    taken = await after(seller, await seller.post(page(waits, "/tomar")))
    assert "<span>La atiendes tú: el bot calla.</span>" in taken
    assert FORM.search(taken) is None


async def test_on_the_next_page_the_one_before_is_opened_again(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, ana: UUID
) -> None:
    waits = await add_talk(store, shop, "Luis", *PRICE, at=NOW)
    await hand_over(store, shop, waits, at=NOW)

    on = await seller.post(page(ana, "/resolver"), data={"siguiente": "si"})
    assert str(waits) in on.headers["location"].split("?")[0]
    await undone(seller, await after(seller, on))

    row = await state(store, shop, ana)
    assert row is not None
    assert row.state == "open"


async def test_whoever_waited_is_not_given_back_to_the_bot(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, ana: UUID
) -> None:
    await hand_over(store, shop, ana, at=NOW)
    shown = await after(seller, await seller.post(page(ana, "/resolver")))
    assert "<span>La atiendes tú: el bot calla.</span>" in await undone(seller, shown)


async def test_a_thumb_is_taken_back_and_the_stars_stay(
    seller: httpx2.AsyncClient, store: Store, shop: UUID, ana: UUID
) -> None:
    await seller.post(answer(ana, "nota"), data={"estrellas": "4"})
    shown = await after(seller, await seller.post(answer(ana, "nota"), data={"pulgar": "no"}))
    await undone(seller, shown)

    async with store.tenant(shop) as session:
        found = [(one.stars, one.thumb) for one in await session.scalars(select(Rating))]
    assert found == [(4, None)]


async def test_an_address_that_tells_of_nothing_of_ours_says_nothing(
    seller: httpx2.AsyncClient, ana: UUID
) -> None:
    for told in ("que=<b>x</b>", f"que=resuelta&de={uuid4()}x", "de=1&vuelta=mensaje"):
        assert 'class="toast"' not in (await seller.get(f"{page(ana)}?{told}")).text
    shown = (await seller.get(f"{page(ana)}?que=resuelta&de={ana}&vuelta=mensaje")).text
    assert "<span>Resuelta.</span>" in shown
    assert FORM.search(shown) is None
