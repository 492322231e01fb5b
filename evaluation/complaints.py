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
    no me/nos/te/le/les sirve/sirven/sirvio/interesa/interesan/gusta/gustan/gusto/gustaron/
    convence/conviene | no me/nos tinca/late/provoca/animo/acomoda/agrada/apetece/llama/convencio/
    interesaba/encanto/encanta | no me/- llama la atencion | no quiero/queremos/deseo/quisiera/
    necesito/queria/quise nada/mas/- | ya no LO/- quiero/necesito | ya no me/nos interesa/sirve |
    no gracias/thanks/thank | no muchas gracias | no LO/- quiero/llevo/necesito/compro/voy | no LO/
    - voy/pienso/vamos/pensamos a/- comprar/llevar/pagar/querer/comprarlo/pagarlo | mejor no | para
    nada | no pienso comprar/pagar/volver | ni loco/loca/ahi/muerto/regalado/gratis | no vale/
    valio/merece la pena | olvidalo/olvidate/olvidelo | dejalo asi | dejelo asi | cancela/cancelar/
    cancele/anula/anular THE/- pedido/compra/reserva/orden | quiero/quisiera/deseo cancelar/anular/
    devolver/devolverlo THE/- pedido/compra/reserva/orden/producto/- | not interested | no interest
    | no way | dont want | i don t want | don t like | no me escribas/escriban/llamen/molesten/
    moleste | no molestes/molesten/moleste/escribas/escriban | deja/dejen/deje de escribir/
    escribirme/molestar/llamar/llamarme/joder | dejame/dejenme/dejeme en paz | borrame/borra/
    borrenme/eliminame/eliminenme/desuscribir/stop/unsubscribe | dar/darme/denme de baja | no
    nunca/jamas | gracias por nada | tampoco me/nos/lo gusta/interesa/sirve/quiero | no es lo que/-
    busco/buscaba | no es lo que quiero/queria/necesito/necesitaba/esperaba | no era lo que pedi/
    queria/esperaba/buscaba | no creo que LO/- compre/vuelva | no vuelvo/volvere/volveria a/mas/
    nunca comprar/- | nunca mas | no los/las/lo/la/- recomiendo/recomendaria | no me sirves | no
    estoy/estamos interesado/interesada/interesados/conforme/satisfecho/satisfecha/contento/
    contenta
"""
_LOSING: Final = """
    ya LO/- compre/compramos/consegui/encontre/pedi/tengo/adquiri en/con/por otro/otra/otros/
    mercado/amazon/uno/otras | ya compre/compramos/consegui/encontre/resolvi | LO compre/consegui/
    encontre/pedi en/con/por otro/otra/mercado/amazon | en otra/otro/otros parte/lado/lados/tienda/
    sitio/lugar/banco | con otro/otra proveedor/tienda/vendedor/persona/empresa | la/el/otra/otro
    competencia | consegui/encontre/vi/hay/esta/sale/LO mas barato/economico/barata en | LO
    encontre/consegui/vi/venden/tienen mas barato/barata/economico | me sale/salia mas barato/
    economico/barata | voy/vamos a buscar/comprar/ver/cotizar en/a/con otro/otra/otros | buscare/
    busco otra/otro/en opcion/lado/otra/otro | prefiero otro/otra/comprar en/- | me voy con/a otro/
    otra/la | ya lo tengo | ya tengo uno/una | ya no hace falta
