"""What customers say by country and in English, and irony in set words; the notation of `phrases`.

Chile, Argentina, Mexico, Venezuela, Colombia and Peru praise, agree and curse each in its own way.
"""

from typing import Final

from evaluation.lexicon import (
    AGREEMENT,
    ASKING,
    COMPLAINT,
    CONFUSION,
    EXPENSIVE,
    HAGGLING,
    LIKING,
    LOST,
    NOTHING,
    PAYMENT,
    PERSON,
    PRAISE,
    PURCHASE,
    REJECTION,
    THANKS,
    TROUBLE,
    WAITING,
    Sense,
)

_CURSING: Final = """
    vale/vales/valen callampa/hongo/hongos/madre/madres/verga/pico/cero/mierda/huevo/gaver | es/fue/
    parece/son/sera un/una/unos/puro chiste/burla/desastre/fiasco/insulto/abuso/infierno/calvario/
    atraco/payasada/pesadilla/tortura/mugre/mugrero/cochinada/bosta | esto/eso/ya es un robo/asalto
    | pesadilla/mugrero/cochinada/chanchada/bosta/fiasco/pelotudos/boludos/forros/malparidos |
    gracias por hacerme/hacernos perder/esperar | gracias por haberme hecho perder/esperar | gracias
    por no responder/contestar/avisar/ayudar | gracias por dejarme/dejarnos/arruinar/arruinarme/
    ignorar/ignorarme/mentir/mentirme/cobrarme/estafarme/bloquearme | a la chingada/mierda/cresta/
    verga/fregada/chucha | hasta la/las/los/el coronilla/madre/huevos/gorro/pelotas/bolas/tuetano/
    pico/cogote | me/nos quieren/quisieron ver/estafar/cagar/joder/robar | me/nos cagaron/jodieron/
    embaucaron/tumbaron/clavaron/tranzaron/robaron/estafaron/enganaron/timaron/tracalearon/
    trampearon/mintieron/verguearon | no tienen/hay/tiene verguenza/cara/respeto/seriedad/palabra |
    voy/vamos a/- denunciar/denunciarlos/demandar/demandarlos/quejarme | pondre/poner/hare una/la
    denuncia/queja | a cagar | no valen/vale nada | de quinta/cuarta | dan/da asco/verguenza | se
    rien/burlan/cagan de/en uno/mi/nosotros | want/need/give a/my/me refund | my money back | this
    is a/- joke/scam/ridiculous | rip off | waste of time/money | fed up | ridiculous/garbage/trash/
    crap/horrible | never again | peor imposible | pura/puras/puro/puros promesas/excusas/excusa/
    chamullo/chamuyo/blabla/paja/show/papo | perdieron/perdiste/perder/perdio a/- un/una/otro/otra
    cliente/clienta/venta | como las/el/la pelotas/orto/mierda/culo/pico/verga/forro | spam | cero/
    nada/no/poco recomendable/recomendables/recomendado/recomendada | que verguenza de | me/nos
    hicieron/hiciste/hacen/hizo perder/esperar/venir/ir | tratado/atendido/atendieron/trataron tan/
    super/muy/re/- mal/pesimo
    | exijo/exigimos | se/te quedaron/quedaste/quedo con mi/el/nuestro plata/dinero
"""
_REFUSING: Final = """
    ni cagando/pensarlo/hablar | ni a palos | ni en pedo/broma/suenos | ni de broma/cona/chiste | ni
    por error/putas | ni que estuviera loco/loca | no es/era/son para mi/nosotros | no es lo mio |
    LO dejo/dejamos hasta/- ahi/aca/aqui | dejemoslo/dejemos hasta/- ahi/asi/aca/aqui | me bajo/
    retiro/desanime/desanima | me echo/eche para/- atras | desisto/descarto/descartado | se me
    quitaron/fueron las ganas | no sigas/insistas/insistan/insista | ya basta | basta de | not for
    me | leave me alone | stop messaging/texting/writing | cancel my/the/it/- | quitame/sacame/
    saquenme/quitenme/saqueme/quiteme de la/esta/- | prefiero no | no te/les/le creo nada/- | no
    quiero/voy a/- gastar | no pienso | ni un/medio peso/dolar/bolivar/sol/centavo/duro | ya me/-
    arrepenti | no me/nos anoto/apunto/sumo/animo | ya perdi/perdimos el interes | perdi el interes
    | no voy a/- seguir esperando/- | i am not buying | no longer/not interested | no LO compraria/
    llevaria/pagaria/recomendaria/usaria/contrataria/aceptaria | jamas LO compraria/llevaria/
    pagaria/recomendaria/contrataria
    | ya no me/nos/- escriban/escribas/llamen/llames/manden/mandes/molesten
"""
_ELSEWHERE: Final = """
    ya me LO/- compro/vendio/vendieron/regalaron/consiguio/consiguieron/compraron | gano/elegi/
    escogi la/a otra/otro/competencia | llegaste/respondiste/contestaste muy/- tarde | por menos/
    mitad en otro/otra/otros | me LO/- ofrecen/ofrecieron mas barato | bought/found/got it elsewhere
    | ya compre/contrate/consegui uno/una/otro/otra
"""
_LOST_IN_WORDS: Final = """
    quede/quedamos/estoy/sigo/ando/estamos mas/- perdido/perdida/perdidos/enredado/enredada/colgado/
    colgada/confundido/confundida/nulo/plop | quede/sigo en las/- mismas/blanco | quede/sigo igual/
    peor que/- antes/- | sigo sin entender/saber/cachar/comprender/entenderle | me hago/hice/haces
    bolas | me hago/hice/haces un lio/enredo | no entiendo/entendi/comprendo/cacho/cache nada/papa/
    jota/- | ni jota/papa/pio | no logro/consigo/alcanzo/puedo a/- entender/comprender | cuesta/
    costo entender/entenderte | habla/hablame/hable mas/- claro | habla/hablame/hable/explica en
    cristiano/simple/espanol | no le/les/- hallo/entiendo | no me hace/tiene sentido | you lost me |
    i am/m lost/confused | makes no sense | not sure i understand | quede con dudas/duda/la | no me
    quedo del/- todo/- claro | me surge/surgio/entro/queda una/la/- duda/dudas | me/nos enredas/
    enreda/enredan/mareas/marea/confundes/lias
"""
_SOMEBODY: Final = """
    atienda/llame/contacte/ayude una/un persona/humano/asesor/asesora/ejecutivo/agente |
    carne y hueso | me/nos puede/puedes/pueden/podria/podrian atender/llamar/ayudar/contactar un/
    una/algun/alguna ejecutivo/ejecutiva/asesor/asesora/persona/humano/vendedor/agente | me/nos
    puede/puedes/pueden/podria/podrian atender/llamar/ayudar/contactar alguien | comunicame/
    comuniqueme/pasame/paseme/transfiereme/derivame/derivenme/pongame/contactame con alguien |
    comunicame/pasame/paseme/transfiereme/derivame con/a/al/- un/una/el/la/algun/- ejecutivo/asesor/
    persona/humano/vendedor/agente/encargado/supervisor/dueno/gerente | hay alguien/persona/humano
    ahi/real/atendiendo/detras | no quiero hablar/conversar/chatear con un/una bot/robot/maquina/ia
    | supervisor/gerente | hablar/conversar/comunicarme con el/la/un/una/tu/su/algun dueno/duena/
    jefe/jefa/encargada/encargado/administrador/responsable/superior/tecnico/soporte/humano | real
    person/human | human agent
"""
_DEAR: Final = """
    se me sube/arranca/escapa/dispara | mi bolsillo | por las nubes/cielos | te/se volviste/
    volvieron loco/locos | se van/fueron al chancho | es mucha/mucho/harta/demasiada lana/guita/
    plata/billete/money/cash | carisimo/carisimos/carito/caritos/caritas/carazo | too/so expensive/
    pricey/costly | too much | mucho para/por tan/lo poco/que | no LO vale/valen | inflado/inflados
    | medio caro/cara/carito/salado | cuesta/sale un rinon/huevo | no me da el/mi/- presupuesto/
    bolsillo/sueldo | subido/pasado de precio/precios | no alcanzo/llego a BUY | no podria/podre/
    podriamos BUY | mucho para mi/nosotros
    | no tengo/cuento con/- esa/ese/tanta/suficiente/la/el plata/dinero/lana/guita/presupuesto
"""
_FAILING: Final = """
    llego/llegaron/vino/vinieron/enviaron/mandaron/trajeron/mandaste/enviaste otro/otra/otros/otras
    color/talla/modelo/producto/cosa/numero/- | me/nos vino/vinieron/llego/llegaron/venia roto/rota/
    rotos/rotas/malo/mala/malas/malos/fallado/fallada/falladas/abierto/abierta/incompleto | pasaron/
    van/hace/ya # dias/semanas/meses/horas/dia y/sin nada/no/todavia/respuesta | un/una mes/semana/
    ano/hora para/y contestar/responder/llegar/nada/no/esto | # dias/semanas/meses/horas para/y
    contestar/responder/llegar/nada | otra/de vez/nuevo se/sin/mal/fallaron/nada/cancelaron | #
    veces el/la/lo mismo/misma | nadie da/dio/dice/sabe/aparece/me/nos/se la/una/- cara/solucion/
    razon/nada/hace | me dejan/dejaron/dejas/tienen hablando/esperando/en/botado solo/visto/- | la
    cagaron/embarraron/regaron/fregaron/cago/embarro/rego | metieron/metio la pata | me/- sale/
    aparece/tira/da/arroja/marca un/- error/rechazado/rechazada | rebota/reboto/rebotado | no pasa/
    paso/proceso/procesa la/el/mi tarjeta/pago | vencio/expiro/caduco el/- link/enlace/- | link/
    enlace/pagina/sistema/app caido/caida/roto/malo/vencido/mala | siguen/sigue cobrando/cobrandome/
    llamando/llamandome/descontando | un siglo en/- | siglos en/para | una eternidad |
    quedaron/quedo/quedaste de/en llamar/
    llamarme/avisar/avisarme/enviar/mandar/pasar/responder | dijeron/dijiste/dijo que llegaba/
    llegaria/llamaban/salia/estaba/hoy/venia | no he/hemos sabido/tenido/recibido/visto nada/
    noticias/respuesta/- | sin noticias/novedades/novedad | no se nada de/del/- | quedo/quedaron/
    queda chico/chica/grande/corto/corta/apretado/apretada/suelto | mal hecho/hecha/cosido/pegado/
    armado | se rompio/descosio/quemo/desarmo/despego/dano/malogro/danaron/arruino/rompieron | me
    hace/hizo ruido | pena ajena | que fail/chasco/fiasco/horror | tan mal/malo/mala/lento/lentos |
    cobraron dos/doble/de/mas/demas | still waiting/no | did not/didn t/never arrive/arrived/came/
    work | doesn t/don t work | not working | disappointed | not what i | taking forever/too | #
    veces que/les/te/lo/se/ya pregunto/pregunte/escribo/escribi/dije/digo/explico/pido/pedi/llamo/
    repito | me/nos cobraste/cobro/cobraron de/doble/dos/mas mas/veces/- | no me fio/fiaria/fie | no
    confio/confiamos/confiaria | tantas/tanta vueltas/vuelta | lastima/lamentablemente/
    desgraciadamente | no me/nos/lo/- resolvio/resolviste/soluciono/solucionaste/ayudo/resolvieron |
    me/nos dijiste/prometiste/ofreciste/cotizaste/dijo/cotizaron otra/otro cosa/precio/valor/monto |
    no se si creer/creerles/creerte/creerle/confiar | link/enlace/pagina/web/app/sitio esta/estaba/
    sale malo/mala/caido/caida/vencido
"""
_ADORING: Final = """
    que chimba/bestialidad/berraquera/verraquera/nota/elegancia/exito/calidad/eficiencia/eficientes/
    amor/ternura/rico/capos/genios/cracks/golazo/bacanes/maestros/tesoro/grosos/seco/secos/buena/
    fino | una/de chimba/berraquera/masa/locura/elegancia/primera/pinga/bomba | a todo dar | poca/
    con madre | perron/perrona/chingona/grosso/groso/golazo/verraquera/berraquera/bacanisima/bakan |
    esta/estan/ta melo/melos | terrible/severo bueno/bacan/rico/buena/bonito | burda de fino/bueno/
    chevere/calidad | nota siete/7/maxima | la gloria/bomba | el descueve | quede/quedamos loca/
    loco/locos/embobada | da/dan gusto/agrado comprar/comprarles/tratar/hablar/asi/- | un agrado/
    gusto/gustazo | asi da gusto | me alegraste/alegraron/salvaste el dia/la/- | me sacaste/sacaron
    de un/- apuro | me facilitaste/facilitaron/simplificaron todo/la | funciona/anda/quedo/sirve/
    corre de maravilla/lujo/pelos/diez | funciona/anda/quedo/sirve perfecto/impecable/genial/joya/
    increible/excelente/espectacular | super/muy/re/demasiado/tan agradecido/agradecida/agradecidos/
    buenos/felices/lindos/ricos | excedieron/excedio/supero/superaron todas/mis/lo/las | atendido/
    atendieron tan/super/muy bien/rapido | tan bien atendido/atendida/tratado/tratada | rapidisimo/
    rapidisimos/eficientisimos/amabilisimos/riquisimo/riquisima/lindisimos/lindisimas/amorosos/
    amorosas/comodisimo | you rock | you/are the best | works great/perfectly/perfect | best
    service/ever | so/really/very happy/pleased/good | fantastic/brilliant/delighted | a/mas huevo
    que bueno/- | i like/love it | ame/amamos | nunca/jamas habia/he/hemos visto/comprado/probado/
    tenido/comido/recibido/usado algo/nada/- tan GOOD
    | eres/sos un/una maquina gracias/crack | que maquina
"""
_ENJOYING: Final = """
    no me disgusta/molesta/desagrada | no es/seria/suena/parece mala/mal/malo idea/opcion/oferta/
    alternativa/- | tiene buena pinta | pinta bien | me hace sentido | hace sentido | me cierra |
    sounds good/great/fair/reasonable/ok/fine | makes sense | looks good/nice/great | fair enough |
    that works | works for me | got it | me viene bien | queda todo/- clarisimo | me quedo/queda
    clarisimo | ya me quedo/queda claro | me tinca/late/sirve/acomoda/cuadra MUCH | asi si | ahora
    si/- me/- quedo/queda/esta claro/clarito
"""
_THANKFUL: Final = """
    much appreciated | appreciate it | i/we appreciate | cheers | muchas grax | se agradece/
    agradecen | gracias totales/infinitas
"""
_NODDING: Final = """
    sale y vale | listo el pollo | vamos pa esa | ta bueno/bien | no worries | will do | LO/aqui/aca
    espero/esperamos | quedamos/queda asi/entonces | esta perfecto/hecho | no faltaba mas | oki doki
    | tranqui
"""
_CLOSING: Final = """
    vendeme/vendame/vendanme ONE/- | hagamosle/hagamoslo/procedamos/avancemos/procede | como/donde/
    cuando firmo/firmamos/firmar THE/- contrato/- | firmo | quiero/quisiera/necesito/deseo empezar/
    partir/comenzar/arrancar/participar | acepto THE/- oferta/propuesta/condiciones/credito/
    prestamo/precio/trato/- | quiero/quisiera/deseo/necesito solicitar/tomarlo/tomarla/aceptar/
    postular/solicitarlo | quiero/quisiera/deseo/necesito tomar/sacar/activar THE/- credito/
    prestamo/plan/oferta/curso | agendeme/agendemos/agendamos/agendanos/inscribanme/inscribame/
    anotenme/apuntenme/matriculame/afiliame | preparame/alistame/prepareme/armame ONE/- | cuenten
    conmigo | me embarco/inscribi/matricule/suscribi/sume | hazme/haganme/hagame la/una boleta/
    factura | mandalo/mandelo/envialo/envielo/despachalo a mi/esta/la casa/direccion/oficina/- | ya
    voy/vamos/salgo para/en alla/camino | voy en camino | voy/vamos para alla | hoy/manana/mismo te/
    le/les/LO pago/deposito/transfiero/pagare/transferire/compro | te/le/les pago/deposito/
    transfiero el/la/este lunes/martes/miercoles/jueves/viernes/sabado/domingo/proxima/- | lo/los/
    la/las dos/ambos/tres me llevo | i would/d/de like/love to/- buy/order/take/purchase | i want to
    buy/order/purchase/pay | sign me up | count me in | take my money | just paid/bought/ordered |
    payment sent/done/made | i will/ll pay/buy/order | book it/me/one | reserve it/one/me | le/LO
    entro | me lanzo | cerremos/cierro/cerrado/cerramos trato | cerremos/compremos/compremoslo/
    firmemos/pidamos/pidamoslo/reservemos/llevemoslo | LO quiero ya/hoy | paso hoy/manana/luego/el
    por/a/lunes/martes/miercoles/jueves/viernes/sabado/domingo buscarlo/el/la/buscar/retirar/por/a/-
    | quiero/quisiera/deseo/necesito renovar/refinanciar/ampliar/adelantar | ponme/ponganme/anotame/
    metanme/meteme/inscribeme en/a la/el/- lista | voy seguro/segura
"""
_WONDERING: Final = """
    no/ni tienen/tienes/hay/habra/tendran/tendras/venden/manejan algo/otro/otra/alguna/algun/uno |
    no sabes/sabra/sabran si/cuando/donde | me/nos explicas/cuentas/aclaras/aclara/confirmas/
    recomiendas/recomienda/recomiendan/muestras/detallas/detalla/informas/orientas/asesoras/ayudas
"""
_BARGAINING: Final = """
    no/- tienen/tienes/hay/habra/tendran/tendras/venden/manejan nada/algo/uno/otro mas barato/
    economico/accesible/barata | no/- hacen/hace/haces/hay/tienen/tendran rebaja/descuento/
    descuentos/promo
"""
_LINGERING: Final = """
    solo/solamente/nomas/recien/- estoy/estaba/ando/andaba averiguando/cotizando/comparando/mirando/
    viendo/vitrineando/sapeando/chusmeando/consultando/preguntando | just looking/browsing/checking/
    asking | let me check/see | i will/ll let you | i will/ll get back | i will/ll check/see/think |
    not now | maybe later | con la almohada | dame/deme/dejame chance/chancecito de/para/- | no
    sabria/sabria decirte/decidir
"""
_HARMLESS: Final = """
    nunca/jamas pense/crei/imagine que | un poco de/mas/- | con mis/mi/sin intereses/interes |
    tasa de interes | no pienso que
"""
_PAYING: Final = """
    se/- puede/podria/pueden/puedo/podemos pagar/abonar/cancelar con/en/por/a | que/cuales formas/
    medios/metodos/opciones de pago hay/tienen/manejan
"""
IDIOMS: Final[dict[Sense, str]] = {
    REJECTION: _REFUSING,
    LOST: _ELSEWHERE,
    CONFUSION: _LOST_IN_WORDS,
    PERSON: _SOMEBODY,
    EXPENSIVE: _DEAR,
    HAGGLING: _BARGAINING,
    ASKING: _WONDERING,
    TROUBLE: _FAILING,
    COMPLAINT: _CURSING,
    WAITING: _LINGERING,
    PURCHASE: _CLOSING,
    PAYMENT: _PAYING,
    PRAISE: _ADORING,
    LIKING: _ENJOYING,
    THANKS: _THANKFUL,
    AGREEMENT: _NODDING,
    NOTHING: _HARMLESS,
}
