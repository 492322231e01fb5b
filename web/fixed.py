"""What is set in the file alone, as an owner reads it. Pure."""

from dataclasses import dataclass

from config.settings import Settings


@dataclass(frozen=True, slots=True)
class Fixed:
    """`name` is what it is called on the page, `field` where the file has it; a value of None is
    "no", and True "yes"."""

    name: str
    field: str
    value: str | bool


def fixed(settings: Settings) -> tuple[Fixed, ...]:
    follow = settings.followups
    nudge = f"{follow.after_h:g} h" if follow.enabled else False
    return (
        Fixed("Rubro", "app.pack", settings.app.pack),
        Fixed("Reloj de la tienda", "hours.timezone", settings.hours.timezone),
        Fixed("Cuánto calla el bot cuando pide una persona", "handover.silence_s",
              _hours(settings.handover.silence_s)),
        Fixed("Cuánto calla el bot cuando escribes tú", "takeover.silence_s",
              _hours(settings.takeover.silence_s)),
        Fixed("Pide una persona por sí mismo", "handover.enabled", settings.handover.enabled),
        Fixed("Toma pedidos", "orders.enabled", settings.orders.enabled),
        Fixed("Escribe otra vez a quien dejó de contestar", "followups.enabled", nudge),
        Fixed("Botones 👍 y 👎 bajo las respuestas", "ratings.buttons", settings.ratings.buttons),
        Fixed("Pregunta qué tan conforme quedó el cliente", "ratings.csat", settings.ratings.csat),
    )  # fmt: skip


def _hours(seconds: int) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    return " ".join(
        filter(None, (f"{hours} h" if hours else "", f"{minutes} min" if minutes else ""))
    )


def limited(settings: Settings) -> tuple[Fixed, ...]:
    """How many messages a conversation, or an account, may have; "no" is no limit."""
    turns, outreach, pace = settings.turns, settings.outreach, settings.pace
    return (
        Fixed("Turnos que el bot contesta a un cliente, en 5 minutos", "pace.in_5_minutes",
              _count(pace.in_5_minutes)),
        Fixed("Lo mismo en 24 horas", "pace.a_day", _count(pace.a_day)),
        Fixed("Respuestas del bot en una conversación, por minuto", "turns.replies_per_minute",
              _count(turns.replies_per_minute)),
        Fixed("Mensajes que el bot escribe primero, por canal y en 24 horas", "outreach.per_day",
              str(outreach.per_day)),
        Fixed("Lo mismo por WhatsApp con QR", "outreach.unofficial_per_day",
              str(outreach.unofficial_per_day)),
    )  # fmt: skip


def _count(times: int) -> str | bool:
    return str(times) if times else False