"""
_PUZZLING: Final = """
    no LO/- entiendo/entendi/comprendo/comprendi/capto/cacho/cache/pillo | no me/nos queda/quedo/es
    claro/clara | no esta/es/fue/estan/quedo muy/- claro/clara/claros | poco claro/clara | confuso/
    confusa/confusos/confundido/confundida | confunde/confundes/confundi/confunden | me perdi | no
    se | no se que/como/cual/si | no LO/- sabia | no tengo idea | ni idea | duda/dudas | tengo una/
    unas/muchas/varias/algunas/- duda/dudas | a que/q te/se refieres/refiere | que quieres/quiere/
    quiso/quisiste decir | como asi | como es eso | que significa | no respondiste/respondio/
    respondieron/contestaste/contesta/responde/respondes/contesto LO/a/- lo/mi/eso/que/- pregunta/
    que/- | no era/es/fue eso/esa/lo que/- pregunte/pregunta/pedi/preguntaba/dije/- | eso no fue/
    es/era lo/eso que/- pregunte/pedi/dije/pregunta | eso no responde/contesta/es | no te/lo/le/les
    pregunte/pedi eso/- | no pregunte/pedi/dije eso | otra cosa pregunte/pedi | pregunte otra cosa
    | no me entiendes/entiende/entendiste/entienden/entendio/explique/estas | no me estas/esta
    entendiendo/respondiendo | estas/esta equivocado/equivocada/confundido/confundida | te
    equivocas/equivocaste | ya te/le/les dije/pregunte/respondi/lo | me respondes/contestas/dices
    otra/cualquier/lo cosa/mismo | siempre lo/me mismo/respondes | lo mismo de siempre | enredado/
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
    caro/cara/caros/caras/carisimo/carisima/costoso/costosa/costosos/expensive/carito/salado/salada
    | me muero con | no me/nos/LO alcanza/alcanzo/da | no tengo plata/dinero/presupuesto/tanto/
    tanta/para/fondos | no LO puedo pagar/pagarlo/costear | fuera/se de/sale/pasa mi/de/-
    presupuesto/precio | sale un ojo | se me va/escapa/sale de | un ojo de | cuesta un/- ojo/
    dineral | un robo | muy alto/elevado/alta/elevada | mucho/mucha/tanta/demasiada plata/dinero |
    precio alto/elevado | abuso/abusivo/abusan | no vale eso/tanto/ese | mas caro/cara/caros que/-
    | subio/subieron/aumento mucho/el/- precio/- | too much | por ese precio | tan alto
"""
_TROUBLED: Final = """
    no funciona/funcionan/funciono/llega/llegan/llego/llegaron/abre/abren/carga/cargan/anda/andan/
    prende/enciende/aparece/aparecen | no me/nos/se/LO funciona/funciono/llega/llego/llegaron/
    llegan/abre/carga/deja/dejo/aparece/ve/escucha/ha/han/conecta/resulta/resulto | no ha/han
    llegado/respondido/contestado/funcionado/salido/enviado/resuelto | nunca llego/llega/llegaron/
    llegan/respondieron/contestan | no puedo/pude/podemos/logro/logre/consigo entrar/pagar/abrir/
    ver/acceder/ingresar/descargar/comprar/usar/verlo/- | no me deja | no responden/contestan/
    solucionan/resuelven/cumplen/cumplieron/saben/atienden/atendieron/avisan/avisaron | nadie me/-
    responde/contesta | nadie me/- atiende/ayuda/respondio/contesto/soluciona/explica | sigo/
    seguimos/estoy/llevo/quede esperando/igual/sin | todavia/aun no/nada llega/me/LO/recibo/han/ha/
    llego/funciona/responden/- | sigue sin/igual | no veo/encuentro/reconozco/recibi/recibo |
    llevo/llevamos/hace #/horas/dias/semanas/mucho/mas/rato/varios/varias horas/dias/semanas/meses/
    minutos/hrs/rato/esperando/- | # horas/dias/semanas esperando | demora/demoran/demoro/
    demoraron/demorado/demorando/tarda/tardan/tardo/tardaron/tardando/lento/lenta/lentos/lentisimo/
    retraso/retrasado | tarde/atrasado/atrasada | llego/vino/vinieron/llegaron tarde/roto/rota/
    rotos/mal/danado/danada/incompleto/incompleta/equivocado/abierto/golpeado/manchado | roto/rota/
    rotos/danado/danada/defectuoso/defectuosa/vencido/vencida/fallado/fallada/falla/fallando/fallo/
    incompleto/incompleta/rayado | equivocado/equivocada/error/errores/problema/problemas/
    inconveniente/inconvenientes/bloqueado/bloqueada/bloquearon/congelado | se cayo/cae/trabo/pega/
    cuelga/colgo/perdio/rompio/dano/malogro/demoro/demoran/demora/tardo/tardaron/equivocaron/
    equivoco/olvidaron | me cobraron/cobro/cobran/descontaron/cargaron doble/dos/de/mal/mas/demas/-
    | cobro/cargo doble/indebido | doble cobro | reclamo/reclamos/reclamar/queja/quejas/quejarme/
    reembolso/reembolsen/devolucion/devuelvan/devuelvanme/devuelveme/regresen | molesto/molesta/
    enojado/enojada/enfadado/furioso/furiosa/indignado/indignada/harto/harta/cansado/cansada/
    decepcionado/decepcionada/triste | desilusionado/desilusionada/decepcion/decepcionante/
    frustrado/frustrante/desagradable/incomodo/incomoda/inseguro/insegura/desconfio/desconfianza |
    feo/fea/feos/feas/feito/aburrido/fome/latero/malito/malita/maluco/flojo/floja/chimbo/chimba/
    charcha | que lata/paja/fastidio/ladilla/fiaca | no es/esta/estuvo/son/fue muy/tan/nada/-
    bueno/buena/bien/cierto/verdad/correcto/util/suficiente/justo/asi/confiable/posible | no tiene/
    tienen lo/nada/stock/sentido/razon/idea | no coincide/corresponde/cuadra/calza/cuadran |
    faltan/falta/falto/faltaron | me falta/falto | de nuevo lo mismo | otra vez lo mismo/igual/con
    | lo mismo otra vez | deja/dejan/dejo mucho que desear | dejaron en visto | me dejaron/dejo |
    que verguenza/pena/lastima/mal/feo/horror/lento/lenta/demora/triste/decepcion/rabia/bronca/poco
    | me da/dio miedo/desconfianza/rabia/verguenza | poco util/serio/seria/serios/profesional/
    amable/atentos | esperaba mas/otra/algo/mejor | no me la creo | not good/working/happy | doesn
    t work | broken/slow/late/wrong | publicidad enganosa | sin respuesta/solucion/responder/avisar
    | otra vez mal/error | bloquearon THE/- cuenta/numero/tarjeta | inutil/inutiles/inservible
