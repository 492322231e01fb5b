"""A group that becomes a supergroup stays the conversation it is, for everybody, for ever."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.channels.base import Accepted, Call
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.factory import telegram
from bot.channels.telegram.webhook import SECRET
from bot.directory import Directory
from events.happened import Happened
from events.vocabulary import ChatMigrated, MessageReceived
from services.wire import Wire, connect
from tests.bot.channels.telegram.test_outbox import a_part
from tests.bot.channels.telegram.updates import ANA, GROUP, PRIVATE, a_message
from tests.contracts.network import SHOP, listening, until
from tests.contracts.telegram import Client, settings
from tests.servers.telegram import BotApi

OLD = {"id": -5, "type": "group", "title": "Vecinos"}
MOVED_TO = {"migrate_to_chat_id": -100}
MOVED_FROM = {"migrate_from_chat_id": -5}


@pytest.fixture
def process(api: BotApi, client: Client, wire: Wire, prefix: str) -> Callable[[], TelegramChannel]:
    """One more process of the same bot."""
    return lambda: telegram(settings(api, client=client), SHOP, wire, prefix)


class Seen(list[Happened]):
    async def ingest(self, event: Happened) -> bool:
        if event.id not in {known.id for known in self}:
            self.append(event)
        return True

    @property
    def messages(self) -> list[MessageReceived]:
        return [event for event in self if isinstance(event, MessageReceived)]


@asynccontextmanager
async def receiving(channel: TelegramChannel, seen: Seen) -> AsyncIterator[None]:
    async with listening(channel, seen.ingest):
        yield
    await channel.close()


async def say(api: BotApi, chat: dict[str, Any], **fields: object) -> None:
    await api.push("message", a_message(chat=chat, **fields)["message"])


async def test_a_group_that_moves_keeps_its_conversation_also_after_a_restart(
    api: BotApi, process: Callable[[], TelegramChannel]
) -> None:
    seen = Seen()
    async with receiving(process(), seen):
        await say(api, OLD, text="/antes")
        await say(api, OLD, **MOVED_TO)
        await say(api, GROUP, **MOVED_FROM)
        await say(api, GROUP, text="/despues")
        await until(lambda: len(seen.messages) == 2 and not api.unconfirmed)
    async with receiving(process(), seen):
        await say(api, GROUP, text="/mañana")
        query = {"id": "1", "from": ANA, "data": "x", "chat_instance": "c"}
        query["message"] = a_message(chat=GROUP, text="¿?")["message"]
        await api.push("callback_query", query)
        await until(lambda: len(seen.messages) == 4)

    assert len({message.conversation for message in seen.messages}) == 1
    assert [message.chat for message in seen.messages] == ["-5", "-100", "-100", "-100"]
    (moved,) = [event for event in seen if isinstance(event, ChatMigrated)]
    assert (moved.chat, moved.new_chat) == ("-5", "-100")


async def test_two_groups_are_two_conversations(
    api: BotApi, process: Callable[[], TelegramChannel]
) -> None:
    seen = Seen()
    async with receiving(process(), seen):
        await say(api, OLD, text="a")
        await say(api, GROUP, text="b")
        await until(lambda: len(seen) == 2)

    assert len({event.conversation for event in seen}) == 2


async def test_a_group_whose_move_we_only_learn_by_sending_keeps_its_conversation_too(
    api: BotApi, process: Callable[[], TelegramChannel], wire: Wire, prefix: str
) -> None:
    api.moved["-5"] = -100
    seen, channel = Seen(), process()
    async with receiving(channel, seen):
        await say(api, OLD, text="/antes")
        await until(lambda: len(seen) == 1)
        assert isinstance(await channel.send(a_part(chat="-5")), Accepted)
        await say(api, GROUP, text="/despues")
        await until(lambda: len(seen) == 2)

    assert len({event.conversation for event in seen}) == 1
    assert await Directory(wire, prefix).canonical("telegram:main", ["-100"]) == "-5"


async def test_every_process_sends_to_where_the_group_is(
    api: BotApi, process: Callable[[], TelegramChannel]
) -> None:
    api.moved["-5"] = -100

    for channel in (process(), process()):
        assert isinstance(await channel.send(a_part(chat="-5")), Accepted)
        assert isinstance(await channel.send(a_part(chat="-5")), Accepted)
        await channel.close()

    assert [message["chat"]["id"] for message in api.sent] == [-100] * 4


async def test_a_private_chat_needs_nobody_to_look_it_up(
    api: BotApi, process: Callable[[], TelegramChannel], wire: Wire, prefix: str
) -> None:
    seen = Seen()
    async with receiving(process(), seen):
        await say(api, PRIVATE, text="hola")
        await until(lambda: len(seen) == 1)

    assert await wire.command("EXISTS", f"{prefix}:names:telegram:main") == 0


async def test_a_group_that_cannot_be_looked_up_is_offered_again(api: BotApi) -> None:
    wire = Wire(connect("redis://127.0.0.1:1"))
    await wire.close()
    channel = telegram(settings(api), SHOP, wire)
    body = json.dumps(a_message(chat=GROUP, text="hola")).encode()
    call = Call("POST", body, {SECRET: channel.address.secret}, {})

    assert (await channel.webhook(Seen().ingest)(call)).status == 503
    await channel.close()
