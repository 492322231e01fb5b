"""Lists as somebody looks through them: by words, and in another order."""

from typing import Any
from uuid import uuid4

import httpx2

from store import acts
from tests.web.api.conftest import refusal
from tests.web.rows import add_conversation, add_row
from tests.web.talks import add_talk
from web.app import WebParts

API = "/api/v1"


async def everything(program: httpx2.AsyncClient, path: str, **asked: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Page by page, of one thing each."""
    found, wanted = list[dict[str, Any]](), {**asked, "limit": 1}
    while len(found) < 20:
        page = (await program.get(f"{API}/{path}", params=wanted)).json()
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        wanted["cursor"] = page["next_cursor"]
    raise AssertionError(found)


async def test_conversations_are_found_by_what_was_said_and_by_whom(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, first: WebParts, second: WebParts
) -> None:
    said = ("customer", "¿hacen envíos a Arica?")
    ana = await add_talk(first.store, first.shop, "Ana Rojas", said)
    pedro = await add_talk(first.store, first.shop, "Pedro", ("customer", "hola"), said)
    await add_talk(first.store, first.shop, "Rosa", ("customer", "hola"))
    theirs = await add_talk(second.store, second.shop, "Ana Rojas", said)

    both = [one["id"] for one in await everything(program, "conversations", q="envíos arica")]
    assert sorted(both) == sorted([str(ana), str(pedro)])
    rising = await everything(program, "conversations", q="envíos arica", sort="last_at")
    assert [one["id"] for one in rising] == both[::-1]
    (named,) = await everything(program, "conversations", q="rojas")
    assert named["id"] == str(ana)
    (other,) = await everything(neighbour, "conversations", q="arica")
    assert other["id"] == str(theirs)
    assert await everything(program, "conversations", q="bicicleta") == []


async def test_customers_are_found_by_how_their_name_begins(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, first: WebParts
) -> None:
    for name in ("Ana Rojas", "Anabel", "Mariana"):
        await add_talk(first.store, first.shop, name)
    found = await everything(program, "customers", q="ANA")
    assert sorted(one["name"] for one in found) == ["Ana Rojas", "Anabel"]
    assert await everything(program, "customers", q="a_a") == []
    assert await everything(neighbour, "customers", q="ana") == []


async def test_products_are_found_by_their_words_and_ordered(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient
) -> None:
    told = (("MOCH-1", "Mochila azul", "9990", 3), ("MOCH-2", "Mochila roja", "9990", 1),
            ("TAZA-1", "Taza azul", "4990", 8))  # fmt: skip
    for sku, name, amount, stock in told:
        body = {"sku": sku, "name": name, "stock": stock,
                "price": {"amount": amount, "currency": "CLP"}}  # fmt: skip
        assert (await program.post(f"{API}/products", json=body)).status_code == 201

    async def skus(**asked: str) -> list[str]:
        return [one["sku"] for one in await everything(program, "products", **asked)]

    assert await skus(q="azul moch") == ["MOCH-1"]
    assert await skus(q="AZUL") == ["MOCH-1", "TAZA-1"]
    assert await skus() == ["MOCH-1", "MOCH-2", "TAZA-1"]
    assert await skus(sort="-sku") == ["TAZA-1", "MOCH-2", "MOCH-1"]
    assert await skus(sort="price") == ["TAZA-1", "MOCH-1", "MOCH-2"]
    assert await skus(sort="-stock") == ["TAZA-1", "MOCH-1", "MOCH-2"]
    assert await skus(sort="name", q="azul") == ["MOCH-1", "TAZA-1"]
    assert await everything(neighbour, "products", q="azul") == []


async def test_examples_are_found_by_their_words_within_their_filters(
    program: httpx2.AsyncClient, neighbour: httpx2.AsyncClient, first: WebParts
) -> None:
    await add_conversation(first.store, first.shop)
    for number, text in enumerate(("¿Envíos a Arica?", "¿envios a Lima?", "¿hay termos?")):
        mended = "Sí." if number else None
        await add_row(first.store, first.shop, f"r{number}", minutes=number, user_message=text,
                      correction=mended, allowed=number == 0 or None)  # fmt: skip

    async def asked(**wanted: str) -> list[str]:
        path = "training/conversations"
        return [one["question"] for one in await everything(program, path, **wanted)]

    assert await asked(q="envios") == ["¿envios a Lima?", "¿Envíos a Arica?"]
    assert await asked(q="envíos a", sort="created_at") == ["¿Envíos a Arica?", "¿envios a Lima?"]
    assert await asked(q="envios", filter="corrected") == ["¿envios a Lima?"]
    assert await asked(filter="accepted") == ["¿hay termos?", "¿envios a Lima?", "¿Envíos a Arica?"]
    assert await asked(filter="accepted", intent="saludo") == []
    assert await asked(q="100%") == []
    assert await everything(neighbour, "training/conversations", q="envios") == []


async def test_an_order_or_a_word_that_no_list_has_is_refused(program: httpx2.AsyncClient) -> None:
    for path, asked in (
        ("conversations", {"sort": "chat"}), ("products", {"sort": "photo"}),
        ("training/conversations", {"sort": "customer_id"}), ("customers", {"q": " "}),
        ("products", {"q": "a\x00"}), ("conversations", {"q": "x" * 201}),
    ):  # fmt: skip
        answer = await program.get(f"{API}/{path}", params=asked)
        assert refusal(answer) == (422, "invalid"), (path, asked)


async def test_what_nobody_chatted_is_in_no_list(
    program: httpx2.AsyncClient, first: WebParts
) -> None:
    ana = await add_talk(first.store, first.shop, "Ana Rojas", ("customer", "hola"))
    known = await everything(program, "customers")
    async with first.store.batch() as connection:
        await acts.add(connection, first.shop, uuid4(), [])

    assert [one["id"] for one in await everything(program, "conversations")] == [str(ana)]
    assert await everything(program, "customers") == known
