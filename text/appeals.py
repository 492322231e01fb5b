"""Whether a customer asks for a person: told by rules, before any model is asked.

A wrong yes silences the bot for somebody who wanted a price; a wrong no keeps somebody from people.
So a person must be wanted: "la persona que recibe" and "una polera para una persona alta" only
speak of one.
"""

import re
from functools import lru_cache
from typing import Final

from text.folding import fold, squeeze

LONGEST: Final = 600
REMEMBERED: Final = 500
"""Texts: several steps ask the same of the one they answer."""
_POLITE: Final = re.compile(
    r"\b(?:por ?favor(?:cito)?|porfis?|porfa|xfa|plis|pls|please|(?:ya|ahora) mismo"
    r"|urgente(?:mente)?)\b"
)
_SHORT: Final = {
    "q": "que", "k": "que", "ke": "que", "x": "por", "kiero": "quiero", "kisiera": "quisiera",
    "qiero": "quiero", "c": "con", "cn": "con", "1": "un", "d": "de", "pa": "para",
}  # fmt: skip
_BREAK: Final = re.compile(r"[.,;:!?¡¿()\n\"«»…-]+")

_HUMAN: Final = r"(?:h?uman[oa]s?|ser(?:es)? h?umanos?)"
_ONE: Final = r"(?:person(?:a|as|ita)|persna|perosna|prsona|persoma|pesona)"
_ROLE: Final = (
    r"(?:a(?:s[ec]|ce)sor(?:a|es|as)?|[vb]endedor(?:a|es|as)?|ejecuti[vb][oa]s?"
    r"|operador(?:a|es|as)?|agentes?|representantes?|encargad[oa]s?|responsables?"
    r"|supervisor(?:a|es)?|gerentes?|gerencia|duen[oa]s?|jef[ea]s?|administrador(?:a|es)?"
    r"|propietari[oa]s?)"
)
_REAL: Final = r"(?:real|reales|de verdad|de carne y hueso|viv[oa]|human[oa])"
_SOMEONE: Final = r"alguien(?! (?:de (?:mi|su|la) (?:casa|familia|trabajo)|mas|con)\b)"
_TEAM: Final = (
    r"(?:(?:servicio|atencion) al? cliente|soporte|ventas|post ?venta|administracion|la tienda"
    r"|el local|el equipo)"
)
_A: Final = (
    r"(?:(?:un[oa]?s?|el|la|los|las|algun[oa]?s?|tus?|sus?|otr[oa]|cualquier"
    r"|una? de (?:las|los|sus)) )?"
)
_ANYBODY: Final = rf"{_A}(?:{_ONE}|{_HUMAN}|{_ROLE}|{_SOMEONE})"
_NAMED: Final = rf"{_A}(?:{_ONE}|{_HUMAN}|{_ROLE})"
_MACHINE: Final = (
    r"(?:(?:ro)?bots?|chat ?bots?|maquinas?|contestador(?:a|es)?|grabacion(?:es)?|ia"
    r"|asistentes? virtual(?:es)?)(?! (?:aspirad|de |para|electr|cocin|juguet|negr|blanc|que ))"
)
_SPEAK: Final = (
    r"(?:h?abl(?:ar|arle|emos|ame)|comunic(?:ar|arme|arnos|ame|enme)|contact(?:ar|arme|arnos)"
    r"|chatear|conversar|platicar|charlar|tratar|entenderme|discutir(?:lo)?|ver(?:lo|la)"
    r"|consultar(?:lo|la)?)"
)
_PUT: Final = (
    r"(?:pas(?:a|e|en)me|pas(?:a|e)nos|pasar(?:me|nos)?|pong?[ae]n?me|ponerme"
    r"|(?:conect|deriv)(?:a|e|en)me|(?:conectar|derivar|transferir|comunicar)(?:me|nos)?"
    r"|transf(?:ier|er)[ae]n?me|comuni(?:ca|que|quen)(?:me|nos)"
    r"|me (?:pas|comunic|deriv|conect|transfier)(?:a|as|an|e|es|en))"
)
_SERVE: Final = (
    r"(?:(?:atiend|contest|respond|ayud|llam|escrib|contact)(?:[ae]n?|ara|iera)"
    r"|(?:atender|contestar|responder|ayudar|llamar|escribir|hablar|contactar)(?:me|nos)?|hable)"
)
_TALKS: Final = (
    r"(?:h?abl|convers|chate|trat|segu|discut|comunic|atien|respond|contest|escrib|platic|charl)\w*"
)
_WANT: Final = (
    r"(?:quiero|quisiera|queria|necesito|nesesito|necesitamos|prefiero|exijo|requiero|preciso"
    r"|pido|solicito|dame|denme|me das?|me dan|me gustaria|desearia|deseo|ocupo)"
    r"(?: (?:a|con|que sea|ya|tener|solo|mejor))?"
)
_SIZED: Final = r"(?! (?:mayor|alt|especial|con|en situacion|negr|azul|caf|de cuero|para))"

