"""Personal data leave a text, and nothing else does."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.privacy import Recogniser, Tags, scrub

PIECES = (
    "mi rut es |12.345.678-5|12345678-5|[RUT_1]|[TEL_1] |soy |Juan |arroba |@|gmail.com| punto|"
    "+56 9 1234 5678|cuenta |0102|4111 1111 1111 1111|$|24.990| |"
    "-|.|pedido |me llamo |Pérez|\x00|]|[|V-|k|nit |tarjeta |visa|(|)|ñ|Ｒ|９"
)
FRAGMENTS = st.sampled_from(PIECES.split("|"))
TEXTS = st.one_of(st.text(), st.lists(FRAGMENTS, max_size=12).map("".join))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mi correo es Ana.Soto@gmail.com ok", "mi correo es [MAIL_1] ok"),
        ("ana punto soto arroba gmail punto com", "[MAIL_1]"),
        ("ana [at] hotmail [dot] com", "[MAIL_1]"),
        ("visa 4111 1111 1111 1111 12/29", "visa [CARD_1] 12/29"),
        ("tarjeta 1234-5678-9012-3456", "tarjeta [CARD_1]"),
        ("ES91 2100 0418 4502 0005 1332 gracias", "[IBAN_1] gracias"),
        ("0102 0123 45 0123456789", "[CUENTA_1]"),
        ("cuenta corriente 12345678901", "cuenta corriente [CUENTA_1]"),
        ("mi rut: 12.345.678-5", "mi rut: [RUT_1]"),
        ("12345678-5", "[RUT_1]"),
        ("rut 123456785", "rut [RUT_1]"),
        ("12.345.678-9 (mal tecleado)", "[RUT_1] (mal tecleado)"),
        ("NIT 900.123.456-8", "NIT [NIT_1]"),
        ("J-12345678-9", "[RIF_1]"),
        ("soy V-12.345.678", "soy [CEDULA_1]"),
        ("cedula 1.023.456.789", "cedula [CEDULA_1]"),
        ("pasaporte AB123456", "pasaporte [PASAPORTE_1]"),
        ("DNI 30.123.456", "DNI [DNI_1]"),
        ("llámame al +56 9 1234 5678", "llámame al [TEL_1]"),
        ("912345678", "[TEL_1]"),
        ("0414-1234567 o 412 5551234", "[TEL_1] o [TEL_2]"),
        ("300 123 4567", "[TEL_1]"),
        ("mi cel es 11 1234-5678", "mi cel es [TEL_1]"),
        ("me llamo Juan Pérez y quiero comprar", "me llamo [NOMBRE_1] y quiero comprar"),
        ("me llamo juan perez quiero info", "me llamo [NOMBRE_1] quiero info"),
        ("MI NOMBRE ES PEDRO SOTO Y ESPERO", "MI NOMBRE ES [NOMBRE_1] Y ESPERO"),
        ("soy Juan", "soy [NOMBRE_1]"),
        ("Soy Yusneidy Carrasquel", "Soy [NOMBRE_1]"),
        ("le escribe Jorge Ramírez de Maracaibo", "le escribe [NOMBRE_1] de Maracaibo"),
        ("Juan Soto, rut 12.345.678-5", "[NOMBRE_1], rut [RUT_1]"),
        ("rosa díaz ana@correo.cl", "[NOMBRE_1] [MAIL_1]"),
        ("rut12.345.678-5", "rut[RUT_1]"),
        ("mi rif es V-14567890-3", "mi rif es [RIF_1]"),
        ("RFC GOMC850312AB1", "RFC [DNI_1]"),
        ("+52 1 55 1234 5678", "[TEL_1]"),
        ("tel:+56987654321 o (55) 1234-5678", "tel:[TEL_1] o (55) 1234-5678"),
        ("tel. (55) 1234-5678", "tel. [TEL_1]"),
        ("alias: casa.perro.luna", "alias: [CUENTA_1]"),
        ("a nombre de María de los Ángeles Soto", "a nombre de [NOMBRE_1]"),
    ],
)
def test_personal_data_are_masked(text: str, masked: str) -> None:
    assert scrub(text).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "son $24.990 y 24990 pesos", "UF 1.234,56", "$ 912345678", "912345678 pesos",
        "pedido 912345678", "orden #12345678-5", "folio 4111111111111111", "guía 912345678",
        "Factura N° 00123456", "código de seguimiento 123456789012", "35.000.000",
        "el 24/12/2026 a las 14:30", "2 unidades talla 42", "te transferí 150000",
        "la cuenta es 150000", "depósito de 1500000 en la cuenta", "mide 1.500 metros",
        "me llamó la atención", "soy chilena", "soy de Maracay", "soy Mayorista", "soy mamá de dos",
        "con mi rut puedo pedir 1.500.000", "carnet al día y 6.500.000 de renta",
        "CC 150000 al mes", "mi numero de pedido es 987654321", "el celular sale 2500000",
        "llámame el 12-05-2026", "soy Ingeniero Comercial", "envío Starken 987654321",
        "el plan se llama Premium Plus",
        "whatsapp desde 2024-10-11", "imei 356938035643809", "transferí 987654321 hoy",
        "cuenta con 12345678 seguidores", "solicitud 987654321", "le escribe mañana", "soy Libra",
        "Rosa Roja, 3 unidades", "soy Cliente nuevo", "tengo 12.345.678 pesos",
        "lat -33.456789, -70.648270", "",
    ],
)  # fmt: skip
def test_prices_orders_dates_and_plain_words_stay(text: str) -> None:
    assert scrub(text).text == text


def test_a_place_is_a_place_in_the_original() -> None:
    text = "Ｍi RUT es 12.345.678-5, ¿ok?"
    (found,) = scrub(text).found

    assert (found.kind, text[slice(*found.span)]) == ("rut", "12.345.678-5")


def test_the_same_value_keeps_its_tag_through_a_conversation() -> None:
    tags = Tags()
    first = scrub("rut 12.345.678-5 y 9.876.543-3", tags).text
    second = scrub("otra vez: 12345678-5", tags).text

    assert first == "rut [RUT_1] y [RUT_2]"
    assert second == "otra vez: [RUT_1]"
    assert tags.restore(second) == "otra vez: 12.345.678-5"


def test_tags_can_be_kept_and_taken_up_again() -> None:
    tags = Tags()
    scrub("912345678", tags)

    assert scrub("+56 9 8765 4321 y 912345678", Tags(tags.known)).text == "[TEL_2] y [TEL_1]"


def test_a_tag_that_stands_in_the_text_is_not_given_to_another_value() -> None:
    assert scrub("[RUT_1] no es 12.345.678-5").text == "[RUT_1] no es [RUT_2]"


def test_a_domain_pack_adds_its_own_recogniser() -> None:
    policy = Recogniser("poliza", re.compile(r"pol-[0-9]{4}"))

    assert scrub("mi póliza POL-1234", extra=[policy]).text == "mi póliza [POLIZA_1]"


def test_a_recogniser_needs_a_plain_kind() -> None:
    with pytest.raises(ValueError, match="lower-case"):
        Recogniser("Póliza 1", re.compile("x"))


def test_the_profile_name_of_the_contact_is_masked() -> None:
    text = "rosa díaz pide una rosa roja para Rosa"

    assert scrub(text, names=["Rosa Díaz"]).text == "[NOMBRE_1] pide una rosa roja para [NOMBRE_2]"


@given(TEXTS)
def test_scrubbing_never_fails_and_a_second_time_changes_nothing(text: str) -> None:
    once = scrub(text)

    assert scrub(once.text).text == once.text


@given(TEXTS)
def test_spans_are_places_in_the_original_in_order_and_apart(text: str) -> None:
    end = 0
    for found in scrub(text).found:
        assert end <= found.span[0] < found.span[1] <= len(text)
        end = found.span[1]


@pytest.mark.parametrize(
    "unit",
    [
        "1 ", "1", "a@", "1.1-", "me llamo ", "rut ", "es91 ", "a arroba ", "4111 ", "soy juan ",
        "cuenta ", "tarjeta 1", "@", "12.345.678-5 ", "+1 ", "cel (", "[RUT_1]",
        "alias a.", "juan soto,", "tel +", "rfc abcd010101",
    ],
)  # fmt: skip
def test_a_hostile_text_is_read_in_linear_time(unit: str) -> None:
    hostile = (unit * 4000)[:4000]
    scrub(hostile)
    started = time.process_time()
    scrub(hostile)

    assert time.process_time() - started < 0.1
