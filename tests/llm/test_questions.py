"""Two questions in one message: both are answered, in the order asked and in one reply."""

from dataclasses import replace

import pytest

from config.packs import load_pack
from handlers.requests import known_to, prompt_for
from knowledge.catalogue import vocabulary
from knowledge.products import build_index
from knowledge.verify import verify
from nlu.parse import build_parser
from tests.llm.talking import INDEX, PACK, PARSER, PRODUCTS, Talk
from text.folding import fold

LENDER, COACH = load_pack("creditos"), load_pack("finanzas")
TALKS = {
    "ventas": (PACK, PARSER, INDEX),
    "creditos": (LENDER, build_parser(LENDER), build_index((), vocabulary(LENDER))),
    "finanzas": (COACH, build_parser(COACH), build_index((), vocabulary(COACH))),
}


def talk_of(pack: str) -> Talk:
    own, parser, index = TALKS[pack]
    return Talk(index=index, parser=parser, pack=own)


@pytest.mark.parametrize(
    ("pack", "question", "told"),
    [
        ("ventas", "¿cuánto cuesta la mochila azul y hacen envíos a Valdivia?",
         ["$24.990", "enviamos a Valdivia"]),
        ("ventas", "¿hacen envíos a Valdivia y cuánto cuesta la mochila azul?",
         ["enviamos a Valdivia", "$24.990"]),
        ("ventas", "hola, ¿a qué hora abren? ¿aceptan tarjeta?", ["¡Hola! ", "10:00", "Webpay"]),
        ("ventas", "¿aceptan tarjeta? ¿a qué hora abren?", ["Webpay", "10:00"]),
        ("ventas", "¿dónde están ubicados y a qué hora cierran?", ["Los Aromos", "19:00"]),
        ("ventas", "a que hora abren y donde estan", ["10:00", "Los Aromos"]),
        ("ventas", "¿hacen envíos a Lima? ¿y a Temuco?", ["no llegamos a Lima", "a Temuco"]),
        ("ventas", "¿tienen garantía? ¿y cuánto demora el envío a Arica?",
         ["6 meses", "enviamos a Arica"]),
        ("ventas", "¿puedo devolverlo si no me gusta y dan factura?", ["10 días", "factura"]),
        ("ventas", "¿venden sillas y a qué hora abren?", ["No encontré sillas", "10:00"]),
        ("ventas", "¿venden sillas? ¿cuánto cuesta el mate?", ["No encontré sillas", "$14.990"]),
        ("ventas", "¿quién ganó el partido? ¿cuánto cuesta el mate?",
         ["no inventar|no lo sé", "$14.990"]),
        ("ventas", "¿hay stock del mate? ¿me muestras una foto de la mochila azul?",
         ["9 en stock", "/photos/MOC-001.svg"]),
        ("ventas", "foto del mate y foto de la mochila azul porfa",
         ["/photos/MAT-001.svg", "/photos/MOC-001.svg"]),
        ("ventas", "¿cuál es el más barato de los audífonos y hacen despacho?",
         ["Audífonos con Cable", "envíos a todo Chile"]),
        ("ventas", "¿cuáles son los audífonos más baratos? ¿y la mochila más cara?",
         ["Audífonos con Cable", "Trekking"]),
        ("ventas", "¿tienen algo hasta 10 lucas y aceptan débito?", ["Hasta $10.000", "Webpay"]),
        ("ventas", "¿qué tallas tienen de la polera negra y cuánto cuesta el mate?",
         ["tallas S a XL", "$14.990"]),
        ("ventas", "quiero 2 poleras negras y saber si hacen envíos a Temuco",
         ["$23.980 en total", "enviamos a Temuco"]),
        ("ventas", "¿cuánto salen 2 poleras negras y cuánto salen 3 mates?",
         ["$23.980", "$44.970"]),
        ("ventas", "¿tienen la polera en rojo y hacen envíos a Osorno?",
         ["En rojo no tenemos", "enviamos a Osorno"]),
        ("ventas", "hola buenas, precio del mate y si tienen stock del termo de 1 litro",
         ["¡Hola! ", "$14.990", "no queda stock de Termo Acero 1 Litro"]),
        ("ventas", "how much is the yoga mat and do you ship to Arica?",
         ["costs $16.990", "We ship all over Chile"]),
        ("ventas", "¿dónde está mi pedido? ¿a qué hora abren?", ["No tengo acceso", "10:00"]),
        ("ventas", "cuanto vale el mate? soy de Arica. dan factura?", ["$14.990", "factura"]),
        ("creditos", "¿qué requisitos piden y a qué hora atienden?", ["mayor de edad", "09:00"]),
        ("creditos", "hola, ¿cómo puedo pagar mi cuota? ¿qué pasa si me atraso?",
         ["¡Hola! ", "por transferencia", "días de atraso"]),
        ("creditos", "¿qué es el CAE y puedo pagar antes?", ["carga anual", "transferencia"]),
        ("creditos", "¿puedo prepagar? ¿qué documentos necesito?", ["antes de tiempo", "cédula"]),
        ("creditos", "si me atraso, ¿cobran interés? ¿y puedo repactar?",
         ["días de atraso", "repactación"]),
        ("creditos", "me cambié de casa, ¿cómo actualizo mi dirección? ¿y me dan un certificado?",
         ["datos de contacto", "certificado"]),
        ("creditos", "buenas, necesito un comprobante y saber a qué hora atienden",
         ["¡Hola! ", "comprobante", "09:00"]),
        ("creditos", "¿cuántas cuotas me quedan y puedo cambiar la fecha de pago?",
         ["No puedo ver tus cuotas", "otra fecha"]),
        ("finanzas", "¿qué es la UF? ¿cómo ahorro?", ["Banco Central", "ahorro"]),
        ("finanzas", "hola, ¿cuánto vale la UF hoy y en qué me conviene invertir?",
         ["Banco Central", "CMF"]),
        ("finanzas", "¿cómo ahorro más? ¿y qué acciones compro?", ["ahorro", "recomendarte"]),
        ("finanzas", "¿cómo voy con la comida? ¿cómo van mis metas?",
         ["creamos un presupuesto", "creamos una meta"]),
        ("finanzas", "¿puedo crear una meta? ¿cómo borro el último gasto?",
         ["crear una meta", "borra el último"]),
        ("finanzas", "¿cuánto llevo gastado este mes y qué es la UF?", ["resumen", "Banco"]),
    ],
)  # fmt: skip
def test_both_are_answered_in_the_order_asked(pack: str, question: str, told: list[str]) -> None:
    talk = talk_of(pack)
    reading = talk.read(question)

    answer = talk.say(question)

    places = [min((answer.find(one) for one in each.split("|") if one in answer), default=-1)
              for each in told]  # fmt: skip
    assert places == sorted(places), answer
    assert -1 not in places, answer
    assert len(reading.parts) == len([each for each in told if each != "¡Hola! "])
    assert fold(answer).count("hola") <= 1
    assert answer.count("¿Quieres hacer el pedido?") <= 1
    assert verify(answer, known_to(reading, talk.pack)).verdict == "ok"


