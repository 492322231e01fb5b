"""Which passwords are too easy to guess: short ones, those made of a few well-known words, and what
lists of often used ones, names and neighbouring keys lead to."""

import re
from collections.abc import Iterable
from typing import Final, Literal, TypeAlias

from text.folding import fold

Weakness: TypeAlias = Literal["short", "long", "easy"]

LEAST: Final = 12
MOST: Final = 200
OWN: Final = 6
"""How many different signs have to remain once every well-known word is taken out."""
WORDS: Final = (
    "1234567890", "123456789", "12345678", "1234567", "123456", "12345", "1234", "123",
    "0987654321", "987654321", "qwertyuiop", "qwerty", "asdfghjkl", "asdfgh", "zxcvbnm",
    "1q2w3e4r5t", "1q2w3e4r",
    "abcdefgh", "abcdef", "abc", "password", "passw0rd", "p4ssword", "contrasena", "contraseña",
    "clave", "secreta", "secreto", "secret", "welcome", "bienvenido", "bienvenida", "admin",
    "administrador", "administrator", "usuario", "user", "master", "login", "letmein", "iloveyou",
    "teamo", "tequiero", "amor", "corazon", "princesa", "estrella", "dragon", "monkey", "sunshine",
    "football", "futbol", "colocolo", "boca", "river", "barcelona", "realmadrid", "superman",
    "batman", "pokemon", "hola", "mundo", "chile", "argentina", "mexico", "colombia", "peru",
    "tienda", "ventas", "negocio", "whatsapp", "telegram", "aprendiz", "cambiame", "changeme",
    "temporal", "prueba", "test", "demo",
)  # fmt: skip
GUESSES: Final = 10**8
"""At least; so many withstand who stole the hashes for a while, and who asks the page for ever."""
LOOKED: Final = 40
"""At so many signs: what is hard to guess up to there gets no easier."""
WORD: Final = 3
YEARS: Final = re.compile(r"(?:19|20)\d\d")


def weakness(password: str, besides: Iterable[str] = ()) -> Weakness | None:
    """`besides` are words that somebody who knows the shop would try: its name, the e-mail."""
    if len(password) < LEAST:
        return "short"
    if len(password) > MOST:
        return "long"
    known = [
        word for text in besides for word in re.split(r"[^\w]+", fold(text)) if len(word) >= WORD
    ]
    rest = YEARS.sub(" ", fold(password).lower())
    for word in sorted({*WORDS, *known}, key=len, reverse=True):
        rest = rest.replace(fold(word).lower(), " ")
    if len(set(re.sub(r"\s", "", rest))) < OWN:
        return "easy"
    return "easy" if _guesses(password, known) < GUESSES else None


def _guesses(password: str, known: list[str]) -> int:
    from zxcvbn import zxcvbn  # noqa: PLC0415  a third of a second, and only who chooses needs it

    return int(zxcvbn(password[:LOOKED], user_inputs=[*WORDS, *known])["guesses"])
