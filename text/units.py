"""Units of measure as customers and shops write them, each under one stem."""

from typing import Final

from text.stemming import stem

_SPELLED: Final = {
    "litro": "litros lt lts ltr ltrs l",
    "ml": "cc mililitro mililitros",
    "kg": "kgs kilo kilos kilogramo kilogramos",
    "gramo": "g gr grs gramos",
    "metro": "m mt mts metros",
    "cm": "cms centimetro centimetros",
    "mm": "milimetro milimetros",
    "mah": "miliamperes",
    "w": "watt watts vatios",
    "gb": "giga gigas gigabytes",
}
UNITS: Final = {
    word: stem(unit) for unit, words in _SPELLED.items() for word in (unit, *words.split())
}
"""By folded word. What is not here is counted by its own stem: `24 colores`."""
ONE: Final = frozenset(["un", "una", "de", "one"])
"""Before a unit these say one: `termo de litro`."""