@pytest.mark.parametrize(
    "question",
    [
        "¿cuánto cuesta la mochila azul y la negra?",
        "¿hacen envíos a Lima y a Temuco?",
        "¿tienen la mochila azul? ¿cuánto cuesta?",
        "¿cuánto cuesta y tienen stock del mate?",
        "cuánto cuesta el mate? cuánto cuesta el termo de 500?",
        "¿hacen envíos? ¿cuánto demora el envío a Temuco?",
        "hola, ¿cómo están? ¿cuánto cuesta el mate?",
        "¿te puedo molestar un segundo? ¿cuánto cuesta el mate?",
        "me llegó roto, pésimo servicio, ¿a qué hora abren? ¿dónde están?",
        "¿cuánto cuesta el mate? ya, me lo llevo. ¿dan factura?",
        "/help ¿cuánto cuesta el mate? ¿dan factura?",
    ],
)
def test_what_is_one_wish_is_answered_as_one(question: str) -> None:
    assert Talk().read(question).parts == ()


def test_a_part_points_back_to_the_one_before_it() -> None:
    talk = Talk()

    told = talk.say("¿me muestras el mate? ¿hacen envíos a Temuco? ¿y tienen otro más barato?")

    assert told.index("Mate de Calabaza") < told.index("enviamos a Temuco")
    assert len(talk.read("¿tienen el mate? ¿dan factura? ¿cuánto cuesta?").parts) == 3


def test_three_are_answered_and_the_rest_read_together() -> None:
    question = "¿cuánto cuesta el mate? ¿dan factura? ¿a qué hora abren? ¿dónde están?"

    reading = Talk().read(question)

    assert len(reading.parts) == 3
    assert reading.parts[2].parsed.answers == ("horario", "ubicacion")


def test_the_name_of_a_product_is_never_cut() -> None:
    named = replace(PRODUCTS["MAT-001"], name="Juego Quién es y Cuánto Sabe")
    talk = Talk(index=build_index((named,), vocabulary(PACK)))

    reading = talk.read("precio del juego quién es y cuánto sabe")

    assert reading.parts == ()
    assert [product.name for product in reading.found.products] == [named.name]


def test_the_same_thing_is_not_told_twice() -> None:
    told = Talk().say("necesito 10 libretas con factura, ¿hacen envíos a Arica? ¿dan factura?")

    assert told.count("boleta electrónica") == 1


def test_the_turn_keeps_its_intent_and_every_source() -> None:
    talk = Talk()
    question = "¿cuánto cuesta la mochila azul y hacen envíos a Valdivia?"

    reading = talk.read(question)
    talk.say(question)

    assert reading.parsed == PARSER.parse(question)
    assert [part.parsed.intent for part in reading.parts] == ["consulta_precio", "consulta_envio"]
    assert {source.id for source in reading.found.sources} == set(talk.told.used)
    assert [product.sku for product in reading.found.products] == ["MOC-001"]


def test_a_quantity_of_each_part_may_be_told() -> None:
    reading = Talk().read("¿cuánto salen 2 poleras negras y cuánto salen 3 mates?")

    assert verify("3 mates son $44.970.", known_to(reading, PACK)).verdict == "ok"
    assert verify("5 mates son $74.950.", known_to(reading, PACK)).text is None


def test_a_model_is_told_of_every_part() -> None:
    reading = Talk().read("¿tienen algo por menos de $1.000 y hacen envíos a Osorno?")

    system = prompt_for(reading, PACK).messages(masked=True)[0].content

    assert "El mensaje hace 2 preguntas" in system
    assert "Nada cabe en el presupuesto pedido" in system
    assert "enviamos a Osorno" in system
    small = prompt_for(reading, PACK, budget=750).messages(masked=True)[0].content
    assert "enviamos a Osorno" in small, (
        "the first fact of each part comes before the second of any"
    )
    assert "«Libreta" not in small
    one = prompt_for(Talk().read("¿hacen envíos a Osorno?"), PACK).messages(masked=True)[0].content
    assert "preguntas:" not in one
