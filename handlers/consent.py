"""Whether we may write first: the words by which a customer forbids it, honoured at once."""

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from config.packs import Pack
from events.happened import following
from events.manners import ConsentChanged
from handlers.drafting import Answer
from handlers.steps import Asked, Decision
from llm.base import Completion
from text.folding import fold

Wish: TypeAlias = Literal["out", "in"]
NOTE: Final = "opted_out"
_OUT: Final = re.compile(
    r"(?:por favor )?(?:stop|baja|darme de baja|dame de baja|quiero darme de baja|dar de baja"
    r"|unsubscribe|cancelar suscripcion|desuscribir(?:me)?|quiero desuscribirme"
    r"|(?:ya )?no (?:me )?(?:escriban?|escribas|manden?|mandes|envien?|envies|molesten?|molestes)"
    r"(?: (?:mas|nunca mas))?"
    r"(?: (?:mensajes?|avisos?|publicidad|promociones|ofertas|nada))*(?: mas)?"
    r"|no quiero (?:recibir )?(?:mas )?"
    r"(?:mensajes?|avisos?|publicidad|promociones|ofertas)(?: mas)?"
    r"|(?:saquenme|sacame|borrenme|borrame|eliminenme|quitenme) de (?:la|su|tu|esta) lista"
    r"|stop (?:messaging|writing)(?: me)?|don ?'?t (?:write|message|text) me(?: again| anymore)?)"
    r"(?: por favor| gracias| please)?"
)
_IN: Final = re.compile(r"(?:alta|start|quiero (?:recibir )?(?:los )?avisos(?: otra vez)?|unstop)")


def wish(text: str) -> Wish | None:
    """Only of a text that says nothing else: "baja el precio" is about the price."""
    plain = re.sub(r"[^\w' ]+", " ", fold(text))
    plain = " ".join(plain.split())
    if _OUT.fullmatch(plain):
        return "out"
    return "in" if _IN.fullmatch(plain) else None


@dataclass(frozen=True, slots=True)
class Consent:
    """Comes before everything else: no model and no order stands between a customer and this."""

    pack: Pack

    async def before(self, asked: Asked) -> Decision | None:
        wanted = wish(asked.reading.text)
        if wanted is None or (wanted == "in" and NOTE not in asked.situation.notes):
            return None
        name = "opted_out" if wanted == "out" else "opted_in"
        text = self.pack.answers[name].say(asked.reading.parsed.locale, {})
        change = ConsentChanged(
            **following(asked.turn, "consent", asked.at),
            customer=asked.turn.customer,
            chat=asked.turn.chat,
            opted_out=wanted == "out",
            word=asked.reading.text[:100],
        )
        return Decision(
            Answer(Completion(text, "pack", self.pack.name, used=(name,))),
            events=(change,),
            notes={NOTE: "1" if wanted == "out" else ""},
        )
