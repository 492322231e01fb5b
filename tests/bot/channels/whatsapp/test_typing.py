"""Who is writing: waited for, and kept nowhere."""

from typing import Any

import pytest

from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.channels.whatsapp.protocol import Begin
from events.happened import Happened
from events.manners import CustomerTyping
from events.vocabulary import ChannelChanged
from services.wire import Wire
from tests.bot.channels.whatsapp.said import ACCOUNT, ANA, GROUP, received, told
from tests.contracts.network import listening, until
from tests.contracts.whatsapp import network
from tests.servers.protobufs import TYPING, N, fill, info
from tests.servers.whatsapp import WhatsApp


@pytest.mark.parametrize(("state", "lasts_ms"), [(1, 10_000), (2, 0)])
def test_somebody_writes_or_stopped(state: int, lasts_ms: int) -> None:
    (sign,) = typing(state, ANA)

    assert isinstance(sign, CustomerTyping)
    assert (sign.lasts_ms, sign.conversation) == (lasts_ms, received("hola").conversation)


def test_nobody_waits_for_our_own_people_nor_for_a_group() -> None:
    assert typing(1, ANA, from_me=True) == typing(1, GROUP, sender=ANA) == ()


def typing(state: int, chat: str, **more: Any) -> tuple[Happened, ...]:  # noqa: ANN401  of the source
    return told(TYPING, sign(state, chat, **more))


def sign(state: int, chat: str = ANA, **more: Any) -> bytes:  # noqa: ANN401  of the source
    source = info("", chat, **more).MessageSource
    return bytes(fill(N.ChatPresence(MessageSource=source, State=state)).SerializeToString())


@pytest.mark.parametrize("online", [False, True])
async def test_only_an_account_that_is_online_asks_who_is_writing(
    wire: Wire, prefix: str, *, online: bool
) -> None:
    heard: list[Happened] = []

    async def ingest(event: Happened) -> bool:
        heard.append(event)
        return True

    async with network() as loopback:
        begin = Begin(account=ACCOUNT.key, folder=str(loopback.folder), online=online)
        channel = WhatsAppChannel(ACCOUNT, begin, wire, prefix, command=loopback.command)
        async with listening(channel, ingest):
            await until(lambda: ready(heard) > 0 and "GetMe" in called(loopback))
            loopback.happens(TYPING, sign(1))
            await until(lambda: isinstance(heard[-1], CustomerTyping))
        assert ("SendPresence" in called(loopback)) == online


async def test_a_hidden_number_alone_makes_nobody_known(wire: Wire, prefix: str) -> None:
    """Its next message tells the phone too, and must find the customer it always was."""
    heard: list[Happened] = []

    async def ingest(event: Happened) -> bool:
        heard.append(event)
        return True

    async with network() as loopback:
        begin = Begin(account=ACCOUNT.key, folder=str(loopback.folder), online=True)
        channel = WhatsAppChannel(ACCOUNT, begin, wire, prefix, command=loopback.command)
        async with listening(channel, ingest):
            await until(lambda: ready(heard) > 0 and "GetMe" in called(loopback))
            loopback.happens(TYPING, sign(1, "222222222222222@lid"))
            loopback.happens(TYPING, sign(1))
            await until(lambda: isinstance(heard[-1], CustomerTyping))
    assert [type(event) for event in heard].count(CustomerTyping) == 1


def ready(heard: list[Happened]) -> int:
    return sum(isinstance(event, ChannelChanged) and event.state == "ready" for event in heard)


def called(loopback: WhatsApp) -> list[str]:
    return [name for name, _ in loopback.calls]
