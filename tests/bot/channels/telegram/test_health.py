"""A Telegram account tells how it is, to those who look from outside."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from bot.channels.base import ChannelRefused, RetryAfter
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.factory import telegram
from bot.states import States, Told
from events.happened import Happened
from services.wire import Wire, connect
from tests.bot.channels.telegram.test_outbox import a_part
from tests.contracts.network import SHOP, listening, until
from tests.contracts.telegram import Client, settings
from tests.servers import telegram_faults as faults
from tests.servers.telegram import TOKEN, BotApi
from tests.servers.telegram_webhook import Webhook

ACCOUNT = "telegram:main"


@pytest.fixture
async def channel(
    api: BotApi, client: Client, wire: Wire, prefix: str
) -> AsyncIterator[TelegramChannel]:
    channel = telegram(settings(api, client=client), SHOP, wire, prefix)
    yield channel
    await channel.close()


@pytest.fixture
def states(wire: Wire, prefix: str) -> States:
    return States(wire, prefix)


async def stored(_: Happened) -> bool:
    return True


async def becomes(states: States, state: str) -> Told:
    async with asyncio.timeout(60):
        while True:
            told = (await states.of([ACCOUNT])).get(ACCOUNT)
            if told is not None and told.state == state:
                assert TOKEN not in str(told)
                return told
            await asyncio.sleep(0.01)


async def test_an_account_that_receives_is_ready(channel: TelegramChannel, states: States) -> None:
    async with listening(channel, stored):
        assert (await becomes(states, "ready")).detail == ""


async def test_who_only_asks_for_our_name_does_not_speak_for_who_receives(
    channel: TelegramChannel, states: States
) -> None:
    await states.tell(ACCOUNT, "unwell", "polled elsewhere")

    await channel.identify()
    await channel.close()

    assert (await states.of([ACCOUNT]))[ACCOUNT].state == "unwell"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (faults.BAD_GATEWAY, "502"),
        (faults.CONFLICT, "terminated by other getUpdates"),
        (faults.SPEECHLESS, "500"),
    ],
)
async def test_trouble_is_told_and_so_is_its_end(
    api: BotApi, channel: TelegramChannel, states: States, fault: faults.Fault, reason: str
) -> None:
    async with listening(channel, stored):
        await becomes(states, "ready")
        api.fail("getUpdates", fault)
        await api.customer_says("the poll ends, the next one fails")

        assert reason in (await becomes(states, "unwell")).detail
        await becomes(states, "ready")


async def test_a_webhook_that_somebody_sets_while_we_poll_is_told(
    api: BotApi, channel: TelegramChannel, states: States
) -> None:
    async with listening(channel, stored):
        await becomes(states, "ready")
        api.webhook = Webhook(api.updates, "https://elsewhere.example/", None)
        await api.customer_says("hola")

        assert "webhook is active" in (await becomes(states, "unwell")).detail


async def test_a_token_that_is_withdrawn_is_told_by_who_receives(
    api: BotApi, channel: TelegramChannel, states: States
) -> None:
    api.fail("getUpdates", faults.UNAUTHORIZED)

    with pytest.raises(ChannelRefused):
        await channel.receive(stored)

    told = (await states.of([ACCOUNT]))[ACCOUNT]
    assert told.state == "refused"
    assert "TELEGRAM_BOT_TOKEN" in told.detail


async def test_a_token_that_is_withdrawn_is_told_by_who_sends_and_the_reply_waits(
    api: BotApi, channel: TelegramChannel, states: States
) -> None:
    api.fail("sendMessage", faults.UNAUTHORIZED)

    assert isinstance(await channel.send(a_part()), RetryAfter)
    assert "TELEGRAM_BOT_TOKEN" in (await becomes(states, "refused")).detail

    await channel.send(a_part())
    await becomes(states, "ready")


async def test_a_send_that_fails_says_nothing_of_the_account(
    api: BotApi, channel: TelegramChannel, states: States
) -> None:
    async with listening(channel, stored):
        await becomes(states, "ready")
        api.fail("sendMessage", faults.BAD_GATEWAY, faults.BLOCKED, faults.RESETS)
        for _ in range(3):
            await channel.send(a_part())

    assert (await states.of([ACCOUNT]))[ACCOUNT].state == "ready"


async def test_a_webhook_without_our_address_is_told(
    api: BotApi, client: Client, wire: Wire, prefix: str, states: States
) -> None:
    channel = telegram(settings(api, client=client, mode="webhook"), SHOP, wire, prefix)

    with pytest.raises(ChannelRefused):
        await channel.receive(stored)

    assert "webhook_url" in (await becomes(states, "refused")).detail
    await channel.close()


class TestWebhook:
    @pytest.fixture
    async def channel(
        self, api: BotApi, client: Client, wire: Wire, prefix: str
    ) -> AsyncIterator[TelegramChannel]:
        wanted = settings(api, client=client, mode="webhook", webhook_url="http://127.0.0.1:1")
        channel = telegram(wanted, SHOP, wire, prefix)
        channel.look_s = 0.05
        yield channel
        await channel.close()

    async def test_an_address_that_was_taken_over_is_told_and_not_taken_back(
        self, api: BotApi, channel: TelegramChannel, states: States
    ) -> None:
        async with listening(channel, stored):
            await becomes(states, "ready")
            assert api.webhook is not None
            api.webhook.url = "https://elsewhere.example/"

            assert "another bot" in (await becomes(states, "unwell")).detail
            api.webhook.url = channel.address.url
            await becomes(states, "ready")

        assert len(api.called("setWebhook")) == 1

    async def test_calls_that_do_not_reach_us_are_told_in_telegrams_words(
        self, api: BotApi, channel: TelegramChannel, states: States
    ) -> None:
        async with listening(channel, stored):
            await becomes(states, "ready")
            assert api.webhook is not None
            api.webhook.statuses.append(502)
            api.webhook.failed_at = time.time() + 3

            told = await becomes(states, "unwell")
            assert told.detail == (
                "Telegram could not call us: Wrong response from the webhook: 502"
            )
            await becomes(states, "ready")


async def test_telling_holds_up_nobody_while_redis_is_gone(api: BotApi, client: Client) -> None:
    wire = Wire(connect("redis://127.0.0.1:1"))
    channel = telegram(settings(api, client=client), SHOP, wire)
    found: list[Happened] = []

    async def ingest(event: Happened) -> bool:
        found.append(event)
        return True

    with capture_logs():
        async with listening(channel, ingest):
            await api.customer_says("hola")
            await until(lambda: len(found) == 1)
        await channel.close()
        await wire.close()
