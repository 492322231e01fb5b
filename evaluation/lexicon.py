"""Single words, signs and meanings by which customers judge a reply, in Latin American Spanish."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, eq=False)
class Sense:
    """A label, the score it stands for and how loudly it speaks (-3 to 3)."""

    label: str
    score: int
    weight: float


PURCHASE: Final = Sense("purchase_intent", 5, 3.0)
PRAISE: Final = Sense("praise", 5, 2.5)
PAYMENT: Final = Sense("payment_question", 4, 2.0)
INTEREST: Final = Sense("interest", 4, 1.8)
REQUEST: Final = Sense("request", 4, 0.7)
LIKING: Final = Sense("liking", 4, 1.5)
THANKS: Final = Sense("thanks", 5, 1.2)
CONDITION: Final = Sense("conditional", 4, 1.0)
AGREEMENT: Final = Sense("agreement", 4, 0.8)
ASKING: Final = Sense("asks_detail", 3, 0.0)
HAGGLING: Final = Sense("haggling", 3, 0.0)
WAITING: Final = Sense("hesitation", 3, 0.0)
NOTHING: Final = Sense("no_signal", 3, 0.0)
REFUSAL: Final = Sense("refusal", 2, -0.9)
DECLINE: Final = Sense("refusal", 2, -1.6)
PERSON: Final = Sense("asks_human", 2, -1.2)
CONFUSION: Final = Sense("confusion", 2, -1.5)
EXPENSIVE: Final = Sense("too_expensive", 2, -1.6)
TROUBLE: Final = Sense("trouble", 2, -2.0)
LOST: Final = Sense("lost_sale", 2, -2.2)
REJECTION: Final = Sense("rejection", 1, -2.5)
COMPLAINT: Final = Sense("complaint", 1, -2.8)

SENSES: Final = (
    *(PURCHASE, PRAISE, PAYMENT, INTEREST, REQUEST, LIKING, THANKS, CONDITION, AGREEMENT),
    *(ASKING, HAGGLING, WAITING, NOTHING),
    *(REFUSAL, DECLINE, PERSON, CONFUSION, EXPENSIVE, TROUBLE, LOST, REJECTION, COMPLAINT),
)
# What a negator makes of a word; a sense that is not here says nothing when negated.
NEGATED: Final = {
    PURCHASE: REJECTION,
    PAYMENT: REFUSAL,
    INTEREST: REJECTION,
    PRAISE: TROUBLE,
    REQUEST: REJECTION,
    LIKING: TROUBLE,
    AGREEMENT: REFUSAL,
    EXPENSIVE: LIKING,
    TROUBLE: LIKING,
    COMPLAINT: LIKING,
    CONFUSION: LIKING,
    LOST: NOTHING,
}
SUCCESSFUL: Final = frozenset({PURCHASE.label, PAYMENT.label, INTEREST.label})
# Politeness and assent do not outweigh what the rest of the message says.
POLITE: Final = frozenset({THANKS.label, AGREEMENT.label})


def words(table: str) -> frozenset[str]:
    return frozenset(table.split())


NEGATORS: Final = words("no ni nunca jamas tampoco sin nada poco poca cero")
NEVER: Final = words("nunca jamas")
SEEN_SO: Final = words("habia habian habias he hemos han has tan tanto tanta vi")
LINKS: Final = words("link links enlace enlaces liga url")
# A negation does not reach beyond these.
STOPPERS: Final = words("y e pero porque aunque cuando hasta sino mientras asi entonces")
CONTRAST: Final = words("pero sino lastima lamentablemente desgraciadamente but pro peroo")
LAMENT: Final = words("lastima lamentablemente desgraciadamente")
CONCESSION: Final = words("aunque")
STRENGTHENERS: Final = words(
    "muy tan super re demasiado bastante mega hiper full bien requete recontra harto sumamente"
    " realmente totalmente completamente extremadamente muchisimo so very really too mas bastantes"
)
FILLERS: Final = words(
    "po pues pue pos ps poh wn weon hueon bro brother hermano hermana amigo amiga amix manito"
    " mana senor senora senorita joven caballero estimado estimada jefe jefa corazon"
    " reina rey nena nene causa pana chamo chama parce mano compadre guey wey che boludo"
    " tio tia vecino vecina profe doc m hm mh uf uff ufa ah ahh aah oh ohh uy ay"
    " jaja jajaja jajajaja jeje jejeje jiji ja je lol xd xdd hola holi hello hi"
)
# A clause made of nothing but these is a yes, or a no.
ASSENT: Final = words(
    "si ok okey okay oki okis okok oka okas listo lista listos dale vale bien claro sale va vamos"
    " ya orale simon yes yep yeah sip sisi sep aja ujum mhm hecho dele hagale bueno sure alright"
    " deal obvio correcto bn una acuerdo juega sobres"
)
DENIAL: Final = words("no tampoco nop nope nah nel nones negativo nopo")
# Said at the head of a longer clause they still agree.
ASSENT_LEADS: Final = words("ok okey okay oki okis dale listo claro sip sisi simon yes obvio orale")
PUZZLED: Final = words("que como mande eh what ah cual perdon q")

# "¿por qué tan caro?" complains; "¿es caro?" only asks.
LOUD_IN_A_QUESTION: Final = words("tan no nunca todavia aun sigo porque")
QUESTION_WORDS: Final = words(
    "que cual cuales cuanto cuantos cuanta cuantas cuando donde adonde quien quienes como hay"
    " tienen tienes tiene tendran tendra tendras hacen hace haces venden vende aceptan acepta"
    " puedo puedes puede pueden podria podrias podrian sera seria cuesta sirve sirven incluye"
    " incluyen llega llegan envian manejan ofrecen queda quedan existe trae traen viene vienen"
    " how what do where when can is are does funciona"
)
LEAD_TO_A_QUESTION: Final = words("de hasta a en desde con")
_MISSPELT: Final = """
    que: q k qe ke | porque: xq pq porq xke porke | es que: esq | tambien: tb tmb tbn | bien: bn
    vien | bueno: bno weno wena | no se: nose noc | estoy: toy | esta: ta | estas: tas | para: pa |
    por favor: xfa pfa porfa porfis porfavor pls porfi porfavorr plis plz | quiero: kiero qiero
    quero quieroo qro kero | si: sipo sii sipi sipis siss sisi sisis | ya: yapo | no: nopo | bacan:
    bkn bakan | gracias: grax grx grac gcs grs gracia grasia grasias garcias graciaas gracis |
    thanks: thx ty | no te preocupes: ntp | no entiendo: noentiendo | mas o menos: masomenos maso |
    entendi: ntendi | entiendo: intiendo entiendi | excelente: esselente exelente ecselente |
    cuanto: kuanto quanto cto | de: d | aqui: aki | donde: dnd | como: cmo komo | usted: ud |
    ustedes: uds | interesa: interza | perfecto: perfeto perf prefecto | buenisimo: wenisimo
