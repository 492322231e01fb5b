"""How many turns of one customer are answered: who writes like a machine costs money and attention.

What they write is kept and shown all the same, and whoever wants a person still gets one: that is
decided before. They are told once in a while, and answered again as soon as there is room.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import structlog

from config.manners import PaceSettings
from config.packs import Pack
from handlers.drafting import Answer
from handlers.steps import Asked, Decision
from llm.base import Completion
from services.quota import Quota, place
from services.wire import Wire

log = structlog.get_logger()
SHORT_S: Final = 300.0
DAY_S: Final = 86_400.0
PACED: Final = "paced"
WINDOWS: Final = ("short", "day", "told:short", "told:day")
MINUTE_S: Final = 60
HOUR_S: Final = 3600


@dataclass(frozen=True, slots=True)
class Pace:
    """Rolling windows of all processes together; a turn that comes back is counted once."""

    pack: Pack
    knobs: PaceSettings
    wire: Wire
    prefix: str

    async def before(self, asked: Asked) -> Decision | None:
        windows = (
            ("short", SHORT_S, self.knobs.in_5_minutes),
            ("day", DAY_S, self.knobs.a_day),
        )
        for name, span_s, most in windows:
            left = await self._window(name, span_s).wait_s(*self._of(asked), most) if most else 0
            if left:
                return await self._full(asked, self._window(f"told:{name}", span_s), left)
        return None

    async def _full(self, asked: Asked, telling: Quota, left: float) -> Decision:
        """Told once in the time that is waited for: more would be what is to be stopped."""
        log.info("reply.paced", conversation=str(asked.turn.conversation), wait_s=round(left))
        told = await telling.wait_s(*self._of(asked), 1)
        if told:
            return Decision(None)
        slots = {"wait": lasting(left, asked.reading.parsed.locale)}
        text = self.pack.answers[PACED].say(asked.reading.parsed.locale, slots)
        return Decision(Answer(Completion(text, "pack", self.pack.name, used=(PACED,))))

    def _window(self, name: str, span_s: float) -> Quota:
        return Quota(self.wire, _key(self.prefix, name), span_s)

    def _of(self, asked: Asked) -> tuple[str, str]:
        return str(asked.turn.customer), str(asked.turn.turn)


def places_of(prefix: str, customer: UUID) -> list[str]:
    """Where the turns of a customer are counted, of whom nothing may stay."""
    return [place(_key(prefix, name), str(customer)) for name in WINDOWS]


def _key(prefix: str, name: str) -> str:
    return f"{prefix}:pace:{name}"


def lasting(seconds: float, locale: str) -> str:
    """In words, rounded up. 61 → 2 minutos; 4000 → 2 horas"""
    english = locale.startswith("en")
    unit, length = ("h", HOUR_S) if seconds > HOUR_S else ("min", MINUTE_S)
    count = max(1, -int(-seconds // length))
    names = {
        "h": ("hour", "hours") if english else ("hora", "horas"),
        "min": ("minute", "minutes") if english else ("minuto", "minutos"),
    }
    return f"{count} {names[unit][count > 1]}"
