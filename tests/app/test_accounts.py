"""A running bot follows the table of accounts, and one that is wrong harms no other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from app.accounts import Accounts, vault
from app.backing import Backing
from app.parts import Parts, build
from app.pipeline import pipeline
from app.plugins import App
from bot.states import States
from config.settings import Settings
from services.state import Endpoints
from services.vault import Vault
from store.accounts import AccountRow, remove_account, save_account
from tests.fixtures.bots import knobs, until
from tests.servers.telegram import TOKEN, BotApi, serving

KEY = "a secret key of the tests that is long enough"
OTHER = "the key of another installation and none of ours"


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with serving(BotApi()) as api:
        yield api


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


def settings(prefix: str, tmp_path: Path, **telegram: Any) -> Settings:  # noqa: ANN401  any field
    app = {"var": tmp_path / "var", "secret_key": KEY}
    return knobs(prefix, app=app, telegram={"client": "ptb", **telegram})


@asynccontextmanager
async def following(wanted: Settings, here: Backing) -> AsyncIterator[tuple[Parts, Accounts]]:
    """One process of a bot, with no channel of its own."""
    async with build(wanted, here, App(), {}) as parts:
        accounts = Accounts(parts, vault(wanted), lambda _account: None)
        await accounts.load()
        async with pipeline(parts, here.redis_url, App()) as running:
            task = asyncio.create_task(accounts.follow(running.receiver))
            try:
                yield parts, accounts
            finally:
                task.cancel()
                await asyncio.wait([task])
        await accounts.close()


async def add(parts: Parts, name: str, *, key: str = KEY, **options: object) -> None:
    account = f"telegram:{name}"
    sealed = Vault([key], Path("/nowhere")).seal(account, {"token": TOKEN})
    row = AccountRow(
        shop_id=parts.shop,
        account=account,
        network="telegram",
        name=name,
        options=options,
        secrets=sealed,
    )
    async with parts.store.transaction() as session:
        await save_account(session, row)


async def refused(parts: Parts, account: str) -> str:
    told = await States(parts.wire, parts.settings.redis.prefix).of([account])
    return told[account].detail if account in told and told[account].state == "refused" else ""


async def test_every_process_sees_what_is_added_changed_and_removed(
    prefix: str, tmp_path: Path, backing: Backing, api: BotApi
) -> None:
    wanted = settings(prefix, tmp_path)
    async with (
        following(wanted, backing) as (one, _),
        following(wanted, backing) as (other, _),
    ):

        async def both(*accounts: str) -> None:
            async def seen() -> bool:
                return all(set(process.channels) == set(accounts) for process in (one, other))

            await until(seen, 5)

        await add(one, "a", base_url=api.url, poll_s=1)
        await both("telegram:a")
        before = [process.channels["telegram:a"] for process in (one, other)]

        await add(one, "a", base_url=api.url, poll_s=2)
        await until(lambda: _replaced(one, before[0]), 5)
        await until(lambda: _replaced(other, before[1]), 5)

        async with one.store.transaction() as session:
            await remove_account(session, one.shop, "telegram:a")
        await both()


async def _replaced(parts: Parts, before: object) -> bool:
    return parts.channels.get("telegram:a") not in {None, before}


async def test_one_that_cannot_be_opened_is_told_and_the_others_serve(
    prefix: str, tmp_path: Path, backing: Backing, api: BotApi
) -> None:
    async with following(settings(prefix, tmp_path), backing) as (parts, accounts):
        await add(parts, "sealed", key=OTHER)
        await add(parts, "senseless", base_url=api.url, poll_s="often")
        await add(parts, "well", base_url=api.url, poll_s=1)
        await until(lambda: _has(parts, "telegram:well"), 10)

        assert set(parts.channels) == {"telegram:well"}
        assert accounts.refused == {"telegram:sealed", "telegram:senseless"}
        assert "another key" in await refused(parts, "telegram:sealed")
        assert await refused(parts, "telegram:senseless") != ""
        assert TOKEN not in await refused(parts, "telegram:senseless")


async def _has(parts: Parts, account: str) -> bool:
    return account in parts.channels


async def test_an_account_of_the_settings_goes_before_a_stored_one(
    prefix: str, tmp_path: Path, backing: Backing, api: BotApi
) -> None:
    wanted = settings(prefix, tmp_path, token=TOKEN, base_url=api.url, poll_s=1, name="a")
    async with following(wanted, backing) as (parts, _):
        channel = parts.channels["telegram:a"]
        await add(parts, "a", base_url="http://127.0.0.1:9")
        await add(parts, "b")
        await until(lambda: _has(parts, "telegram:b"), 10)
        assert parts.channels["telegram:a"] is channel

        async with parts.store.transaction() as session:
            await remove_account(session, parts.shop, "telegram:a")
            await remove_account(session, parts.shop, "telegram:b")
        await until(lambda: _gone(parts, "telegram:b"), 10)
        assert parts.channels["telegram:a"] is channel


async def _gone(parts: Parts, account: str) -> bool:
    return account not in parts.channels


async def test_what_the_settings_say_of_a_network_counts_for_stored_accounts_too(
    prefix: str, tmp_path: Path, backing: Backing, api: BotApi
) -> None:
    wanted = settings(prefix, tmp_path, base_url=api.url, poll_s=1)
    async with following(wanted, backing) as (parts, _):
        await add(parts, "a")

        async def polled() -> bool:
            return len(api.called("getUpdates")) > 0

        await until(polled, 10)
