"""Phrases of customers who agree, praise, thank and buy.

`|` parts the phrases, `a/b` are alternatives, `-` is nothing, `#` a number, and a word in capitals
is one of the classes in `matching`. Case, accents and stretched letters do not matter.
"""

from typing import Final

from evaluation.lexicon import (
    AGREEMENT,
    INTEREST,
    LIKING,
    PAYMENT,
    PRAISE,
    PURCHASE,
    REQUEST,
    THANKS,
    Sense,
)

_BUYING: Final = """
    ya/listo esta/va/quedo/queda THE deposito/pago/transferencia/abono | ahi va/fue/esta THE
    deposito/pago/transferencia | LO hago/hare/haremos/hacemos THE pago/deposito/transferencia/
    pedido | acabo de hacer/realizar/enviar THE pago/deposito/transferencia/pedido | me llevo/
    llevare todo/todos/ambos | quiero todo/todos | hazme/haceme/hagame/haz/hagan THE pedido/
    reserva/orden/compra | elijo/escojo/prefiero ONE | me decidi | me decidi por/- ONE/- | opto por
    ONE | voy por ONE | ya lo/la/- pedi | acabo de PAY/pagarles | recien PAID | LO deposito/
    transfiero/pago/yapeo/consigno | te/le/les deposite/transferi/yapee/pague/consigne | yapeado/
    pagado/depositado/transferido | cobrame/cobreme/facturame/empaquetalo/envuelvelo/metelo | ese/
    esa mero/mismo/nomas/misma | dame/deme/quiero ese/esa/eso | cual es tu/su/el/- cuenta/nequi/
    yape/cbu/alias/clabe/zelle/numero de/- cuenta/- | a nombre de quien | a que numero yapeo/pago/
    transfiero/deposito | ahi LO/- deposite/transferi/pague/yapee | transferencia/deposito/pago
    hecha/hecho/enviada/realizada | hice/hicimos el/un/la pedido/pago/compra/transferencia/deposito
    | agregame/sumame/ponme/anotame # | te/le LO pago/compro/llevo | quiero hacer/realizar/- mi/un/
    el/- pedido | mandalo/envialo/manden/mandenlo ya/nomas/porfa | ya esta/quedo pago | LO quiero |
    LO quiero BUY | quiero/quisiera/queria/deseo/necesito/quieres BUY | quiero/deseo ONE | quiero/
    quisiera/deseo hacer/realizar/cerrar/confirmar THE/- pedido/compra/pago/reserva/deposito |
    quiero/quisiera/deseo hacer/realizar THE/- transferencia/orden/inscripcion | i want/want it |
    me LO llevo/llevare/quedo | LO llevo/llevare/compro/comprare/tomo/encargo/pido/reservo/contrato
    | me llevo/llevare ONE | llevo/compro/tomo/tomare/pido/encargo/quisiera ONE | quedo con ONE |
    voy/vamos a BUY | LO voy/vamos a BUY/tomar/querer | voy/vamos a querer ONE | voy a llevar ONE |
    voy/vamos/va a hacer/realizar THE/- pago/pedido/compra/transferencia/deposito/reserva | voy/
    paso/pasare/ire a/por/- buscarlo/buscarla/buscar/retirarlo/retirar/recogerlo/recoger/ellos |
    voy a ir/pasar a/por/- buscarlo/buscarla/buscar/retirarlo/retirar/recogerlo/recoger | apartame/
    apartamelo/apartamela/apartalo/apartemelo/reservame/reservamelo/reservamela/reservalo |
    guardame/guardamelo/guardamela/separame/separamelo/anotame/agendame/inscribeme/apuntame/sumame
    | resérvame/reserveme/aparteme/separeme/guardeme/agregame/agregalo/agregala/incluyeme | dame/
    deme/denme/mandenme/envienme/traiganme/mandame/ponme/enviame/traeme/regalame/mandeme/regaleme/
    envieme/dejame ONE | me/- GIVE THE/- DATA | me/- GIVE THE/- numero/no/nro de cuenta | datos de/
    para THE/- pago | me/- GIVE THE/- datos/link/enlace de/para THE/- pago/pagar/comprar/
    transferir/transferencia | link/enlace/liga de/para THE/- pago/pagar/compra/comprar | como/
    donde/adonde LO/- PAY | como/donde se/- puedo/puede/podria/podemos PAY | como/donde hago/
    hacemos/hacer/seria/es/realizo/hariamos THE pago/pedido/compra/transferencia | como hago/
    hacemos para PAY/tenerlo | como le hago/hacemos para PAY | a donde/que/cual/q PAY | a que/cual
    cuenta PAY/- | puedo/se/podria puede/- PAY/pagar | para PAY ya/hoy/- | que/cual cuenta | ya/-
    LO/- PAID | ya/- hice/hicimos/envie/mande/realice THE pago/transferencia/deposito/pedido/abono
    | listo/hecho THE pago/transferencia/deposito | pago/transferencia/deposito listo/hecho/hecha/
    enviado | pago/transferencia realizado/realizada/exitosa | ya esta/quedo pagado/pago/
    transferido/depositado | ya esta/quedo hecha/hecho/lista/listo THE transferencia/pago/deposito
    | ya pago/pagado | LO/- LO/- mando/mande/envio/envie/paso/adjunto/dejo THE/- comprobante/
    capture/recibo/voucher | aqui/ahi/adjunto esta/va/- THE comprobante/pago/capture/recibo/voucher
    | trato hecho | hagamoslo | hagamos THE pedido/pago/compra/negocio | agrega/agregalo al
    carrito/pedido | comprado | compro | LO/- pago hoy/ahora/ya/mismo/enseguida | LO PAY/
    depositare/transferire manana/hoy/ahora/luego/ya | confirmo/confirmado/confirmamos THE pedido/
    compra/reserva/pago | confirmo mi/- compra | me apunto | pago/pagare/pagaria/cancelo/abono con/
    por/en/a/contra | me anoto/inscribo/sumo/suscribo | i will/ll/am take/taking/buying it/- | ill
    take it | how/where do/can i pay/buy/order | buy it | cuenta conmigo | despachamelo/enviamelo/
    mandamelo/traemelo/envialo/mandalo/despachalo/facturamelo | quiero inscribirme/contratar/
    suscribirme/matricularme/agendar/reservar/encargar/pedir/ordenar | cierro/cerramos/cerremos el/
    - trato/pedido/compra/negocio | send me the link | pongame/ponme/pon ONE | quiero/llevo/compro
    todo/todos
"""
_PAYING: Final = """
    puedo/puede/podria cancelar con/en/por | cbu/clabe | metodo/metodos/medio/medios/forma/formas/
    modo/modalidad/opcion/opciones de pago/pagos/pagar | metodo/metodos | pago movil | mercado pago
    | contra entrega | en/a/cuantas cuotas | a meses | meses sin intereses/interes | aceptan/
    tienen/manejan meses/cuotas | aceptan/acepta/aceptas/reciben/recibes/recibe/tienen/trabajan
    con/- tarjeta/tarjetas/debito | aceptan/acepta/aceptas/reciben/recibes/recibe/tienen/trabajan
    con/- credito/zelle/transferencia | aceptan/acepta/aceptas/reciben/recibes/recibe/tienen/
    trabajan con/- transferencias/efectivo | aceptan/acepta/aceptas/reciben/recibes/recibe/tienen
    con/- paypal/dolares/bolivares/usdt/yape | aceptan/acepta/aceptas/reciben/recibes/recibe/tienen
    con/- plin/nequi/webpay/pago/pagos | puede pagar | puedo/puede/podria pagar con/en/por/a/al |
    se paga | con tarjeta | con que pago
"""
_INTERESTED: Final = """
    comprar/comprarlo/comprarla/comprarlos/comprarte/pagar/pagarlo/pagarla/pagarte/adquirir/
    adquirirlo | voy a ir/pasar | me provoca | me interesa/interesan/interesaria/intereso/tinca/
    late/provoca/conviene/animo/tienta | estoy/estaria/estamos/sigo/quede interesado/interesada/
    interesados/interesadas | quiero otro/otra | interesado/interesada | i am/m interested |
    interested | necesito/quisiera #/uno/una | me gustaria BUY/tenerlo/tenerla/agendar/reservar |
    me gustaria tener ONE | lo/la necesito
"""
_PRAISING: Final = """
    esta/estan/quedo/quedaron/quede/estamos feliz/felices/contento/contenta/contentos/contentas/
    encantado/encantada/fascinado/fascinada | ahora si entendi/entiendo/funciona/pude | que padre/
    chido/chulo/crack | mas GOOD imposible | me ayudaste/ayudaron/sirvio/sirve un monton/mundo |
    como siempre GOOD/excelente/impecable | que detalle/detallazo/crack/genio/genia/maravilloso |
    nitido/nitida/mostro/mortal/wow/guau/guao/wao | una nota/belleza/maravilla/bestia/chimba | la
    rompieron/rompe/rompiste/rompen/sacaron | mil/diez/cien puntos | superaron/supera todas/mis/-
    expectativas | LO adoro/quiero mucho/- | los quiero/adoro mucho/- | nunca habia/he/hemos visto/
    tenido/probado/recibido/comprado un/una/algo/- servicio/atencion/producto/- buen/buena/mejor/
    lindo/rapido/igual | no puedo/podria estar mas/- contenta/contento/feliz/satisfecho/satisfecha/
    agradecida/agradecido | muchisimas/mil gracias por/- | de/con toda la/- confianza | que buen/
    buena/gran/excelente servicio/atencion/trabajo/dato/producto/calidad/precio/onda/noticia |
    siempre les compro | excelentes todos/- | me fue GOOD | perfecto/perfecta/perfectos/perfectas/
    perfect | excelente/excelentes/excelent | genial/geniales | buenisimo/buenisima/buenisimos/
    buenisimas | espectacular | maravilloso/maravillosa/maravilla | fantastico/fantastica/fabuloso/
    fabulosa | increible/increibles | estupendo/estupenda | fenomenal | bacan/bacanes/bacano/
    bacana/bacanisimo | chevere/cheveres/cheverisimo | chido/chida | chingon | padrisimo/padrisima
    | copado/copada | barbaro/barbara | joya/joyita/filete/pulento/crack/capo | genia/genio/idolo/
    idola/maestro/maestra | brutal | finisimo/arrechisimo/vergatario | bravazo/buenazo/tuanis/top/
    super/impecable/impecables/excepcional/sensacional/magnifico/magnifica | hermoso/hermosa/
    hermosos/hermosas/precioso/preciosa/preciosos/bello/bella/bellos/bellas/bellisimo | divino/
    divina/lindisimo/lindisima/amo/adoro | encantado/encantada/fascinado/fascinada | bravo | me/
    nos/le/les LIKE MUCH/- | lo/la/los/las amo/ame | que GOOD | muy/tan/super/re/bien GOOD | que
    hermoso/hermosa/bello/bella/belleza/lindura/maravilla/alegria/maximo/eficiente/rapidez/rapidos
    | la raja | la zorra | de pana | pura vida | a toda madre | de lujo | de pelos | de maravilla |
    lo/los/la/el maximo/mejor/mejores | eres un/una/la/el/lo sol/amor/angel/ángel/mejor/maximo/
    crack | un lujo/placer/amor/sol/angel/exito | de diez | un diez/siete | 5/4/cinco/cuatro
    estrellas | me salvaste/salvaron/solucionaste/solucionaron/resolviste/resolvieron | me
    ayudaste/ayudaron/ayudo/sirvio/sirvieron/ayuda/sirve MUCH | vale la pena | todo/quedo/salio/
    llego perfecto | todo excelente/genial/impecable/de | buen/excelente/gran/buena servicio/
    trabajo/dato/atencion | buen/buena/excelente/gran calidad/onda/ayuda/producto/experiencia/
    respuesta/explicacion | great/awesome | amazing/wonderful/lovely/excellent | love it | i love |
    very good/nice/helpful | recomendado/recomendada | recomendadisimo/recomendados/recomendable |
    LO recomiendo | los/las/la/lo recomiendo/recomendare | sin duda/dudas/ninguna | quede/quedo/
    quedamos/estoy/estamos/soy feliz/contento/contenta/satisfecho | satisfecho/satisfecha/conforme/
    conformes/contentisima/contentisimo | llego impecable/excelente/rapidisimo | no hay/tiene
    mejor/desperdicio/comparacion | nada que decir/reclamar/envidiar | solucionado/resuelto | ahora
    si/- entendi/entiendo/funciona/funciono/pude/quedo | ya pude/funciona/funciono | se pasaron/
    paso | te pasaste | se LO rifaron/lucieron | se lucieron/rifaron | felicitaciones/felicidades/
    felicito/fino/fina | mejor/mas imposible | no puede ser/estar mejor | exacto/exactamente | tal
    cual | era/es justo | justo/exactamente/precisamente lo/eso que/- buscaba/queria/necesitaba/
    esperaba/pedi | lo/eso que buscaba | lo/eso que queria/necesitaba/esperaba | eso queria/
    buscaba/necesitaba | superaron/supero mis/las/- expectativas | que no me/nos gusta/encanta |
    volvere/volveria a comprar/comprarles/pedir | compraria de nuevo/otra | me hizo/hicieron el/-
    dia | la mejor atencion | excelente/perfecto todo
"""
_LIKING: Final = """
    todo/quedo en orden | en orden | nada/sin de/motivo que/para quejarme | no tengo de que
    quejarme | ya caigo/caigo | ya caigo/capto/cuadro/veo/capte | tiene sentido/logica/razon | no
    me LO esperaba | fino fino | cool/piola/copante | me late/cuadra/tinca | me quedo/queda GOOD/
    clarisimo/clara | se ve/ven/escucha/oye GOOD/interesante | me tranquiliza/alegra/alegro | me
    gustaria/encantaria mucho | tengo claro/entendido | no tengo/hay/tiene ninguna/nada/- queja/
    quejas/problema/pero | cumple/cumplen/cumplio/cumplieron | es/son lo que busco/necesito/quiero
    | esta/estan/es/son/suena/parece/quedo/salio/llego/llegaron/quedan/estuvo/ser/luce GOOD | ve/
    ven GOOD | me/nos parece/parecio/parecen GOOD/justo/razonable/interesante/- | bonito/bonita |
    me/nos sirve/sirvio/sirven/acomoda/cuadra/resulta/convence/convencio | interesante/interesantes
    | lindo/linda/lindos/lindas/rico/rica/util/utiles/bonitos/bonitas | barato/barata/baratos/
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
    dios te/le/les/se pague/lo/bendiga | dios se lo pague | gracias/gracia/agradecido/agradecida/
    agradecidos/agradezco/agradecimiento | muchas/mil gracias | muchisimas/infinitas gracias | no
    gracias a ti/usted/ustedes/vos/uds/ud | se/te/le/les agradece | te/le/les/se agradezco |
    thanks/thank/tysm/obrigado/obrigada | thank you | dios te/le/les bendiga | bendiciones | muy
    amable/amables | que amable/amables | eso es/era/seria todo gracias/- | muy agradecido | no/
    nada nada/eso mas/es gracias/todo | no eso/con seria/es/era/eso todo gracias/- | nada mas
    gracias | no todo bien/claro/perfecto gracias/-
"""
_AGREEING: Final = """
    no se diga/hable mas | va que va | sale/dale/orale/hagale pues | ya vas/estas/quedo |
    afirmativo/cabal/arre/jalo/fierro/andale/sobres | quedo atento/atenta/pendiente | espero
    entonces/tu/su/- respuesta/- | hago eso/lo | lo hare/hago asi/- | asi lo/- hago/hare/quedamos |
    que asi sea | me avisan/avisas cualquier/cuando cosa/llegue | quedamos en eso/- | de acuerdo |
    de una | esta bien | quedamos asi | quedamos atentos/pendientes | recibido/anotado/copiado/oido
    | si claro/por/porfa/dale/gracias | si quiero/deseo/puedo/porfavor | no hay/habria problema/
    drama/rollo/lio/problemas | claro que si | sin problema/problemas/drama/rollo | no te/se/hay
    preocupes/preocupe/preocupen | no pasa nada | estaria/seria bueno/bien/ideal/genial/perfecto |
    todo ok/okey | ya mismo | al toque | ahi estare | tienes/tiene/tienen razon | es verdad/cierto
    | quedo a la espera | nos vemos | me parece bien | ok/okey/okay/oki/dale/listo gracias | hecho
    | trato | me avisas/avisan/avisa
"""
FRIENDLY: Final[dict[Sense, str]] = {
    REQUEST: "quiero | quisiera | necesito | me gustaria",
    PURCHASE: _BUYING,
    PAYMENT: _PAYING,
    INTEREST: _INTERESTED,
    PRAISE: _PRAISING,
    LIKING: _LIKING,
    THANKS: _THANKING,
    AGREEMENT: _AGREEING,
}
