"""Who has finished is answered soon, who goes on is waited for, and nobody waits for a tap."""

import msgspec
import pytest

from bot.channels.memory import MemoryChannel
from config.manners import TurnSettings
from events.vocabulary import MessageReceived
from handlers.patience import finish, wait_ms
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
no
ok gracias
2
24.990
BAJA
/start
Quiero dos mochilas azules.
Necesito una mochila para el colegio de mi hijo que sea resistente al agua
do you ship to Lima
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
primero lo primero:
"""
OPEN = """
hola
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
    assert finish(text) == wanted


def test_the_longer_somebody_may_go_on_the_longer_they_are_waited_for() -> None:
    knobs = TurnSettings()
    waits = [wait_ms(said(text), knobs) for text in ("¿hacen envíos?", "hola", "una consulta")]
    assert waits == sorted(set(waits))


def test_patience_multiplies_every_wait_and_none_answers_at_once() -> None:
    usual, double = TurnSettings(patience=1), TurnSettings(patience=2)
    assert wait_ms(said("hola"), double) == 2 * wait_ms(said("hola"), usual)
    assert wait_ms(said("una consulta"), TurnSettings(patience=0)) == 0


def test_a_tap_says_all_there_is_to_say() -> None:
    tapped = msgspec.structs.replace(said("Confirmar y"), action="order:confirm:1")
    assert wait_ms(tapped, TurnSettings()) == 0
