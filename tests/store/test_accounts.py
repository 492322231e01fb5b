"""Accounts of channels in Postgres: one row each, whoever adds it, and of one shop."""

import asyncio
from typing import Any
from uuid import UUID

from store.accounts import (
    AccountRow,
    remove_account,
    save_account,
    stored_accounts,
    versions_of,
)
from store.session import Store
from tests.fixtures.store import add_shop


def row(
    shop: UUID, *, secrets: bytes = b"sealed", options: dict[str, Any] | None = None
) -> AccountRow:
    return AccountRow(
        shop_id=shop,
        account="telegram:main",
        network="telegram",
        name="main",
        options=options or {},
        secrets=secrets,
    )


async def saved(store: Store, one: AccountRow) -> str:
    async with store.transaction() as session:
        return await save_account(session, one)


async def test_an_account_is_added_then_updated_then_gone(store: Store, shop: UUID) -> None:
    assert await saved(store, row(shop, options={"poll_s": 5})) == "added"
    async with store.reading() as session:
        first = await versions_of(session, shop)
    assert await saved(store, row(shop, secrets=b"other")) == "updated"
    async with store.reading() as session:
        (found,) = await stored_accounts(session, shop)
        second = await versions_of(session, shop)
    assert (found.account, found.options, found.secrets) == ("telegram:main", {}, b"other")
    assert second["telegram:main"] > first["telegram:main"]

    async with store.transaction() as session:
        assert await remove_account(session, shop, "telegram:main")
        assert not await remove_account(session, shop, "telegram:main")
        assert await stored_accounts(session, shop) == []


async def test_an_account_of_another_shop_is_left_alone(store: Store, shop: UUID) -> None:
    other = await add_shop(store, "other")
    await saved(store, row(shop))
    assert await saved(store, row(other, secrets=b"stolen")) == "foreign"
    async with store.transaction() as session:
        assert not await remove_account(session, other, "telegram:main")
        (found,) = await stored_accounts(session, shop)
        assert await versions_of(session, other) == {}
    assert found.secrets == b"sealed"


async def test_many_who_add_one_account_at_once_make_one_row(store: Store, shop: UUID) -> None:
    many = [row(shop, options={"poll_s": n}, secrets=b"%d" % n) for n in range(12)]
    said = await asyncio.gather(*(saved(store, one) for one in many))
    async with store.reading() as session:
        (found,) = await stored_accounts(session, shop, ["telegram:main", "telegram:nobody"])
    assert sorted(said) == ["added"] + ["updated"] * 11
    assert found.secrets == b"%d" % found.options["poll_s"]


async def test_one_that_is_switched_off_is_not_served(store: Store, shop: UUID) -> None:
    await saved(store, row(shop))
    async with store.transaction() as session:
        (found,) = await stored_accounts(session, shop)
        found.enabled = False
    async with store.reading() as session:
        assert await versions_of(session, shop) == {}
        assert len(await stored_accounts(session, shop)) == 1
