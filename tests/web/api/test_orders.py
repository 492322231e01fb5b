"""Orders as a program reads and decides them, and the pause of the whole bot."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import update

from store.dealings import Order, OrderLine
from tests.web.api.conftest import refusal
from tests.web.rows import START
from tests.web.staff import actions, staff
from tests.web.talks import add_order, add_talk
from web.app import WebParts

ORDERS, PAUSE = "/api/v1/orders", "/api/v1/settings/pause"
PAID, REJECTED = {"decision": "paid"}, {"decision": "rejected"}


@pytest.fixture
async def waits(first: WebParts) -> UUID:
    """An order of two lines with a proof that nobody has looked at."""
    talk = await add_talk(first.store, first.shop, "Ana")
    order = await add_order(first.store, first.shop, talk, state="receipt", total=24990)
    async with first.store.transaction() as session:
        for sku, name, count, price in (("a", "Polera", 2, 9990), ("b", "Gorro", 1, 5010)):
            session.add(OrderLine(
                shop_id=first.shop, order_id=order, sku=sku, name=name, quantity=count,
                price=price,
            ))  # fmt: skip
    await proven(first, order)
    return order


async def proven(parts: WebParts, order: UUID) -> None:
    """Another proof comes."""
    mine = (Order.shop_id == parts.shop, Order.id == order)
    async with parts.store.transaction() as session:
        await session.execute(update(Order).where(*mine).values(receipt_id=uuid4()))


async def told(parts: WebParts) -> list[bytes]:
    """What went on its way: the order's news, and the words for its customer."""
    keys = parts.word.stream.keys
    streams = (keys.stream(number) for number in range(keys.partitions))
    found = [await parts.wire.command("XRANGE", one, "-", "+") for one in streams]
    return [repr(entry).encode() for entries in found for entry in entries]


async def test_an_order_is_decided_and_its_customer_is_told(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, first: WebParts, waits: UUID
) -> None:
    one = f"{ORDERS}/{waits}"
    known = await program.get(one)
    shown: dict[str, Any] = known.json()
    assert (shown["state"], shown["customer"]) == ("receipt", "Ana")
    assert shown["total"] == {"amount": "24990", "currency": "CLP"}
    lines = [(one["sku"], one["quantity"], one["price"]["amount"]) for one in shown["lines"]]
    assert lines == [("a", 2, "9990"), ("b", 1, "5010")]
    match = {"If-Match": known.headers["etag"]}
    assert refusal(await program.put(f"{one}/decision", json=PAID)) == (428, "if_match_needed")
    for path in (one, f"{one}/decision"):
        answer = await neighbour.request("PUT" if path != one else "GET", path,
                                         json=PAID, headers={"If-Match": "*"})  # fmt: skip
        assert refusal(answer) == (404, "not_found")
    assert (await neighbour.get(ORDERS)).json()["items"] == []
    assert await told(first) == []

    done = await program.put(f"{one}/decision", json=PAID, headers=match)
    assert (done.status_code, done.json()["state"]) == (200, "paid")
    assert done.json()["decided_by"] == "api"
    assert done.headers["etag"] == (await program.get(one)).headers["etag"]
    again = {"If-Match": done.headers["etag"]}
    assert (await program.put(f"{one}/decision", json=PAID, headers=again)).status_code == 200
    late = await program.put(f"{one}/decision", json=REJECTED, headers=again)
    assert refusal(late) == (409, "conflict")
    assert late.json()["detail"] == "The order is paid."
    assert len(await told(first)) == 2
    assert await actions(first) == ["order.paid"]


async def test_a_proof_that_came_meanwhile_is_looked_at_first(
    program: httpx2.AsyncClient, first: WebParts, waits: UUID
) -> None:
    one = f"{ORDERS}/{waits}"
    match = {"If-Match": (await program.get(one)).headers["etag"]}
    await proven(first, waits)
    late = await program.put(f"{one}/decision", json=PAID, headers=match)
    assert refusal(late) == (412, "stale")
    assert await told(first) == []
    fresh = {"If-Match": (await program.get(one)).headers["etag"]}
    both = (program.put(f"{one}/decision", json=said, headers=fresh) for said in (PAID, REJECTED))
    answers = sorted(one.status_code for one in await asyncio.gather(*both))
    assert answers == [200, 412]
    assert len(await actions(first)) == 1


async def test_orders_are_listed_by_state_the_longest_waiting_first(
    program: httpx2.AsyncClient, first: WebParts
) -> None:
    made = []
    for number in range(5):
        talk = await add_talk(first.store, first.shop, f"Cliente {number}")
        at = START + timedelta(minutes=number // 2)
        made.append(await add_order(first.store, first.shop, talk, state="receipt", at=at))
    await add_order(first.store, first.shop, talk, state="paid", total=1)
    wanted: dict[str, Any] = {"state": "receipt", "sort": "updated_at", "limit": 2}
    found: list[str] = []
    while True:
        page = (await program.get(ORDERS, params=wanted)).json()
        found += [one["id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        wanted["cursor"] = page["next_cursor"]
    assert sorted(found) == sorted(str(one) for one in made)
    assert {found[0], found[1]} == {str(made[0]), str(made[1])}
    assert found[-1] == str(made[4])
    newest = (await program.get(ORDERS, params={"state": "receipt"})).json()["items"]
    assert newest[0]["id"] == str(made[4])
    foreign = await program.get(ORDERS, params={**wanted, "sort": "-updated_at"})
    assert refusal(foreign) == (400, "cursor_invalid")
    for odd in ({"sort": "total"}, {"state": "lost"}, {"customer_id": "x"}):
        assert refusal(await program.get(ORDERS, params=odd)) == (422, "invalid")
    mine = {"conversation_id": str(talk)}
    assert len((await program.get(ORDERS, params=mine)).json()["items"]) == 2


async def test_the_bot_is_paused_and_goes_on(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, first: WebParts
) -> None:
    speaks = {"paused": False, "by": None, "reason": None, "until": None}
    known = await program.get(PAUSE)
    assert known.json() == speaks
    done = await program.put(PAUSE, json={"minutes": 30, "reason": " precios nuevos "})
    assert done.json()["paused"]
    assert done.json()["reason"] == "precios nuevos"
    assert (await program.get(PAUSE)).json() == done.json()
    longer = (await program.put(PAUSE, json={"minutes": 90})).json()
    assert longer["until"] > done.json()["until"]
    assert (await neighbour.get(PAUSE)).json() == speaks
    assert (await neighbour.delete(PAUSE)).status_code == 204
    assert (await program.get(PAUSE)).json() == longer

    assert (await program.delete(PAUSE)).status_code == 204
    asked = {"If-None-Match": known.headers["etag"]}
    assert (await program.get(PAUSE, headers=asked)).status_code == 304
    assert await actions(first) == ["bot.resumed", "bot.paused", "bot.paused"]
    for odd in ({}, {"minutes": 0}, {"minutes": 43_201}, {"minutes": 5, "reason": "a\x00"}):
        assert refusal(await program.put(PAUSE, json=odd)) == (422, "invalid")


async def test_the_page_shows_a_pause_of_a_program(
    program: httpx2.AsyncClient, first: WebParts
) -> None:
    await program.put(PAUSE, json={"minutes": 30, "reason": "precios nuevos"})
    async with staff(first, "seller") as seller:
        page = (await seller.get("/hoy")).text
        assert "Bot en pausa" in page
        assert "precios nuevos" in page
        await seller.post("/hoy/reanudar")
        assert not (await seller.get(PAUSE)).json()["paused"]
