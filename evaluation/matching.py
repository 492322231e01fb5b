"""Finds the phrases of the lexicon in a clause, the longest first."""

import re
from collections.abc import Mapping
from typing import Final

from evaluation.lexicon import STRENGTHENERS, Sense, words
from text.folding import fold, squeeze

CLASSES: Final[dict[str, str]] = {
    "LO": "lo la los las le les te se",
    "THE": "el la los las un una mi tu su tus sus este ese esa esta lo",
    "ONE": (
        "el la los las ese esa esos esas este esta estos estas eso uno una unos unas # par ambos"
        " ambas un media docena"
    ),
    "PAY": (
        "pago pagar pagarlo pagarla pagarte pagarle pagando abono abonar deposito depositar"
        " depositarte transfiero transferir transferirte transferirle compro comprar comprarlo"
        " comprarla comprarte pido pedir pedirlo ordeno ordenar adquirir adquirirlo reservar"
        " reservo encargar encargo inscribirme inscribo contratar contrato suscribirme"
        " matricularme"
    ),
    "BUY": (
        "comprar comprarlo comprarla comprarlos comprarlas comprarte comprarles llevar llevarlo"
        " llevarla llevarlos llevarme pagar pagarlo pagarla pagarte pedir pedirlo pedirla pedirte"
        " encargar encargarlo reservar reservarlo adquirir adquirirlo transferir transferirte"
        " depositar depositarte inscribirme contratar contratarlo suscribirme ordenar abonar"
        " apartar apartarlo matricularme tomarlo buy order pay"
    ),
    "GIVE": (
        "dame deme denme mandame mandeme manda mandas mande mandar mandarme pasame paseme pasa"
        " pasas pase pasar pasarme enviame envieme envia envias envie enviar enviarme regalame"
        " regaleme regala comparteme compartes comparte compartir facilitame facilitas facilita"
        " mandenme das da dan dar darme send"
    ),
    "DATA": (
        "link links enlace enlaces liga url datos cuenta cuentas qr cbu clabe alias nequi yape"
        " plin daviplata zelle carrito"
    ),
    "PAID": "pague transferi deposite compre abone cancele yapee transfiri consigne pagamos",
    "GOOD": (
        "bueno buena buenos buenas bien lindo linda lindos lindas bonito bonita bonitos bonitas"
        " rico rica ricos ricas claro clara amable amables util utiles rapido rapida practico"
        " completo completa atento atenta profesional profesionales comodo recomendable facil"
        " eficiente barato barata economico contento contenta feliz agradable confiable chevere"
        " bacan padre chulo cool"
    ),
    "FAIL": (
        "funciona funcionan funciono funcionaron llega llegan llego llegaron llegado llegara abre"
        " abren carga cargan cargo anda andan prende enciende aparece aparecen aparecio responde"
        " responden respondes respondio respondieron contesta contestan contestas contesto"
        " contestaron deja dejan dejo conecta conectan reproduce resulta resulto soluciona"
        " solucionan solucionaron resuelve resuelven resolvieron cumple cumplen cumplieron atiende"
        " atienden atendieron avisaron avisan informaron envian enviaron enviado mandaron entregan"
        " entregaron entregado devuelven devolvieron descarga escucha escuchan reconoce acepta"
        " permite permiten sale salio agarra jala corresponde coincide cuadra calza calzo quedo"
        " queda ayuda ayudan ayudas ayudo ayudaron ayudaste llamaron aguanta aguanto duro"
    ),
    "OBTAIN": (
        "compre compramos consegui conseguimos encontre encontramos pedi adquiri resolvi"
        " solucione consiguio compro halle"
    ),
    "LATER": "despues luego manana",
    "LIKE": (
        "gusta gustan gusto gustaron encanta encantan encanto encantaron fascina fascino agrado"
        " agrada fascinan"
    ),
    "MUCH": "mucho muchisimo bastante caleta harto full demasiado",
    "THINK": (
        "preguntarle preguntarles consultarle hablarlo pensarla verla conversarle revisarla"
        " pensarlo pensar verlo ver consultarlo consultar conversarlo conversar analizarlo"
        " analizar revisarlo revisar evaluarlo evaluar averiguar comparar cotizar preguntar mirar"
        " mirarlo decidir chequear chequearlo"
    ),
    "NEWS": (
        "contacto respondo contesto responderé llamare comento informo escribimos hablare aviso"
        " confirmo digo cuento escribo llamo hablo avisare escribire confirmare dire"
    ),
}
_NUMBER_WORDS: Final = words(
    "uno una un dos tres cuatro cinco seis siete ocho nueve diez doce quince veinte treinta"
)
_ANY_NUMBER: Final = "#"
# "no estuvo tan tan bueno": how many strengtheners a phrase may hold that it does not name.
_MOST_SKIPPED: Final = 2


class Node:
    """A word of a phrase: what may follow it, and what the phrase means if it ends here."""

    __slots__ = ("meaning", "next")

    def __init__(self) -> None:
        self.next: dict[str, Node] = {}
        self.meaning: Sense | None = None


def compiled(*tables: Mapping[Sense, str]) -> Node:
    """One tree of all phrases; where two tables claim a phrase, the earlier table wins."""
    root = Node()
    for table in tables:
        for sense, phrases in table.items():
            for phrase in re.sub(r"/\s+", "/", phrases).split("|"):
                _grow([root], phrase.split(), sense)
    return root


def _grow(nodes: list[Node], pieces: list[str], sense: Sense) -> None:
    started = False
    for piece in pieces:
        reached = []
        for word in piece.split("/"):
            if word == "-":
                reached += nodes
            else:
                name = word if word in CLASSES else squeeze(fold(word))
                reached += [node.next.setdefault(name, Node()) for node in nodes]
        nodes, started = reached, True
    for node in nodes if started else []:
        node.meaning = node.meaning or sense


def _memberships() -> dict[str, tuple[str, ...]]:
    members: dict[str, tuple[str, ...]] = {word: (word, _ANY_NUMBER) for word in _NUMBER_WORDS}
    for name, table in CLASSES.items():
        for word in words(table):
            key = squeeze(fold(word))
            members[key] = (*members.get(key, (key,)), name)
    members[_ANY_NUMBER] = (_ANY_NUMBER, *members[_ANY_NUMBER][1:])
    for word in _NUMBER_WORDS:
        members[word] = (*members[word], *members[_ANY_NUMBER][1:])
    return members


_NAMES: Final = _memberships()
_NUMBER_NAMES: Final = _NAMES.pop(_ANY_NUMBER)


def longest(root: Node, tokens: list[str], start: int) -> tuple[int, Sense | None]:
    """Where the longest phrase that begins at `start` ends, and its meaning."""
    first = tokens[start]
    if first not in root.next and first not in _NAMES and not first[0].isdigit():
        return start, None
    return _longest(root, tokens, start, 0)


def _longest(node: Node, tokens: list[str], at: int, skipped: int) -> tuple[int, Sense | None]:
    best = at, node.meaning
    if at == len(tokens) or not node.next:
        return best
    token = tokens[at]
    for name in _NAMES.get(token) or ((token, *_NUMBER_NAMES) if token[0].isdigit() else (token,)):
        follower = node.next.get(name)
        if follower is not None:
            end, meaning = _longest(follower, tokens, at + 1, skipped)
            if meaning is not None and (best[1] is None or end > best[0]):
                best = end, meaning
    if token in STRENGTHENERS and skipped < _MOST_SKIPPED:
        end, meaning = _longest(node, tokens, at + 1, skipped + 1)
        if meaning is not None and meaning is not node.meaning and end > best[0]:
            best = end, meaning
    return best
