"""What is asked of the shop's library, in the words of the page's address, and as conditions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, and_, func, select, text

from store.app import Customer
from store.filters import ACCEPTED, BROUGHT, EXCLUDED, GOOD, POOR
from store.ml import TrainingData
from web.ranges import day_after

Standing: TypeAlias = Literal["propuesto", "aceptado", "excluido", "retirado"]
STANDINGS: Final[tuple[Standing, ...]] = ("propuesto", "aceptado", "excluido", "retirado")
MARKS: Final = ("4", "2", "sin")
ORIGINS: Final[Mapping[str, str]] = {
    "chat": "chat",
    "mano": "hand",
    "archivo": "file",
    "whatsapp": "whatsapp",
}
ESCAPES: Final = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})
ACCENTS: Final = ("áéíóúüÁÉÍÓÚÜ", "aeiouuaeiouu")
_Row = TrainingData


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for, in the words of the page's address."""

    venta: str = ""
    corregido: str = ""
    nota: str = ""
    intencion: str = ""
    origen: str = ""
    estado: str = ""
    desde: date | None = None
    hasta: date | None = None
    q: str = ""

    def query(self) -> dict[str, str]:
        given = {name: getattr(self, name) for name in self.__slots__}
        return {name: str(value) for name, value in given.items() if value}

    def address(self, path: str = "/ejemplos", antes: str = "", **changed: str | None) -> str:
        told = {**self.query(), **changed, "antes": antes}
        filled = urlencode({name: value for name, value in told.items() if value})
        return f"{path}?{filled}" if filled else path

    def indexed(self) -> list[ColumnElement[bool]]:
        """In the very words of the indexes."""
        found: list[Any] = []
        if self.venta == "si":
            found.append(text("is_successful"))
        if self.corregido == "si":
            found.append(text("correction IS NOT NULL"))
        if self.nota == "4":
            found.append(text(GOOD))
        if self.nota == "2":
            found.append(text(POOR))
        if self.intencion:
            found.append(_Row.intent == self.intencion)
        if self.origen in ORIGINS:
            found.append(_Row.origin == ORIGINS[self.origen])
            found += [text(BROUGHT)] if self.origen != "chat" else []
        if self.estado == "excluido":
            found.append(text(f"({EXCLUDED})"))
        if self.estado == "aceptado":
            found.append(text(f"({ACCEPTED})"))
        return found + self._days()

    def _days(self) -> list[ColumnElement[bool]]:
        found = []
        if self.desde:
            found.append(_Row.created_at >= datetime.combine(self.desde, time(), UTC))
        if self.hasta:
            after = datetime.combine(day_after(self.hasta), time(), UTC)
            found.append(_Row.created_at < after)
        return found

    def looked_for(self, row: type[TrainingData]) -> list[ColumnElement[bool]]:
        """What each row has to be looked at for."""
        found: list[ColumnElement[bool]] = []
        if self.venta == "no":
            found.append(row.is_successful.is_(False))
        if self.nota == "sin":
            found.append(func.coalesce(row.stars, row.quality_score).is_(None))
        if self.estado == "propuesto":
            found += [row.allowed.is_(None), ~row.rejected, row.correction.is_(None)]
        if self.estado in {"propuesto", "aceptado", "retirado"}:
            left = _left(row)
            found.append(left if self.estado == "retirado" else ~left)
        if self.estado == "aceptado":
            found.append(~row.rejected)
        if self.q:
            found.append(contains(row, self.q))
        return found


def _left(row: type[TrainingData]) -> ColumnElement[bool]:
    """Whether its customer wants to teach nothing."""
    return (
        select(Customer.id)
        .where(Customer.shop_id == row.shop_id, Customer.id == row.customer_id)
        .where(Customer.no_training)
        .exists()
    )


def contains(row: type[TrainingData], words: str) -> ColumnElement[bool]:
    """Each of the words, without accents."""
    said = func.concat_ws(" ", row.user_message, row.bot_response, row.correction)
    plain = func.translate(func.lower(said), *ACCENTS)
    asked = words.lower().translate(str.maketrans(*ACCENTS)).split()
    return and_(*(plain.like(f"%{word.translate(ESCAPES)}%") for word in asked))
