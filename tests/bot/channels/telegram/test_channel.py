"""Polling Telegram: nothing is lost, nobody is stalled."""

import asyncio
import json
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot.channels.base import ChannelRefused, NotStored
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.factory import telegram
from bot.channels.telegram.normaliser import ALLOWED_UPDATES
from events.happened import Happened
from events.vocabulary import MessageReceived, UpdateUnsupported
from tests.bot.channels.telegram.updates import ANA, PRIVATE, a_message
from tests.contracts.network import SHOP, listening, until
from tests.contracts.telegram import settings
from tests.servers import telegram_faults as faults
from tests.servers.telegram import TOKEN, BotApi
from tests.servers.telegram_webhook import Webhook


class Stored(list[Happened]):
    async def ingest(self, event: Happened) -> bool:
        self.append(event)
        return True

    def texts(self) -> list[str]:
        return [event.text for event in self if isinstance(event, MessageReceived)]


@pytest.fixture
async def stored(channel: TelegramChannel) -> AsyncIterator[Stored]:
    """What a listening channel stores."""
    found = Stored()
    async with listening(channel, found.ingest):
        yield found


async def test_what_waited_for_us_is_not_dropped(api: BotApi, channel: TelegramChannel) -> None:
    await api.customer_says("while you were away")
    stored = Stored()

    async with listening(channel, stored.ingest):
        await until(lambda: not api.unconfirmed)

    assert stored.texts() == ["while you were away"]
    assert api.called("deleteWebhook")[0]["drop_pending_updates"] == "false"


async def test_every_poll_asks_for_every_kind_of_update(api: BotApi, stored: Stored) -> None:
    await until(lambda: bool(api.called("getUpdates")))

    assert tuple(json.loads(api.called("getUpdates")[0]["allowed_updates"])) == ALLOWED_UPDATES


async def test_a_malformed_update_harms_no_neighbour(api: BotApi, stored: Stored) -> None:
    await until(lambda: bool(api.called("getUpdates")))
    await api.customer_says("before")
    await api.push("message", {"message_id": [], "chat": "?"}, check=False)
    await api.push("from_the_future", {"x": 1}, check=False)
    await api.customer_says("nul \x00 and half \ud83d", from_=None)
    await api.customer_says("after")

    await until(lambda: not api.unconfirmed)

    assert stored.texts() == ["before", "nul  and half ", "after"]
    assert [event.reason for event in stored if isinstance(event, UpdateUnsupported)] == [
        "malformed"
    ]


async def test_an_update_of_a_kind_we_never_asked_for_is_kept(api: BotApi, stored: Stored) -> None:
    await until(lambda: bool(api.called("getUpdates")))
    api.updates.allow([])

    await api.push("from_the_future", {"x": 1}, check=False)
    await until(lambda: not api.unconfirmed)

    assert [event.reason for event in stored if isinstance(event, UpdateUnsupported)] == [
        "from_the_future"
    ]


async def test_storage_that_is_down_for_a_while_costs_no_message(
    api: BotApi, channel: TelegramChannel
) -> None:
    stored, down = Stored(), asyncio.Event()
    down.set()

    async def ingest(event: Happened) -> bool:
        if down.is_set():
            raise NotStored("storage is down")
        return await stored.ingest(event)

    async with listening(channel, ingest):
        for number in range(15):
            await api.customer_says(f"{number}", chat=1 + number % 3)
        await asyncio.sleep(0.8)
        assert len(api.unconfirmed) == 15
        down.clear()
        await until(lambda: not api.unconfirmed)

    assert stored.texts() == [f"{number}" for number in range(15)]


async def test_trouble_at_telegram_is_waited_out(api: BotApi, channel: TelegramChannel) -> None:
    api.fail("getMe", faults.BAD_GATEWAY)
    api.fail("deleteWebhook", faults.RESETS)
    api.fail("getUpdates", faults.SPEECHLESS, faults.limited(1))
    await api.customer_says("hola")
    stored = Stored()

    async with listening(channel, stored.ingest):
        await until(lambda: not api.unconfirmed)

    assert stored.texts() == ["hola"]


