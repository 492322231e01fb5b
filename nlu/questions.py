"""The parts of a message that ask: `¿cuánto cuesta la mochila azul y hacen envíos a Valdivia?` asks
two things. Pure; whether a part is worth an answer of its own is for those who understand it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from text.folding import level

Span: TypeAlias = tuple[int, int]
READ: Final = 600
"""Characters of a text that is taken apart: a pasted document asks nothing."""
MOST: Final = 8
"""Who asks more at once is read as a whole."""
_ASKED: Final = (
    r"(?:(?:a|en|de|con|para|por|hasta|desde) )?(?:cuant[oa]s?(?! antes)|cual(?:es)?|quien(?:es)?"
    r"|que (?:hora|dia|precio|valor|vale|cuesta|sale|talla|color|numero|marca|modelo|forma|medio"
    r"|hay|tienen?|venden|incluye|trae|es|son|significa|pasa|documento|requisito|necesito|plazo"
    r"|tasa|interes|conviene|puedo|hago)(?:e?s)?)\b"
    r"|a como\b"
    r"|(?:de |a )?donde (?:es|son|esta|queda|puedo|retir|compr|pag|los|las|se|hay|veo|tien)"
    r"|como (?:puedo|podria|se|hago|pago|compro|pido|es|son|esta|va|voy|vamos|funciona"
    r"|l[aeo]s?(?! (?:de|del|que)\b))\b"
    r"|cuando (?:llega|abre|cierra|vence|es|son|esta|tengo|toca|vuelve|me|hay|puedo|termina|pago)"
    r"|(?:how|what|when|where|which|who|why)\b"
)
_DOES: Final = (
    r"(?:hacen|haces|tienen?|tienes|tenes|tendran?|hay|venden?|vendes|aceptan?|reciben|envian"
    r"|despachan|mandan|entregan|llegan|demoran?|tardan?|dan|das|emiten|ofrecen|cobran|trabajan"
    r"|atienden|abren|cierran|puedo|pueden?|puedes|podrian?|podrias?|se puede|(?:les )?quedan?"
    r"|salen?|cuestan?|valen?|es posible|existe|incluyen?"
    r"|(?:do|does|did|can|could|is|are) (?:you|i|we|there|it|the|they))\b"
)
_WANTED: Final = (
    r"(?:(?:me )?(?:muestras?|mandas?|envias?|das?|dices?|cuentas?|explicas?)\b"
    r"|(?:muestra|manda|envia|di|da|cuenta|explica)me\b"
    r"|(?:el )?(?:precio|valor|saldo|stock)\b|(?:una )?fotos?\b)"
)
_ALSO: Final = (
    r"(?:(?:y|e|and|ademas|tambien|igual|also|de paso|otra (?:cosa|consulta|pregunta)"
    r"|(?:quiero|quisiera|queria|necesito|me gustaria) saber|saber|si|dime|sabe[sn]?)[\s,:]+)*"
)
_MANNERS: Final = (
    r"(?:(?:hola|holi|wena|alo|oye|disculp[ae]|perdon|buen[oa]?s?|dias?|tardes|noches|gracias|hi"
    r"|hello|ok|ya|por favor|porfa)[\s,.!:]+)*"
)
_OPENS: Final = re.compile(rf"\W*{_ALSO}(?:¿|{_ASKED}|{_DOES}|{_WANTED})")
_BEGINS: Final = re.compile(rf"\W*{_MANNERS}\W*{_ALSO}(?:¿|{_ASKED}|{_DOES}|{_WANTED})")
_WISHES: Final = re.compile(rf"\W*{_MANNERS}\W*(?:quiero|quisiera|queria|necesito|busco)\b")
_WONDERS: Final = re.compile(rf"\W*{_MANNERS}\W*{_ALSO}(?:{_ASKED}|(?:que|como|donde|cuando)\b)")
_ACCENTED: Final = re.compile(
    r"\W*(?:y\s+)?(?:(?:a|en|de|con|para|por|hasta|desde)\s+)?"
    r"(?:qué|cómo|cuándo|dónde|quién|cuál|cuánt)",
    re.IGNORECASE,
)
_END: Final = re.compile(r"[?!…]+|\.+(?=\s|\Z)|\n|(?=¿)")
_SEAM: Final = re.compile(r"[?!….\n¿,;]\W*\w|\s(?:y|e|and|ademas|tambien)\s")
_AND: Final = re.compile(r"\s*[,;]\s*(?:(?:y|e|and)\s+)?|\s+(?:y|e|and|ademas|tambien)\s+")


_PUT: Final = re.compile(rf"\b{_ASKED}")


def asks(text: str) -> bool:
    """Whether somebody may expect to be told something: by a sign, a word that asks, or a wish.
    What holds no word asks nothing."""
    plain = level(text[:READ])
    if not any(sign.isalnum() for sign in plain):
        return False
    told = (_BEGINS.match(plain), _WISHES.match(plain), _WONDERS.match(plain), _PUT.search(plain))
    return "?" in text or "¿" in text or any(told)


@dataclass(frozen=True, slots=True)
class _Stretch:
    start: int
    end: int
    asks: bool


def parts_in(text: str, aside: Callable[[str], bool]) -> tuple[Span, ...]:
    """In their order, each with what is said around it; none where a text asks one thing alone.

    `aside` tells whether what is said after a question may be left aside: `soy de Temuco` may be,
    `me la llevo` is news, and says of the whole what it means.
    """
    plain = level(text)
    if len(text) > READ or _SEAM.search(plain, 1) is None:
        return ()
    spans: list[Span] = []
    beside: list[str] = []
    asked = False
    for one in _stretches(text, plain):
        said = text[one.start : one.end]
        if not spans or (one.asks and asked):
            spans.append((one.start, one.end))
        else:
            spans[-1] = spans[-1][0], one.end
        if asked and not one.asks:
            beside.append(said)
        asked = asked or one.asks or _wishes(said)
    several = 1 < len(spans) <= MOST
    return tuple(spans) if several and all(map(aside, beside)) else ()


def asks_first(text: str) -> bool:
    """Whether a text begins with what it asks, after a greeting at most."""
    return _BEGINS.match(level(text)) is not None or _ACCENTED.match(text) is not None


def wonders(text: str) -> bool:
    """Whether it asks with a word that only questions have: no `¿te molesto un segundo?`."""
    return _WONDERS.match(level(text)) is not None or _ACCENTED.match(text) is not None


def _wishes(text: str) -> bool:
    return _WISHES.match(level(text)) is not None


def _stretches(text: str, plain: str) -> Iterator[_Stretch]:
    start = 0
    for mark in _END.finditer(plain):
        yield from _sentence(text, plain, start, mark.end())
        start = mark.end()
    yield from _sentence(text, plain, start, len(plain))


def _sentence(text: str, plain: str, start: int, end: int) -> Iterator[_Stretch]:
    """Cut where another question begins: after a comma or an `y`, with a word that opens one."""
    if not plain[start:end].strip():
        return
    asks = _asks(text, plain, start, end)
    cut = False
    for mark in _AND.finditer(plain, start, end):
        if mark.start() > start and _asks(text, plain, mark.end(), end):
            yield _Stretch(start, mark.start(), asks)
            start, asks, cut = mark.end(), True, True
    yield _Stretch(start, end, asks or cut or plain[start:end].endswith("?"))


def _asks(text: str, plain: str, start: int, end: int) -> bool:
    return (
        _OPENS.match(plain, start, end) is not None or _ACCENTED.match(text, start, end) is not None
    )
