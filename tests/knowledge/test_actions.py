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
Tu descuento ya está activo.
Tu cupón fue aplicado.
Le transferí el dinero.
Acabo de llamar al repartidor.
Procesé tu devolución.
Ya está todo pagado.
Tu reembolso fue aprobado.
Tu dirección quedó actualizada.
Actualicé tus datos.
Cambié la fecha de tu cuota.
Bloqueé tu tarjeta.
Tu pedido salió hoy.
Tu crédito fue aprobado.
Ya lo despachamos.
Acabamos de aprobar tu crédito.
I just refunded you.
We have shipped your order.
Tu pedido está listo para retiro.
Hablé con el equipo y te llaman.
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
Cuando tu pago esté confirmado te avisamos.
Tu pedido parte después de pagar.
La tarjeta de débito sirve para pagar.
¿Ya está todo listo?
El despacho cuesta lo mismo en toda la ciudad.
Si tu crédito fue aprobado, te llaman del equipo.
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
