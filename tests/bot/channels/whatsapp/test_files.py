"""What else a session does: marks as read, fetches files, and tells how far a message got."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from bot.channels.base import (
    Accepted,
    ChannelUnavailable,
    MediaGone,
    MediaTooLarge,
)
from bot.channels.whatsapp.channel import WhatsAppChannel
from events.contents import Alias
from services.wire import Wire
from tests.bot.channels.whatsapp.sending import ANA, REPLY, Heard, Held, a_part, heard, held
from tests.contracts.network import until
from tests.contracts.whatsapp import channel_of
from tests.servers.protobufs import RECEIPT, N, fill, info
from tests.servers.whatsapp import WhatsApp


@pytest.fixture(scope="module")
async def shared(redis_url: str) -> AsyncIterator[Held]:
    async with held(redis_url) as session:
        yield session


@pytest.fixture
async def holder(shared: Held) -> WhatsAppChannel:
    await shared.fresh()
    return shared.channel


@pytest.fixture
def whatsapp(shared: Held) -> WhatsApp:
    return shared.network


@pytest.fixture
def ledger(shared: Held) -> Heard:
    return shared.ledger


async def test_a_message_is_read_and_an_answer_is_on_its_way(
    holder: WhatsAppChannel, whatsapp: WhatsApp, ledger: Heard
) -> None:
    asked = await heard(whatsapp, ledger, "hola")
    await holder.attend(ANA, None, asked)
    await until(named(whatsapp, "SendChatPresence"))

    ids = [args[1] for name, args in whatsapp.calls if name == "MarkRead"]
    assert ids == [asked.encode()]


def named(whatsapp: WhatsApp, function: str) -> Callable[[], bool]:
    return lambda: function in {name for name, _ in whatsapp.calls}


@asynccontextmanager
async def a_file(whatsapp: WhatsApp, ledger: Heard, contents: bytes) -> AsyncIterator[str]:
    whatsapp.file = contents
    body = {"mediaKey": b"k" * 32, "fileLength": len(contents), "directPath": "/f"}
    await heard(whatsapp, ledger, {"audioMessage": body | {"PTT": True}})
    (media,) = ledger.stored[-1].media
    yield media.ref


async def test_a_customers_file_comes_in_pieces(
    holder: WhatsAppChannel, whatsapp: WhatsApp, ledger: Heard
) -> None:
    contents = bytes(range(256)) * 3000
    async with a_file(whatsapp, ledger, contents) as ref:
        pieces = [piece async for piece in holder.download(ref, 1 << 20)]

    assert b"".join(pieces) == contents
    assert len(pieces) == 3
    assert list(whatsapp.folder.glob("*.files/*")) == []


async def test_a_file_that_is_too_large_or_gone_is_not_fetched(
    holder: WhatsAppChannel, whatsapp: WhatsApp, ledger: Heard
) -> None:
    async with a_file(whatsapp, ledger, b"x" * 1000) as ref:
        with pytest.raises(MediaTooLarge):
            await anext(holder.download(ref, 999))
        assert not named(whatsapp, "DownloadAny")()
        whatsapp.failing["DownloadAny"] = "download failed with status code 410"
        with pytest.raises(MediaGone):
            await anext(holder.download(ref, 2000))


async def test_a_file_waits_for_the_session(whatsapp: WhatsApp, wire: Wire, prefix: str) -> None:
    channel = channel_of(whatsapp, wire, prefix, "whatsapp:nobody", patience_s=0.1)
    with pytest.raises(ChannelUnavailable):
        await anext(channel.download("x", 10))


async def test_a_receipt_belongs_to_its_part_of_a_reply(
    holder: WhatsAppChannel, whatsapp: WhatsApp, ledger: Heard
) -> None:
    sent = await holder.send(a_part("hola", number=3))
    assert isinstance(sent, Accepted)
    source = info("", ANA).MessageSource
    receipt = N.Receipt(MessageSource=source, MessageIDs=[sent.platform_id], Type="READ")
    whatsapp.happens(RECEIPT, fill(receipt).SerializeToString())
    await until(lambda: bool(ledger.receipts))

    (event,) = ledger.receipts
    assert (event.reply, event.part, event.state) == (REPLY, 3, "read")


async def test_the_session_knows_the_phone_behind_a_hidden_number(
    holder: WhatsAppChannel, whatsapp: WhatsApp, ledger: Heard
) -> None:
    whatsapp.phones["222"] = ANA
    await heard(whatsapp, ledger, "hola", "222@lid")
    await heard(whatsapp, ledger, "hola", ANA)
    await heard(whatsapp, ledger, "hola", "333@lid")

    hidden, open_, unknown = ledger.stored
    assert hidden.conversation == open_.conversation
    assert Alias("phone", "56911111111") in hidden.sender.aliases
    assert unknown.sender.aliases == (Alias("lid", "333"),)
    assert (hidden.chat, open_.chat) == ("222@lid", ANA), "answers go where the message came from"
