"""Phrases by which customers judge a reply: folded, `a/b` alternatives, `-` nothing, # a number.

A word in capitals is one of the classes in `matching`.
"""

from typing import Final

from evaluation.lexicon import (
    AGREEMENT,
    ASKING,
    HAGGLING,
    INTEREST,
    LIKING,
    NOTHING,
    PAYMENT,
    PRAISE,
    PURCHASE,
    REQUEST,
    THANKS,
    WAITING,
    Sense,
)

_BUYING: Final = """
    LO quiero | LO quiero BUY | quiero/quisiera/queria/deseo/necesito/quieres BUY | quiero/deseo
    ONE | quiero/quisiera/deseo hacer/realizar/cerrar/confirmar THE/- pedido/compra/pago/reserva/
    deposito | quiero/quisiera/deseo hacer/realizar THE/- transferencia/orden/inscripcion | i want/
    want it | me LO llevo/llevare/quedo | LO llevo/llevare/compro/comprare/tomo/encargo/pido/
    reservo/contrato | me llevo/llevare ONE | llevo/compro/tomo/tomare/pido/encargo/quisiera ONE |
    quedo con ONE | voy/vamos a BUY | LO voy/vamos a BUY/tomar/querer | voy/vamos a querer ONE |
    voy a llevar ONE | voy/vamos/va a hacer/realizar THE/- pago/pedido/compra/transferencia/
    deposito/reserva | voy/paso/pasare/ire a/por/- buscarlo/buscarla/buscar/retirarlo/retirar/
    recogerlo/recoger/ellos | voy a ir/pasar a/por/- buscarlo/buscarla/buscar/retirarlo/retirar/
    recogerlo/recoger | apartame/apartamelo/apartamela/apartalo/apartemelo/reservame/reservamelo/
    reservamela/reservalo | guardame/guardamelo/guardamela/separame/separamelo/anotame/agendame/
    inscribeme/apuntame/sumame | resérvame/reserveme/aparteme/separeme/guardeme/agregame/agregalo/
    agregala/incluyeme | dame/deme/mandame/ponme/enviame/traeme/regalame/mandeme/regaleme/envieme/
    dejame ONE | me/- GIVE THE/- DATA | me/- GIVE THE/- numero/no/nro de cuenta | datos de/para
    THE/- pago | me/- GIVE THE/- datos/link/enlace de/para THE/- pago/pagar/comprar/transferir/
    transferencia | link/enlace/liga de/para THE/- pago/pagar/compra/comprar | link/enlace/liga/
    cbu/clabe | como/donde/adonde LO/- PAY | como/donde se/- puedo/puede/podria/podemos PAY | como/
    donde hago/hacemos/hacer/seria/es/realizo/hariamos THE pago/pedido/compra/transferencia | como
    hago/hacemos para PAY/tenerlo | como le hago/hacemos para PAY | a donde/que/cual/q PAY | a que/
    cual cuenta PAY/- | puedo/se/podria puede/- PAY/pagar | para PAY ya/hoy/- | que/cual cuenta |
    ya/- LO/- PAID | ya/- hice/hicimos/envie/mande/realice THE pago/transferencia/deposito/pedido/
    abono | listo/hecho THE pago/transferencia/deposito | pago/transferencia/deposito listo/hecho/
    hecha/enviado | pago/transferencia realizado/realizada/exitosa | ya esta/quedo pagado/pago/
    transferido/depositado | ya esta/quedo hecha/hecho/lista/listo THE transferencia/pago/deposito
    | ya pago/pagado | LO/- LO/- mando/mande/envio/envie/paso/adjunto/dejo THE/- comprobante/
    capture/recibo/voucher | aqui/ahi/adjunto esta/va/- THE comprobante/pago/capture/recibo/voucher
    | trato hecho | hagamoslo | hagamos THE pedido/pago/compra/negocio | agrega/agregalo al
    carrito/pedido | comprado | compro | LO/- pago hoy/ahora/ya/mismo/enseguida | LO PAY/
    depositare/transferire manana/hoy/ahora/luego/ya | confirmo/confirmado/confirmamos THE pedido/
    compra/reserva/pago | confirmo mi/- compra | me apunto | pago/pagare/pagaria/pagar/cancelo/
    abono con/por/en/a/contra | me anoto/inscribo/sumo/suscribo | i will/ll/am take/taking/buying
    it/- | ill take it | how/where do/can i pay/buy/order | buy it | cuenta conmigo | despachamelo/
    enviamelo/mandamelo/traemelo/envialo/mandalo/despachalo/facturamelo | quiero inscribirme/
    contratar/suscribirme/matricularme/agendar/reservar/encargar/pedir/ordenar | cierro/cerramos/
    cerremos el/- trato/pedido/compra/negocio | send me the link | pongame/ponme/pon ONE | quiero/
    llevo/compro todo/todos
"""
_PAYING: Final = """
    link/links/enlace/liga/cbu/clabe | metodo/metodos/medio/medios/forma/formas/modo/modalidad/
    opcion/opciones de pago/pagos/pagar | metodo/metodos | pago movil | mercado pago | contra
    entrega | en/a/cuantas cuotas | a meses | aceptan/acepta/aceptas/reciben/recibes/recibe/tienen/
    trabajan con/- tarjeta/tarjetas/debito | aceptan/acepta/aceptas/reciben/recibes/recibe/tienen/
    trabajan con/- credito/zelle/transferencia | aceptan/acepta/aceptas/reciben/recibes/recibe/
    tienen/trabajan con/- transferencias/efectivo | aceptan/acepta/aceptas/reciben/recibes/recibe/
    tienen con/- paypal/dolares/bolivares/usdt/yape | aceptan/acepta/aceptas/reciben/recibes/
    recibe/tienen con/- plin/nequi/webpay/pago/pagos | puede pagar | puedo/puede/podria pagar con/
    en/por/a/al | se paga | con tarjeta | con que pago
"""
_INTERESTED: Final = """
    me interesa/interesan/interesaria/intereso/tinca/late/provoca/conviene/animo/tienta | estoy/
    estaria/estamos/sigo/quede interesado/interesada/interesados/interesadas | quiero otro/otra |
    interesado/interesada | i am/m interested | interested | necesito/quisiera #/uno/una | me
    gustaria BUY/tenerlo/tenerla/agendar/reservar | me gustaria tener ONE | lo/la necesito | yo
    quiero
"""
_PRAISING: Final = """
    perfecto/perfecta/perfectos/perfectas/perfect | excelente/excelentes/excelent | genial/geniales
    | buenisimo/buenisima/buenisimos/buenisimas | espectacular | maravilloso/maravillosa/maravilla
    | fantastico/fantastica/fabuloso/fabulosa | increible/increibles | estupendo/estupenda |
    fenomenal | bacan/bacanes/bacano/bacana/bacanisimo | chevere/cheveres/cheverisimo | chido/chida
    | chingon | padrisimo/padrisima | copado/copada | barbaro/barbara | joya/joyita/filete/pulento/
    crack/capo | genia/genio/idolo/idola/maestro/maestra | brutal | finisimo/arrechisimo/vergatario
    | bravazo/buenazo/tuanis/top/super/impecable/impecables/excepcional/sensacional/magnifico/
    magnifica | hermoso/hermosa/hermosos/hermosas/precioso/preciosa/preciosos/bello/bella/bellos/
    bellas/bellisimo | divino/divina/lindisimo/lindisima/amo/adoro | encantado/encantada/fascinado/
    fascinada | bravo | me/nos/le/les LIKE MUCH/- | lo/la/los/las amo/ame | que GOOD | muy/tan/
    super/re/bien GOOD | que hermoso/hermosa/bello/bella/belleza/lindura/maravilla/alegria/maximo/
    eficiente/rapidez/rapidos | la raja | la zorra | de pana | pura vida | a toda madre | de lujo |
    de pelos | de maravilla | lo/los/la/el maximo/mejor/mejores | eres un/una/la/el/lo sol/amor/
    angel/ángel/mejor/maximo/crack | un lujo/placer/amor/sol/angel/exito | de diez | un diez/siete
    | 5/4/cinco/cuatro estrellas | me salvaste/salvaron/solucionaste/solucionaron/resolviste/
    resolvieron | me ayudaste/ayudaron/ayudo/sirvio/sirvieron/ayuda/sirve MUCH | vale la pena |
    todo/quedo/salio/llego perfecto | todo excelente/genial/impecable/de | en orden | buen/
    excelente/gran/buena servicio/trabajo/dato/atencion | buen/buena/excelente/gran calidad/onda/
    ayuda/producto/experiencia/respuesta/explicacion | great/awesome | amazing/wonderful/lovely/
    excellent | love it | i love | very good/nice/helpful | recomendado/recomendada |
    recomendadisimo/recomendados/recomendable | LO recomiendo | los/las/la/lo recomiendo/
    recomendare | sin duda/dudas/ninguna | quede/quedo/quedamos/estoy/estamos/soy feliz/contento/
    contenta/satisfecho | satisfecho/satisfecha/conforme/conformes/contentisima/contentisimo |
    llego impecable/excelente/rapidisimo | no hay/tiene mejor/desperdicio/comparacion | nada que
    decir/reclamar/envidiar | solucionado/resuelto | ahora si/- entendi/entiendo/funciona/funciono/
    pude/quedo | ya pude/funciona/funciono | se pasaron/paso | te pasaste | se LO rifaron/lucieron
    | se lucieron/rifaron | felicitaciones/felicidades/felicito/fino/fina | mejor/mas imposible |
    no puede ser/estar mejor | exacto/exactamente | tal cual | era/es justo | justo/exactamente/
    precisamente lo/eso que/- buscaba/queria/necesitaba/esperaba/pedi | lo/eso que buscaba | lo/eso
    que queria/necesitaba/esperaba | eso queria/buscaba/necesitaba | superaron/supero mis/las/-
    expectativas | que no me/nos gusta/encanta | volvere/volveria a comprar/comprarles/pedir |
    compraria de nuevo/otra | me hizo/hicieron el/- dia | la mejor/- atencion | tremendo/tremenda |
    excelente/perfecto todo
"""
_LIKING: Final = """
    esta/estan/es/son/suena/parece/quedo/salio/llego/llegaron/quedan/estuvo/ser/luce GOOD | ve/ven
    GOOD | me/nos parece/parecio/parecen GOOD/justo/razonable/interesante/- | bonito/bonita | me/
    nos sirve/sirvio/sirven/acomoda/cuadra/resulta/convence/convencio | interesante/interesantes |
    lindo/linda/lindos/lindas/rico/rica/util/utiles/bonitos/bonitas | barato/barata/baratos/
    economico | buen precio/dato/producto | todo GOOD/listo/ok/correcto/entendido | quedo/queda/
    quedaron claro | me queda/quedo claro | clarito | entendido/entiendo/entendi/comprendo/
    comprendido/cacho/cache | ya entendi/entiendo/veo/comprendi/cache | con gusto | nice/good/
    sounds | correcto/correcta | justo/razonable/conveniente/confiable/confiables/amables | desde
    luego | por supuesto | como no | me encantaria | seguro que si | tranquilo/tranquila | no me/-
    molesta/incomoda | me tranquiliza | no esta/estuvo/es/suena/sale/salio/quedo nada/tan/muy/-
    mal/malo/mala/caro/cara/feo/fea | nada mal/malo/mala | no hay/tengo/tiene quejas/queja/reclamo
    | no me puedo/- quejo/quejar | no tengo/hay/queda/quedan mas/- dudas/duda | ninguna duda |
    buena idea/opcion/alternativa
"""
_THANKING: Final = """
    gracias/gracia/agradecido/agradecida/agradecidos/agradezco/agradecimiento | muchas/mil gracias
    | muchisimas/infinitas gracias | no gracias a ti/usted/ustedes/vos/uds/ud | se/te/le/les
    agradece | te/le/les/se agradezco | thanks/thank/tysm/obrigado/obrigada | thank you | dios te/
    le/les bendiga | bendiciones | muy amable/amables | que amable/amables | eso es/era/seria todo
    gracias/- | muy agradecido | no/nada nada/eso mas/es gracias/todo | no eso/con seria/es/era/eso
    todo gracias/- | nada mas gracias | no todo bien/claro/perfecto gracias/-
"""
_AGREEING: Final = """
    de acuerdo | de una | esta bien/bueno/perfecto | quedamos asi | quedo atento/atenta/pendiente |
    quedamos atentos/pendientes | recibido/anotado/copiado/oido | si claro/por/porfa/dale/gracias |
    si quiero/deseo/puedo/porfavor | no hay/habria problema/drama/rollo/lio/problemas | claro que
    si | sin problema/problemas/drama/rollo | no te/se/hay preocupes/preocupe/preocupen | no pasa
    nada | estaria/seria bueno/bien/ideal/genial/perfecto | todo ok/okey | ya mismo | al toque |
    ahi estare | tienes/tiene/tienen razon | es verdad/cierto | quedo a la espera | nos vemos | me
    parece bien | ok/okey/okay/oki/dale/listo gracias | hecho | trato | me avisas/avisan/avisa
"""
_ASKING: Final = """
    info/informacion/detalle/detalles/detallame/cuentame/cuenteme/explica/explicame/expliqueme/
    explicar | precio/precios | mas info/informacion/detalles/datos/fotos/opciones/modelos/colores/
    imagenes | mas | dime/digame/muestrame/muestreme/catalogo | una/alguna/tengo/otra pregunta/
    consulta | pregunta/consulta | quiero/quisiera/queria/necesito/deseo/quieren saber/ver/
    informacion/info/preguntar/consultar/conocer | quiero/quisiera/queria/necesito/deseo cotizar/
    cotizacion/ayuda/asesoria/asesoramiento/fotos/detalles | quiero/quisiera/queria/necesito/deseo
    mas/una/un/otra info/informacion/detalles/consulta/pregunta | quiero/quisiera/queria/necesito/
    deseo mas/una/un/otra cotizacion/foto/ayuda/asesoria/fotos/recomendacion | quiero/quisiera/
    necesito hacer/hacerte/hacerle una/otra consulta/pregunta/cotizacion | quiero cambiar | quiero/
    quisiera/necesito otro/otra color/talla/modelo/opcion | me gustaria saber/ver/conocer/cotizar/
    probar | me gustaria mas/una/recibir info/informacion/cotizacion | me interesa saber/conocer/
    ver/mas | tienes/tienen/tiene/tendra/tendras/tendran/hay/habra/manejan/venden/vende/hacen/hace/
    ofrecen/quedan | cuanto/cuantos/cuantas/cual/cuales/cuando/donde/quien/quienes/adonde | que
    precio/valor/costo/color/talla | puedes/puede/podrias/podria/pueden/podrian | a que hora/precio
    | a como | en que | cuanto vale/sale/cuesta | como es/funciona/seria/son/hago/se/puedo | a ver
    | how much/many/long | what/where/when | do you | tell me | me das/da/dan/mandas/manda/envias/
    envia/muestras/cuentas/explicas/dices/dice mas/info/fotos/detalles | GIVE mas/info/informacion/
    fotos/foto/detalles/precio/precios/catalogo | GIVE THE precio/catalogo/foto/lista | foto/fotos/
    imagen/imagenes/video | repiteme/repite/repites/repetir/repita | envio/envios/stock | una/otra/
    unas duda/dudas | tengo una/otra/unas pregunta/consulta/preguntas
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
    LO/- voy/vamos/tengo/tendria/debo/tenemos a/que/- THINK | dejame/deja/dejeme/dejanos/permiteme/
    dejen THINK | LO pienso/pensare/veo/consulto/converso/reviso/pensamos/analizo/evaluo/vere/vemos
    | deja/dejame lo pienso/veo | LO NEWS | yo te/le NEWS | LATER LO/- NEWS/veo/compro/pido/paso/
    vemos | despues/luego | mas tarde/rato/tardecito/adelante | al rato | otro dia/momento | en
    otra/otro momento/ocasion/oportunidad | para otra/la ocasion/vez/proxima | quizas/quiza/talvez/
    capaz/depende/mmm/mm/hmm/hm | tal vez | a lo mejor | puede ser | lo dudo | mas o menos | cuando
    cobre/pueda/tenga/reciba/decida | me paguen/depositen | fin de mes | la otra/proxima semana/
    quincena | proxima semana/quincena | el otro/proximo mes | por ahora/ahorita no/nada | ahora/
    ahorita no | por el momento no/nada | de momento no | todavia/aun no/nada | aun no se | todavia
    no se | estoy/ando viendo/mirando/cotizando | estoy/ando comparando/averiguando/pensando/
    evaluando | solo estoy/estaba/quiero viendo/mirando/preguntando/cotizando | solo preguntaba/
    miraba/consultaba/cotizaba/consulto/pregunto | no estoy/estamos muy/tan/- seguro/segura/seguros
    | regular/normal/masomenos | no se si | dejame/deme/dame un momento/minuto/rato/segundo/ratito/
    momentito/tiempo | un momento/momentito/ratito/minuto/segundo/segundito | ya vuelvo | estoy/
    ando ocupado/ocupada | let me think | maybe | i will think | ni fu ni fa | no me decido | no me
    he/- decidido | ahi veo/vemos | vamos viendo
"""
_EMPTY: Final = """
    gracias a dios | buenos/buen/feliz/lindo/bonito/excelente dia/dias/fin/finde/domingo/sabado |
    buenos aires | buenas/buena/feliz tardes/noches/tarde/noche/semana/navidad/ano | mas de # | mas
    o menos # | como estas/esta/estan | que tal | de nada | mucho gusto | por favor | por si acaso
    | bien gracias y/- tu/usted/- | muy buenas/buenos/bien dias/tardes/noches | mal de/por # |
    bueno o malo | la mejor/- hora | en vez de | tal vez de # | mas bien | si no | si o no | que
    mas | # o mas | muy bien y tu/usted | buen provecho/viaje | mi amor | mas alla | ademas de |
    como no se
"""
FRIENDLY: Final[dict[Sense, str]] = {
    REQUEST: "quiero | yo quiero | quisiera | necesito | me gustaria",
    PURCHASE: _BUYING,
    PAYMENT: _PAYING,
    INTEREST: _INTERESTED,
    PRAISE: _PRAISING,
    LIKING: _LIKING,
    THANKS: _THANKING,
    AGREEMENT: _AGREEING,
    ASKING: _ASKING,
    HAGGLING: _HAGGLING,
    WAITING: _WAITING,
    NOTHING: _EMPTY,
}
