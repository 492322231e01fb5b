"""Which column of a file holds what: guessed from its headers, or said by a person. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.importing.errors import ColumnsUnclear
from text.folding import fold

FIELDS: Final = (
    "sku", "name", "description", "category", "keywords", "price", "stock", "photo", "active",
)  # fmt: skip
SEARCHED: Final = 15
"""The headers stand in one of the first rows; above them there may be a title or a date."""
_EXACT: Final[dict[str, str]] = {
    "sku": "sku|codigo|cod|code|id|ref|referencia|codigo producto|cod producto|codigo interno"
    "|product code|item code|clave|codigo articulo|id producto|product id|articulo codigo",
    "name": "nombre|producto|name|product|articulo|item|titulo|title|nombre producto"
    "|product name|nombre articulo|modelo",
    "description": "descripcion|description|detalle|detalles|descripcion producto|details"
    "|caracteristicas|observaciones",
    "category": "categoria|category|rubro|familia|linea|departamento|seccion|tipo|grupo|type",
    "keywords": "palabras clave|keywords|etiquetas|tags|sinonimos|busqueda|palabras",
    "price": "precio|price|precio venta|p unitario|precio unitario|pvp|valor|p venta|importe"
    "|unit price|sale price|precio publico|precio final|valor unitario|precio lista|tarifa",
    "stock": "stock|existencias|existencia|cantidad|inventario|disponible|disponibles|unidades"
    "|qty|quantity|inventory|stock actual|cant|saldo|available",
    "photo": "foto|imagen|photo|image|url imagen|url foto|picture|link imagen|foto url|image url",
    "active": "activo|active|estado|publicado|visible|habilitado|a la venta|enabled|status",
}
_TELLING: Final[dict[str, str]] = {
    "sku": "sku|codigo|cod|code",
    "category": "categoria|category|rubro",
    "keywords": "clave|keywords|etiquetas|tags",
    "price": "precio|price|pvp",
    "stock": "stock|existencias|inventario|cantidad|qty|unidades|disponible|disponibles",
    "photo": "foto|imagen|photo|image",
    "active": "activo|active|publicado",
    "description": "descripcion|description|detalle",
    "name": "nombre|producto|articulo|name|product|title",
}
"""One of these words among others tells what a column holds, where no header is the very word."""
_FILLERS: Final = re.compile(r"\b(?:de|del|la|el|los|las|en|the|of|al|por|a|clp|mxn|cop|ars|usd)\b")
_OTHER: Final = re.compile(
    r"\b(?:costo|coste|cost|compra|mayorista|mayoreo|proveedor|minimo|minima|min|max|maximo"
    r"|critico|anterior|antiguo|reservado|reservada|wholesale|supplier|old)\b"
)
"""Such a column is about money or pieces too, but not about what customers pay or can have."""


@dataclass(frozen=True, slots=True)
class Columns:
    """`places` says where each field stands, `header` which row holds the headers, from 1;
    `unsure` are fields that several columns may hold: none of them is read."""

    header: int
    names: Mapping[str, str]
    places: Mapping[str, int]
    unread: tuple[str, ...]
    unsure: Mapping[str, tuple[str, ...]]


def find_columns(rows: Sequence[Sequence[object]], said: Mapping[str, str]) -> Columns:
    """Raises ColumnsUnclear: nothing names a product, or what was said does not fit."""
    if wrong := next((field for field in said if field not in FIELDS), None):
        raise ColumnsUnclear(f"there is no field {wrong!r}", "", f"one of: {', '.join(FIELDS)}")
    heads = [[str(cell).strip() for cell in row] for row in rows[:SEARCHED]]
    best = max(range(len(heads)), key=lambda place: (_known(heads[place], said), -place))
    headers = heads[best]
    places = _said(headers, said)
    guessed = _guessed(headers, places)
    unsure = {
        field: tuple(headers[spot] for spot in spots)
        for field, spots in guessed.items()
        if len(spots) > 1
    }
    places |= {field: spots[0] for field, spots in guessed.items() if len(spots) == 1}
    _enough(headers, places, unsure)
    unread = [name for spot, name in enumerate(headers) if name and spot not in places.values()]
    names = {field: headers[spot] for field, spot in places.items()}
    return Columns(best + 1, names, places, tuple(unread), unsure)


def _known(headers: Sequence[str], said: Mapping[str, str]) -> int:
    plain = [_plain(header) for header in headers]
    named = sum(_plain(column) in plain for column in said.values())
    return named * len(FIELDS) + len(_guessed(headers, {}))


def _said(headers: Sequence[str], said: Mapping[str, str]) -> dict[str, int]:
    plain = [fold(header) for header in headers]
    for field, column in said.items():
        if fold(column.strip()) not in plain:
            there = ", ".join(f"«{header}»" for header in headers if header)
            hint = f'--map {field}="one of the columns there are"'
            raise ColumnsUnclear(f"the file has no column {column!r}", f"it has {there}", hint)
    return {field: plain.index(fold(column.strip())) for field, column in said.items()}


def _guessed(headers: Sequence[str], places: Mapping[str, int]) -> dict[str, list[int]]:
    """The columns that may hold each field; a header that is the very word leaves no doubt."""
    plain = [_plain(header) for header in headers]
    taken = set(places.values())
    guesses: dict[str, list[int]] = {}
    for aliases, exact in ((_EXACT, True), (_TELLING, False)):
        for field, words in aliases.items():
            if field in places or field in guesses:
                continue
            known = set(words.split("|"))
            spots = [
                spot
                for spot, header in enumerate(plain)
                if spot not in taken and _fits(header, known, exact=exact)
            ]
            if spots:
                guesses[field] = spots[:1] if exact else spots
                taken |= set(guesses[field])
    return guesses


def _fits(header: str, known: set[str], *, exact: bool) -> bool:
    if exact:
        return header in known
    return not _OTHER.search(header) and not known.isdisjoint(header.split())


def _plain(header: str) -> str:
    words = re.sub(r"[^a-z0-9]+", " ", fold(header))
    return " ".join(_FILLERS.sub(" ", words).split())


def _enough(
    headers: Sequence[str], places: Mapping[str, int], unsure: Mapping[str, Sequence[str]]
) -> None:
    there = ", ".join(f"«{header}»" for header in headers if header) or "none"
    if "name" not in places and "sku" not in places:
        hint = '--map name="the column with the products\' names"'
        raise ColumnsUnclear("no column names the products", f"the columns are {there}", hint)
    if len(places) == 1 and not unsure:
        hint = '--map price="the column with the prices"'
        raise ColumnsUnclear("there is nothing to take but a name", f"the columns: {there}", hint)
