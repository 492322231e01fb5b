"""What leaves through a session somebody holds: from any process, once, and how it ended."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from bot.channels.base import (
    Accepted,
    Ambiguous,
    Part,
    Permanent,
    RetryAfter,
    SendResult,
)
from bot.channels.whatsapp.channel import WhatsAppChannel
from events.contents import Attachment, Choice, Extra, Reaction, Template
from services.wire import Wire, connect
from tests.bot.channels.whatsapp.sending import ANA, Heard, Held, a_part, heard, held
from tests.contracts.network import Ledger, listening, until
from tests.contracts.whatsapp import channel_of, network
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


async def test_what_a_model_wrote_mentions_nobody_and_fetches_nothing(
    holder: WhatsAppChannel, whatsapp: WhatsApp
) -> None:
    text = "Escribe a @56922222222, @12345 o mira https://tienda.example/polera"

    assert isinstance(await holder.send(a_part(text)), Accepted)

    (sent,) = whatsapp.sent
    assert (sent.to, sent.text) == (ANA, text)
    assert [field.name for field, _ in sent.message.ListFields()] == ["conversation"]


async def test_any_process_sends_through_the_one_that_holds_the_session(
    holder: WhatsAppChannel, whatsapp: WhatsApp, redis_url: str, shared: Held
) -> None:
    elsewhere = Wire(connect(redis_url))
    other = channel_of(whatsapp, elsewhere, shared.prefix)

    results = await asyncio.gather(
        *(other.send(a_part(f"parte {number}", number=number)) for number in range(5)),
        *(other.send(a_part(f"parte {number}", number=number)) for number in range(5)),
    )
    await elsewhere.close()

    assert all(isinstance(result, Accepted) for result in results)
    assert sorted(whatsapp.texts()) == [f"parte {number}" for number in range(5)], "each once"


async def test_an_answer_quotes_and_disappears_as_its_chat_does(
    holder: WhatsAppChannel, whatsapp: WhatsApp, ledger: Ledger
) -> None:
    timed = {"extendedTextMessage": {"text": "¿Talla?", "contextInfo": {"expiration": 86400}}}
    asked = await heard(whatsapp, ledger, timed)

    await holder.send(a_part("La M", reply_to=asked))
    await holder.send(a_part("¿Algo más?", number=1, reply_to="UNKNOWN"))
    await heard(whatsapp, ledger, "ya no desaparecen")
    await holder.send(a_part("Bien", number=2))

    first, second, third = (one.message for one in whatsapp.sent)
    context = first.extendedTextMessage.contextInfo
    assert (context.stanzaID, context.participant, context.expiration) == (asked, ANA, 86400)
    assert context.quotedMessage.conversation == "¿Talla?"
    assert second.extendedTextMessage.contextInfo.expiration == 86400
    assert not second.extendedTextMessage.contextInfo.stanzaID, "it is sent without the quote"
    assert third.conversation == "Bien"


async def test_what_was_taken_back_is_quoted_to_nobody(
    holder: WhatsAppChannel, whatsapp: WhatsApp, ledger: Ledger
) -> None:
    asked = await heard(whatsapp, ledger, "mi clave es 1234")
    whatsapp.says({"protocolMessage": {"key": {"ID": asked}, "type": 0}}, ANA)
    await heard(whatsapp, ledger, "¿Hay stock?")
    await holder.send(a_part("Sí", reply_to=asked))

    (sent,) = whatsapp.sent
    assert sent.message.conversation == "Sí"


async def test_choices_are_numbered_lines(holder: WhatsAppChannel, whatsapp: WhatsApp) -> None:
    choices = (Choice(id="a", title="Sí", description="hoy"), Choice(id="b", title="No"))
    await holder.send(Part("k", UUID(int=2), ANA, "¿Lo quieres?", choices=choices))

    assert whatsapp.texts() == ["¿Lo quieres?\n\n1. Sí – hoy\n2. No"]


async def test_a_file_travels_by_its_contents(holder: WhatsAppChannel, whatsapp: WhatsApp) -> None:
    file = Attachment(
        kind="document", data=b"x" * 200_000, name="lista.txt", mime="text/plain", caption="Todo"
    )
    assert isinstance(await holder.send(a_part(extra=file)), Accepted)

    (sent,) = whatsapp.sent
    document = sent.message.documentWithCaptionMessage.message.documentMessage
    assert (document.fileName, document.caption, document.fileLength) == (
        "lista.txt",
        "Todo",
        200_000,
    )
    assert document.mediaKey == b"k" * 32


async def test_a_reaction_is_put_on_the_customers_message(
    holder: WhatsAppChannel, whatsapp: WhatsApp, ledger: Ledger
) -> None:
    asked = await heard(whatsapp, ledger, "gracias")
    await holder.send(a_part(extra=Reaction(target=asked, emoji="❤️")))
    await holder.send(a_part(number=1, extra=Reaction(target=asked)))

    put, taken = (one.message.reactionMessage for one in whatsapp.sent)
    assert (put.key.ID, put.key.remoteJID, put.key.fromMe, put.text) == (asked, ANA, False, "❤️")
    assert taken.text == ""


@pytest.mark.parametrize(
    "extra", [Template(name="saludo", language="es"), Attachment(kind="photo", ref="AgAD")]
)
async def test_what_this_network_cannot_carry_is_refused(
    extra: Extra, wire: Wire, prefix: str, whatsapp: WhatsApp
) -> None:
    assert isinstance(await channel_of(whatsapp, wire, prefix).send(a_part(extra=extra)), Permanent)


async def test_a_photo_elsewhere_is_sent_as_its_address(
    holder: WhatsAppChannel, whatsapp: WhatsApp
) -> None:
    """To fetch it ourselves would let whoever wrote the address send us anywhere."""
    photo = Attachment(kind="photo", url="http://10.0.0.1/a.jpg", caption="Polera roja")
    assert isinstance(await holder.send(a_part(extra=photo)), Accepted)

    assert whatsapp.texts() == ["Polera roja\nhttp://10.0.0.1/a.jpg"]


ENDS: dict[str, type[SendResult]] = {
    "websocket not connected": RetryAfter,
    "failed to get device list: info query timed out": RetryAfter,
    "can't send message to unknown server lid": Permanent,
    "server returned error 463": Permanent,
    "timed out waiting for message send response": Ambiguous,
    "something nobody has seen before": Ambiguous,
}


async def test_every_error_has_an_end_and_only_the_safe_ones_are_sent_again(
    holder: WhatsAppChannel, whatsapp: WhatsApp
) -> None:
    for number, said in enumerate(ENDS):
        whatsapp.failing["SendMessage"] = said
        assert isinstance(await holder.send(a_part(said, number=number)), ENDS[said]), said
    whatsapp.failing.clear()

    for number, (said, end) in enumerate(ENDS.items()):
        again = await holder.send(a_part(said, number=number))
        assert isinstance(again, Accepted if end is RetryAfter else end), said
    assert whatsapp.texts() == [said for said, end in ENDS.items() if end is RetryAfter]


async def test_without_a_session_a_send_waits_for_later(wire: Wire, prefix: str) -> None:
    async with network() as loopback:
        channel, ledger = channel_of(loopback, wire, prefix, patience_s=0.2), Heard()
        result = await channel.send(a_part("hola"))

        assert isinstance(result, RetryAfter)
        assert result.reason == "WhatsApp is not connected (no bot serves it)"
        async with listening(channel, ledger.ingest):
            await heard(loopback, ledger, "x")
            await asyncio.sleep(0.2)
        assert loopback.texts() == [], "nobody sends what nobody waits for"


async def test_one_held_up_chat_holds_up_no_other(
    holder: WhatsAppChannel, whatsapp: WhatsApp
) -> None:
    whatsapp.held["SendMessage"] = release = asyncio.Event()
    stuck = asyncio.create_task(holder.send(a_part("uno")))
    await until(lambda: bool(whatsapp.calls))
    whatsapp.held.clear()

    assert isinstance(await holder.send(a_part("dos", number=1)), Accepted)
    assert not stuck.done()
    release.set()
    assert isinstance(await stuck, Accepted)
