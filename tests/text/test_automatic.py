"""Machines are known by what they say; people who speak of machines are not taken for them."""

import pytest

from text.automatic import automatic

MACHINES = """
Gracias por comunicarte con Ferretería Sur. En este momento no podemos atenderte.
¡Gracias por escribirnos! Te responderemos a la brevedad.
Gracias por contactarnos, nuestro horario de atención es de lunes a viernes de 9 a 18 h.
Este es un mensaje automático, por favor no responda a este mensaje.
Respuesta automática: estaré fuera de la oficina hasta el lunes
Hola, soy el asistente virtual de Banco Uno. ¿En qué puedo ayudarte?
Hola! Soy un bot 🤖 y te puedo ayudar
Marque 1 para ventas, 2 para soporte, 3 para hablar con un ejecutivo
Escribe 1 para ver el menú o 2 para hablar con alguien
Por el momento no estamos disponibles, deje su mensaje
En este momento nuestros ejecutivos están ocupados
Gracias por su mensaje, le contactaremos lo antes posible.
This is an automated message. Please do not reply to this email.
Automatic reply: Out of office
I am your virtual assistant, how can I help?
"""
PEOPLE = """
¿eres un bot o una persona?
hola, hablo con un robot?
gracias por responder tan rápido!
gracias por escribirme, al final no lo voy a comprar
¿me responden a la brevedad por favor? es urgente
necesito que me contacten lo antes posible
en este momento no puedo hablar, te escribo más tarde
no me gusta hablar con un asistente
quiero 1 para mi hermana y 2 para mi mamá
escribe 2 mochilas azules en mi pedido
¿cuál es su horario de atención?
me llegó un mensaje de que mi pedido salió, ¿es verdad?
el cierre automático de la mochila se rompió
gracias por todo, nos vemos en la tienda
estoy fuera de Santiago hasta el lunes
quiero hablar con una persona, no con un contestador automático
me llegó un correo automático pero mi pedido nunca llegó, estoy furioso
¿Este es un mensaje automático?
en este momento no estoy en la oficina, ¿pueden entregar mañana?
I am a bot developer, how much is the mug?
"""


@pytest.mark.parametrize("text", MACHINES.strip().splitlines())
def test_a_machine_is_known_by_what_it_says(text: str) -> None:
    assert automatic(text)


@pytest.mark.parametrize("text", PEOPLE.strip().splitlines())
def test_a_person_is_never_taken_for_one(text: str) -> None:
    assert not automatic(text)
