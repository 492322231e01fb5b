"""Claims that something was done: a model that only writes has done nothing.

What code did is told in texts of its own, so whatever a model says it registered, reserved, sent or
arranged is taken out of what it says. Offers, questions and conditions are no claims.
"""

import re
from typing import Final

from text.folding import fold

_SENTENCES: Final = re.compile(r"[^.!?…\n]+[.!?…\n]*")
_DONE: Final = re.compile(
    r"\b(?:registré|reservé|agendé|anoté|aparté|guardé|confirmé|cancelé|anulé|envié|mandé|avisé"
    r"|apliqué|desconté|procesé|transferí|deposité|actualicé|bloqueé|desbloqueé|reembolsé|activé"
    r"|despaché|cobré|pagué|llamé a|hablé con|cambié (?:el|la|tu|su|los|tus)|eliminé|borré"
    r"|tomé (?:tu|su|el) pedido|dejé (?:reservad|anotad|apartad|guardad|listo)\w*"
    r"|(?:te|le|les) (?:hice|generé|creé|activé|asigné|programé|reembolsé|devolví)"
    r"|(?:i(?:'ve| have)? (?:just )?(?:placed|registered|booked|reserved|sent|cancelled|confirmed"
    r"|applied|notified|arranged|refunded|shipped|updated|paid|processed|called)"
    r"|we(?:'ve| have) (?:just )?(?:placed|booked|reserved|sent|cancelled|shipped|refunded)))\b",
    re.IGNORECASE,
)
_ALREADY: Final = re.compile(
    r"\b(?:ya|acabo de|acabamos de) (?:te |le |les |lo |la |se (?:lo|la) )*(?:registr|reserv|agend"
    r"|anot|apart|guard|confirm|cancel|anul|envi|mand|avis|aplic|descont|proces|despach|deriv|pase"
    r"|hable|hice|cre|gener|llam|aprob|transf|deposit|actualiz|bloque|reembols|devolv|cobr)\w*"
    r"|\b(?:te|le|les|lo|la|ya) (?:he|hemos) (?:\w+ado|\w+ido|hecho|puesto)\b"
    r"|\b(?:he|hemos) (?:registrado|reservado|agendado|anotado|enviado|mandado|cancelado"
    r"|confirmado|procesado|aplicado|avisado|derivado|despachado)\b"
)
_STANDS: Final = re.compile(
    r"\b(?:tu|su|el|la|mi)? ?(?:pedido|orden|compra|reserva|pago|cita|devolucion|reembolso|cupon"
    r"|descuento|credito|prestamo|cuota|tarjeta|cuenta|direccion|order"
    r"|booking|payment) (?:ya )?(?:esta|quedo|queda|ha sido|fue|va|se encuentra|has been|is|was)"
    r" (?:ya )?(?:registrad|confirmad|reservad|agendad|cancelad|anulad|en camino|despachad|enviad"
    r"|pagad|procesad|aceptad|aprobad|recibid|aplicad|activ[oa]|activad|actualizad|bloquead"
    r"|list[oa] para (?:retir|entreg|despach)|placed|confirmed|booked|registered|cancelled|paid"
    r"|on its way)\w*"
    r"|\b(?:qued[oa]|queda(?:ste)?|ha quedado|dejo|dejamos) (?:todo )?(?:agendad|reservad|registrad"
    r"|anotad|apartad|confirmad|guardad)[oa]s?\b"
    r"|\b(?:tu|su) (?:pedido|orden|compra|paquete) (?:ya )?(?:salio|partio|va saliendo|llego)\b"
    r"|\bya (?:esta|quedo) (?:todo |tu |su )?(?:\w+ )?(?:pagad|listo|resuelt|solucionad|anulad)\w*"
    r"|\b(?:pedido|orden|reserva|compra) (?:registrad|confirmad|aceptad|realizad)[oa]\b"
)
_CONDITION: Final = re.compile(
    r"^\W*(?:si|cuando|apenas|una vez|para que|en cuanto|if|when|once|as soon as)\b"
    r"|\b(?:quieres|quiere|deseas|desea|puedo|podria|prefieres|necesitas|quieras) (?:que )?"
    r"|\b(?:cuando|apenas|una vez que|en cuanto|despues de que|if|when|once) "
)


def claims_action(text: str) -> bool:
    """Whether any sentence says that something has been done for the customer."""
    return any(_claims(sentence) for sentence in _SENTENCES.findall(text))


def _claims(sentence: str) -> bool:
    plain = fold(sentence).strip()
    if plain.endswith("?") or _CONDITION.search(plain):
        return False
    return bool(_DONE.search(sentence) or _ALREADY.search(plain) or _STANDS.search(plain))
