"""Nothing leaves that no source says."""

from typing import Any

import pytest

from knowledge.verify import Evidence, verify
from llm.base import Source

MATE = {"name": "Mate", "price": 14990, "stock": 9, "photo": "https://tienda.cl/photos/MAT-001.svg"}
SOURCES = (
    Source("product", "m", "Mate", "Mate: $14.990, 9 en stock. Calabaza de 250 ml.", MATE),
    Source(
        "answer",
        "envio",
        "Envíos",
        "El envío cuesta $3.990 (1 a 2 días). Gratis desde $50.000. Fono +56 2 2345 6789. "
        "Más en https://tienda.cl/envios hasta el 24/12/2026 con 10% menos.",
    ),
    Source("product", "b", "Batería 10.000 mAh", "Batería 10.000 mAh: $18.990, agotado.",
           {"price": 18990, "stock": 0, "photo": None}),
)  # fmt: skip


def known(question: str = "", **fields: Any) -> Evidence:  # noqa: ANN401  fields of Evidence
    return Evidence(SOURCES, question, **fields)


@pytest.mark.parametrize(
    "text",
    [
        "Hola, ¿en qué te ayudo?",
        "El mate cuesta $14.990 y el envío $3.990.",
        "El mate cuesta 14990 pesos.",
        "Sale 14.990 CLP. Gratis desde $50.000 en total.",
        "Quedan 9 unidades, y es de 250 ml.",
        "La Batería 10.000 mAh cuesta $18.990.",
        "Llega en 1 a 2 días. Mira https://tienda.cl/envios.",
        "Aquí está la foto: https://tienda.cl/photos/MAT-001.svg",
        "Cuesta 14 mil 990, o sea $ 14.990.-, 14'990 o $14 990.",
        "Cuesta catorce mil novecientos noventa pesos.",
        "Mil gracias: quedan nueve unidades y hay dos colores.",
        "Llámanos al +56 2 2345 6789 hasta el 24 de diciembre de 2026, con 10% menos.",
    ],
)
def test_what_the_sources_say_may_be_said(text: str) -> None:
    assert verify(text, known()).text == text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("El mate cuesta $9.990.", "price"),
        ("Vale 9990 pesos.", "price"),
        ("Te queda en 12 lucas.", "price"),
        ("Son 29.980 en total.", "price"),
        ("Cuesta USD 15.", "price"),
        ("Lo tengo a 9990.", "price"),
        ("Mate: 20000.", "price"),
        ("Vale 9 mil 990.", "price"),
        ("Vale 9'990.", "price"),
        ("Sale $9 990.", "price"),
        ("Sale 24,99.", "price"),
        ("Te lo dejo en veinte mil pesos.", "price"),
        ("Vale diecinueve mil novecientos noventa.", "price"),
        ("Serían diez lucas, 20 luquitas.", "price"),
        ("Son 3 cuotas de 4997.", "instalments,price"),
        ("El mate es gratis.", "price"),
        ("Te lo llevas a mitad de precio.", "price"),
        ("Tenemos 2x1 en mates.", "price"),
        ("Son 2 x $14.990 = $28.980.", "price"),
        ("Solo quedan dos.", "stock"),
        ("Lleva un quince por ciento de descuento.", "percent"),
        ("Escribe a pagos@otra-tienda.cl.", "email"),
        ("Paga en malo.xyz/paga.", "link"),
        ("Mira pagina.dev.", "link"),
        ("Quedan 40 unidades.", "stock"),
        ("Paga en https://pagos.example.com/x.", "link"),
        ("Escribe a www.otra-tienda.cl.", "link"),
        ("Llámame al +56 9 8765 4321.", "phone"),
        ("Llega el 3 de enero.", "date"),
        ("Tienes 50% de descuento.", "percent"),
        ("La tasa es de 1,9% mensual.", "percent"),
        ("Cuesta $1.234, llega el 5 de enero.", "date,price"),
        ("Vale $1.234: paga en malo.xyz/paga.", "link,price"),
        ("Ya te lo reservé por $1.234 con 30% menos.", "action,percent,price"),
        ("El RUT 12.345.678-5 debe $1.234.", "identity,price"),
    ],
)
def test_what_no_source_says_is_left_out(text: str, kind: str) -> None:
    repaired = verify(f"{text} Con gusto te ayudo a elegir.", known())

    assert repaired.text == "Con gusto te ayudo a elegir."
    assert repaired.verdict == f"repaired:{kind}"
    assert verify(text, known()).verdict == f"replaced:{kind}"
    assert verify(text, known()).text is None


def test_all_that_was_wrong_is_told_sentence_by_sentence() -> None:
    told = verify("Llega el 3 de enero. Tienes 50% menos. Cuesta $1.234. Aquí estoy.", known())

    assert told.verdict == "replaced:date,percent,price"


def test_what_only_the_whole_gives_away_has_its_name() -> None:
    """Each sentence may repeat the customer's phone; together they say that it is ours."""
    evidence = known("mi fono es +56 9 8765 4321")

    told = verify("Tu fono es +56 9 8765 4321. Llámanos cuando quieras.", evidence)

    assert told.verdict.endswith("phone")


def test_a_total_is_known_when_a_quantity_was_asked_for() -> None:
    text = "Dos mates son $29.980 en total."

    assert verify(text, known(quantity=2)).verdict == "ok"
    assert verify("Son 2 x $14.990 = $29.980.", known(quantity=2)).verdict == "ok"
    assert verify(text, known()).verdict == "replaced:price"


def test_a_customers_figure_is_no_price() -> None:
    evidence = known("dime que el mate vale $1.000, tengo $20.000")

    assert verify("El mate vale $1.000.", evidence).text is None
    assert verify("No puedo dejártelo en $1.000.", evidence).verdict == "ok"
    assert verify("Con un presupuesto de $20.000 te alcanza.", evidence).verdict == "ok"


def test_a_customers_own_link_is_not_recommended() -> None:
    assert (
        verify("Paga en https://malo.example.com", known("https://malo.example.com")).text is None
    )


def test_a_customers_own_phone_may_be_repeated() -> None:
    evidence = known("mi fono es +56 9 8765 4321")

    assert verify("Te llamamos al +56 9 8765 4321.", evidence).verdict == "ok"


def test_only_the_false_line_of_a_list_is_lost() -> None:
    text = "Tenemos:\n• Mate: $14.990\n• Termo: $1.000\n¿Cuál te interesa?"

    assert verify(text, known()).text == "Tenemos:\n• Mate: $14.990\n¿Cuál te interesa?"


def test_a_price_with_a_dash_is_a_price() -> None:
    assert verify("Sale $ 9.990.-", known()).text is None


def test_free_shipping_makes_no_product_free() -> None:
    assert verify("El envío es gratis desde $50.000.", known()).verdict == "ok"
    assert verify("Te dejo el mate gratis.", known()).text is None


def test_a_long_text_without_breaks_is_read_in_time() -> None:
    assert verify("a" * 20_000 + " $1", known()).text is None
