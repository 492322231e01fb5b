"""How an alert is said to the shop's people: what is wrong, since when, and what to do about it."""

from collections.abc import Mapping
from typing import Final

NAMES: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "es": {
        "latency": ("El bot responde lento", "Mira en Trazas qué paso tarda."),
        "errors": ("Hay respuestas que fallan", "Mira en Trazas las que fallaron."),
        "budget": ("Se acaba el presupuesto del día", "Sube el tope o espera a mañana."),
        "cost": ("El bot gasta mucho más que de costumbre", "Mira en Costos en qué."),
        "drift": ("Los clientes preguntan otras cosas", "Revisa las preguntas sin respuesta."),
        "silence": ("No llega ningún mensaje", "Prueba el canal: main.py channels test."),
        "webhooks": ("Alguien llama al bot sin permiso", "Comprueba los secretos del canal."),
        "channel": ("Un canal rechaza su token", "Mira en Canales cuál, y cambia su token."),
        "queue": ("Los mensajes esperan en la cola", "Mira en Sistema si algo se detuvo."),
        "jobs": ("Un trabajo se quedó parado", "Mira en Sistema cuál."),
        "approval": (
            "Un modelo espera tu aprobación",
            "Mira en Entrenamientos el que espera, o en Modelos el que aprobó su evaluación.",
        ),
        "f1": ("El bot entiende peor que antes", "Compara las últimas evaluaciones."),
        "canary": ("El modelo de prueba fue retirado", "Mira en Modelos por qué."),
        "expiry": ("Un modelo en uso se acaba pronto", "Cuál: main.py models expiry. Elige otro."),
        "risk-drift": ("Los clientes de préstamos han cambiado", "Entrena de nuevo el modelo."),
        "risk-aged": ("El modelo de riesgo tiene muchos días", "Entrénalo de nuevo."),
        "privacy": ("Un cliente espera respuesta por sus datos", "Mira en Privacidad cuál vence."),
        "f1-live": ("El bot entiende menos a los clientes", "Mira en Calidad qué confunde."),
        "f1-intent": ("El bot entiende menos un tema", "Mira en Calidad cuál es."),
    },
    "en": {
        "latency": ("The bot answers slowly", "See in Traces which step takes long."),
        "errors": ("Some answers fail", "See in Traces which ones."),
        "budget": ("The day's budget is nearly spent", "Raise the limit or wait for tomorrow."),
        "cost": ("The bot spends far more than usual", "See in Costs on what."),
        "drift": ("Customers ask other things", "Look at the unanswered questions."),
        "silence": ("No message arrives", "Try the channel: main.py channels test."),
        "webhooks": ("Somebody calls the bot without permission", "Check the channel's secrets."),
        "channel": ("A channel refuses its token", "See in Channels which, and change its token."),
        "queue": ("Messages wait in the queue", "See in System whether something stopped."),
        "jobs": ("A job stands still", "See in System which one."),
        "approval": (
            "A model waits for your approval",
            "See in Trainings which one waits, or in Models which one passed its evaluation.",
        ),
        "f1": ("The bot understands less than before", "Compare the last evaluations."),
        "canary": ("The candidate model was taken back", "See in Models why."),
        "expiry": ("A model in use ends soon", "Which: main.py models expiry. Choose another."),
        "risk-drift": ("People who borrow have changed", "Train the model of risk again."),
        "risk-aged": ("The model of risk is many days old", "Train it again."),
        "privacy": ("A customer waits for an answer about their data", "See in Privacy which."),
        "f1-live": ("The bot understands customers less", "See in Quality what it confuses."),
        "f1-intent": ("The bot understands one subject less", "See in Quality which one."),
    },
}
UNITS: Final[Mapping[str, tuple[int, int, str]]] = {
    "latency": (1, 1, "\u00a0s"), "errors": (100, 0, "\u00a0%"), "budget": (100, 0, "\u00a0%"),
    "cost": (1, 1, "×"), "drift": (1, 2, ""), "silence": (1, 1, "×"), "webhooks": (1, 0, ""),
    "channel": (1, 0, ""), "queue": (1, 0, "\u00a0s"), "jobs": (1, 0, ""), "approval": (1, 0, ""),
    "f1": (1, 3, ""), "canary": (1, 0, ""), "expiry": (1, 0, ""),
    "risk-drift": (1, 2, ""), "risk-aged": (1, 0, ""), "privacy": (1, 0, ""),
    "f1-live": (1, 3, ""), "f1-intent": (1, 3, ""),
}  # fmt: skip
"""How many of what is shown one of the rule's own units is, its digits, and its sign."""
COUNTED: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "es": {
        "channel": ("canal", "canales"),
        "webhooks": ("llamada", "llamadas"), "jobs": ("trabajo", "trabajos"),
        "approval": ("modelo", "modelos"), "expiry": ("modelo", "modelos"),
        "f1": ("punto", "puntos"), "canary": ("retiro", "retiros"), "risk-aged": ("día", "días"),
        "privacy": ("solicitud", "solicitudes"), "f1-live": ("punto", "puntos"),
        "f1-intent": ("punto", "puntos"),
    },
    "en": {
        "channel": ("channel", "channels"),
        "webhooks": ("call", "calls"), "jobs": ("job", "jobs"), "f1": ("point", "points"),
        "approval": ("model", "models"), "expiry": ("model", "models"),
        "canary": ("withdrawal", "withdrawals"), "risk-aged": ("day", "days"),
        "privacy": ("request", "requests"), "f1-live": ("point", "points"),
        "f1-intent": ("point", "points"),
    },
}  # fmt: skip
"""What is counted by name rather than by a sign: of one, and of several."""
UNKNOWN: Final = (1, 2, "")
"""Of a rule of another release, whose alerts are still there."""


def told(kind: str, value: float, threshold: float, language: str, site: str) -> str:
    """As a message; `site` is where the pages are, if anybody can reach them."""
    title, advice = _words(kind, language)
    limit = "límite" if language == "es" else "limit"
    seen, bound = shown(kind, value, language), shown(kind, threshold, language)
    line = f"⚠️ {title}: {seen} ({limit} {bound})."
    link = f"\n{site}/admin/alertas" if site else ""
    return f"{line}\n{advice}{link}"


def brief(kind: str, value: float, language: str) -> str:
    """The one line that a template has room for."""
    return f"{_words(kind, language)[0]}: {shown(kind, value, language)}"


def shown(kind: str, value: float, language: str = "en") -> str:
    times, digits, sign = UNITS.get(kind, UNKNOWN)
    text = f"{value * times:.{digits}f}"
    if kind in COUNTED.get(language, COUNTED["en"]):
        one, several = COUNTED.get(language, COUNTED["en"])[kind]
        sign = f"\u00a0{one if float(text) == 1 else several}"
    return f"{text.replace('.', ',') if language == 'es' else text}{sign}"


def _words(kind: str, language: str) -> tuple[str, str]:
    return NAMES.get(language, NAMES["en"]).get(kind, (kind, ""))
