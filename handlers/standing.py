"""How things stand with a customer, as a model is told: from what code knows, never from texts."""

from typing import Final

from handlers.ordering import Note
from handlers.steps import Asked
from knowledge.recall import person_asked

ORDERS: Final = {
    "draft": "Tiene un pedido propuesto que todavía no confirma.",
    "confirmed": "Tiene un pedido confirmado que espera su pago.",
    "receipt": "Envió un comprobante de pago que una persona de la tienda está revisando.",
    "paid": "Tiene un pedido pagado.",
}
PERSON: Final = (
    "Lo último se lo dijo una persona de la tienda: un sí es a lo que esa persona preguntó."
)


def state_of(asked: Asked) -> list[str]:
    """A line each, in an order that stays the same."""
    state = [] if asked.reading.said else ["Es el primer mensaje de esta conversación."]
    if person_asked(asked.reading.said):
        state.append(PERSON)
    note = Note.read(asked.situation.notes)
    if note is not None and note.state in ORDERS:
        state.append(ORDERS[note.state])
    return state
