"""What we ask the Graph API to send obeys its published rules, whatever a reply holds."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import Part
from bot.channels.whatsapp_cloud.files import Unsendable
from bot.channels.whatsapp_cloud.payloads import clipped, messages_of, receipt
from events.contents import Attachment, Choice, Extra, Reaction, Template
from tests.servers.graph_rules import units, wrong_with

PHONE, BSUID = "56911112222", "CL.13491208655302741918"
GROUP = "Y2FwaV9ncm91cDoxNzA1NTU1MDEzOToxMjAzNjM0MDQ2OTQyMzM4MjAZD"
KEY = "5f0c7a52-0000-5000-8000-000000000001:0"


def a_part(
    text: str = "hola",
    extra: Extra | None = None,
    chat: str = PHONE,
    **fields: Any,  # noqa: ANN401  a part has many
) -> Part:
    text = "" if extra is not None else text
    return Part(key=KEY, conversation=UUID(int=1), chat=chat, text=text, extra=extra, **fields)


def one(part: Part, file: str | None = None) -> dict[str, Any]:
    (body,) = messages_of(part, file)
    assert wrong_with(body) == []
    return body


def choices(*titles: str, **fields: str) -> tuple[Choice, ...]:
    return tuple(Choice(id=f"c{n}", title=title, **fields) for n, title in enumerate(titles))


def test_a_text_is_sent_as_it_is_with_our_key_and_without_a_preview() -> None:
    body = one(a_part("mira https://tienda.cl *ya*"))

    assert body["text"] == {"body": "mira https://tienda.cl *ya*", "preview_url": False}
    assert (body["to"], body["biz_opaque_callback_data"]) == (PHONE, KEY)


@pytest.mark.parametrize(
    ("chat", "field", "value"),
    [(PHONE, "to", PHONE), (f"+{PHONE}", "to", PHONE), (BSUID, "recipient", BSUID)],
)
def test_a_customer_without_a_phone_is_reached_by_their_id(
    chat: str, field: str, value: str
) -> None:
    body = one(a_part(chat=chat))

    assert body[field] == value
    assert not {"to", "recipient"} - {field} & body.keys()


@pytest.mark.parametrize("extra", [None, Attachment(kind="photo", url="https://tienda.cl/a.jpg")])
def test_a_group_is_written_to_by_its_own_id(extra: Extra | None) -> None:
    body = one(a_part(chat=GROUP, extra=extra))

    assert (body["recipient_type"], body["to"]) == ("group", GROUP)


def test_a_group_that_shows_no_buttons_gets_the_choices_as_a_list() -> None:
    page = Choice(id="p", title="Ver", url="https://tienda.cl")
    body = one(a_part("¿Cuál?", chat=GROUP, choices=choices("Rojo", "Azul")))

    assert body["text"]["body"] == "¿Cuál?\n\n1. Rojo\n2. Azul"
    assert one(a_part("Mira", chat=GROUP, choices=(page,)))["text"]["body"].endswith(str(page.url))


def test_only_a_message_of_whatsapp_can_be_answered() -> None:
    assert one(a_part(reply_to="wamid.X"))["context"] == {"message_id": "wamid.X"}
    assert "context" not in one(a_part(reply_to="web-7"))
    assert "context" not in one(
        a_part(extra=Reaction(target="wamid.X", emoji="👍"), reply_to="wamid.X")
    )


def test_up_to_three_short_choices_are_buttons() -> None:
    body = one(a_part("¿Lo quieres?", choices=choices("Sí", "No", "Otro color")))

    buttons = body["interactive"]["action"]["buttons"]
    assert body["interactive"]["type"] == "button"
    assert [button["reply"]["id"] for button in buttons] == ["c0", "c1", "c2"]
    assert body["interactive"]["body"] == {"text": "¿Lo quieres?"}


@pytest.mark.parametrize(
    "offered",
    [
        choices("1", "2", "3", "4"),
        choices("Sí", "No", description="con envío"),
        choices("Mochila Urbana Azul XXL"),
        choices("igual", "igual"),
    ],
    ids=["four", "described", "long", "alike"],
)
def test_what_does_not_fit_on_buttons_becomes_a_list(offered: tuple[Choice, ...]) -> None:
    body = one(a_part(choices=offered, menu="Ver todo"))

    assert body["interactive"]["type"] == "list"
    assert body["interactive"]["action"]["button"] == "Ver todo"
    (section,) = body["interactive"]["action"]["sections"]
    assert [row["id"] for row in section["rows"]] == [choice.id for choice in offered]


def test_a_title_too_long_for_its_row_is_told_in_full_below() -> None:
    title = "Mochila Urbana Azul con bolsillo para notebook"

    body = one(a_part(choices=choices(title)))

    (row,) = body["interactive"]["action"]["sections"][0]["rows"]
    assert row["title"] == "Mochila Urbana Azul con…"
    assert row["description"] == title


def test_more_than_a_list_takes_is_numbered() -> None:
    body = one(a_part("Elige:", choices=choices(*"ABCDEFGHIJK")))

    assert body["text"]["body"].startswith("Elige:\n\n1. A\n2. B\n")
    assert body["text"]["body"].endswith("11. K")


def test_choices_below_a_long_text_are_numbered_in_the_same_message() -> None:
    text = "x" * 1025

    body = one(a_part(text, choices=choices("Sí", "No")))

    assert body["text"]["body"] == f"{text}\n\n1. Sí\n2. No"


def test_a_text_that_leaves_no_room_goes_ahead_of_its_choices() -> None:
    text = "x" * 4096

    ahead, own = messages_of(a_part(text, choices=choices("Sí", "No"), reply_to="wamid.X"))

    assert wrong_with(ahead) == wrong_with(own) == []
    assert ahead["text"]["body"] == text
    assert own["text"]["body"] == "1. Sí\n2. No"
    assert "biz_opaque_callback_data" not in ahead
    assert own["biz_opaque_callback_data"] == KEY


def test_choices_without_a_text_are_introduced_by_their_menu() -> None:
    assert one(a_part("", choices=choices("Sí"), menu="¿Seguimos?"))["interactive"]["body"] == {
        "text": "¿Seguimos?"
    }


def test_a_page_alone_is_a_button_and_beside_answers_a_line() -> None:
    page = Choice(id="p", title="Ver en la tienda", url="https://tienda.cl/7")

    alone = one(a_part("Mira:", choices=(page,)))
    beside = one(a_part("Mira:", choices=(page, *choices("Lo quiero"))))

    assert alone["interactive"]["action"]["parameters"] == {
        "display_text": "Ver en la tienda", "url": "https://tienda.cl/7",
    }  # fmt: skip
    assert beside["interactive"]["body"]["text"] == "Mira:\nVer en la tienda: https://tienda.cl/7"
    assert beside["interactive"]["type"] == "button"


def test_reactions_are_put_on_and_taken_off() -> None:
    assert one(a_part(extra=Reaction(target="wamid.X", emoji="👍")))["reaction"]["emoji"] == "👍"
    assert one(a_part(extra=Reaction(target="wamid.X")))["reaction"]["emoji"] == ""


def test_a_template_says_its_parameters_on_one_line() -> None:
    template = Template(name="pedido_listo", language="es_CL", parameters=("Ana\nMaría", "a     b"))

    body = one(a_part(extra=template))

    (component,) = body["template"]["components"]
    assert [one["text"] for one in component["parameters"]] == ["Ana María", "a b"]
    bare = one(a_part(extra=Template(name="hola", language="es")))
    assert "components" not in bare["template"]


def test_a_receipt_also_says_that_somebody_writes() -> None:
    assert wrong_with(receipt("wamid.X")) == []


@pytest.mark.parametrize(
    "part",
    [
        a_part(""),
        a_part(" \n"),
        a_part("", choices=choices(" ")),
        a_part("x" * 4097),
        a_part(extra=Attachment(kind="photo")),
        a_part(extra=Attachment(kind="photo", ref="7", caption="x" * 4097)),
        a_part(choices=choices(*("x" * 300 for _ in range(20)))),
    ],
)
def test_what_no_message_can_say_is_told_at_once(part: Part) -> None:
    with pytest.raises(Unsendable):
        messages_of(part)


WORDS = st.text(max_size=90).filter(lambda text: bool(text.strip()))
OFFERED = st.lists(
    st.builds(
        Choice,
        id=st.text("abc 1", min_size=1, max_size=8).filter(lambda name: bool(name.strip())),
        title=WORDS,
        description=st.one_of(st.just(""), WORDS),
        url=st.one_of(st.none(), st.just("https://a.cl")),
    ),
    max_size=12,
)


@given(st.text(min_size=1, max_size=1200).filter(lambda text: bool(text.strip())), OFFERED)
def test_any_text_with_any_choices_obeys_the_rules(text: str, offered: list[Choice]) -> None:
    bodies = messages_of(a_part(text, choices=tuple(offered), menu="Ver las opciones de hoy"))

    assert [wrong for body in bodies for wrong in wrong_with(body)] == []


@given(st.text(max_size=60), st.integers(2, 30))
def test_clipping_counts_as_the_network_does(text: str, limit: int) -> None:
    assert units(clipped(text, limit)) <= limit
