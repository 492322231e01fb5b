"""Phrases that neither praise nor blame: questions, haggling, delays; the notation of `phrases`."""

from typing import Final

from evaluation.lexicon import ASKING, HAGGLING, NOTHING, WAITING, Sense

_ASKING: Final = """
    tendrias/manejas/traes/trabajan/consigues/traerian/tendrian | hasta cuando | desde cuando/donde
    | cada cuanto | info/informacion/detalle/detalles/detallame/cuentame/cuenteme/explica/
    explicame/expliqueme/explicar | precio/precios | mas info/informacion/detalles/datos/fotos/
    opciones/modelos/colores/imagenes | mas | dime/digame/muestrame/muestreme/catalogo | una/
    alguna/tengo/otra pregunta/consulta | pregunta/consulta | quiero/quisiera/queria/necesito/
    deseo/quieren saber/ver/informacion/info/preguntar/consultar/conocer | quiero/quisiera/queria/
    necesito/deseo cotizar/cotizacion/ayuda/asesoria/asesoramiento/fotos/detalles | quiero/
    quisiera/queria/necesito/deseo mas/una/un/otra info/informacion/detalles/consulta/pregunta |
    quiero/quisiera/queria/necesito/deseo mas/una/un/otra cotizacion/foto/ayuda/asesoria/fotos/
    recomendacion | quiero/quisiera/necesito hacer/hacerte/hacerle una/otra consulta/pregunta/
    cotizacion | quiero cambiar | quiero/quisiera/necesito otro/otra color/talla/modelo/opcion | me
    gustaria saber/ver/conocer/cotizar/probar | me gustaria mas/una/recibir info/informacion/
    cotizacion | me interesa saber/conocer/ver/mas | tienes/tienen/tiene/tendra/tendras/tendran/
    hay/habra/manejan/venden/vende/hacen/hace/ofrecen/quedan | cuanto/cuantos/cuantas/cual/cuales/
    cuando/donde/quien/quienes/adonde | que precio/valor/costo/color/talla | puedes/puede/podrias/
    podria/pueden/podrian | a que hora/precio | a como | en que | cuanto vale/sale/cuesta | como
    es/funciona/seria/son/hago/se/puedo | a ver | how much/many/long | what/where/when | do you |
    tell me | me das/da/dan/mandas/manda/envias/envia/muestras/cuentas/explicas/dices/dice mas/
    info/fotos/detalles | GIVE mas/info/informacion/fotos/foto/detalles/precio/precios/catalogo |
    GIVE THE precio/catalogo/foto/lista | foto/fotos/imagen/imagenes/video | repiteme/repite/
    repites/repetir/repita | envio/envios/stock | una/otra/unas duda/dudas | tengo una/otra/unas
    pregunta/consulta/preguntas
"""
_HAGGLING: Final = """
    descuento/descuentos/rebaja/rebajas/promo/promocion/promociones/oferta/ofertas/negociable/
    rebajame | ultimo/menor/mejor precio | es lo ultimo/menos | algo/uno/otro mas barato/barata/
    economico/economica | mas barato/barata/economico/economica/baratos | me LO dejas/deja/dejan/
    dejarias en/a | dejamelo/dejamela | me haces/hace/haria/harias/hacen un/- precio/descuento/
    precito/rebaja | hazme/haceme/hagame un/- precio/precito | hazme/haceme/hagame un/- descuento |
    lo menos | yapa
"""
_WAITING: Final = """
    indeciso/indecisa/indecisos | no se todavia/aun | todavia/aun no se/LO/- decido/decidi/defino |
    en contacto | cualquier cosa LO/- NEWS | hablamos luego/despues/manana/pronto/- | nos hablamos/
    vemos luego/despues | hay que ver/verlo/pensarlo | entre ese/este/esa y otro/otra/el | lo
    tengo/tendre en mente/cuenta | LO tengo/tendre en cuenta | estoy/ando entre | sigo mirando/
    viendo/buscando/pensando/cotizando | ando corto/corta | no se si | el/este lunes/martes/
    miercoles/jueves/viernes/sabado/domingo/fin LO NEWS | en la noche/tarde/manana LO NEWS | el
    mes/ano que viene | la semana que viene | tengo/tendria/tenemos/hay que THINK | estoy/ando
    manejando/trabajando/reunion/ocupado | LO/- voy/vamos/tengo/tendria/debo/tenemos a/que/- THINK
    | dejame/deja/dejeme/dejanos/permiteme/dejen THINK | LO pienso/pensare/veo/consulto/converso/
    reviso/pensamos/analizo/evaluo/vere/vemos | deja/dejame lo pienso/veo | LO NEWS | yo te/le NEWS
    | LATER LO/- NEWS | despues/luego LO/- veo/vemos/compro/pido/paso | despues/luego | mas tarde/
    rato/tardecito/adelante | al rato | otro dia/momento | en otra/otro momento/ocasion/oportunidad
    | para otra/la ocasion/vez/proxima | quizas/quiza/talvez/capaz/depende | tal vez | a lo mejor |
    puede ser | lo dudo | mas o menos | cuando cobre/pueda/tenga/reciba/decida | me paguen/
    depositen | fin de mes | la otra/proxima semana/quincena | proxima semana/quincena | el otro/
    proximo mes | por ahora/ahorita no/nada | ahora/ahorita no | por el momento no/nada | de
    momento no | todavia/aun no/nada | aun no se | todavia no se | estoy/ando viendo/mirando/
    cotizando | estoy/ando comparando/averiguando/pensando/evaluando | solo estoy/estaba/quiero
    viendo/mirando/preguntando/cotizando | solo preguntaba/miraba/consultaba/cotizaba/consulto/
    pregunto | no estoy/estamos muy/tan/- seguro/segura/seguros | regular/normal/masomenos |
    dejame/deme/dame un momento/minuto/rato/segundo/ratito/momentito/tiempo | un momento/momentito/
    ratito/minuto/segundo/segundito | ya vuelvo | estoy/ando ocupado/ocupada | let me think | maybe
    | i will think | ni fu ni fa | no me decido | no me he/- decidido | ahi veo/vemos | vamos
    viendo
"""
_EMPTY: Final = """
    no puedo/puede creer/creerlo | no LO puedo creer | no LO/- sabia/sabiamos/conocia | disculpa/
    disculpas/perdon/perdona por/- la/el/mi/- demora/tardanza/retraso/hora/molestia/error | sin
    falta/embargo | el/este/esta/un problema de/con | no hay apuro | de problema | llevo #/dos/
    tres/varios anos/meses usando/comprando/siendo | mal rato | lo siento | no te/se apures/apure |
    gracias a dios | buenos/buen/feliz/lindo/bonito/excelente dia/dias/fin/finde/domingo/sabado |
    buenos aires | buenas/buena/feliz tardes/noches/tarde/noche/semana/navidad/ano | mas de # | mas
    o menos # | como estas/esta/estan | que tal | de nada | mucho gusto | por favor | por si acaso
    | bien gracias y/- tu/usted/- | muy buenas/buenos/bien dias/tardes/noches | mal de/por # |
    bueno o malo | la mejor/- hora | en vez de | tal vez de # | mas bien | si o no | que mas | # o
    mas | muy bien y tu/usted | buen provecho/viaje | mi amor | mas alla | ademas de | como no se
"""
# What looks like a judgement and is none: "menos mal", "buenas tardes", "gracias a Dios".
NEUTRAL: Final[dict[Sense, str]] = {
    ASKING: _ASKING,
    HAGGLING: _HAGGLING,
    WAITING: _WAITING,
    NOTHING: _EMPTY,
}
