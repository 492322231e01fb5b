"""Everything a reply may hold reaches a Telegram customer, whatever Telegram thinks of it."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.channels.base import Accepted, Part, Permanent, RetryAfter
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.factory import telegram
from bot.markup import read
from events.contents import Attachment, Choice, Extra, Mark, Reaction, Template
from tests.bot.channels.telegram.test_outbox import a_part
from tests.contracts.network import SHOP
from tests.contracts.telegram import Client, settings
from tests.servers import telegram_faults as faults
from tests.servers.telegram import BotApi, serving
from tests.servers.telegram_faults import refused
from tests.servers.telegram_spec import Spec

CHOICES = (
    Choice(id="buy:1", title="Comprar"),
    Choice(id="more", title="Ver más"),
    Choice(id="web", title="Página", url="https://tienda.cl/"),
)
CANNOT_PARSE = refused(400, "Bad Request: can't parse entities: Can't find end")


@pytest.fixture
def spec(shared_data: Path) -> Spec:
    return Spec.read(shared_data / "channels/telegram-bot-api-spec.json")


@pytest.fixture
async def api(spec: Spec) -> AsyncIterator[BotApi]:
    """Every call and every answer is held against the published API."""
    async with serving(BotApi(spec=spec)) as api:
        yield api
    assert api.wrong == []


@pytest.fixture
async def channel(api: BotApi, client: Client) -> AsyncIterator[TelegramChannel]:
    channel = telegram(settings(api, client=client), SHOP)
    yield channel
    await channel.close()


def with_extra(extra: Extra) -> Part:
    return replace(a_part(text=""), extra=extra)


async def sent_as_composed(channel: TelegramChannel, text: str) -> list[Part]:
    """As the sender would: part after part."""
    made = channel.compose(text)
    marks = made.marks or ((),) * len(made.parts)
    parts = [
        replace(a_part(text=part), marks=look) for part, look in zip(made.parts, marks, strict=True)
    ]
    parts += [with_extra(extra) for extra in made.extras]
    for part in parts:
        assert isinstance(await channel.send(part), Accepted)
    return parts


async def test_long_markdown_with_emoji_and_unbalanced_signs_arrives_complete_and_in_order(
    api: BotApi, channel: TelegramChannel
) -> None:
    lines = [
        f"{n}. **Oferta {n} 🛒** con *descuento_{n}* y `SKU_{n}*` a $ {n}.990 _sin **cerrar 👩‍🚀 "
        f"[foto {n}](https://tienda.cl/f_{n}.jpg?a=*{n}*) ~~antes~~ 5*{n}*2\n"
        for n in range(1, 160)
    ]
    markdown = "# Catálogo\n\n" + "\n".join(lines)

    parts = await sent_as_composed(channel, markdown)

    assert len(parts) > 2
    assert len(api.calls) == len(parts)
    told = " ".join(re.sub(r"\(\d/\d\)$", "", message["text"]) for message in api.sent)
    assert told.split() == read(markdown).text.split()
    assert [int(n) for n in re.findall(r"(\d+)\. Oferta", told)] == list(range(1, 160))
    links = [one for message in api.sent for one in message["entities"] if "url" in one]
    assert [one["url"] for one in links] == [
        f"https://tienda.cl/f_{n}.jpg?a=*{n}*" for n in range(1, 160)
    ]


async def test_a_flood_becomes_one_message_and_a_file(
    api: BotApi, channel: TelegramChannel
) -> None:
    await sent_as_composed(channel, "Hola, **Ana**. Tengo mucho que decirte. 🛒\n" * 900)

    assert len(api.sent) == 2
    name, data = api.called("sendDocument")[0]["document"]
    assert name == "respuesta.txt"
    assert data.decode().count("Hola, Ana.") == 900


async def test_entities_telegram_cannot_parse_are_left_out_but_no_address_is(
    api: BotApi, channel: TelegramChannel
) -> None:
    marks = (Mark(kind="link", offset=3, length=4, value="https://x.cl/a"),)
    api.fail("sendMessage", CANNOT_PARSE)

    assert isinstance(await channel.send(replace(a_part(text="🛒 foto ya"), marks=marks)), Accepted)
    assert api.sent[0]["text"] == "🛒 foto (https://x.cl/a) ya"
    assert "entities" not in api.sent[0]


async def test_a_text_that_is_too_long_after_all_is_split(
    api: BotApi, channel: TelegramChannel
) -> None:
    words = [f"palabra{n}" for n in range(900)]
    part = replace(a_part(text=" ".join(words), reply_to="1"), choices=CHOICES)

    assert isinstance(await channel.send(part), Accepted)

    assert " ".join(message["text"] for message in api.sent).split() == words
    calls = api.called("sendMessage")
    assert ["reply_parameters" in call for call in calls] == [True, True, False, False]
    assert ["reply_markup" in call for call in calls] == [True, False, False, True]


async def test_what_has_arrived_of_several_pieces_is_not_sent_again(
    api: BotApi, channel: TelegramChannel
) -> None:
    part = a_part(text="uno " * 1000 + "dos " * 1000)
    long = refused(400, "Bad Request: message is too long")
    api.fail("sendMessage", long, faults.ODD, faults.limited(3))

    assert isinstance(await channel.send(part), RetryAfter)
    assert isinstance(await channel.send(part), Accepted)

    told = " ".join(message["text"] for message in api.sent).split()
    assert told == part.text.split()


async def test_what_is_already_so_is_a_success(api: BotApi, channel: TelegramChannel) -> None:
    api.fail("sendMessage", refused(400, "Bad Request: message is not modified: same content"))
    assert isinstance(await channel.send(a_part()), Accepted)


async def test_choices_become_buttons(api: BotApi, channel: TelegramChannel) -> None:
    assert isinstance(await channel.send(replace(a_part(), choices=CHOICES)), Accepted)
    assert api.sent[0]["reply_markup"] == {
        "inline_keyboard": [[
            {"text": "Comprar", "callback_data": "buy:1"},
            {"text": "Ver más", "callback_data": "more"},
            {"text": "Página", "url": "https://tienda.cl/"},
        ]]
    }  # fmt: skip


async def test_a_button_telegram_refuses_does_not_cost_the_answer(
    api: BotApi, channel: TelegramChannel
) -> None:
    part = replace(a_part(), choices=(Choice(id="x" * 65, title="Comprar"),))
    assert isinstance(await channel.send(part), Accepted)
    assert api.sent[0]["text"] == "hola\n\n• Comprar"


FILES: list[tuple[Attachment, str, Any]] = [
    (Attachment(kind="photo", url="https://x.cl/a.jpg"), "sendPhoto", "https://x.cl/a.jpg"),
    (Attachment(kind="video", ref="BAAC-1"), "sendVideo", "BAAC-1"),
    (Attachment(kind="audio", data=b"mp3", name="a.mp3"), "sendAudio", ("a.mp3", b"mp3")),
    (Attachment(kind="voice", data=b"ogg", mime="audio/ogg"), "sendVoice", ("voice.oga", b"ogg")),
    (Attachment(kind="document", data=b"x", name="ñ.pdf"), "sendDocument", ("ñ.pdf", b"x")),
    (Attachment(kind="sticker", ref="CAAC-1"), "sendSticker", "CAAC-1"),
]


@pytest.mark.parametrize(("file", "method", "given"), FILES)
async def test_a_file_goes_by_address_by_id_or_by_its_contents(
    api: BotApi, channel: TelegramChannel, file: Attachment, method: str, given: object
) -> None:
    assert isinstance(await channel.send(with_extra(file)), Accepted)
    (call,) = api.called(method)
    assert call[file.kind] == given


async def test_a_caption_is_marked_and_goes_ahead_where_it_is_too_long(
    api: BotApi, channel: TelegramChannel
) -> None:
    short = Attachment(kind="photo", ref="AgAC-1", caption="**Mochila** a $ 4.990")
    long = Attachment(kind="photo", ref="AgAC-1", caption="**Mochila** " * 200)
    sticker = Attachment(kind="sticker", ref="CAAC-1", caption="¡Gracias!")

    for file in (short, long, sticker):
        assert isinstance(await channel.send(with_extra(file)), Accepted)

    shown = [message.get("caption") or message.get("text") for message in api.sent]
    assert shown == ["Mochila a $ 4.990", ("Mochila " * 200).strip(), None, "¡Gracias!", None]
    assert json.loads(api.called("sendPhoto")[0]["caption_entities"]) == [
        {"type": "bold", "offset": 0, "length": 7}
    ]


async def test_a_caption_telegram_cannot_parse_goes_ahead_plainly(
    api: BotApi, channel: TelegramChannel
) -> None:
    api.fail("sendPhoto", CANNOT_PARSE)
    file = Attachment(kind="photo", ref="AgAC-1", caption="[Mira](https://x.cl/a)")
    assert isinstance(await channel.send(with_extra(file)), Accepted)
    assert [message.get("text") for message in api.sent] == ["Mira (https://x.cl/a)", None]


async def test_a_file_telegram_cannot_fetch_is_shown_as_its_address(
    api: BotApi, channel: TelegramChannel
) -> None:
    file = Attachment(kind="photo", url="https://unreachable.cl/a.jpg", caption="Azul")
    assert isinstance(await channel.send(with_extra(file)), Accepted)
    assert api.sent[0]["text"] == "Azul\nhttps://unreachable.cl/a.jpg"


async def test_reactions_are_set_and_taken_back(api: BotApi, channel: TelegramChannel) -> None:
    await api.customer_says("gracias")
    for emoji, kept in (("❤️", [{"type": "emoji", "emoji": "❤"}]), (None, [])):
        part = with_extra(Reaction(target="1", emoji=emoji))
        assert isinstance(await channel.send(part), Accepted)
        assert api.messages.reactions[1] == kept


@pytest.mark.parametrize(
    "extra",
    [
        Reaction(target="1", emoji="🛒"), Reaction(target="callback:7", emoji="👍"),
        Template(name="oferta", language="es"), Attachment(kind="photo"),
        Attachment(kind="document", data=b"x" * 256_001, name="a.bin"),
    ],
)  # fmt: skip
async def test_what_telegram_never_takes_is_said_without_a_call(
    api: BotApi, channel: TelegramChannel, extra: Extra
) -> None:
    refused = await channel.send(with_extra(extra))
    assert isinstance(refused, Permanent)
    assert refused.reason
    assert api.calls == []
