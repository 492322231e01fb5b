"""What the importer says of a file, as a seller reads it: its English in the words of the pages."""

import re
from collections.abc import Sequence
from typing import Final

SAID: Final[Sequence[tuple[str, str]]] = (
    (r"«(?P<a>.*)» is no price in (?P<b>\w+)", "«%(a)s» no es un precio en %(b)s"),
    (r"(?P<a>.+) is below zero", "%(a)s es menos que cero"),
    (r"(?P<a>.+) is finer than (?P<b>\w+) can be paid", "%(a)s tiene más decimales que %(b)s"),
    (r"(?P<a>.+) is more than any price", "%(a)s es demasiado para un precio"),
    (r"«(?P<a>.*)» is no number of pieces", "«%(a)s» no es una cantidad"),
    (r"(?P<a>.+) is more than (?P<b>[\d,]+) pieces", "%(a)s es demasiado para un stock"),
    (r"«(?P<a>.*)» is neither yes nor no", "«%(a)s» no es sí ni no"),
    (r"(?P<a>\d+) keywords", "%(a)s palabras clave son demasiadas"),
    (r"«(?P<a>.*)» is no address of a photo", "«%(a)s» no es la dirección de una foto"),
    (r"it has (?P<a>\d+) letters", "tiene %(a)s letras: es demasiado largo"),
    (r"«(?P<a>.*)» stands in line (?P<b>\d+) too", "«%(a)s» está también en la línea %(b)s"),
    (r"nothing names the product", "falta el nombre del producto"),
    (r"«(?P<a>.*)» is new and has no name", "«%(a)s» es nuevo y le falta el nombre"),
    (r"«(?P<a>.*)» is new and has no price", "«%(a)s» es nuevo y le falta el precio"),
    (r"stock below zero: 0", "el stock es menor que cero: quedará en 0"),
    (r"it would cost nothing", "no costaría nada"),
    (r"(?P<a>\d+) times what it cost", "cuesta %(a)s veces lo de antes"),
    (r"a (?P<a>\d+)th of what it cost", "cuesta %(a)s veces menos que antes"),
    (r"its \w+ speaks to a model, not to people", "su texto da órdenes al bot, no informa"),
    (r"its \w+ holds a link", "su texto tiene un enlace"),
    (r"(?P<a>\d+) of the (?P<b>\d+) products on sale .*", "se apagarían %(a)s de %(b)s productos"),
    (r"line (?P<a>\d+) has the same name", "se llama igual que el de la línea %(a)s"),
    (r"the file has no column '(?P<a>.*)'", "el archivo no tiene la columna «%(a)s»"),
    (r"no column names the products", "ninguna columna dice cómo se llaman los productos"),
    (r"there is nothing to take but a name", "solo hay nombres: falta el precio o el stock"),
    (r"the catalogue changed since it was looked at", "el catálogo cambió mientras mirabas"),
    (
        r"the product changed since it was looked at",
        "alguien lo cambió mientras lo editabas. Abajo está lo que escribiste: guárdalo si es así",
    ),
    (
        r"there is a product with this SKU already",
        "ya hay un producto con ese SKU: búscalo en el catálogo para cambiarlo, o usa otro código",
    ),
    (r"this shop has no such import", "esa importación no está"),
    (r"(?P<a>.+) is undone already", "«%(a)s» ya se deshizo"),
    (r"(?P<a>.+) stays as it is", "pasaron más de 24 horas: «%(a)s» ya no se puede deshacer"),
    (r"it has more than (?P<a>\d+) rows", "tiene más de %(a)s filas: divídelo en varios archivos"),
    (
        r"it has more than (?P<a>\d+) letters",
        "tiene más de %(a)s letras: divídelo en varios archivos",
    ),
    (
        r"it has (?P<a>\d+) MB, (?P<b>\d+) MB are read",
        "pesa %(a)s MB y se leen hasta %(b)s MB: divídelo en varios archivos",
    ),
    (r"the file cannot be read", "No pudimos leer ese archivo: guárdalo como XLSX o CSV"),
    (r"empty", "No llegó ningún archivo ni tabla"),
)
"""Patterns of the importer's sentences, the first that fits; a sentence nobody knows is shown as
it is."""
_COMPILED: Final = tuple((re.compile(pattern), spanish) for pattern, spanish in SAID)


def found(text: str) -> tuple[str, dict[str, str]]:
    """The Spanish sentence with its holes, and what fills them."""
    for pattern, spanish in _COMPILED:
        if match := pattern.fullmatch(text):
            return spanish, {name: match[name] for name in match.re.groupindex}
    return text.replace("%", "%%"), {}
