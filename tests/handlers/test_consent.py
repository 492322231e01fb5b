"""Whoever does not want to be written to says it once."""

import pytest

from events.manners import ConsentChanged
from handlers.consent import NOTE, Consent
from handlers.reading import Understanding
from handlers.steps import Asked, Situation
from store.session import Store
from tests.handlers.replying import NOW, PACK, PARSER, turn_of
from tests.llm.talking import INDEX
from text.optout import wish


@pytest.mark.parametrize(
    "text",
    [
        "STOP", "baja", "Baja.", "BAJA por favor", "por favor, no me escriban más",
        "no me manden mas mensajes", "ya no me escriban", "no quiero recibir más publicidad",
        "quiero darme de baja", "sáquenme de la lista", "unsubscribe", "don't text me again",
    ],
)  # fmt: skip
def test_a_text_that_says_nothing_else_is_a_wish_to_be_left_alone(text: str) -> None:
    assert wish(text) == "out"


@pytest.mark.parametrize(
    "text",
    [
        "¿me puedes bajar el precio?", "baja el precio y la compro", "la mochila baja", "hola",
        "no me llegó el mensaje", "no quiero la mochila azul", "cancelar", "stop motion kit",
        "no me escriban la dirección mal", "dame de alta en la lista de espera", "",
    ],
)  # fmt: skip
def test_other_texts_with_the_same_words_are_not(text: str) -> None:
    assert wish(text) is None


def asked(text: str, notes: dict[str, str] | None = None) -> Asked:
    reading = Understanding(PACK, PARSER).read(text, INDEX)
    return Asked(turn_of(text), reading, Situation(notes=notes or {}), NOW)


async def test_the_wish_is_confirmed_once_remembered_and_told(store: Store) -> None:
    decision = await Consent(PACK, store).before(asked("BAJA"))

    assert decision is not None
    assert decision.answer is not None
    assert "ALTA" in decision.answer.completion.text
    assert decision.notes == {NOTE: "1"}
    (change,) = decision.events
    assert isinstance(change, ConsentChanged)
    assert change.opted_out


async def test_coming_back_takes_a_word_of_somebody_who_had_left(store: Store) -> None:
    assert await Consent(PACK, store).before(asked("alta")) is None
    decision = await Consent(PACK, store).before(asked("alta", {NOTE: "1"}))
    assert decision is not None
    assert decision.notes == {NOTE: ""}


@pytest.mark.parametrize(
    "texts", [("no me interesa", "BAJA"), ("BAJA", "gracias"), ("stop", "stop"), ("alta", "BAJA")]
)
async def test_a_message_of_a_burst_says_it_alone(store: Store, texts: tuple[str, ...]) -> None:
    reading = Understanding(PACK, PARSER).read("\n".join(texts), INDEX)
    decision = await Consent(PACK, store).before(Asked(turn_of(*texts), reading, Situation(), NOW))
    assert decision is not None
    assert decision.notes == {NOTE: "1"}


def test_beginning_a_chat_anew_is_no_wish_to_be_written_to() -> None:
    assert wish("/start") is None
    assert wish("/stop") == "out"
