"""How a customer is spoken to: intensity and tone as instructions. Facts never change with either.

From 0.8 up there is positive reinforcement and a moderate emoji; from 0.3 down it is sober.
"""

from dataclasses import dataclass
from typing import Final

WARM, SOBER = 0.8, 0.3
_TONES: Final = {
    "coach": "Trato: de tú, como quien acompaña y anima a dar el próximo paso, sin presionar.",
    "neutral": "Trato: de tú, amable y natural.",
    "formal": "Trato: de usted, respetuoso y profesional, sin modismos.",
}
_WARM: Final = (
    "Intensidad alta: refuerza lo positivo con entusiasmo sincero y usa uno o dos emojis por"
    " mensaje."
)
_SOBER: Final = (
    "Intensidad baja: sobrio y directo, en pocas frases, sin emojis ni signos de exclamación."
)
_EVEN: Final = "Intensidad media: cordial y claro; un emoji solo si el cliente los usa."


@dataclass(frozen=True, slots=True)
class Style:
    """`intensity` is from 0.0 to 1.0; `tone` is coach, neutral or formal."""

    intensity: float = 0.5
    tone: str = "neutral"

    @property
    def instructions(self) -> str:
        return f"{self._intensity} {_TONES.get(self.tone, _TONES['neutral'])}"

    @property
    def _intensity(self) -> str:
        if self.intensity >= WARM:
            return _WARM
        return _SOBER if self.intensity <= SOBER else _EVEN


PLAIN: Final = Style()
