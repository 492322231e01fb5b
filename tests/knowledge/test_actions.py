"""A model that says it did something has done nothing."""

import pytest

from knowledge.actions import claims_action
from knowledge.verify import Evidence, verify

CLAIMED = """
Ya registré tu pedido.
Ya registre tu pedido
Te reservé la mochila azul.
Te envié el link de pago a tu correo.
Te hice un descuento especial.
Listo, quedó agendado para mañana.
Queda reservada a tu nombre.
Ya avisé a la tienda.
Ya te confirmé la compra.
Tu pedido va en camino.
Tu pedido ha sido confirmado.
Tu pago fue recibido correctamente.
Hemos registrado tu pedido.
Te hemos enviado los datos.
Le he aplicado el cupón.
Acabo de anotar tu pedido.
Dejé apartada la última para ti.
¡Pedido confirmado!
Tomé tu pedido, gracias.
He cancelado tu orden.
Ya pasé tu caso a un ejecutivo.
Your order has been placed.
I've sent you the payment link.
I have reserved it for you.
"""
OFFERED = """
¿Quieres que registre tu pedido?
¿Te la reservo?
Puedo registrar tu pedido si me confirmas.
Si quieres, te la reservo.
Cuando confirmes, registramos tu pedido.
Una vez que tu pago fue recibido, despachamos.
Enviamos a todo Chile.
Hacemos envíos a regiones.
Para reservar necesito que confirmes.
¿Ya registraste tu pedido en la página?
Puedes enviarme el comprobante por aquí.
La mochila azul cuesta lo mismo que la negra.
Confirma tu pedido con el botón.
Me gustaría ayudarte a elegir.
¿Tu pedido ya fue enviado?
Would you like me to place the order?
"""


@pytest.mark.parametrize("said", CLAIMED.strip().splitlines())
def test_a_claimed_action_is_taken_out(said: str) -> None:
    assert claims_action(said)
    checked = verify(f"Con mucho gusto te ayudo. {said}", Evidence(()))
    assert checked.verdict.endswith("action")
    assert said not in (checked.text or "")


@pytest.mark.parametrize("said", OFFERED.strip().splitlines())
def test_an_offer_a_question_or_a_condition_may_be_said(said: str) -> None:
    assert not claims_action(said)
    assert verify(said, Evidence(())).text == said
