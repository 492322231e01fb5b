"""What a reader of a model has to know beside its figures, and why it was not given a column; in
both languages."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from prediction.telling import number

About: TypeAlias = Literal["target", "unlabelled", "undated", "purged", "booster", "unread"]
Why: TypeAlias = Literal["protected", "identifies", "constant", "date", "unasked"]

ENGLISH: Final[dict[About, str]] = {
    "target": "{0} = {1} counts as bad, {2} as good.",
    "unlabelled": "{0} cases have no outcome yet and were left out.",
    "undated": "{0} cases have no date and were left out.",
    "purged": "{0} cases were not learned from: their outcome was known too late.",
    "booster": "{0}, so a scorecard was trained on {1} cases. {2}",
    "unread": "{0} cells of {1} are no numbers and count as not known.",
}
SPANISH: Final[dict[About, str]] = {
    "target": "{0} = {1} cuenta como malo y {2} como bueno.",
    "unlabelled": "{0} casos aún no tienen resultado y quedaron fuera.",
    "undated": "{0} casos no tienen fecha y quedaron fuera.",
    "purged": "De {0} casos no se aprendió: su resultado se supo demasiado tarde.",
    "booster": "Como faltaba LightGBM, se entrenó un puntaje con {1} casos.",
    "unread": "{0} celdas de {1} no son números y cuentan como desconocidas.",
}
WHY_ENGLISH: Final[dict[Why, str]] = {
    "protected": "protected: no decision about a person may rest on it",
    "identifies": "it names a person or a row",
    "constant": "it says the same of everybody",
    "date": "it is a date",
    "unasked": "nobody asked for it",
}
WHY_SPANISH: Final[dict[Why, str]] = {
    "protected": "dato protegido: ninguna decisión sobre una persona puede basarse en él",
    "identifies": "identifica a una persona o una fila, no enseña nada",
    "constant": "dice lo mismo en todos los casos",
    "date": "es una fecha",
    "unasked": "no se pidió",
}
_COUNTS: Final[dict[About, int]] = {
    "unlabelled": 0, "undated": 0, "purged": 0, "booster": 1, "unread": 0,
}  # fmt: skip
"""Which of its parts is a number of cases."""


@dataclass(frozen=True, slots=True)
class Note:
    about: About
    of: tuple[str, ...]

    @property
    def english(self) -> str:
        return ENGLISH[self.about].format(*self.of)

    @property
    def spanish(self) -> str:
        place = _COUNTS.get(self.about)
        told = [number(int(one)) if at == place else one for at, one in enumerate(self.of)]
        return SPANISH[self.about].format(*told)