"""
_COMPLAINING: Final = """
    pesimo/pesima/pesimos/pesimas/mal/malo/mala/malos/malas/malisimo/malisima/terrible/terribles/
    horrible/horribles/fatal/nefasto/nefasta/pauperrimo | horroroso/espantoso/espantosa/penca/
    pencas/deplorable/lamentable/asqueroso/asquerosa/asco/basura/basuras/porqueria/mierda/mrd/
    cagada/caca/bazofia | estafa/estafas/estafadores/estafador/estafadora/estafaron/estafando/
    fraude/fraudulento/robo/roban/robaron/ladrones/ladron/rateros/chorros/chanta/chantas/trucho/
    trucha | mentira/mentiras/mentiroso/mentirosos/mienten/mintieron/engano/enganan/enganaron/
    enganosa/falso/falsa/falsos/scam/ripoff/verguenza/vergonzoso | incompetente/incompetentes/
    ineptos/inepto/irresponsables/irresponsable/sinverguenza/sinverguenzas/payasos/idiota/idiotas/
    estupido/estupidos/imbecil/imbeciles/tarado | ridiculo/ridicula/absurdo/absurda/inaceptable/
    indignante/indigno/abusadores | falta de respeto/seriedad/compromiso | burla | la peor/-
    experiencia | lo/el/la/los/las peor/peores | peor | denunciar/denuncia/denunciare/denunciarlos/
    sernac/profeco/indecopi/demandar/demandare/abogado | los voy a denunciar/demandar/quemar/funar
    | funar/funa | estoy/es harto/harta | mala/mal/pesima/pesimo/malisima atencion/calidad/
    servicio/experiencia/onda/producto/trato | no sirve/sirven/sirvio para/de/- nada/- | no sirves/
    sirven | devuelvanme/devuelvan/devuelveme/regresen/regresenme/quiero mi/el/la plata/dinero |
    quiero mi/la/una plata/dinero/reembolso/devolucion | chinga/chinguen/pinche/pendejos/pendejo |
    jodanse/joder/jodas/joden/conchetumare/ctm/csm/ptm/hdp/weones/culiaos/qlos/maricones/huevones/
    hijos de puta | vayanse a | vete a | puta/puto/putos/carajo | worst/awful/horrible/useless/
    sucks/bad | este bot no sirve/entiende/- | que asco/mierda/porqueria/robo/estafa/basura/
    desastre/malos/malo/mala/pesimo/verguenza | desastre/caos/desastroso | no sirve este/esta/el/la
    bot/cosa/pagina/app/producto/cosa | pura/puras/puro mentira/mentiras/cuento/verso/humo/basura
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
    DECLINE: "creo/pienso que no | mejor no | yo no | ya no | tampoco | claro que no | ni modo"
    " | no por/- ahora/ahorita gracias/- | por/- ahora/ahorita no gracias | de momento no gracias",
}
