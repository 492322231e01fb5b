"""Columns that no decision about a person may rest on, told by their names in two languages.

Words are compared whole, so that `language`, `mortgage`, `average` and `sexto` are none of these,
and the age of a debt or of an account is no age of a person.
"""

import re
import unicodedata
from typing import Final

_PARTS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


AGES: Final = frozenset({"age", "ages", "edad", "edades"})
WORDS: Final = _listed(
    """
    sex sexo sexual gender genero female male mujer hombre femenino masculino
    etario etaria dob birthdate birthday birth birthyear born nacimiento cumpleanos natalicio
    marital married marriage matrimonio casado casada soltero soltera divorced divorciado divorciada
    viudo viuda widow widower widowed spouse conyuge conyugal maritalstatus estadocivil
    nationality nacionalidad citizen citizenship ciudadania foreigner extranjero extranjera
    immigrant inmigrante migrante migratory migratorio refugee refugiado refugiada
    ethnicity ethnic etnia etnico etnica race racial raza indigenous indigena tribe tribu mapuche
    aymara afrodescendiente
    religion religious religioso religiosa creed credo church iglesia
    disability disabilities disabled discapacidad discapacitado discapacitada invalidez handicap
    illness disease enfermedad pregnant pregnancy embarazo embarazada
    """
)
PHRASES: Final = (
    "civil status", "estado civil", "union libre", "fecha nac", "ano nac", "date of birth",
    "year of birth", "fecha de nac", "skin color", "color piel", "color de piel",
    "national origin", "origen nacional", "country of origin", "pais de origen", "pais origen",
    "pueblo originario", "lengua materna", "idioma materno", "native language",
    "political party", "partido politico", "political opinion", "trade union", "union member",
    "health status", "health condition", "estado de salud", "condicion de salud",
)  # fmt: skip
PERSONS: Final = _listed(
    """
    at al applicant solicitante borrower client cliente customer debtor deudor deudora holder
    owner person persona titular years anos group grupo range rango
    """
)
THINGS: Final = _listed(
    """
    account accounts cuenta cuentas loan loans prestamo credit credito deuda debt mora arrears
    invoice factura vehicle vehiculo car auto property inmueble house building edificio business
    negocio empresa company firm file archivo job
    """
)
"""What has an age of its own, unless the name speaks of a person too."""
_COMPOUNDS: Final = frozenset(
    whole
    for word in WORDS | AGES
    for person in PERSONS - {"at", "al"}
    for whole in (word + person, person + word)
)


def protected(name: str) -> bool:
    """Sex, age, birth, marital status, nationality, ethnicity, religion, health or disability."""
    words = words_of(name)
    if any(word in WORDS or word in _COMPOUNDS for word in words):
        return True
    if any(f" {phrase}" in f" {' '.join(words)}" for phrase in PHRASES):
        return True
    return any(word in AGES for word in words) and not (
        THINGS.intersection(words) and not PERSONS.intersection(words)
    )


def words_of(name: str) -> list[str]:
    """In small letters without accents; a name may be in snake_case, camelCase or a phrase."""
    plain = unicodedata.normalize("NFKD", name)
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return [part.lower() for part in _PARTS.findall(bare)]
