"""Names of customers whom nobody ever met."""

from typing import Final

FIRST: Final = (
    "Camila", "Pedro", "Ana", "Luis", "María", "Jorge", "Sofía", "Diego", "Paula", "Andrés",
    "Carla", "Tomás", "Elena", "Raúl", "Lucía", "Hugo",
)  # fmt: skip
LAST: Final = (
    "Rojas", "Soto", "Muñoz", "Pérez", "Vargas", "Díaz", "Castro", "Silva", "Fuentes", "Molina",
    "Araya", "Tapia", "Reyes", "Godoy",
)  # fmt: skip
