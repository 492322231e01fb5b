"""Who has finished is answered soon, who goes on is waited for, and nobody waits for a tap."""

import msgspec
import pytest

from bot.channels.memory import MemoryChannel
from config.manners import TurnSettings
from events.vocabulary import MessageReceived
from handlers.patience import reading, wait_of
from tests.handlers.replying import SHOP

FINISHED = """
¿cuánto cuesta la mochila azul?
cuanto cuesta la mochila azul
hola, cuánto vale el termo de acero?
tienen envíos a regiones
wena, a cuánto las mochilas
en negro?
gracias
muchas gracias!
sí
sí, por favor
no gracias
ok gracias
cuál me recomiendas
2
24.990
BAJA
/start
Quiero dos mochilas azules.
Necesito una mochila para el colegio de mi hijo que sea resistente al agua
do you ship to Lima
quedo atenta
es para mí, ¿tienen?
"""
UNFINISHED = """
una consulta
hola, una pregunta
te cuento que
quería saber
quiero
azul
*azul
la mochila urbana azul y
cuánto cuesta la polera blanca,
es para
necesito una mochila con
pero
y tienen
mira...
resérvame uno para mi
primero lo primero:
"""
OPEN = """
y cuánto pesa
y puedo pagar
sí dale
hola
no
ya
si no me queda bien
pero no sé cuál
el pedido que hice ayer
hola!
buenas tardes
👍
la mochila urbana azul
quiero dos mochilas azules
"""


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


def said(text: str) -> MessageReceived:
    return MemoryChannel(SHOP).message("ana", text, key="1")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [(text, "finished") for text in lines(FINISHED)]
    + [(text, "unfinished") for text in lines(UNFINISHED)]
    + [(text, "open") for text in lines(OPEN)],
)
def test_a_text_tells_whether_its_writer_has_finished(text: str, wanted: str) -> None:
    assert reading(text).finish == wanted


def test_the_longer_somebody_may_go_on_the_longer_they_are_waited_for() -> None:
    knobs = TurnSettings()
    waits = [wait_of(said(text), knobs).ms for text in ("¿hacen envíos?", "hola", "una consulta")]
    assert waits == sorted(set(waits))


@pytest.mark.parametrize(
    ("text", "soon"), [("la roja", True), ("a Rancagua", True), ("y", False), ("perdón,", False)]
)
def test_after_a_question_a_fragment_is_a_detail_of_it(text: str, soon: bool) -> None:  # noqa: FBT001
    knobs = TurnSettings()
    wait = wait_of(said(text), knobs)
    assert wait_of(said("¿cuánto cuesta la mochila?"), knobs).question
    assert wait.after_question_ms == (knobs.quick_ms if soon else knobs.unfinished_ms)
    assert wait.ms > knobs.quick_ms


def test_whoever_calls_a_person_has_said_enough() -> None:
    knobs = TurnSettings()
    assert wait_of(said("quiero hablar con una persona"), knobs).ms == knobs.quick_ms


def test_patience_multiplies_every_wait_and_none_answers_at_once() -> None:
    usual, double = TurnSettings(patience=1), TurnSettings(patience=2)
    assert wait_of(said("hola"), double).ms == 2 * wait_of(said("hola"), usual).ms
    assert wait_of(said("una consulta"), TurnSettings(patience=0)) == (0, 0, False)


def test_a_tap_says_all_there_is_to_say() -> None:
    tapped = msgspec.structs.replace(said("Confirmar y"), action="order:confirm:1")
    assert wait_of(tapped, TurnSettings()) == (0, 0, False)
