"""How a seller reads what our tables say in code words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from web.reasons import LOGGED
from web.reasons import REASONS as BECAUSE
from web.wording_figures import CHANNELS, SPENT
from web.wording_figures import LISTS as FIGURES
from web.wording_intents import INTENTS, SLOTS
from web.wording_models import LISTS as MODELS
from web.wording_people import LISTS as PEOPLE
from web.wording_risks import LISTS as RISKS

Tone: TypeAlias = Literal["good", "bad", "plain"]

SCORES: Final[Mapping[int, str]] = {
    5: "excelente",
    4: "buena",
    3: "neutra",
    2: "floja",
    1: "mala",
}
LABELS: Final[Mapping[str, str]] = {
    "purchase_intent": "quiere comprar",
    "praise": "elogia",
    "thanks": "agradece",
    "payment_question": "pregunta cómo pagar",
    "interest": "le interesa",
    "liking": "le gusta",
    "request": "pide algo más",
    "agreement": "está de acuerdo",
    "conditional": "depende de algo",
    "asks_detail": "pide detalles",
    "haggling": "pide rebaja",
    "hesitation": "duda",
    "mixed": "opinión mixta",
    "rejection": "rechaza",
    "complaint": "reclama",
    "trouble": "tiene un problema",
    "lost_sale": "venta perdida",
    "too_expensive": "le parece caro",
    "confusion": "no entendió",
    "asks_human": "pide una persona",
    "refusal": "dice que no",
    "no_signal": "sin señal",
    "order": "hizo un pedido",
    "sold": "una persona dijo que fue venta",
    "unsold": "una persona dijo que no fue venta",
    "sarcasm": "lo dice con ironía",
    "disputed": "hay dos opiniones",
    "learned": "como otros parecidos",
    "labelled": "lo evaluó una persona",
    "corrected": "una persona la corrigió",
    "rejected": "una persona la rechazó",
    "reaction": "reaccionó con un emoji",
    "recontact": "volvió a preguntar lo mismo",
    "silence": "no contestó",
}
DELIVERIES: Final[Mapping[str, str]] = {
    "dispatched": "Saliendo",
    "accepted": "Aceptada por la red",
    "sent": "Enviada",
    "delivered": "Entregada",
    "read": "Leída",
    "uncertain": "Sin confirmar",
    "withheld": "Interrumpida",
    "failed": "No salió",
}
WITHHELD: Final[Mapping[str, str]] = {
    "silenced": "la palabra la tiene una persona",
    "paused": "el bot está en pausa",
    "window": "pasaron más de 24 horas desde el último mensaje del cliente y WhatsApp no la acepta",
    "unreachable": "el cliente bloqueó al bot",
    "flood": "demasiadas respuestas en un minuto",
    "answered": "el cliente escribió antes",
    "opted_out": "el cliente pidió no recibir avisos",
}
PARTS: Final[Mapping[str, str]] = {
    "product": "Producto",
    "answer": "Respuesta de la tienda",
    "passage": "Documento",
    "term": "Glosario",
    "record": "Dato del cliente",
}
ORDERS: Final[Mapping[str, str]] = {
    "draft": "Por confirmar",
    "confirmed": "Espera el pago",
    "receipt": "Comprobante por revisar",
    "paid": "Pagado",
    "rejected": "Pago no confirmado",
    "cancelled": "Cancelado",
    "expired": "Vencido",
}
CONTENTS: Final[Mapping[str, str]] = {
    "photo": "foto",
    "voice": "nota de voz",
    "audio": "audio",
    "video": "video",
    "document": "documento",
    "sticker": "sticker",
    "location": "ubicación",
    "contact": "contacto",
    "action": "botón",
    "service": "aviso de la red",
    "unsupported": "algo que el bot no entiende",
    "text": "sin texto",
}
VERDICTS: Final[Mapping[str, str]] = {
    "ok": "Todo lo que afirma tiene respaldo",
    "human": "La escribió una persona",
    "repaired": "Se le quitó lo que ninguna fuente respaldaba",
    "replaced": "Se reemplazó: lo que afirmaba no tenía respaldo",
}
PROVIDERS: Final[Mapping[str, str]] = {"offline": "respuesta local"}
CATEGORIES: Final[Mapping[str, str]] = {
    "consulta_producto": "consulta de producto",
    "consulta_precio": "consulta de precio",
    "consulta_envio": "consulta de envío",
    "proceso_pago": "pago",
    "solicitud_foto": "pide una foto",
    "afirmacion": "dice que sí",
    "negacion": "dice que no",
    "general": "otra cosa",
}
UNREAD: Final[Mapping[str, str]] = {
    "empty": "no tiene texto: escribe algo y vuelve a subirlo",
    "scanned": "es un escaneo, sin texto: expórtalo desde su programa o pásalo por OCR",
    "locked": "está protegido con contraseña: guárdalo sin ella",
    "damaged": "está dañado o incompleto: guárdalo otra vez desde su programa",
    "bomb": "se despliega en mucho más de lo que pesa: guárdalo otra vez desde su programa",
    "too_much": "leerlo ocupa demasiada memoria: divídelo en varios",
    "too_slow": "leerlo toma demasiado tiempo: divídelo en varios",
    "too_big": "pesa demasiado: divídelo en varios",
    "too_many_pages": "tiene demasiadas páginas: divídelo en varios",
    "too_long": "tiene demasiado texto: divídelo en varios",
    "too_many": "hoy ya llegaron todos los archivos de un día: súbelo mañana o junta varios en uno",
    "lost": "su archivo ya no está: súbelo otra vez",
    "doc": "es un Word antiguo: guárdalo como .docx",
    "sheet": "es una planilla: impórtala como catálogo o guárdala como PDF",
    "unknown": "no es PDF, Word ni texto: guárdalo como PDF, .docx, .txt o .md",
}
TONES: Final[Mapping[str, str]] = {
    "coach": "cercano, de coach",
    "neutral": "neutral",
    "formal": "formal",
}
OBJECTIONS: Final[Mapping[str, str]] = {
    "length": "Es muy corta o muy larga: en un chat nadie lee más de 1.000 letras.",
    "injection": "Parece una orden para el bot, no una respuesta para un cliente.",
    "privacy": "Tiene datos personales que no estaban en la conversación: les llegarían a otros.",
    "policies": "Las reglas de tu tienda no permiten decir esto.",
    "facts": "Dice un precio, una fecha, un enlace u otro dato que no está en tu catálogo ni en tus"
    " documentos.",
}
LISTS: Final[Mapping[str, Mapping[Any, str]]] = {
    "tone": TONES,
    "score": SCORES,
    "label": LABELS,
    "delivery": DELIVERIES,
    "part": PARTS,
    "verdict": VERDICTS,
    "provider": PROVIDERS,
    "category": CATEGORIES,
    "intent": {**CATEGORIES, **INTENTS},
    "slot": SLOTS,
    "order": ORDERS,
    "content": CONTENTS,
    "withheld": WITHHELD,
    "unread": UNREAD,
    "model": {**PROVIDERS, "rules": "reglas"},
    "cost-intent": {**CATEGORIES, **INTENTS, **SPENT},
    "cost-provider": {**PROVIDERS, **SPENT},
    "cost-model": {**PROVIDERS, **SPENT},
    "cost-channel": {**CHANNELS, **SPENT},
    **MODELS,
    **PEOPLE,
    **FIGURES,
    **RISKS,
    "because": {said: said for said in (*BECAUSE.values(), *LOGGED.values())},
    "objection": OBJECTIONS,
}


@dataclass(frozen=True, slots=True)
class Clue:
    """A word of the customer's that moved the score, and which way; an order has none."""

    text: str
    tone: Tone


def say(code: Any, kind: str) -> str:  # noqa: ANN401  a score or a code word
    """A word we do not know yet is shown as it is."""
    return LISTS.get(kind, {}).get(code) or str(code).replace("_", " ")


def clues(evidence: Any) -> tuple[Clue, ...]:  # noqa: ANN401  whatever a scorer wrote down
    """Each once: two rules may have found the same words."""
    if not isinstance(evidence, list):
        return ()
    return tuple(dict.fromkeys(_clue(one) for one in evidence if one))


def _clue(one: Any) -> Clue:  # noqa: ANN401  one piece of evidence
    if not isinstance(one, dict):
        return Clue(str(one), "plain")
    weight = one.get("weight")
    weight = weight if isinstance(weight, int | float) else 0
    if one.get("rule") == "order":
        return Clue("", _tone(weight))
    return Clue(str(one.get("text") or one.get("rule") or ""), _tone(weight))


def _tone(weight: float) -> Tone:
    if weight == 0:
        return "plain"
    return "good" if weight > 0 else "bad"
