"""A Telegram account is what its settings say, and costs one library, not two."""

import asyncio
import io
import sys
from uuid import UUID

import pytest
from pydantic import SecretStr

from bot.channels.base import Attentive, Called, Downloading
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.factory import telegram
from config.networks import TelegramSettings
from tests.conftest import ROOT
from tests.contracts.telegram import CLIENTS
from tests.servers.telegram import TOKEN

LIBRARIES = {"aiogram": {"aiogram"}, "ptb": {"telegram"}}
BUILD = """
import sys
{before}
from uuid import UUID
from pydantic import SecretStr
from bot.channels.base import ChannelRefused
from bot.channels.telegram.factory import telegram
from config.networks import TelegramSettings
settings = TelegramSettings(client="{client}", token=SecretStr("{token}"))
try:
    telegram(settings, UUID(int=1))
except ChannelRefused as refusal:
    print(refusal)
else:
    print(*sorted({{"aiogram", "telegram"}} & set(sys.modules)))
"""


def a_channel(**fields: object) -> TelegramChannel:
    values = {"token": SecretStr(TOKEN), "webhook_url": "https://bot.example", **fields}
    return telegram(TelegramSettings.model_validate(values), UUID(int=1))


async def built(client: str, before: str = "") -> str:
    """What a process of its own says of it."""
    code = BUILD.format(before=before, client=client, token=TOKEN)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert process.returncode == 0
    return said.decode().strip()


@pytest.mark.parametrize("client", CLIENTS)
async def test_only_the_library_that_is_used_is_imported(client: str) -> None:
    assert {await built(client)} == LIBRARIES[client]


async def test_a_library_that_is_missing_is_named_in_one_line() -> None:
    said = await built("ptb", before="sys.modules['telegram'] = None")

    assert said == "python-telegram-bot is not installed: pip install -r requirements-ptb.txt"


def test_our_id_is_known_from_the_token() -> None:
    assert a_channel().us.bot_id == 42
    assert a_channel(token=SecretStr("nonsense")).us.bot_id is None


def test_every_process_finds_the_same_address_and_nobody_else_does() -> None:
    here, there = a_channel().address, a_channel().address
    other = a_channel(token=SecretStr(TOKEN + "1")).address

    assert here == there
    assert here.path != other.path
    assert here.secret != here.path.removeprefix("/telegram/")
    assert TOKEN not in here.path


def test_a_secret_of_your_own_is_used() -> None:
    assert a_channel(webhook_secret=SecretStr("abc")).address.secret == "abc"


def test_webhooks_are_only_for_those_who_ask() -> None:
    polls, called = a_channel(), a_channel(mode="webhook")

    assert (polls.address.base, polls.path) == (None, None)
    assert called.address.url == f"https://bot.example{called.path}"
    assert (called.path or "").startswith("/telegram/")


def test_it_offers_what_the_network_can() -> None:
    channel = a_channel()

    assert isinstance(channel, Called)
    assert isinstance(channel, Attentive)
    assert isinstance(channel, Downloading)


def test_the_settings_never_print_the_token() -> None:
    page = io.StringIO()
    print(TelegramSettings(token=SecretStr(TOKEN)), file=page)
    assert TOKEN not in page.getvalue()
