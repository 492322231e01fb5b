"""Labels and classifiers of two shops, which never meet."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from events.happened import named
from store import nlu
from store.base import DanglingReference, StoreRefused
from store.session import Store
from tests.fixtures.store import add_shop


def row(shop: UUID, text: str, intent: str = "reserva", **more: Any) -> dict[str, Any]:  # noqa: ANN401  columns
    plain = {"slots": {}, "confidence": 1.0, "reviewed_by": "ana", "is_gold": True}
    key = {"shop_id": shop, "id": named("annotation", str(shop), text)}
    return {**key, "text": text, "intent": intent, "training_id": None} | plain | more


async def annotate(store: Store, *rows: dict[str, Any]) -> None:
    async with store.transaction() as session:
        await nlu.annotate(session, rows)


async def gold(store: Store, shop: UUID, limit: int = 10) -> list[tuple[str, str]]:
    async with store.reading() as session:
        return await nlu.gold(session, shop, limit)


async def keep(store: Store, shop: UUID, data: bytes) -> int:
    async with store.transaction() as session:
        return await nlu.keep_model(session, shop, "ventas", data, {"count": len(data)})


async def active(store: Store, shop: UUID) -> tuple[int, bytes] | None:
    async with store.reading() as session:
        return await nlu.active_model(session, shop)


async def test_only_gold_of_the_own_shop_is_learned_from(store: Store, shop: UUID) -> None:
    other = await add_shop(store, "other")
    await annotate(
        store, row(shop, "me guardas uno"), row(shop, "quizás", is_gold=False), row(other, "hola")
    )

    assert await gold(store, shop) == [("me guardas uno", "reserva")]


async def test_saying_it_again_replaces_what_was_said(store: Store, shop: UUID) -> None:
    for intent in ("reserva", "aviso", "aviso"):
        await annotate(store, row(shop, "me dices", intent))

    assert await gold(store, shop) == [("me dices", "aviso")]


async def test_an_annotation_points_to_no_row_that_is_not_there(store: Store, shop: UUID) -> None:
    with pytest.raises(DanglingReference):
        await annotate(store, row(shop, "me guardas uno", training_id=uuid4()))


async def test_nobody_is_more_than_sure(store: Store, shop: UUID) -> None:
    with pytest.raises(StoreRefused):
        await annotate(store, row(shop, "me guardas uno", confidence=1.5))


async def test_the_newest_model_is_the_active_one_of_its_shop(store: Store, shop: UUID) -> None:
    other = await add_shop(store, "other")

    assert [await keep(store, shop, data) for data in (b"a", b"b")] == [1, 2]
    assert await keep(store, other, b"c") == 1
    assert await active(store, shop) == (2, b"b")
    assert await active(store, other) == (1, b"c")


async def test_the_same_bytes_again_are_the_version_they_were(store: Store, shop: UUID) -> None:
    assert [await keep(store, shop, data) for data in (b"a", b"b", b"a")] == [1, 2, 1]
    assert await active(store, shop) == (1, b"a")
    async with store.reading() as session:
        found = await nlu.models(session, shop)
    assert [(one["version"], one["active"], one["bytes"]) for one in found] == [
        (2, False, 1),
        (1, True, 1),
    ]
