"""The customer sees that somebody is writing, and gets what was written, once."""

import asyncio

import pytest

from bot.channels.base import Accepted, RetryAfter
from bot.channels.telegram.channel import TelegramChannel
from tests.bot.channels.telegram.test_outbox import a_part
from tests.servers import telegram_faults as faults
from tests.servers.telegram import BotApi


async def test_a_send_that_fails_twice_arrives_once(api: BotApi, channel: TelegramChannel) -> None:
    """A page instead of an answer, an answer without a reason, then one from the future."""
    api.fail("sendMessage", faults.BAD_GATEWAY, faults.SPEECHLESS, faults.ODD)

    ends = [await channel.send(a_part()) for _ in range(3)]

    assert [type(end) for end in ends] == [RetryAfter, RetryAfter, Accepted]
    assert len(api.sent) == 1


@pytest.mark.parametrize(
    ("thread", "place"),
    [
        (None, {}),
        ("3", {"message_thread_id": "3"}),
        ("business:B", {"business_connection_id": "B"}),
    ],
)
async def test_the_customer_sees_that_we_are_writing(
    api: BotApi, channel: TelegramChannel, thread: str | None, place: dict[str, str]
) -> None:
    await channel.attend("7", thread, "5")

    assert api.called("sendChatAction") == [{"chat_id": "7", "action": "typing", **place}]


async def test_writing_is_shown_where_it_can_be_and_its_failure_is_nobodys(
    api: BotApi, channel: TelegramChannel
) -> None:
    await channel.attend("7", "direct:9", "5")
    assert api.calls == []

    api.fail("sendChatAction", faults.BLOCKED, faults.limited(30), faults.BAD_GATEWAY)
    async with asyncio.timeout(20):
        for _ in range(3):
            await channel.attend("7", None, "5")