_SPANISH: Final = (
    # to speak with somebody
    rf"{_SPEAK}(?: (?!con\b)\w+){{0,3}} con {_ANYBODY}",
    rf"{_SPEAK}(?: \w+)? con (?:{_TEAM}|gente|usted(?:es)? directamente)",
    rf"{_PUT}(?: \w+)? (?:con|al?) (?:(?:el|la) )?(?:{_ANYBODY}|{_TEAM})",
    r"(?:pasame|paseme|pasenme|comunicame|comuniqueme) con (?!envio|iva|descuento|factura|boleta)",
    # to be served by somebody
    rf"{_SERVE}(?: \w+)? (?:por )?{_NAMED}{_SIZED}",
    rf"(?:atiend[ae]n?|atender(?:me)?|contest[ae]n?|respond[ae]n?)(?: aqui| aca)? {_SOMEONE}",
    (
        rf"{_ANYBODY} (?:que )?(?:me |nos )?(?:p[uo]d(?:e|a|ria) |puede |pueda )?"
        r"(?:atiend[ae]|atender(?:me)?|conteste|contacte|llame)"
    ),
    rf"hay {_A}(?:{_HUMAN}|{_ROLE}|(?:{_ONE}|alguien) {_REAL}|alguien humano)",
    (
        rf"hay (?:alguien|{_A}{_ONE}) que (?:me )?(?:pueda )?"
        r"(?:ayud|respond|contest|atiend|atend|expli)\w+"
    ),
    rf"(?:atendid[oa]|ayuda|asesoria|respuesta|atencion) (?:por|de|con) {_NAMED}{_SIZED}",
    r"(?:atencion|ayuda|soporte|asistencia|asesoria) (?:human[oa]|personal(?:izada)?)",
    # a person at all
    rf"{_WANT} {_A}(?:{_HUMAN}|(?:{_ONE}|alguien) {_REAL})",
    rf"{_WANT} (?:con |a )?(?:(?:un[oa]?|algun[oa]?|al|a la|otr[oa]) )?(?!jef){_ROLE}{_SIZED}",
    (
        rf"{_WANT} (?:que )?(?:una )?{_ONE}"
        r"(?= *$| \|| que (?:me|sepa|entienda|responda|conteste|atienda)| (?:y|no) )"
    ),
    rf"(?:una? )?(?:{_ONE} {_REAL}|alguien real|{_ROLE} human[oa])(?! con)",
    rf"con {_NAMED}(?= *$| \|)(?<!persona)",
    # no machine
    (
        rf"(?:no|deja\w*|odio|detesto|hart[oa]|cansad[oa])(?: \w+){{0,3}} {_TALKS}"
        rf"(?: (?!con\b)\w+){{0,2}} (?:con )?"
        rf"(?:(?:una?|el|la|est[ea]|l[oa]s|tu|su|mas) )?{_MACHINE}"
    ),
    (
        r"no (?:quiero|necesito|me sirve) (?:(?:a|con|ni|mas|una?|el|la|est[ea]|l[oa]s|su) )*"
        rf"{_MACHINE}"
    ),
    r"no (?:con )?(?:el|un) (?:chat ?)?bot(?= *$| \|)",
    rf"(?:odio|(?:quit|apag|desactiv|sac)(?:a|e|en|ar))(?:me)? (?:\w+ )?{_MACHINE}",
    # a call
    (
        r"(?:que me|me pueden?|me puedes|podrian?|pueden|puedes?|me podrian?)"
        r" llam(?:en?|ar|arme|as)(?! la atencion)"
    ),
    r"llam(?:en|e|a)me",
    rf"(?:numero|contacto|telefono|whatsapp|celular|correo) del? {_A}{_ROLE}",
)
_ENGLISH: Final = (
    (
        r"(?:talk|speak|chat)(?:ing)? (?:to|with) (?:(?:an?|the|some|your|another|real|live"
        r"|actual|human) )*(?:person|human|someone|somebody|agent|rep|representative|manager|owner"
        r"|operator|seller|advis[oe]r|staff|people|team|supervisor)"
    ),
    r"(?:connect|transfer|put) me (?:to|with|through)",
    r"(?:real|live|actual) (?:person|human|agent)|human (?:agent|being|support|help)",
    (
        r"(?:want|need|prefer|get me|give me) (?:an?|the)"
        r" (?:human|operator|representative|agent|manager|supervisor)"
    ),
    r"(?:don'?t|do not|no) (?:(?:want|to|talk|like|speak|with|an?) )*(?:ro)?bots?(?! vacuum)",
    r"call? me (?:back|at)|(?:can|could) (?:someone|somebody|anyone) call? me",
)
_ASKS: Final = tuple(re.compile(rf"\b(?:{wish})(?!\w)") for wish in (*_SPANISH, *_ENGLISH))
"""Each finds a wish for a person in a plain text, where a pause is a `|`."""

