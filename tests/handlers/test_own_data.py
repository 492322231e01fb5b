"""A customer asks for their data in the chat, and one who is blocked gets no answer."""

from uuid import UUID

import pytest
from msgspec import structs

from events.manners import ConsentChanged
from handlers.consent import NOTE
from handlers.own_data import OwnData, asks_for_own_data, restricted
from handlers.reading import Understanding
from handlers.steps import Asked, Situation
from services.clock import now
from store.privacy import links
from store.session import Store
from tests.handlers.replying import NOW, PACK, PARSER, turn_of
from tests.llm.talking import INDEX


def asked(text: str, **notes: str) -> Asked:
    reading = Understanding(PACK, PARSER).read(text, INDEX)
    return Asked(turn_of(text), reading, Situation(notes=notes), NOW)


@pytest.mark.parametrize(
    "text",
    ["/misdatos", "/MisDatos@mibot", "mis datos", "Mis datos, por favor", "quiero ver mis datos",
     "borrar mis datos personales", "my data", "¿Cuáles son mis datos?"],
)  # fmt: skip
def test_the_command_and_the_plain_words_ask_for_it(text: str) -> None:
    assert asks_for_own_data(text)


@pytest.mark.parametrize(
    "text",
    ["", "te mando mis datos para el envío", "mis datos son Ana Rojas, calle 5", "/bot on",
     "¿qué datos necesitan para el pago?", "datos de la mochila"],
)  # fmt: skip
def test_what_speaks_of_other_things_does_not(text: str) -> None:
    assert not asks_for_own_data(text)


async def test_the_same_turn_gets_the_same_link_and_it_opens_their_page(
    store: Store, shop: UUID
) -> None:
    turn = structs.replace(asked("mis datos").turn, shop=shop)
    step = OwnData(PACK, store, lambda secret: f"https://tienda.cl/mis-datos/{secret}")
    here = Asked(turn, asked("mis datos").reading, Situation(), now())
    first, again = await step.before(here), await step.before(here)
    assert first is not None
    assert again is not None
    assert first.answer is not None
    assert again.answer is not None
    text = first.answer.completion.text
    assert text == again.answer.completion.text
    secret = text.partition("/mis-datos/")[2].split()[0]
    async with store.tenant(shop) as session:
        found = await links.waiting(session, shop, secret, now())
    assert found is not None
    assert found.customer_id == turn.customer


async def test_other_words_are_left_to_others(store: Store) -> None:
    step = OwnData(PACK, store, str)
    assert await step.before(asked("¿cuánto cuesta la mochila?")) is None


async def test_who_forbids_us_to_write_in_the_same_breath_is_heard(
    store: Store, shop: UUID
) -> None:
    turn = structs.replace(turn_of("baja", "/misdatos"), shop=shop)
    here = Asked(turn, asked("mis datos").reading, Situation(), now())
    decision = await OwnData(PACK, store, str).before(here)
    assert decision is not None
    assert [event.opted_out for event in decision.events if isinstance(event, ConsentChanged)] == [
        True
    ]
    assert decision.notes == {NOTE: "1"}


async def test_who_is_blocked_gets_no_answer_and_others_do() -> None:
    silent = await restricted(asked("hola", restricted="1"))
    assert silent is not None
    assert silent.answer is None
    assert await restricted(asked("hola")) is None
