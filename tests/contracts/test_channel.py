"""What every channel promises, whatever network lies behind it."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from bot.channels.base import Accepted, Part, Tracked
from services.wire import Wire
from tests.contracts.network import CHAT, SHOP, Ledger, Network, listening, until
from tests.contracts.networks import NETWORKS


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture(params=NETWORKS)
async def network(
    request: pytest.FixtureRequest, ledger: Ledger, wire: Wire, prefix: str
) -> AsyncIterator[Network]:
    async with NETWORKS[request.param](ledger, wire, prefix) as network:
        yield network


def a_part(key: str = "k", text: str = "Cuesta $ 4.990") -> Part:
    return Part(key=key, conversation=UUID(int=2), chat=CHAT, text=text)


async def test_a_message_becomes_one_event(network: Network, ledger: Ledger) -> None:
    async with listening(network.channel, ledger.ingest):
        await network.says("¿Cuánto cuesta?")
        await until(lambda: network.unacknowledged() == 0)

    (event,) = ledger.stored
    assert (event.text, event.content, event.author) == ("¿Cuánto cuesta?", "text", "customer")
    assert (event.shop, event.account) == (SHOP, network.channel.account)
    assert event.addressed
    assert ledger.offered == 1


async def test_messages_of_a_chat_keep_their_order_and_conversation(
    network: Network, ledger: Ledger
) -> None:
    said = [f"mensaje {number}" for number in range(10)]

    async with listening(network.channel, ledger.ingest):
        for text in said:
            await network.says(text)
        await until(lambda: len(ledger.stored) == 10)

    assert ledger.texts() == said
    assert len({event.conversation for event in ledger.stored}) == 1
    assert len({event.customer for event in ledger.stored}) == 1
    assert len({event.id for event in ledger.stored}) == 10


async def test_nothing_is_acknowledged_before_it_is_stored(
    network: Network, ledger: Ledger
) -> None:
    ledger.closed = True

    async with listening(network.channel, ledger.ingest):
        await network.says("hola")
        await until(lambda: ledger.offered >= 2)
        assert network.unacknowledged() == 1

        ledger.closed = False
        await until(lambda: network.unacknowledged() == 0)

    assert ledger.texts() == ["hola"]


async def test_a_message_that_was_not_stored_outlives_a_change_of_hands(
    network: Network, ledger: Ledger
) -> None:
    ledger.closed = True
    async with listening(network.channel, ledger.ingest):
        await network.says("hola")
        await until(lambda: ledger.offered >= 1)
    ledger.closed = False

    async with listening(network.channel, ledger.ingest):
        await until(lambda: len(ledger.stored) == 1)

    assert ledger.texts() == ["hola"]


async def test_a_send_is_accepted_and_delivered(network: Network, ledger: Ledger) -> None:
    async with listening(network.channel, ledger.ingest):
        result = await network.channel.send(a_part())

    assert isinstance(result, Accepted)
    assert result.platform_id
    assert await network.delivered() == ["Cuesta $ 4.990"]


async def test_the_longest_text_allowed_is_delivered_whole(
    network: Network, ledger: Ledger
) -> None:
    text = "😀" * (network.channel.limit // 2)

    async with listening(network.channel, ledger.ingest):
        assert isinstance(await network.channel.send(a_part(text=text)), Accepted)
    assert await network.delivered() == [text]


async def test_one_key_is_delivered_once_where_the_channel_says_so(
    network: Network, ledger: Ledger
) -> None:
    channel = network.channel
    async with listening(channel, ledger.ingest):
        for _ in range(2):
            assert isinstance(await channel.send(a_part("same")), Accepted)

    once = channel.idempotent or (isinstance(channel, Tracked) and channel.repeats == "never")
    assert len(await network.delivered()) == (1 if once else 2)


async def test_its_rates_begin_with_the_account_and_end_with_the_chat(
    network: Network, ledger: Ledger
) -> None:
    rates = network.channel.rates(a_part())

    assert not rates or CHAT in rates[-1].of
    assert all(rate.every_ms > 0 and rate.burst > 0 for rate in rates)
