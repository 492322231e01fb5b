"""People who introduce themselves: where their name stands in a text."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from text.claimed import Place
from text.folding import fold, level


def _words(table: str) -> frozenset[str]:
    return frozenset(table.split())


GIVEN: Final = _words(
    """
    aaron abel abigail abraham adela adolfo adrian adriana agustin agustina aida alan alba alberto
    aldo alejandra alejandro alex alexander alexandra alexis alfonso alfredo alicia alma alonso
    alvaro amanda amelia amparo ana anabel anais andrea andreina andres andy angela angelica
    angelina angie anibal antonella antonia antonio ariel arturo astrid aurora barbara bastian
    beatriz belen benjamin bernardo betty blanca boris brayan brenda bruno byron camila camilo carla
    carlos carmen carolina catalina cecilia celeste cesar christian cinthia ciro claudia claudio
    constanza cristian cristina cristobal dalia damian daniel daniela danilo dario david dayana
    debora diana diego domingo dora edgar edgardo edison eduardo efrain elena eliana elias elisa
    elizabeth eloisa elsa elvira emilia emiliano emilio emma enrique erick ericka erika ernesto
    esteban estefania estela ester esther eugenia eugenio eva fabian fabiana fabiola fatima federico
    felipe fernanda fernando florencia franchesca francisca francisco franco freddy gabriel gabriela
    genesis gerardo german gilberto gisela gladys gloria gonzalo graciela gregorio guadalupe
    guillermo gustavo hector henry hernan hilda hugo humberto ignacia ignacio ines ingrid irene iris
    irma isaac isabel isabella isidora ismael ivan ivonne jacqueline jaime javier javiera jazmin
    jenny jeremias jesica jessica jesus jhon jimena joaquin joel johana jonathan jorge jose josefa
    josefina joselyn juan juana juanita julia julian juliana julieta julio karen karina karla
    katherine katty kevin laura lautaro leandro leidy leonardo leonel leonor leticia lidia liliana
    lina lisbeth lorena lorenzo lourdes lucas lucia luciana luciano lucila luis luisa luisana magaly
    maikel manuel marcela marcelo marcos margarita maria mariana mariano maribel mariela marina
    mario marisol maritza marlene marta martha martin martina mateo matias mauricio maximiliano
    mayra melissa mercedes micaela miguel milagros mirta moises monica nancy natalia nayeli nelson
    nicolas nicole nidia noelia nora norma octavio olga omar orlando oscar osvaldo pablo pamela
    paola patricia patricio paula paulina pedro pilar rafael ramiro ramon raquel raul rebeca renata
    rene ricardo roberto rocio rodolfo rodrigo rogelio roman romina ronald rosa rosalia rosario
    roxana ruben ruth salome salvador samuel sandra santiago santino sara saul sebastian selena
    sergio silvana silvia simon sofia soledad sonia stefany susana tamara tatiana teresa thiago
    tomas trinidad ulises valentin valentina valeria vanesa vanessa vanina vera veronica vicente
    victor victoria vilma violeta virginia viviana walter wendy wilfredo william wilmer wilson
    xavier ximena yajaira yamila yanet yenny yesenia yohana yolanda yuliana yusneidy zoe zulay
    """
)
# Words that end a name written in lower case: nobody is called "y" or "quiero".
_NOT_A_NAME: Final = _words(
    """
    a ademas ahi ahora al alergica alergico algo alguien alta alto and aqui argentina argentino asi
    aun aunque ayer bien boliviana boliviano buen buena buenas bueno buenos busco chilena chileno
    clienta cliente colombiana colombiano como compre compro con consulta consulto creo cual cuando
    cuanto de del desde dice dijo disculpa duena dueno e ecuador ecuatoriana ecuatoriano el ella en
    era es esa escribo ese eso esta este estoy favor flaco fue gordo gracias ha hable hablo hace
    hasta hay he hola hoy i igual interesa interesada interesado la las le les llame llamo lo los
    mama mande mas mayor me menor mexicana mexicano mi mucha muchas mucho muy necesito ni no nos
    nueva nuevo o papa para paraguayo pedi pero peruana peruano podria por porque pregunto puedo q
    que queria quien quiero quisiera saludo saludos se seria si sin sobre solo soy su sus tambien
    tarde tardes te tengo tu un una uno uruguaya uruguayo usted venezolana venezolano vengo vi vivo
    y ya yo
    manana pronto luego despues siempre nunca antes recien nadie feliz fiel fan hincha premium gold
    vip libra aries tauro geminis cancer virgo escorpio sagitario capricornio acuario piscis rh
    talla hombre mujer grupo tipo persona soltera soltero casada casado capaz apto alguno team cero
    """
)
_WORD: Final = r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f'’-](?=[^\W\d_]))*"
_NAME = re.compile(rf"{_WORD}(?: {{1,2}}{_WORD}){{0,5}}")
_INTRODUCTION = re.compile(
    r"\b(?:me llamo|mi nombre(?: completo)?(?: es|:)?"
    r"|(?:nombre(?: completo)?|nombre y apellidos?|titular)\s?:"
    r"|a nombre de|(?:le|te|les) (?:habla|escribe|saluda)|(?:habla|hablas) con|my name is"
    r"|(?P<weak>(?:yo )?soy(?: (?:el|la)\b)?|habla|me dicen?|se llama))"
    r"\s{0,2}[:,]?\s{0,2}(?:(?:el|la) (?:sr|sra|senor|senora|don|dona)\.?\s)?",
)
_PARTICLES: Final = frozenset({"de", "del", "la", "las", "los", "y", "da", "san", "santa"})
# "Jorge Ramírez de Maracaibo" is called Jorge Ramírez.
_PLACES: Final = _words(
    """
    antofagasta argentina arequipa barinas barranquilla bogota bolivia buenos cali caracas cartagena
    chile chillan chimbote ciudad colombia concepcion cordoba cusco ecuador guadalajara guayana
    guayaquil iquique iquitos lima maipu maracaibo maracay medellin mendoza merida mexico monterrey
    montevideo osorno peru piura providencia puebla puerto quilpue quito rancagua rosario
    santiago talca temuco tijuana trujillo tucuman uruguay valencia valparaiso venezuela vina
    """
)
_ENDS_A_NAME = re.compile(r"\s*(?:[.,;:!?\n)]|\Z|(?:y|de|del|quiero|necesito)\b)", re.IGNORECASE)
# "Mayorista", "Vendedora", "Chilena": what one is, not how one is called.
_A_CALLING = re.compile(
    r"(?:ista|[oe]r|ora|[ae]nte|er[oa]|an[oa]|in[oa]|ense|en[oa]|ic[oa]|ari[oa]|ad[oa])s?$"
)
_SIGNATURE = re.compile(
    r"(?:^|[\n,;\x00])[ \n]{0,2}(?P<name>[^\W\d_]{2,20}(?: [^\W\d_]{2,20}){1,4})"
    r"(?=[ ,;:\n.-]{1,3}(?:(?:mi )?(?:rut|run|dni|ci|cc|cedula|nit|rif|tel|cel|fono|correo|mail)"
    r"[ :.]{1,3})?\x00)"
)
_A_TRADE = re.compile(r"(?:ista|[dt]or|ora|[ae]nte|er[oa]|ari[oa]|log[oa]|ad[oa])$")
_LOWER_CASE_WORDS: Final = 3
_LEAST_LETTERS: Final = 3


def introductions(text: str, levelled: str) -> Iterator[Place]:
    for match in _INTRODUCTION.finditer(levelled):
        name = _NAME.match(text, match.end())
        if name is None:
            continue
        end = _name_end(name, weak=match["weak"] is not None)
        if end > match.end():
            yield "name", match.end(), end


def signatures(levelled: str) -> Iterator[Place]:
    """ "Juan Soto, rut ...": a bare name that stands beside personal data already blotted out."""
    for match in _SIGNATURE.finditer(levelled):
        words = match["name"].split()
        if words[0] in GIVEN and not any(word in _NOT_A_NAME - _PARTICLES for word in words):
            yield ("name", *match.span("name"))


def mentions(text: str, levelled: str, names: Iterable[str]) -> Iterator[Place]:
    """Names already known: in full anywhere, one word of them only where it is capitalised."""
    for name in names:
        parts = level(name).split()
        if len(parts) > 1:
            for match in _whole(r"\s+".join(map(re.escape, parts))).finditer(levelled):
                yield ("name", *match.span())
        for part in parts:
            if len(part) >= _LEAST_LETTERS and part not in _NOT_A_NAME:
                for match in _whole(re.escape(part)).finditer(levelled):
                    if text[match.start()].isupper():
                        yield ("name", *match.span())


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){pattern}(?!\w)")


def _name_end(name: re.Match[str], *, weak: bool) -> int:
    words = list(re.finditer(_WORD, name[0]))
    taken = _capitalised(words) if words[0][0][0].isupper() and not name[0].isupper() else 0
    taken = taken or _lower_case(words)
    if not taken or (weak and not _proper(name, words, taken)):
        return name.start()
    return name.start() + words[taken - 1].end()


def _capitalised(words: list[re.Match[str]]) -> int:
    """Capitalised words, with "de", "la", "los" between two of them."""
    taken = 0
    for place, word in enumerate(words):
        if word[0][0].isupper() and fold(word[0]) not in _NOT_A_NAME:
            taken = place + 1
        elif fold(word[0]) not in _PARTICLES or (taken and _of_a_place(words, place)):
            break
    return taken


def _of_a_place(words: list[re.Match[str]], place: int) -> bool:
    return place + 1 < len(words) and fold(words[place + 1][0]) in _PLACES


def _lower_case(words: list[re.Match[str]]) -> int:
    for place, word in enumerate(words[:_LOWER_CASE_WORDS]):
        if fold(word[0]) in _NOT_A_NAME:
            return place
    return min(len(words), _LOWER_CASE_WORDS)


def _proper(name: re.Match[str], words: list[re.Match[str]], taken: int) -> bool:
    """After a mere "soy": a known given name, or capitals that nothing else explains."""
    if fold(words[0][0]) in GIVEN:
        return True
    if not words[0][0][0].isupper() or name[0].isupper():
        return False
    if taken > 1:
        return _A_TRADE.search(fold(words[0][0])) is None  # "soy Ingeniero Comercial"
    return (
        _A_CALLING.search(fold(words[0][0])) is None
        and _ENDS_A_NAME.match(name.string, name.start() + words[taken - 1].end()) is not None
    )
