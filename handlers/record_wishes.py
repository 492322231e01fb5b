"""What somebody wants to know of their own records, decided from what was understood."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from knowledge.lookups import READABLE, Name, Terms, named_in
from nlu.parse import GENERAL, Parsed
from text.folding import fold

Kind: TypeAlias = Literal["balance", "next", "pending", "payment", "loan", "overdue", "fields"]
BY_INTENT: Final[Mapping[str, Kind]] = {
    "consultar_saldo": "balance",
    "proxima_cuota": "next",
    "cuotas_pendientes": "pending",
    "ultimo_pago": "payment",
    "estado_prestamo": "loan",
    "mora": "overdue",
}
"""Intents of a pack that are questions about one's own records."""
BY_WORDS: Final = frozenset({GENERAL, "tasa_cae"})
"""Intents under which a record may be named by a word of the business: `la tasa de mi préstamo`."""
_OWN: Final = re.compile(r"\b(?:mi|mis|mio|mia|my|tengo|llevo|saque|pague)\b")
_IN_GENERAL: Final = re.compile(
    r"\b(?:que pasa|cobran|multa|interes\w*|gastos|dicom|datacredito|reportan|cobranzas?"
    r"|olvid\w+|se me paso|what happens|late fee)\b"
)
"""Being late, and what comes of it: no question about anybody's rows."""
_LOAN: Final = re.compile(r"\b(?:prestamos?|creditos?|loans?)\b")
_IN_PERSON: Final = re.compile(r"\b(?:tengo|tenga|vencid\w+|atrasad[oa]s?|estoy|debo)\b")


@dataclass(frozen=True, slots=True)
class Wish:
    """`loan` is a number as the customer said it: it narrows their own records, and opens none."""

    kind: Kind
    loan: str | None = None
    instalment: int | None = None
    ordinal: int | None = None
    names: tuple[Name, ...] = ()

    def said(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "loan": self.loan,
            "instalment": self.instalment,
            "ordinal": self.ordinal,
            "names": self.names,
        }

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> "Wish":
        names = tuple((table, field) for table, field in said["names"])
        return cls(said["kind"], said["loan"], said["instalment"], said["ordinal"], names)


def wish_of(parsed: Parsed, text: str, terms: Terms) -> Wish | None:
    if text.lstrip().startswith("/"):
        return None
    kind, names = BY_INTENT.get(parsed.intent), tuple[Name, ...]()
    if kind == "overdue" and _in_general(text):
        return None
    if kind is None:
        names = _named(parsed, text, terms)
        if not names:
            return None
        kind = "fields"
    place = parsed.slots.get("ordinal") if _LOAN.search(fold(text)) else None
    return Wish(
        kind,
        parsed.slots.get("loan"),
        parsed.slots.get("instalment"),
        place if isinstance(place, int) and place > 0 else None,
        names,
    )


def _in_general(text: str) -> bool:
    plain = fold(text)
    return _IN_GENERAL.search(plain) is not None and _IN_PERSON.search(plain) is None


def _named(parsed: Parsed, text: str, terms: Terms) -> tuple[Name, ...]:
    if parsed.intent not in BY_WORDS or _OWN.search(fold(text)) is None:
        return ()
    return tuple((table, field) for table, field in named_in(text, terms) if table in READABLE)
