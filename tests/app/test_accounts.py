"""A running bot follows the table of accounts, and one that is wrong harms no other."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from app.backing import Backing
from bot.channels.base import Part, RetryAfter
from bot.states import States
from config.settings import Settings
from services.state import Endpoints
from tests.fixtures.accounts import Following, following, sealed_settings
from tests.fixtures.bots import until
from tests.servers.telegram import TOKEN, BotApi, serving

OTHER = "the key of another installation and none of ours"


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with serving(BotApi()) as api:
        yield api


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


def settings(prefix: str, tmp_path: Path, **telegram: Any) -> Settings:  # noqa: ANN401  any field
    return sealed_settings(prefix, tmp_path / "var", telegram={"client": "ptb", **telegram})


def a_bot(api: BotApi, **options: object) -> dict[str, object]:
    return {"token": TOKEN, "base_url": api.url, "poll_s": 1, **options}


async def refused(bot: Following, account: str) -> str:
    told = await States(bot.parts.wire, bot.parts.settings.redis.prefix).of([account])
    return told[account].detail if account in told and told[account].state == "refused" else ""


async def test_every_process_sees_what_is_added_changed_and_removed(
    prefix: str, tmp_path: Path, backing: Backing, api: BotApi
) -> None:
    wanted = settings(prefix, tmp_path)
    async with following(wanted, backing) as one, following(wanted, backing) as other:
        bots = (one, other)
        await one.add("telegram:a", a_bot(api))
        for bot in bots:
            await until(partial(bot.has, "telegram:a"))
        before = [bot.parts.channels["telegram:a"] for bot in bots]

        await one.add("telegram:a", a_bot(api, poll_s=2))
        for bot, channel in zip(bots, before, strict=True):
            await until(partial(_replaced, bot, channel))

        await one.remove("telegram:a")
        for bot in bots:
            await until(partial(bot.lacks, "telegram:a"))


async def _replaced(bot: Following, before: object) -> bool:
    return bot.parts.channels.get("telegram:a") not in {None, before}


async def test_one_that_cannot_be_opened_is_told_and_the_others_serve(
    prefix: str, tmp_path: Path, backing: Backing, api: BotApi
) -> None:
    async with following(settings(prefix, tmp_path), backing) as bot:
        await bot.add("telegram:sealed", a_bot(api), key=OTHER)
        await bot.add("telegram:senseless", a_bot(api, poll_s="often"))
        await bot.add("telegram:well", a_bot(api))
        await until(lambda: bot.has("telegram:well"))

        assert set(bot.parts.channels) == {"telegram:well"}
        assert bot.accounts.refused == {"telegram:sealed", "telegram:senseless"}
        assert "another key" in await refused(bot, "telegram:sealed")
        assert await refused(bot, "telegram:senseless") != ""
        assert TOKEN not in await refused(bot, "telegram:senseless")


async def test_an_account_of_the_settings_goes_before_a_stored_one(
    prefix: str, tmp_path: Path, backing: Backing, api: BotApi
) -> None:
    wanted = settings(prefix, tmp_path, token=TOKEN, base_url=api.url, poll_s=1, name="a")
    async with following(wanted, backing) as bot:
        channel = bot.parts.channels["telegram:a"]
        await bot.add("telegram:a", {"token": "42:other", "base_url": "http://127.0.0.1:9"})
        await bot.add("telegram:b", a_bot(api))
        await until(lambda: bot.has("telegram:b"))
        assert bot.parts.channels["telegram:a"] is channel

        await bot.remove("telegram:a")
        await bot.remove("telegram:b")
        await until(lambda: bot.lacks("telegram:b"))
        assert bot.parts.channels["telegram:a"] is channel


async def test_a_bot_that_stops_in_the_middle_of_a_removal_leaves_no_connection_open(
    prefix: str, tmp_path: Path, backing: Backing, api: BotApi
) -> None:
    async with following(settings(prefix, tmp_path), backing) as bot:
        await bot.add("telegram:b", a_bot(api))
        await until(lambda: bot.has("telegram:b"))
        channel = bot.parts.channels["telegram:b"]
        await bot.remove("telegram:b")
        await until(lambda: bot.lacks("telegram:b"))
    result = await channel.send(Part(key="1:0", conversation=uuid4(), chat="7", text="hola"))
    assert isinstance(result, RetryAfter)
    assert "taken away" in result.reason


async def test_what_the_settings_say_of_a_network_counts_for_stored_accounts_too(
    prefix: str, tmp_path: Path, backing: Backing, api: BotApi
) -> None:
    async def polled() -> bool:
        return bool(api.called("getUpdates"))

    wanted = settings(prefix, tmp_path, base_url=api.url, poll_s=1)
    async with following(wanted, backing) as bot:
        await bot.add("telegram:a", {"token": TOKEN})
        await until(polled)