async def test_a_second_poller_is_an_alarm_and_no_end(
    api: BotApi, channel: TelegramChannel
) -> None:
    api.fail("getUpdates", faults.CONFLICT)
    await api.customer_says("hola")
    stored = Stored()

    with capture_logs() as logs:
        async with listening(channel, stored.ingest):
            await until(lambda: not api.unconfirmed)

    assert ("telegram.taken", "error") in [(line["event"], line["log_level"]) for line in logs]
    assert TOKEN not in str(logs)


@pytest.mark.parametrize("fault", [faults.UNAUTHORIZED, faults.NOT_FOUND])
async def test_a_token_that_is_withdrawn_ends_the_channel(
    api: BotApi, channel: TelegramChannel, fault: faults.Fault
) -> None:
    api.fail("getUpdates", fault)

    with pytest.raises(ChannelRefused) as refusal:
        await channel.receive(Stored().ingest)

    assert str(refusal.value) == "Telegram does not know the token: check TELEGRAM_BOT_TOKEN"


@pytest.mark.parametrize("token", ["no token", "42:AAwrong_token_of_the_right_length_0000000"])
async def test_a_wrong_token_ends_the_channel_with_one_clear_line(api: BotApi, token: str) -> None:
    channel = telegram(settings(api, token=SecretStr(token)), SHOP)

    with pytest.raises(ChannelRefused) as refusal:
        await channel.receive(Stored().ingest)

    assert "TELEGRAM_BOT_TOKEN" in str(refusal.value)
    assert token not in str(refusal.value)
    await channel.close()


async def test_a_webhook_that_was_left_behind_is_taken_away(
    api: BotApi, channel: TelegramChannel
) -> None:
    api.webhook = Webhook(api.updates, "https://elsewhere.example/", None)
    await api.customer_says("hola")
    stored = Stored()

    async with listening(channel, stored.ingest):
        await until(lambda: not api.unconfirmed)

    assert stored.texts() == ["hola"]


async def test_in_groups_we_know_our_name(api: BotApi, stored: Stored) -> None:
    group = {"id": -100, "type": "supergroup", "title": "Vecinos"}
    for text in ("hola a todos", "@tiendabot ¿precio?"):
        await api.push("message", a_message(text=text, chat=group)["message"])

    await until(lambda: not api.unconfirmed and len(stored) == 2)

    assert [e.addressed for e in stored if isinstance(e, MessageReceived)] == [False, True]


async def test_a_pressed_button_stops_spinning_and_its_failure_is_nobodys(
    api: BotApi, stored: Stored
) -> None:
    old = faults.refused(400, "Bad Request: query is too old and response timeout expired")
    api.fail("answerCallbackQuery", old)
    for number in ("1", "2"):
        query = {"id": number, "from": ANA, "data": "buy", "chat_instance": "x"}
        await api.push("callback_query", query)

    await until(lambda: len(api.called("answerCallbackQuery")) == 2 and not api.unconfirmed)

    assert [e.action for e in stored if isinstance(e, MessageReceived)] == ["buy", "buy"]


async def test_a_restart_receives_what_was_not_confirmed_under_the_same_ids(
    api: BotApi, channel: TelegramChannel
) -> None:
    first, second, arrived = Stored(), Stored(), asyncio.Event()

    async def stuck(event: Happened) -> bool:
        await first.ingest(event)
        arrived.set()
        await asyncio.Event().wait()
        return True

    await api.customer_says("hola")
    async with listening(channel, stuck):
        await arrived.wait()
    async with listening(channel, second.ingest):
        await until(lambda: not api.unconfirmed)

    assert [event.id for event in first] == [event.id for event in second]


async def test_a_webhook_without_our_address_is_refused(api: BotApi) -> None:
    channel = telegram(settings(api, mode="webhook"), SHOP)

    with pytest.raises(ChannelRefused, match="webhook_url"):
        await channel.receive(Stored().ingest)
    await channel.close()


async def test_the_account_is_the_same_before_and_after_we_know_our_name(api: BotApi) -> None:
    channel = telegram(settings(api), UUID(int=9))
    before = channel.us.conversation("7")

    await channel.identify()

    assert channel.us.username == "TiendaBot"
    assert channel.us.conversation("7") == before
    assert PRIVATE["id"] == 7
    await channel.close()
