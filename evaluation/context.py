"""What an answer means after the question that the reply asked."""

import re

from evaluation import lexicon as lex
from evaluation.reading import Mark, Reading
from text.folding import fold

_OFFERS = re.compile(
    r"reserv|apart[oea]|compr|llev|pagar|pago|link|enlace|inscri|agend|confirm|encarg|el pedido"
)
_CLOSES = re.compile(
    r"algo mas|otra (?:cosa|consulta|duda|pregunta)|mas en (?:lo )?que|alguna duda"
)
_CHECKS = re.compile(
    r"claro\?|te sirve|le sirve|te ayud|te sirvio|resolv|se entiend|te gust|te parece|todo bien"
)


# "sí, mi correo es ...": the data that were asked for, not a word about the reply.
_DATA = re.compile(
    r"@\w|[0-9]{6,}|[0-9]\.[0-9]{3}\.[0-9]|\bmi (?:nombre|correo|mail|rut|cedula|dni|direccion"
    r"|telefono|numero|celular|talla|edad|sueldo)\b|\bme llamo\b|\bvivo en\b"
)


def in_context(marks: list[Mark], reading: Reading, text: str, reply: str | None) -> list[Mark]:
    labels = {mark.sense.label for mark in marks}
    if labels == {lex.AGREEMENT.label} and _DATA.search(fold(text)):
        return []
    question = _last_question(fold(reply)) if reply else ""
    return _answered(marks, labels, reading, question) if question else marks


def _answered(marks: list[Mark], labels: set[str], reading: Reading, question: str) -> list[Mark]:
    refuses = not labels.isdisjoint({"refusal", "rejection"})
    if refuses and _CLOSES.search(question) and labels <= {*lex.POLITE, "refusal", "rejection"}:
        return [Mark(lex.AGREEMENT, "no (nothing more is needed)", 0)]
    if not marks or reading.asked or not labels <= {"agreement", "refusal", "asks_detail"}:
        return marks
    if _OFFERS.search(question):
        return [Mark(lex.REJECTION if refuses else lex.PURCHASE, marks[0].text, 0)]
    if _CHECKS.search(question):
        return [Mark(lex.REJECTION if refuses else lex.LIKING, marks[0].text, 0)]
    return []


def _last_question(folded: str) -> str:
    end = folded.rfind("?")
    if end < 0:
        return ""
    start = max(folded.rfind(sign, 0, end) for sign in "¿.!?\n")
    return folded[start + 1 : end + 1]
