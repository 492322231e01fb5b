"""What the shop's own people are told, once each, whoever dies in between."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from msgspec import structs
from pydantic import ValidationError

from app.noticing import known_by, unserved
from bot.directory import Directory
from config.manners import TakeoverSettings
from config.settings import Settings
from events.contents import Composed, Template
from events.effects import NOTHING, Retry
from events.envelope import decode, fields
from events.happened import named
from events.manners import HandedOver, OrderChanged, OrderLine, OrderState
from events.partitions import Keys
from events.stream import Stream
from events.vocabulary import ReplyDrafted
from handlers.notices import Notices, Staff
from handlers.reach import Reach
from handlers.word import ref_of
from services.wire import Wire
from tests.handlers.replying import NOW, PACK, SHOP

HERE = named("memory:main", "conversation", "ana")
ORDER = named("order")
HANDED = HandedOver(
    id=named("handed"), shop=SHOP, account="memory:main", conversation=HERE,
    request_id=named("request"), at=NOW, received_at=NOW, customer=named("ana"), chat="ana",
    reason="asked", question="quiero hablar con una persona", name="Ana",
    summary=("Ana, en memory:main, chat ana", "Pide hablar con una persona."),
)  # fmt: skip


def changed(state: OrderState, by: str = "") -> OrderChanged:
    return OrderChanged(
        id=named("changed", state), shop=SHOP, account="memory:main", conversation=HERE,
        request_id=named("request"), at=NOW, received_at=NOW, order=ORDER, customer=named("ana"),
        chat="ana", state=state, total=49_980, currency="CLP", by=by,
        lines=(OrderLine(sku="MOC-001", name="Mochila Urbana Azul", quantity=2, price=24_990),),
    )  # fmt: skip


async def itself(_account: str, chat: str) -> str:
    return chat


@pytest.fixture
def notices(wire: Wire, prefix: str) -> Notices:
    return Notices(
        staff=(Staff.read("telegram:main:77"), Staff.read("whatsapp_cloud:main:56911111111")),
        pack=PACK,
        stream=Stream(wire, Keys(prefix, 2)),
        known_as=itself,
        reach=Reach(
            stream=Stream(wire, Keys(prefix, 2)),
            compose=lambda _, text: Composed(parts=(text,)),
            windowed=lambda account: account.startswith("whatsapp_cloud"),
        ),
        site="https://tienda.example",
        clock=lambda: NOW,
    )


async def drafts(stream: Stream) -> list[ReplyDrafted]:
    found: list[ReplyDrafted] = []
    for partition in range(stream.keys.partitions):
        entries: Sequence[tuple[bytes, Sequence[bytes]]] = await stream.wire.command(
            "XRANGE", stream.keys.stream(partition), "-", "+"
        )
        for _, flat in entries:
            event = decode(fields(flat))
            assert isinstance(event, ReplyDrafted)
            found.append(event)
    return sorted(found, key=lambda one: one.account)


async def test_every_one_of_the_staff_is_told_with_two_buttons_and_the_page(
    notices: Notices,
) -> None:
    assert await notices.on_hand_over(HANDED) == NOTHING

    telegram, whatsapp = await drafts(notices.stream)
    assert (telegram.account, telegram.chat) == ("telegram:main", "77")
    assert telegram.conversation == named("telegram:main", "conversation", "77")
    assert telegram.customer == named(str(SHOP), "telegram", "customer", "77")
    assert telegram.text.splitlines() == [
        "Un cliente necesita a una persona.",
        "Ana, en memory:main, chat ana",
        "Pide hablar con una persona.",
        f"https://tienda.example/conversaciones/{HERE}",
        f"También puedes escribir: /bot off {ref_of(HERE)}, /bot on {ref_of(HERE)}",
    ]
    assert [(one.id, one.title) for one in telegram.choices] == [
        (f"word:take:{HERE}", "Yo la atiendo"),
        (f"word:give:{HERE}", "Que siga el bot"),
    ]
    assert {telegram.purpose, whatsapp.purpose} == {"notice"}
    assert whatsapp.chat == "56911111111"


async def test_told_again_after_a_crash_nothing_is_told_twice(notices: Notices) -> None:
    await replace(notices, staff=notices.staff[:1]).on_hand_over(HANDED)  # and dies
    for _ in range(3):
        await notices.on_hand_over(HANDED)

    assert [one.account for one in await drafts(notices.stream)] == [
        "telegram:main",
        "whatsapp_cloud:main",
    ]


async def test_a_full_partition_is_waited_for(notices: Notices) -> None:
    full = replace(notices, stream=replace(notices.stream, limit=0))
    assert isinstance(await full.on_hand_over(HANDED), Retry)
    assert await notices.on_hand_over(HANDED) == NOTHING
    assert len(await drafts(notices.stream)) == 2


async def test_a_receipt_comes_with_the_buttons_that_decide_about_it(notices: Notices) -> None:
    await notices.on_order(changed("receipt"))

    notice, _ = await drafts(notices.stream)
    assert "$49.980" in notice.text
    assert "• 2 × Mochila Urbana Azul" in notice.text
    assert [(one.id, one.title) for one in notice.choices] == [
        (f"order:paid:{ORDER}", "Pago recibido"),
        (f"order:reject:{ORDER}", "No llegó el pago"),
    ]


async def test_how_an_order_ends_is_a_line_and_its_beginning_is_none(notices: Notices) -> None:
    for state in ("draft", "confirmed", "cancelled", "rejected"):
        await notices.on_order(changed(state))
    assert await drafts(notices.stream) == []
    await notices.on_order(changed("paid", by="Eva"))
    notice, _ = await drafts(notices.stream)
    assert notice.text == "Pedido pagado: $49.980, chat ana. Lo confirmó Eva."
    assert notice.choices == ()


async def test_a_visitor_of_the_page_is_told_by_a_few_letters(notices: Notices) -> None:
    paid = structs.replace(changed("paid"), chat="0341bcdbe29d59f3655bcb0cf996fd97")
    await notices.on_order(paid)
    notice, _ = await drafts(notices.stream)
    assert notice.text == "Pedido pagado: $49.980, chat 0341."


async def test_buttons_fit_every_network(notices: Notices) -> None:
    await notices.on_hand_over(HANDED)
    await notices.on_order(changed("receipt"))
    choices = [one for draft in await drafts(notices.stream) for one in draft.choices]
    assert choices
    assert all(len(one.id.encode()) <= 64 and len(one.title) <= 20 for one in choices)


async def test_a_template_reaches_who_has_not_written_for_a_day(notices: Notices) -> None:
    notices = replace(notices, template="aviso:es_CL")
    await notices.on_hand_over(HANDED)

    telegram, whatsapp = await drafts(notices.stream)
    assert (len(telegram.parts), telegram.extras) == (1, ())
    line = "Ana: quiero hablar con una persona"
    template = Template(name="aviso", language="es_CL", parameters=(line,))
    assert (whatsapp.parts, whatsapp.choices, whatsapp.extras) == ((), (), (template,))


async def test_an_open_window_needs_no_template(notices: Notices) -> None:
    chat = named("whatsapp_cloud:main", "conversation", "56911111111")
    await notices.stream.wire.command("SET", notices.stream.keys.window(chat), "1")
    await replace(notices, template="aviso").on_hand_over(HANDED)

    _, whatsapp = await drafts(notices.stream)
    assert (len(whatsapp.parts), whatsapp.extras) == (1, ())


async def test_who_was_told_before_writing_keeps_one_conversation(wire: Wire, prefix: str) -> None:
    """The network's own reader asks the same directory, with all names of the person."""
    directory = Directory(wire, prefix)
    account, phone = "whatsapp_cloud:main", "5215512345678"
    told = await known_by(directory)(account, phone)
    names = ("MX.1234", phone, "525512345678")
    assert await directory.canonical(account, names, names[1:]) == told
    assert await known_by(Directory(wire, prefix))(account, phone) == told
    assert await known_by(directory)("telegram:main", "77") == "77"


def test_a_phone_is_addressed_as_its_network_does() -> None:
    assert Staff.read("whatsapp:main:56911111111").chat == "56911111111@s.whatsapp.net"
    assert Staff.read("telegram:main:-100123").chat == "-100123"


@pytest.mark.parametrize("wrong", ["123456", "telegram:123456", "telegram:main:", "a:b:c d"])
def test_a_chat_written_wrong_is_told_when_the_settings_are_read(wrong: str) -> None:
    with pytest.raises(ValidationError, match="a chat is written network:account:chat"):
        TakeoverSettings(staff=(wrong,))


def test_accounts_that_nobody_added_are_told() -> None:
    staff = ("telegram:main:1", "telegram:otra:2", "memory:main:3")
    settings = Settings(takeover=TakeoverSettings(staff=staff))
    assert unserved(settings, ["memory:main", "telegram:main"]) == ["telegram:otra"]


async def test_two_causes_are_two_notices(notices: Notices) -> None:
    await notices.on_hand_over(HANDED)
    await notices.on_order(changed("receipt"))
    assert len({one.id for one in await drafts(notices.stream)}) == 4
