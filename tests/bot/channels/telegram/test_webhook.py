"""The door Telegram knocks at."""

import asyncio
import json

import pytest

from bot.channels.base import Call, Hook, NotStored
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.normaliser import ALLOWED_UPDATES
from bot.channels.telegram.webhook import Webhook
from events.happened import Happened
from events.vocabulary import MessageReceived, UpdateUnsupported
from services.wire import Wire
from tests.bot.channels.telegram.updates import a_message
from tests.contracts.network import Ledger, listening, until
from tests.contracts.telegram import Client, called

HOLA = json.dumps(a_message(text="hola")).encode()
SECRET = "x-telegram-bot-api-secret-token"


class Door:
    """Our webhook, and what it stored."""

    def __init__(self, channel: TelegramChannel) -> None:
        self.stored: list[Happened] = []
        self.down = False
        self.hook: Hook = channel.webhook(self.ingest)
        self.secret = channel.address.secret

    async def knock(self, body: bytes, secret: str | None, method: str = "POST") -> int:
        headers = {} if secret is None else {SECRET: secret}
        return (await self.hook(Call(method, body, headers, {}))).status

    async def ingest(self, event: Happened) -> bool:
        if self.down:
            raise NotStored("storage is down")
        self.stored.append(event)
        return True


@pytest.fixture
def door(channel: TelegramChannel) -> Door:
    return Door(channel)


async def test_what_is_stored_is_acknowledged(door: Door) -> None:
    assert await door.knock(HOLA, door.secret) == 200

    (event,) = door.stored
    assert isinstance(event, MessageReceived)
    assert event.text == "hola"


@pytest.mark.parametrize("secret", [None, "", "wrong", "ñandú", "\ud800"])
async def test_who_does_not_know_the_secret_is_turned_away(door: Door, secret: str | None) -> None:
    assert await door.knock(HOLA, secret) == 403
    assert not door.stored


async def test_what_cannot_be_stored_is_not_acknowledged(door: Door) -> None:
    door.down = True
    assert await door.knock(HOLA, door.secret) == 503

    door.down = False
    assert await door.knock(HOLA, door.secret) == 200


@pytest.mark.parametrize("body", [b"", b"{not json", b"\xff\xfe", b"[" * 100_000, b"5", b"null"])
async def test_what_cannot_be_read_is_stored_so_that_it_does_not_come_back(
    door: Door, body: bytes
) -> None:
    assert await door.knock(body, door.secret) == 200

    assert isinstance(door.stored[0], UpdateUnsupported)


async def test_a_megabyte_is_too_much(door: Door) -> None:
    assert await door.knock(b"x" * 1_000_001, door.secret) == 413
    assert not door.stored


async def test_a_storage_that_takes_too_long_is_like_one_that_is_down(
    channel: TelegramChannel,
) -> None:
    async def take(_: object) -> None:
        await asyncio.Event().wait()

    hook = Webhook(channel.address, take, patience_s=0.05)
    call = Call("POST", HOLA, {SECRET: channel.address.secret}, {})

    assert (await hook(call)).status == 503


class Picky(Ledger):
    """Stores everybody's messages but one customer's."""

    async def ingest(self, event: Happened) -> bool:
        if isinstance(event, MessageReceived) and event.chat == "1":
            self.offered += 1
            raise NotStored("not this one")
        return await super().ingest(event)


async def test_nobody_looks_in_through_the_door(door: Door) -> None:
    assert await door.knock(b"", door.secret, method="GET") == 405


async def test_a_customer_whose_messages_fail_holds_up_nobody_else(
    wire: Wire, prefix: str, client: Client
) -> None:
    ledger = Picky()
    async with (
        called(client)(ledger, wire, prefix) as network,
        listening(network.channel, ledger.ingest),
    ):
        await until(lambda: network.api.webhook is not None)
        await network.api.customer_says("stuck", chat=1)
        await network.api.customer_says("hola", chat=2)

        await until(lambda: ledger.offered >= 3 and len(network.api.unconfirmed) == 1)

    assert ledger.texts() == ["hola"]


async def test_telegram_is_told_where_to_call_and_what_to_whisper(
    wire: Wire, prefix: str, client: Client
) -> None:
    async with called(client)(Ledger(), wire, prefix) as network:
        async with listening(network.channel, Ledger().ingest):
            await until(lambda: network.api.webhook is not None)

        (asked,) = network.api.called("setWebhook")

    address = network.channel.address
    assert (asked["url"], asked["secret_token"]) == (address.url, address.secret)
    assert asked["drop_pending_updates"] == "false"
    assert tuple(json.loads(asked["allowed_updates"])) == ALLOWED_UPDATES


def test_the_address_shows_nobody_where_it_is(channel: TelegramChannel) -> None:
    shown = repr(channel.address)

    assert channel.address.secret not in shown
    assert channel.address.path not in shown
