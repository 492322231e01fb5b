"""Whether a customer complains: about an order that went wrong, about how they are treated, or with
the law. What happens "si llega roto" is a question, and is answered like any other.
"""

import re
from functools import lru_cache
from typing import Final

from text.appeals import REMEMBERED, plain

_BOUGHT: Final = (
    r"(?:pedido|pedidos|paquete|compra|encargo|producto|productos|orden|despacho|entrega"
    r"|lo que (?:compre|pedi|encargue)|nada)"
)
_BROKEN: Final = (
    r"(?:rot[oa]s?|quebrad[oa]s?|danad[oa]s?|mal[oa]s?|fallad[oa]s?|equivocad[oa]s?|incomplet[oa]s?"
    r"|usad[oa]s?|suci[oa]s?|manchad[oa]s?|vencid[oa]s?|abollad[oa]s?|defectuos[oa]s?|rayad[oa]s?"
    r"|abiert[oa]s?|trizad[oa]s?|descosid[oa]s?|otr[oa] (?:cosa|color|talla|modelo|producto)"
    r"|vaci[oa]s?|sin (?:la |el )?(?:caja|cargador|cable|tapa))"
)
_CAME: Final = (
    r"(?:(?:me )?(?:llego|llegaron|vino|vinieron|salio|salieron)|me (?:mandaron|enviaron|vendieron"
    r"|entregaron|dieron)|recibi)"
)
_MONEY: Final = r"(?:plata|dinero|pago|lana|pasta|guita)"
_ANGRY: Final = (
    r"(?:molest[oa]|enojad[oa]|enfadad[oa]|furios[oa]|indignad[oa]|hart[oa]|decepcionad[oa]"
    r"|cabread[oa]|encabronad[oa]|arrech[oa]|cansad[oa] de (?:esperar|ustedes|que))"
)
_BAD: Final = (
    r"(?:pesim[oa]|malisim[oa]|horrible|terrible|nefast[oa]|asqueros[oa]|deplorable|mal[oa]?)"
)
_THIEVES: Final = (
    r"(?:estafadores|estafadora?|ladrones|rateros|chorros|chantas|sinverguenzas|mentirosos"
    r"|delincuentes|incompetentes|ineptos|inutiles|payasos|irresponsables|ratas)"
)