"""
SPELLINGS: Final = {
    wrong: right.strip()
    for right, _, table in (entry.partition(":") for entry in _MISSPELT.split("|"))
    for wrong in table.split()
}
# Words long enough that one wrong, missing or swapped letter leaves no doubt.
CORRECTABLE: Final = words(
    "gracias perfecto perfecta excelente genial buenisimo buenisima espectacular increible entiendo"
    " entendi comprendo interesa interesada interesado pesimo pesima horrible terrible estafadores"
    " estafa decepcionado decepcionada transferencia transferi descuento informacion encanta"
    " encanto"
    " maravilloso impecable chevere confundido confundida denunciar reclamo reembolso quisiera"
    " quiero"
)
KNOWN: Final = words(
    "quiere quieres quieren estufa estafar estufas encanto encantos graciosa confundir reclama"
    " interesar interesan interesado comprende entiende entiendes entienden entenderia gracia"
    " estaba interes intereses comprando comprado entendio teniendo pesimas terribles reclaman"
    " genera quieto interna descuenta descuentan information transfer transfiere encantan denuncian"
    " persia"
)

EMOJI: Final = {
    **dict.fromkeys("😍🥰😘🤩❤💕💖💗💙💚💛💜🧡💘💞🎉🥳👏💯🔥🤗😻🏆🌟⭐", PRAISE),
    **dict.fromkeys("👍👌😊🙂😀😃😄😁🙌✅✔🤝😉😎☺💪😋🫶🤙🆗✌", AGREEMENT),
    "🙏": THANKS,
    **dict.fromkeys("😡🤬😠👎💩🤮😤🖕🤢🤡🗑", COMPLAINT),
    **dict.fromkeys("😞😢😭😔😕🙄😒😑😩😫😣☹🙁😖💔😟😓", TROUBLE),
    **dict.fromkeys("🤷❓❔", CONFUSION),
    **dict.fromkeys("🤔😐", WAITING),
}
