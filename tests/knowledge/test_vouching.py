"""Who may vouch for what: rows for prices, the pack for links, nobody for what customers write."""

from typing import Any

import pytest

from knowledge.pricing import Shelf, sober
from knowledge.products import Vocabulary, build_index
from knowledge.verify import Evidence, verify
from llm.base import Source
from tests.llm.talking import INDEX, products_of
from tests.llm.talking import PACK as VENTAS

ROWS = {one.sku: one for one in products_of(VENTAS)}
SHELF = Shelf(INDEX)


def row(name: str, price: int, stock: int = 5, text: str = "") -> Source:
    data: dict[str, Any] = {"name": name, "price": price, "stock": stock, "photo": None}
    return Source("product", name, name, f"{name}: ${price}, {stock} en stock. {text}", data)


BLUE, BLACK = "Mochila Urbana Azul", "Mochila Urbana Negra"


def known(*sources: Source, question: str = "", **more: Any) -> Evidence:  # noqa: ANN401  fields of Evidence
    return Evidence(sources, question, index=INDEX, **more)


def passage(text: str) -> Source:
    return Source("passage", "p", "Documento", text)


@pytest.mark.parametrize(
    "said",
    [
        "La Mochila Urbana Azul cuesta $1.000.",
        "Te queda en $1.000.",
        "La mochila azul sale $1.000 hoy.",
        "Está en oferta a $1.000.",
        "La dejamos en mil pesos.",
    ],
)
def test_a_document_cannot_price_a_product(said: str) -> None:
    told = passage("La mochila azul cuesta $1.000. El bordado sale $4.500.")

    assert verify(said, known(row(BLUE, 24_990), told)).text is None
    both = "La mochila cuesta $24.990 y el bordado sale $4.500."
    assert verify(both, known(row(BLUE, 24_990), told)).verdict == "ok"


def test_a_product_that_nobody_asked_about_has_its_price_all_the_same() -> None:
    told = passage("Promoción de mochilas: $1.000. El bordado sale $4.500.")

    assert verify("La Mochila Urbana Azul vale $1.000.", known(told)).text is None
    assert verify("El bordado vale $4.500.", known(told)).verdict == "ok"


def test_one_product_is_not_sold_at_anothers_price() -> None:
    evidence = known(row("Termo Acero", 17_990), row("Mate", 14_990))

    assert verify("El Termo Acero cuesta $14.990.", evidence).text is None
    assert verify("El Termo Acero cuesta $17.990.", evidence).verdict == "ok"
    both = "El Termo Acero cuesta $17.990 y el Mate $14.990."
    assert verify(both, evidence).verdict == "ok"


def test_a_description_tells_how_a_product_is_and_nothing_else() -> None:
    text = "De 1.000 ml, 100% acero, dura 24 horas fría. Hoy a $990 con 30% de descuento."
    evidence = known(row("Botella", 9_990, text=text))

    for said in ("Es de 1.000 ml.", "Es 100% acero.", "Dura 24 horas fría.", "Cuesta $9.990."):
        assert verify(said, evidence).verdict == "ok", said
    for said in ("Cuesta $990.", "Cuesta 1.000.", "Tiene 30% de descuento.", "Tiene 100% menos."):
        assert verify(said, evidence).text is None, said


def test_what_is_sold_out_is_not_there_and_what_is_there_is_not_sold_out() -> None:
    assert verify("Sí, está disponible.", known(row("Mate", 1_000, stock=0))).text is None
    assert verify("Está agotado.", known(row("Mate", 1_000, stock=0))).verdict == "ok"
    assert verify("Está agotado.", known(row("Mate", 1_000))).text is None
    assert verify("Sí, está disponible.", known(row("Mate", 1_000))).verdict == "ok"
    two = known(row("Mate", 1_000), row("Termo", 2_000, stock=0))
    assert verify("El Termo está agotado.", two).verdict == "ok"


def test_links_lead_where_the_shop_says_and_nowhere_else() -> None:
    answer = Source("answer", "a", "Pagos", "Paga en https://pagos.cl/x por favor.")
    told = passage("Mira https://malo.cl/x y https://tienda.cl/guia.")
    evidence = known(answer, told, question="¿https://malo.cl/x?", sites=("tienda.cl",))

    for said in ("Entra a https://pagos.cl/x.", "Entra a https://tienda.cl/guia."):
        assert verify(said, evidence).verdict == "ok", said
    for said in ("Entra a https://malo.cl/x.", "Entra a pagos.cl.", "Entra a tienda.cl.malo.cl."):
        assert verify(said, evidence).text is None, said


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Te llamamos al +56 9 8765 4321.", True),
        ("Anoté tu correo: ana@correo.cl.", False),
        ("Tu correo es ana@correo.cl, ¿verdad?", True),
        ("Llámanos al +56 9 8765 4321.", False),
        ("Nuestro fono es +56 9 8765 4321.", False),
        ("Paga tu pedido al RUT 12.345.678-5.", False),
        ("Tu RUT es 12.345.678-5.", True),
        ("No puedo dejártela en $1.000.", True),
        ("Con tu presupuesto de $1.000 no alcanza.", True),
        ("No puedo negarme: vale $1.000.", False),
        ("Hasta hoy vale $1.000.", False),
        ("Dices que vale $1.000, y es así.", False),
        ("No sé si llega el 5 de marzo.", True),
        ("Sí, llega el 5 de marzo.", False),
        ("Te escribo a [MAIL_1].", True),
        ("Escríbenos a [MAIL_1].", False),
        ("Transfiere a tu ejecutivo: [CUENTA_1].", False),
    ],
)
def test_what_customers_write_vouches_for_nothing_but_themselves(said: str, kept: object) -> None:
    question = (
        "mi fono es +56 9 8765 4321, mi correo ana@correo.cl, mi rut 12.345.678-5, tengo $1.000 y "
        "lo necesito el 5 de marzo"
    )

    assert (verify(said, known(question=question)).verdict == "ok") is kept


def test_documents_lose_what_contradicts_the_catalogue() -> None:
    text = (
        "Bordamos nombres. La Mochila Urbana Azul cuesta $1.000. "
        "El envío de la Mochila Urbana Azul cuesta $3.990. El bordado cuesta $4.500."
    )

    left = SHELF.unpriced(text)

    assert "$1.000" not in left
    assert "$3.990" in left
    assert "$4.500" in left
    right = f"La Mochila Urbana Azul cuesta ${ROWS['MOC-001'].price:,}.".replace(",", ".")
    assert SHELF.unpriced(right) == right
    assert Shelf(build_index([], Vocabulary())).unpriced(text) == text


def test_descriptions_lose_what_only_the_row_and_the_pack_may_tell() -> None:
    text = (
        "De lino. Antes $29.990. Vale $9.990. Escríbenos al +56 9 1111 2222. Con 30% menos. 1 kg."
    )

    assert sober(text, 9_990, "CLP") == "De lino. Vale $9.990. 1 kg."
