"""Which risks a list shows and in which order, as its address says it. Pure."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Final, Literal, TypeAlias
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from store.predicting import Of
from store.risk_lists import Order, Wanted
from web.curves import Level
from web.typed import BadAmount, smallest

HOME: Final = "/riesgo"
OF: Final[dict[str, Of]] = {"prestamos": "loan", "cuotas": "instalment"}
ORDERS: Final[dict[str, Order]] = {"": "probability", "monto": "left"}
LEVELS: Final[dict[str, Level]] = {"alto": "high", "medio": "medium", "bajo": "low"}
Which: TypeAlias = Literal["prestamos", "cuotas"]


class Asked(BaseModel):
    """What is left out filters nothing. `monto` is what is left to pay, as somebody types it."""

    de: Which = "prestamos"
    q: Annotated[str, Field(max_length=80, pattern=r"^[^\x00]*$")] = ""
    nivel: Literal["", "alto", "medio", "bajo"] = ""
    monto: Annotated[str, Field(max_length=20)] = ""
    desde: Annotated[str, Field(max_length=10)] = ""
    hasta: Annotated[str, Field(max_length=10)] = ""
    orden: Literal["", "monto"] = ""

    def address(self, ending: str = "", **changed: str) -> str:
        said = self.model_dump(exclude={"antes"}) | changed
        filled = urlencode({name: value for name, value in said.items() if value})
        return f"{HOME}{ending}?{filled}"

    def other(self, de: Which) -> str:
        """The same search of the other kind, which may have no dates."""
        return self.address(de=de, desde="", hasta="")

    @property
    def by(self) -> Order:
        return ORDERS[self.orden]

    @property
    def filters(self) -> bool:
        return any((self.q.strip(), self.nivel, self.monto, self.desde, self.hasta))

    def wanted(self, threshold: float, currency: str) -> Wanted:
        """An amount or a day that is none filters nothing."""
        least, below = _band(self.nivel, threshold)
        wanted = Wanted(OF[self.de], least, below, left=_amount(self.monto, currency), by=self.by)
        if wanted.of == "loan":
            return wanted
        return replace(wanted, due_from=_day(self.desde), due_until=_day(self.hasta))


class Page(Asked):
    """`antes` is where the page before it ended."""

    antes: Annotated[str, Field(max_length=160)] = ""


def _band(level: str, threshold: float) -> tuple[float, float | None]:
    """As web/curves.py tells levels apart."""
    if level == "alto":
        return threshold, None
    if level == "medio":
        return threshold / 2, threshold
    return 0.0, threshold / 2 if level == "bajo" else None


def _amount(text: str, currency: str) -> int:
    try:
        return smallest(text, currency) or 0
    except BadAmount:
        return 0


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
