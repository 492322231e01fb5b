"""The words and the numbers of the report to the shop's people, in Spanish and in English."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

MICROS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Words:
    """How a language says it: its texts, its months, and what stands in its numbers."""

    texts: Mapping[str, str]
    months: tuple[str, ...]
    thousands: str
    point: str

    def __getitem__(self, name: str) -> str:
        return self.texts[name]

    def with_(self, name: str, **slots: str) -> str:
        return self.texts[name].format(**slots)

    def head(self, begin: str, end: str) -> str:
        first, last = self.span(begin, end)
        return self.with_("head", first=first, last=last)

    def span(self, begin: str, end: str) -> tuple[str, str]:
        return self.day(date.fromisoformat(begin)), self.day(date.fromisoformat(end))

    def day(self, day: date) -> str:
        return self.with_("day", day=str(day.day), month=self.months[day.month - 1])

    def number(self, value: int) -> str:
        return f"{value:,}".replace(",", self.thousands)

    def decimal(self, value: float, places: int) -> str:
        whole, _, rest = f"{value:,.{places}f}".partition(".")
        return whole.replace(",", self.thousands) + self.point + rest

    def usd(self, micros: float) -> str:
        """Cents, or as many decimals as show that it is not nothing."""
        dollars = micros / MICROS
        return "US$" + self.decimal(dollars, 2 if dollars >= 0.1 or not micros else 4)  # noqa: PLR2004  ten cents


SPANISH: Final = Words(
    texts={
        "head": "📊 Tu bot, del {first} al {last}",
        "day": "{day} de {month}",
        "nothing": "Todavía faltan datos: en estos días el bot no respondió a nadie.",
        "little": "Faltan datos: son solo {n} respuestas, tómalo como un comienzo.",
        "learned": "🧠 Qué aprendió",
        "answered": "• {n} respuestas",
        "mean": ", nota {mean} de 5 (en {scored})",
        "unscored": ", aún sin notas suficientes",
        "good": "• {n} buenas para aprender, {corrected} corregidas por ustedes",
        "trained": "• Entrenamientos: {n}; versiones nuevas: {names}",
        "none": "ninguna",
        "unknown": "• No supo responder {n} veces",
        "sold": "🛒 Cuánto vendió",
        "no_orders": "• Sin pedidos en estos días",
        "orders": "• {n} pedidos confirmados por {sum}",
        "paid": "• {n} pagados por {sum}",
        "led": "• {n} de ellos tras una respuesta del bot: {sum}",
        "cost": "💰 Cuánto costó",
        "total": "• {sum}",
        "each": ": {sum} por conversación",
        "sale": ", {sum} por venta",
        "senses": "• De eso, {voice} en escuchar notas de voz y {image} en mirar imágenes",
        "unpriced_files": " (de {n} no conocemos el precio)",
        "learning": "• De eso, {sum} en aprender: entrenar, probar y calificar",
        "unpriced": "• Los modelos en línea respondieron, pero no conocemos su precio",
        "local": "• {n} de {all} respuestas las hizo el bot solo",
        "saved": ": ahorró unos {sum}",
        "unsaved": "; faltan datos para saber cuánto ahorró",
        "brief": "{n} respuestas, {paid} ventas por {sum}, costó {cost}",
    },
    months=(
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
        "octubre", "noviembre", "diciembre",
    ),
    thousands=".",
    point=",",
)  # fmt: skip
ENGLISH: Final = Words(
    texts={
        "head": "📊 Your bot, {first} to {last}",
        "day": "{month} {day}",
        "nothing": "Not enough data yet: the bot answered nobody in these days.",
        "little": "Not enough data: these are only {n} answers, take it as a beginning.",
        "learned": "🧠 What it learned",
        "answered": "• {n} answers",
        "mean": ", scored {mean} of 5 (on {scored})",
        "unscored": ", not enough scores yet",
        "good": "• {n} good ones to learn from, {corrected} corrected by you",
        "trained": "• Trainings: {n}; new versions: {names}",
        "none": "none",
        "unknown": "• It did not know {n} times",
        "sold": "🛒 What it sold",
        "no_orders": "• No orders in these days",
        "orders": "• {n} orders confirmed, {sum}",
        "paid": "• {n} paid, {sum}",
        "led": "• {n} of them after an answer of the bot: {sum}",
        "cost": "💰 What it cost",
        "total": "• {sum}",
        "each": ": {sum} a conversation",
        "sale": ", {sum} a sale",
        "senses": "• Of that, {voice} to hear voice notes and {image} to look at pictures",
        "unpriced_files": " (nobody told the price of {n})",
        "learning": "• Of that, {sum} to learn: training, trying out and scoring",
        "unpriced": "• Hosted models answered, and nobody told us their price",
        "local": "• {n} of {all} answers the bot gave by itself",
        "saved": ": it saved about {sum}",
        "unsaved": "; not enough data to tell what it saved",
        "brief": "{n} answers, {paid} sales for {sum}, cost {cost}",
    },
    months=(
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ),
    thousands=",",
    point=".",
)  # fmt: skip


def spoken(locale: str) -> Words:
    return ENGLISH if locale.startswith("en") else SPANISH
