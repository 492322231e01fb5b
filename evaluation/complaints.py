"""Phrases of customers who refuse, do not understand or complain; the notation of `phrases`."""

from typing import Final

from evaluation.lexicon import (
    COMPLAINT,
    CONFUSION,
    DECLINE,
    EXPENSIVE,
    LOST,
    NOTHING,
    PERSON,
    REJECTION,
    TROUBLE,
    Sense,
)

_REJECTING: Final = """
    para que quiero/querria eso/- | de que me sirve | no me hace falta | no hace falta | jamas/
    nunca LO/- vuelvo/volvere/volveria/compro/comprare/compraria/confio/confiare/confiaria/
    recomendaria | ya/por no gracias | ya no gracias | ya/- deja/dejen/deje/dejame/dejenme/dejar de
    | perder el/mi/- tiempo | perdida de tiempo/dinero/plata | no estoy/ando para | ni regalado/
    regalada/gratis/loco | me arrepenti/arrepiento | quiero/quisiera/puedo darme de baja | no
    cuenten/cuentes conmigo | no me/nos/- busquen/busques mas/- | no LO voy a | asi no | asi no
    gracias/me/- | paso gracias | yo paso | no va | no me/nos/te/le/les sirve/sirven/sirvio/
    interesa/interesan/gusta/gustan/gusto/gustaron/convence/conviene | no me/nos tinca/late/
    provoca/animo/acomoda/agrada/apetece/llama/convencio/interesaba/encanto/encanta | no me/- llama
    la atencion | no quiero/queremos/deseo/quisiera/necesito/queria/quise nada/mas/- | ya no LO/-
    quiero/necesito | ya no me/nos interesa/sirve | no gracias/thanks/thank | no muchas gracias |
    no LO/- quiero/llevo/necesito/compro/voy | no LO/- voy/pienso/vamos/pensamos a/- comprar/
    llevar/pagar/querer/comprarlo/pagarlo | mejor no | para nada | no pienso comprar/pagar/volver |
    ni loco/loca/ahi/muerto/regalado/gratis | no vale/valio/merece la pena | olvidalo/olvidate/
    olvidelo | dejalo asi | dejelo asi | cancela/cancelar/cancele/anula/anular THE/- pedido/compra/
    reserva/orden | quiero/quisiera/deseo cancelar/anular/devolver/devolverlo THE/- pedido/compra/
    reserva/orden/producto/- | not interested | no interest | no way | dont want | i don t want |
    don t like | no me escribas/escriban/llamen/molesten/moleste | no molestes/molesten/moleste/
    escribas/escriban | deja/dejen/deje de escribir/escribirme/molestar/llamar/llamarme/joder |
    dejame/dejenme/dejeme en paz | borrame/borra/borrenme/eliminame/eliminenme/desuscribir/stop/
    unsubscribe | dar/darme/denme/deme/dame de baja | no nunca/jamas | gracias por nada | tampoco
    me/nos/lo gusta/interesa/sirve/quiero | no me va | no me cuadra | no me late | no creo que LO/-
    compre/vuelva | no vuelvo/volvere/volveria a/mas/nunca comprar/- | nunca mas | no los/las/lo/
    la/- recomiendo/recomendaria | no me sirves | no estoy/estamos interesado/interesada/
    interesados/conforme/satisfecho/satisfecha/contento/contenta
"""
_DECLINING: Final = """
    no creo | no creo que LO/me/nos/- sirva/convenga/funcione/resulte/guste/valga/alcance/pueda/
    vaya | creo/pienso que no | mejor no | yo no | ya no | claro que no | ni modo | no por/- ahora/
    ahorita gracias/- | por/- ahora/ahorita no gracias | de momento no gracias
"""
_LOSING: Final = """
    ya/- LO OBTAIN por/en/con/a mi/otro/otra/la/el/mercado/amazon/internet/facebook/instagram
    cuenta/mitad/lado/- | mejor voy/compro/busco/me/sigo a/en/al/otro/con/voy/buscando/- | por/a la
    mitad | por mi cuenta/lado | cuesta/vale/sale/esta menos en/con | en el centro/mercado | otra/
    otro tienda/lado/sitio/proveedor/banco/marca | ya LO/- compre/compramos/consegui/encontre/pedi/
    tengo/adquiri en/con/por otro/otra/otros/mercado/amazon/uno/otras | ya consegui/encontre/
    resolvi | LO compre/consegui/encontre/pedi en/con/por otro/otra/mercado/amazon | en otra/otro/
    otros parte/lado/lados/tienda/sitio/lugar/banco | con otro/otra proveedor/tienda/vendedor/
    persona/empresa | la/el/otra/otro competencia | consegui/encontre/vi/hay/esta/sale/LO mas
    barato/economico/barata en | LO encontre/consegui/vi/venden/tienen mas barato/barata/economico
    | me sale/salia mas barato/economico/barata | voy/vamos a buscar/comprar/ver/cotizar en/a/con
    otro/otra/otros | buscare/busco otra/otro/en opcion/lado/otra/otro | prefiero otro/otra/comprar
    en/- | me voy con/a otro/otra/la | ya lo tengo | ya tengo uno/una | ya no hace falta
"""
_PUZZLING: Final = """
    no era/es/fue mi/la pregunta/consulta/duda | no era/es/fue lo que pregunte/dije/consulte | no
    LO/me/te/- estoy/estan/estamos/esta entendiendo/captando/siguiendo | ya me LO habias/habia/
    habian/dijiste/dijeron/preguntaste/preguntaron dicho/preguntado/- | no agarro/agarre/pesco/
    capte la/- idea/onda/- | me enrede/confundi/perdi/mareo/mareaste/enredaste/enreda | dificil/
    complejo/enredo/lio | que enredo/lio | don t get/understand | didn t understand/get | no veo la
    diferencia | estoy perdido/perdida | en chino | explicate | what do/does | tiene/tienen que ver
    con/eso | que tiene que ver | quiero/queria saber/preguntaba otra cosa | otra cosa quiero/
    pregunte | no hablo/hablaba de eso/- | no es eso | no era eso | no me refiero/referia a | no
    LO/- entiendo/entendi/comprendo/comprendi/capto/cacho/cache/pillo | no me/nos queda/quedo/es
    claro/clara | no esta/es/fue/estan/quedo muy/- claro/clara/claros | poco claro/clara | confuso/
    confusa/confusos/confundido/confundida | confunde/confundes/confundi/confunden | me perdi | no
    se | no se que/como/cual | no tengo idea | ni idea | duda/dudas | tengo una/unas/muchas/varias/
    algunas/- duda/dudas | a que/q te/se refieres/refiere | que quieres/quiere/quiso/quisiste decir
    | como asi | como es eso | que significa | no respondiste/respondio/respondieron/contestaste/
    contesta/responde/respondes/contesto LO/a/- lo/mi/eso/que/- pregunta/que/- | no era/es/fue eso/
    esa/lo que/- pregunte/pregunta/pedi/preguntaba/dije/- | eso no fue/es/era lo/eso que/-
    pregunte/pedi/dije/pregunta | eso no responde/contesta/es | no te/lo/le/les pregunte/pedi eso/-
    | no pregunte/pedi/dije eso | otra cosa pregunte/pedi | pregunte otra cosa | no me entiendes/
    entiende/entendiste/entienden/entendio/explique/estas | no me estas/esta entendiendo/
    respondiendo | estas/esta equivocado/equivocada/confundido/confundida | te equivocas/
    equivocaste | ya te/le/les dije/pregunte/respondi/lo | me respondes/contestas/dices otra/
    cualquier/lo cosa/mismo | siempre lo/me mismo/respondes | lo mismo de siempre | enredado/
    enredada | complicado/complicada | i don t understand/get | dont understand | don t get it |
    what do you mean | i am confused | confusing | que raro/rara | raro/rara | no me ayuda/ayudas/
    ayudaste/ayudo/ayudan/resuelve/resuelves
"""
_WANTING_PEOPLE: Final = """
    hablar/comunicarme/comunicar/contactar/contactarme/chatear con una/un/algun/alguna/el/la/-
    persona/humano/asesor/asesora/ejecutivo | hablar/comunicarme/contactar/contactarme con una/un/
    algun/el/la/- ejecutiva/agente/vendedor/vendedora/alguien/encargado/gerente | hablar/
    comunicarme/contactar con una/un/- persona/alguien real | con una/un persona/humano/asesor/
    ejecutivo | alguien real | persona real | eres/es/sos/ere un/una/- robot/bot/maquina/ia/
    persona/grabacion/contestadora | maldito/estupido/pinche bot/robot | atencion humana | asesor
    humano | que me llamen | puedes/puede/pueden llamarme | talk to a human/person | un humano/
    asesor/ejecutivo
"""
_PRICEY: Final = """
    cobran/cobras/piden/pides/cuesta/vale mucho/demasiado/muchisimo | por encima de/- lo/mi/- | por
    las nubes | estan volando/volados | fuera de mi/- alcance/presupuesto | burda de caro/- | se me
    hace/va caro/cara/alto/mucho | carero/careros/carisimos | pagar tanto | precio de locos | un
    dineral/platal/billete | se pasan/pasaron con el precio/- | ni que fuera | con esos/ese
    precios/precio | mas de lo que pensaba/puedo/tengo | me parece mucho/demasiado/caro/cara/alto |
    no pienso/voy/puedo a/- pagar tanto/eso/ese | no estoy/es/esta tan/muy/- barato/economico | no
    tengo/cuento como/con/para pagar/pagarlo/dinero/ese | caro/cara/caros/caras/carisimo/carisima/
    costoso/costosa/costosos/expensive/carito/salado/salada | me muero con | no me/nos/LO alcanza/
    alcanzo/da | no tengo plata/dinero/presupuesto/tanto/tanta/para/fondos | no LO puedo pagar/
    pagarlo/costear | fuera de | se me/nos/- sale/va/pasa/escapa de/del/mucho | fuera/se de/sale/
    pasa mi/de/- presupuesto/precio | sale un ojo | se me va/escapa/sale de | un ojo de | cuesta
    un/- ojo/dineral | un robo | una banda/monton de plata/dinero | muy alto/elevado/alta/elevada |
    mucho/mucha/tanta/demasiada plata/dinero | precio alto/elevado | abuso/abusivo/abusan | no vale
    eso/tanto/ese | mas caro/cara/caros que/- | subio/subieron/aumento mucho/el/- precio/- | too
    much | por ese precio | tan alto
"""
_TROUBLED: Final = """
    nada/poco/cero GOOD | cero/ninguna/sin respuesta/ayuda/atencion/solucion/informacion | # horas/
    dias/semanas/meses/minutos/anos/hrs esperando/sin/y | vino/vinieron/llego/llegaron/venia/esta/
    estaba/estan THE/- mojado/mojada/sucio/sucia/usado/usada/abollado/abollada/quebrado/quebrada/
    rajado/podrido/podrida/derretido/frio/fria/arrugado/cortado | mojado/mojada/sucio/sucia/
    abollado/abollada/quebrado/quebrada/rajado/rajada/podrido/podrida/derretido/arrugado/arrugada/
    rancio/descosido | no/nunca/nadie me/nos/LO/- han/ha | arruinaron/arruino/arruinarme/arruinado/
    arruinada/arruinarnos | sin respuesta/respuestas | no era/es/fue lo que pedi/queria/quiero/
    esperaba/buscaba/busco/necesito/necesitaba | a mi me dijeron/habian/prometieron | no es el/la/
    lo modelo/color/talla/que que/correcto/- pedi/- | me responde/contesta una maquina | me/nos
    habian/habia/dijeron/dijo/prometieron/ofrecieron dicho/otro/otra/que/- otro/otra/una precio/
    cosa/- | llevo/llevamos todo/toda el/la/- dia/semana/manana/mes/tarde | por que no/- me/nos/se/
    LO/- FAIL/cancelaron/cobraron | cancelado/cancelada/cancelaron/rechazado/rechazada/rechaza/
    rechazo | sigue apareciendo/saliendo/fallando/igual/sin/mal | se cierra/apaga/congela/bloquea/
    queda | me da/dio/genera desconfianza/miedo/cosa | no me da/dan/inspira/genera confianza | no
    era/fue lo/el/la/eso que/modelo/color/talla | mala onda/pata | mal pedo | chafa/gacho/gacha/
    choto/chota/trucha | me dejaron/dejaste plantado/plantada/colgado/colgada/esperando/botado |
    quedaron mal | quede/quedamos esperando | me queda/quedo chico/grande/gigante/apretado/pequeno/
    chica/corto/mal/enorme | vino/venia/llego/viene sin/con/en mal/el/la/falla/- | desde hace
    esperando/- | nada que llega/responden/ver | no cumplen/cumplieron | perdi/perdimos mi/la/el
    plata/dinero/tiempo | que bajon/garron/bodrio/cagada/pereza/decepcion/cansancio/molestia/mal/
    desastre/estres | un/una bajon/garron/bodrio/asco/lata/problema/decepcion/pena/raya | me
    decepciono/decepcionaron/fallaron/quedaron | no es/era/esta/estaba como/lo que/- decian/
    esperaba/pense/dicen/prometieron | no es tan/muy/- GOOD como/- | no me agrado/agrada/cuadra/
    gusto mucho/tanto | no esta/estaba lo que/- | tarda/demora mucho/demasiado | no/nunca FAIL |
    no/nunca me/nos/se/LO FAIL | no me/nos LO FAIL/han/ha | nadie me/nos/- FAIL/llama/explica | no
    me/nos/se ve/ven | no ha/han llegado/respondido/contestado/funcionado/salido/enviado/resuelto |
    nunca llego/llega/llegaron/llegan/respondieron/contestan | no puedo/pude/podemos/logro/logre/
    consigo entrar/pagar/abrir/ver/acceder/ingresar/descargar/comprar/usar/verlo/- | no me deja |
    no responden/contestan/solucionan/resuelven/cumplen/cumplieron/saben/atienden/atendieron/
    avisan/avisaron | nadie me/- responde/contesta | nadie me/- atiende/ayuda/respondio/contesto/
    soluciona/explica | sigo/seguimos/estoy/llevo/quede esperando/igual/sin | todavia/aun no/nada
    llega/me/LO/recibo/han/ha/llego/funciona/responden/- | sigue sin/igual | no veo/encuentro/
    reconozco/recibi/recibo | llevo/llevamos/hace #/horas/dias/semanas/mucho/mas/rato/varios/varias
    horas/dias/semanas/meses/minutos/hrs/rato/esperando/- | # horas/dias/semanas esperando |
    demora/demoran/demoro/demoraron/demorado/demorando/tarda/tardan/tardo/tardaron/tardando/lento/
    lenta/lentos/lentisimo/retraso/retrasado | tarde/atrasado/atrasada | llego/vino/vinieron/
    llegaron tarde/roto/rota/rotos/mal/danado/danada/incompleto/incompleta/equivocado/abierto/
    golpeado/manchado | roto/rota/rotos/danado/danada/defectuoso/defectuosa/vencido/vencida/
    fallado/fallada/falla/fallando/fallo/incompleto/incompleta/rayado | equivocado/equivocada/
    error/errores/problema/problemas/inconveniente/inconvenientes/bloqueado/bloqueada/bloquearon/
    congelado | se me/nos/le/- cayo/cae/cierra/apaga/congela/bloqueo/trabo/pega/cuelga/colgo/
    perdio/rompio/dano/malogro/demoro/demoran/demora/tardo/tardaron/equivocaron/equivoco/olvidaron
    | me cobraron/cobro/cobran/descontaron/cargaron doble/dos/de/mal/mas/demas/- | cobro/cargo
    doble/indebido | doble cobro | reclamo/reclamos/reclamar/queja/quejas/quejarme/reembolso/
    reembolsen/devolucion/devuelvan/devuelvanme/devuelveme/regresen | molesto/molesta/enojado/
    enojada/enfadado/furioso/furiosa/indignado/indignada/harto/harta/cansado/cansada/decepcionado/
    decepcionada/triste | desilusionado/desilusionada/decepcion/decepcionante/frustrado/frustrante/
    desagradable/incomodo/incomoda/inseguro/insegura/desconfio/desconfianza | feo/fea/feos/feas/
    feito/aburrido/fome/latero/malito/malita/maluco/flojo/floja/chimbo/chimba/charcha | que lata/
    paja/fastidio/ladilla/fiaca | no es/esta/estuvo/son/fue muy/tan/nada/- bueno/buena/bien/cierto/
    verdad/correcto/util/suficiente/justo/asi/confiable/posible | no tiene/tienen lo/nada/stock/
    sentido/razon/idea | no coincide/corresponde/cuadra/calza/cuadran | faltan/falta/falto/faltaron
    | me falta/falto | de nuevo lo mismo | otra vez lo mismo/igual/con | lo mismo otra vez | deja/
    dejan/dejo mucho que desear | dejaron en visto | me dejaron/dejo | que verguenza/lastima/mal/
    feo/horror/lento/lenta/demora/triste/decepcion/rabia/bronca/poco | me da/dio miedo/
    desconfianza/rabia/verguenza | poco util/serio/seria/serios/profesional/amable/atentos |
    esperaba mas/otra/algo/mejor | no me la creo | not good/working/happy | doesn t work | broken/
    slow/late/wrong | publicidad enganosa | sin respuesta/solucion/responder/avisar | otra vez mal/
    error | bloquearon THE/- cuenta/numero/tarjeta | inutil/inutiles/inservible
"""
_COMPLAINING: Final = """
    que chiste/broma | es/sera una/- broma/chiste/burla | me estan/estas jodiendo/bromeando/
    tomando/vacilando/agarrando | primero dicen/dijeron/dices | hasta cuando tengo/tenemos/hay/voy/
    vamos que/a esperar/aguantar/seguir | delito/ilegal/abusivos/pillos/sapos/bandidos/hampones/
    ratas/ratero/transas/piratas/garcha | me vieron la cara | la cara de tonto/idiota/- | tomadura/
    tomada de pelo | me tomaron/toman el pelo | es el colmo | el colmo | que colmo | mala fe | me
    tienen/tiene/tienes cansado/cansada/harto/harta | uno es tonto/bobo/idiota | tonto/tonta/bobo/
    bobos | plata botada/tirada | botar/tirar la plata | irrespetuosos/irrespetuoso/groseros/
    grosero/grosera/maleducados/maleducado/prepotente | se burlan/burlando/rien de | par de
    ladrones/estafadores/ratas | nunca/jamas mas | cierren | arrechera/arrecho/arrecha | pesimo/
    pesima/pesimos/pesimas/mal/malo/mala/malos/malas/malisimo/malisima/terrible/terribles/horrible/
    horribles/fatal/nefasto/nefasta/pauperrimo | horroroso/espantoso/espantosa/penca/pencas/
    deplorable/lamentable/asqueroso/asquerosa/asco/basura/basuras/porqueria/mierda/mrd/cagada/caca/
    bazofia | estafa/estafas/estafado/estafada/enganado/enganada/robado/burlado/burlada/timado/
    timada/estafadores/estafador/estafadora/estafaron/estafando/fraude/fraudulento/robo/roban/
    robaron/ladrones/ladron/rateros/chorros/chanta/chantas/trucho/trucha | mentira/mentiras/
    mentiroso/mentirosos/mienten/mintieron/engano/enganan/enganaron/enganosa/falso/falsa/falsos/
    scam/ripoff/verguenza/vergonzoso | incompetente/incompetentes/ineptos/inepto/irresponsables/
    irresponsable/sinverguenza/sinverguenzas/payasos/idiota/idiotas/estupido/estupidos/imbecil/
    imbeciles/tarado | ridiculo/ridicula/absurdo/absurda/inaceptable/indignante/indigno/abusadores
    | falta de respeto/seriedad/compromiso | burla | la peor experiencia | lo/el/la/los/las peor/
    peores | peor | denunciar/denuncia/denunciare/denunciarlos/sernac/profeco/indecopi/demandar/
    demandare/abogado | los voy a denunciar/demandar/quemar/funar | funar/funa | estoy/es harto/
    harta | mala/mal/pesima/pesimo/malisima atencion/calidad/servicio/experiencia/onda/producto/
    trato | no sirve/sirven/sirvio para/de/- nada/- | no sirves/sirven | devuelvanme/devuelvan/
    devuelveme/regresen/regresenme/quiero mi/el/la plata/dinero | quiero mi/la/una plata/dinero/
    reembolso/devolucion | chinga/chinguen/pinche/pendejos/pendejo | jodanse/joder/jodas/joden/
    conchetumare/ctm/csm/ptm/hdp/weones/culiaos/qlos/maricones/huevones/hijos de puta | vayanse a |
    vete a | puta/puto/putos/carajo | worst/awful/horrible/useless/sucks/bad | este bot no sirve/
    entiende/- | que asco/mierda/porqueria/robo/estafa/basura/desastre/malos/malo/mala/pesimo/
    verguenza | desastre/caos/desastroso | no sirve este/esta/el/la bot/cosa/pagina/app/producto/
    cosa | pura/puras/puro mentira/mentiras/cuento/verso/humo/basura
"""
_EMPTY: Final = """
    no se preocupe/preocupen | no es nada | de nada | si no hay | no solo/solamente | mas tarde |
    de la tarde | por la tarde | en la tarde | a/esta la/- tarde | hoy/manana en/por/a/- la tarde |
    buena/buenas tarde/tardes | que problema hay | cual es el problema | no hay apuro/prisa |
    problema de/con mi/el cabello/piel/pelo | mal de altura/ojo | menos mal | error mio | tres
    tristes | no mas | nomas | no mas eso | si falta/hay algo/- | que falta/me | hace falta | me
    hace falta | cuanto tarda/demora/tardan/demoran/falta | en cuanto | que tanto demora/tarda |
    como va | te/le/me hace falta | hace # anos/años
"""
HOSTILE: Final[dict[Sense, str]] = {
    REJECTION: _REJECTING,
    LOST: _LOSING,
    CONFUSION: _PUZZLING,
    PERSON: _WANTING_PEOPLE,
    EXPENSIVE: _PRICEY,
    TROUBLE: _TROUBLED,
    COMPLAINT: _COMPLAINING,
    NOTHING: _EMPTY,
    DECLINE: _DECLINING,
}