_LAW: Final = (
    (
        r"sernac|profeco|indecopi|condusef|procon|superintendencia|defensa del consumidor"
        r"|(?:libro|hoja) de reclamaciones|acciones legales|carta documento|estafaron|estafad[oa]s?"
    ),
    r"(?:denunci(?:ar|are|aremos|o|arlos|arlas)|demandar|demandare|demandarlos|funar|funarlos)(?:l[oa]s?)?",
    r"(?:mi|mis|un|nuestro) abogad[oa]s?(?<!para mi abogado)(?<!para un abogado)",
    rf"son (?:un[oa]s |puros? )?{_THIEVES}|{_THIEVES} de mierda|me (?:robaron|enganaron|timaron)",
    r"(?<!no )(?:son|fue|es|pura|que) (?:una |un )?(?:estafa|fraude|robo)(?! \?)",
    r"i(?:'?l| wil) sue|my lawyer|scam(?:mer|med|mers)|ripped of|consumer protection",
)
_CLAIMS: Final = (
    r"(?:hacer|poner|presentar|dejar|tengo|ingresar|este|mi|es|un) (?:un |una )?(?:reclamo|queja)",
    r"reclam[oa]|(?:quiero|vengo a|necesito) (?:reclamar|quejarme)|quejarme",
    rf"(?:devuelv|regres|reintegr|reembols)\w* (?:mi|la|el|nuestro|toda la)?(?: |\b){_MONEY}",
    r"(?:devuelv|regres|reembols)[ae]n?me|exijo|no es lo que (?:pedi|compre|encargue)",
    (
        r"(?:quiero|exijo|necesito|pido|solicito) (?:un |el |mi |la )?(?:reembolso|devolucion)"
        rf"(?: (?:de|del) (?:mi )?{_MONEY})?"
    ),
    rf"devolucion (?:de |del )(?:mi |la )?{_MONEY}",
    rf"(?:quiero|exijo) (?:mi|la) {_MONEY}(?: de vuelta)?",
    r"(?:want|demand|need) (?:a|my) (?:full )?(?:refund|money)|my money back|file a complaint",
)
_WRONG: Final = (
    rf"{_CAME}(?: (?!si\b)\w+){{0,6}} {_BROKEN}",
    (
        rf"(?:(?:no|nunca|aun no|todavia no|sigue sin) (?:me )?(?:ha |han )?(?:llega|llego|llegado"
        rf"|llegar|llegaron|entregan|entregaron|entregado|enviaron|enviado|mandaron|recibi|recibido)"
        rf"(?: \w+){{0,2}} {_BOUGHT})"
    ),
    (
        rf"{_BOUGHT} (?:que \w+ )?(?:\w+ )?(?:no|nunca) (?:me )?(?:ha |han )?(?:llega|llego|llegado"
        rf"|llegaron|aparece)(?! a )|{_BOUGHT} siguen? sin (?:llegar|aparecer)"
    ),
    (
        r"(?:pague|compre|transferi|deposite)(?: \w+){0,8} (?:no|nunca|nada)(?: me)?(?: ha| han)? "
        r"(?:llega|llego|llegado|llegaron|entregan|envian|recibi|recibido)"
    ),
    (
        r"(?:compre|llego|recibi|vendieron|mandaron)(?: \w+){0,8} no (?:funciona|prende|enciende"
        r"|carga|sirve)|(?:dejo de|ya no) (?:funcionar|funciona|prender|prende|cargar|carga)"
    ),
    r"se me (?:rompio|descosio|quebro|dano|malogro|echo a perder|desarmo)|se (?:descosio|rompio)",
    (
        r"me (?:cobraron|descontaron|cargaron) (?:doble|dos veces|de mas|mal|el doble|otra vez)"
        r"|(?:cobro|cargo) (?:doble|indebido)|doble cobro|se equivocaron"
    ),
    r"(?:falta|falto|faltaron|faltan)(?: \w+){0,4} (?:en|de) (?:mi|el) (?:pedido|paquete|compra)",
    r"(?:arrived|came) (?:broken|damaged|late|wrong)|never (?:arrived|received|came)|wrong item",
)
_ANGER: Final = (
    rf"{_BAD} (?:el |la |su |tu )?(?:atencion|servicio|experiencia|trato|calidad)",
    rf"(?:atencion|servicio|experiencia|trato)(?: \w+){{0,3}} (?<!no es )(?:{_BAD}|una? asco)",
    (
        r"(?:una |que )(?:verguenza|falta de respeto|burla|tomadura de pelo|asco|porqueria|basura)"
        r"|es el colmo|falta de (?:respeto|seriedad)|la peor (?:tienda|experiencia|atencion)"
    ),
    rf"(?:estoy|quede|me tienen|ando) (?:muy |super |bien |re |realmente )?{_ANGRY}",
    (
        r"nadie (?:me |nos )?(?:responde|contesta|atiende|soluciona|ayuda|da (?:una )?respuesta)"
        r"(?! (?:llamad|mas))"
    ),
    r"(?:llevo|llevamos|hace)(?: \w+){1,4} (?:esperando|sin (?:respuesta|que|saber|noticias))",
    r"hace (?:mas de )?(?:\w+ )(?:dias|semanas|meses) que (?:pague|compre|pedi|espero|transferi)",
    (
        r"(?:hijos? de puta|hdp|ctm|csm|conchetumare|culiaos?|pendejos|imbecil(?:es)?|idiotas?"
        r"|mierda|hijueputas?|malparidos?|cabrones|gonorreas?|boludos|pelotudos|maricones)"
    ),
    r"(?<!no es )pesim[oa]s?|(?:llevo|llevamos)(?: \w+){0,4} esperando",
    r"nunca mas (?:compro|les compro|vuelvo)|no (?:les )?vuelvo a comprar",
    (
        r"(?:terrible|awful|horrible|worst) (?:service|experience|store|shop)|this is (?:ridiculous"
        r"|unacceptable)|(?:am|so|very) (?:angry|furious|disappointed)"
    ),
)
_COMPLAINTS: Final = tuple(
    re.compile(rf"\b(?:{one})(?!\w)") for one in (*_LAW, *_CLAIMS, *_WRONG, *_ANGER)
)

_SUPPOSED: Final = re.compile(
    r"\b(?:si|que pasa cuando|en caso de que) (?:(?:me|se|no|el|la|lo|les|mi|producto|pedido|algo"
    r"|ya|yo|una?|nunca|mas|viene|queda) )*(?:llega|llegan|llegara|llegase|viene|vienen|sale|salen"
    r"|saliera|falla|falta|rompe|funciona|gusta|queda|hay|tengo|quiero|necesito|equivocan|quisiera|pago"
    r"|pierde|demora)\b"
    r"|\b(?:como|donde) (?:se )?(?:puedo |podria )?(?:hacer|hago|hace|pongo|pone) (?:un |una )"
    r"?(?:reclamo|devolucion)|\b(?:hay|aceptan|tienen|hacen|dan|cual es la politica de)"
    r" (?:\w+ )?(?:devoluciones|devolucion|reembolsos?|reclamos)"
)
_PEACEFUL: Final = re.compile(
    r"\b(?:sin|no tengo|ning(?:un|una)|cero) (?:ninguna? )?(?:quejas?|reclamos?)"
    r"|\bno (?:es|sea|sera|fuera|estoy) (?:una |un |muy |para nada )?(?:estafa|fraude|robo|mal[oa]"
    rf"|{_ANGRY})|\b(?:como se|miedo|temor|seguro)(?: \w+){{0,4}} (?:estafa|estafad[oa])"
    r"|\bno (?:me )?(?:llego|llega) (?:el )?(?:mensaje|correo|codigo|mail|link)"
)
"""What sounds like it and is said in peace, or in doubt."""


@lru_cache(REMEMBERED)
def complains(text: str) -> bool:
    said = plain(text)
    if _SUPPOSED.search(said):
        return any(one.search(said) for one in _COMPLAINTS[: len(_LAW)])
    said = _PEACEFUL.sub(" ", said)
    return any(one.search(said) for one in _COMPLAINTS)