_ALONE: Final = re.compile(
    rf"(?:(?:hola|buenas|quiero|una?|con|hablar) )*(?:{_HUMAN}|{_ROLE}|{_ONE} {_REAL}|persona"
    r"|operator|agent|representative|human)(?: ya| gracias| ahora| \|)*"
)
"""All that is said, as one says it to a menu."""
_COUNTED: Final = re.compile(r"una? persona")
"""Somebody was asked for how many."""

_ELSEWHERE: Final = re.compile(
    r"\b(?:(?:ya|ayer|antes|recien|anoche)(?: \w+)? (?:hable|atendio|llamo|comunique|converse)"
    r"|cuando (?:me )?(?:atendio|hable|llame|fui)"
    r"|no (?:quiero|necesito|hace falta)(?: \w+)? (?:hablar con (?:nadie|{one}|alguien)"
    r"|que me (?:llamen|atienda))|no me llamen?)\b".replace("{one}", f"una? (?:{_ONE}|{_ROLE})")
)
"""A person is spoken of who was there already, or is not wanted."""


@lru_cache(REMEMBERED)
def plain(text: str) -> str:
    """Words without accents, stretched letters or politeness; a pause is a `|`."""
    said = _POLITE.sub(" ", squeeze(fold(text[:LONGEST])))
    words = _BREAK.sub(" | ", said).split()
    return " ".join(_SHORT.get(word, word) for word in words).strip(" |")


@lru_cache(REMEMBERED)
def wants_person(text: str) -> bool:
    said = plain(text)
    if _ALONE.fullmatch(said):
        return _COUNTED.fullmatch(said) is None
    return _ELSEWHERE.search(said) is None and any(wish.search(said) for wish in _ASKS)
