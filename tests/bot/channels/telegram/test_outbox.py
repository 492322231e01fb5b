"""How a send to Telegram ends."""

import json
from dataclasses import replace
from uuid import UUID

import pytest

from bot.channels.base import Accepted, Ambiguous, Part, Permanent, RetryAfter, SendResult
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.outbox import ALL
from events.contents import Reaction
from tests.servers import telegram_faults as faults
from tests.servers.telegram import BotApi
from tests.servers.telegram_faults import Fault


def a_part(
    chat: str = "7", text: str = "hola", thread: str | None = None, reply_to: str | None = None
) -> Part:
    return Part("k", UUID(int=1), chat, text, thread, reply_to)


ENDS: list[tuple[Fault, type[SendResult], int]] = [
    (faults.limited(7), RetryAfter, 0),
    (faults.BLOCKED, Permanent, 0),
    (faults.NO_CHAT, Permanent, 0),
    (faults.TOO_LARGE, Permanent, 0),
    (faults.UNAUTHORIZED, RetryAfter, 0),
    (faults.CONFLICT, RetryAfter, 0),
    (faults.INTERNAL, RetryAfter, 0),
    (faults.SPEECHLESS, RetryAfter, 0),
    (faults.BAD_GATEWAY, RetryAfter, 0),
    (faults.ODD, Accepted, 1),
    (faults.RESETS, Ambiguous, 0),
    (faults.RESETS_DELIVERED, Ambiguous, 1),
]


@pytest.mark.parametrize(("fault", "end", "delivered"), ENDS)
async def test_each_failure_ends_as_a_value(
    api: BotApi, channel: TelegramChannel, fault: Fault, end: type[SendResult], delivered: int
) -> None:
    api.fail("sendMessage", fault)

    assert isinstance(await channel.send(a_part()), end)
    assert len(api.sent) == delivered


async def test_telegram_says_how_long_to_wait_and_who_is_gone(
    api: BotApi, channel: TelegramChannel
) -> None:
    api.fail("sendMessage", faults.limited(7), faults.BLOCKED)

    limited, blocked = [await channel.send(a_part()) for _ in range(2)]

    assert isinstance(limited, RetryAfter)
    assert limited.seconds == 7
    assert isinstance(blocked, Permanent)
    assert blocked.unreachable


async def test_a_message_telegram_can_never_take_is_permanent(channel: TelegramChannel) -> None:
    for text in ("", " "):
        assert isinstance(await channel.send(a_part(text=text)), Permanent)


async def test_a_group_that_moved_is_followed_at_once_and_from_then_on(
    api: BotApi, channel: TelegramChannel
) -> None:
    api.fail("sendMessage", faults.migrated(-100))

    assert isinstance(await channel.send(a_part(chat="-5")), Accepted)
    assert isinstance(await channel.send(a_part(chat="-5")), Accepted)

    assert [message["chat"]["id"] for message in api.sent] == [-100, -100]
    assert len(api.called("sendMessage")) == 3
    assert channel.rates(a_part(chat="-5"))[-1].of == "group:-100"


async def test_a_group_that_never_stops_moving_is_given_up(
    api: BotApi, channel: TelegramChannel
) -> None:
    api.fail("sendMessage", faults.migrated(-100), faults.migrated(-200))

    assert isinstance(await channel.send(a_part(chat="-5")), Permanent)


async def test_an_answer_to_a_message_that_is_gone_is_sent_all_the_same(
    api: BotApi, channel: TelegramChannel
) -> None:
    assert isinstance(await channel.send(a_part(reply_to="999")), Accepted)

    asked = json.loads(api.called("sendMessage")[0]["reply_parameters"])
    assert asked == {"message_id": 999, "allow_sending_without_reply": True}


def test_groups_have_a_slower_rate_of_their_own(channel: TelegramChannel) -> None:
    assert [rate.of for rate in channel.rates(a_part())] == ["all", "chat:7"]
    assert [rate.of for rate in channel.rates(a_part(chat="-5"))] == ["all", "chat:-5", "group:-5"]
    assert channel.rates(a_part())[0] == ALL
    reaction = replace(a_part(), text="", extra=Reaction(target="5", emoji="👍"))
    assert channel.rates(reaction) == (ALL,)
