"""What the customers of the example ask, and what is answered: before, better, and badly."""

from typing import Final

ASKED: Final = "ayúdame a empezar"
BEFORE: Final = "No sé decirte por dónde."
BETTER: Final = "Cuéntame qué le gusta y elegimos con calma."
KNOWN: Final = {  # nothing that the shop has on paper: a lesson has placeholders for that
    "cuéntame un poco de la tienda": "Vendemos cosas para salir y para estar en casa.",
    "¿qué me recomiendas para acampar?": "Para acampar va muy bien un buen termo.",
    "busco algo para mi papá": "Cuéntame qué le gusta hacer los domingos.",
    "no se me ocurre nada": "No te preocupes, elegimos con calma entre los dos.",
    ASKED: BEFORE,
    "estoy un poco perdido": "Qué pena, no sabría ayudarte.",
}
CORRECTED: Final = {
    ASKED: BETTER,
    "estoy un poco perdido": "No te preocupes, aquí estoy.",
}
THANKS: Final = "excelente, muchas gracias"
BLAME: Final = "no me sirve, pésima atención"
PLEASED: Final = "Con mucho gusto, aquí estoy."
SORRY: Final = "Lamento no haber ayudado."


def before(text: str) -> str:
    """The model that answers until another one does."""
    return KNOWN.get(text.strip(), SORRY if text.strip() == BLAME else PLEASED)


INVENTED: Final = "1.234"


def inventing(_text: str) -> str:
    """A model that makes prices up."""
    return f"La Mochila Urbana Azul cuesta ${INVENTED} y te la dejo en $999."
