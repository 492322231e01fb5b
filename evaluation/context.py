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


def in_context(marks: list[Mark], reading: Reading, reply: str) -> list[Mark]:
    question = _last_question(fold(reply))
    weak = all(m.sense.label in {"agreement", "refusal", "asks_detail"} for m in marks)
    polite = all(m.sense.label in {*lex.POLITE, "refusal", "rejection"} for m in marks)
    if not question:
        return marks
    refuses = any(m.sense.label in {"refusal", "rejection"} for m in marks)
    if _CLOSES.search(question) and refuses and polite:
        return [Mark(lex.AGREEMENT, "no (needs nothing more)", 0)]
    if not marks or not weak or reading.asked:
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
