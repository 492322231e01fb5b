"""One cell at a time: prices as shops write them, stock in words, and what cannot be taken."""

import pytest

from knowledge.importing.cells import SHORTFALL, SOME, Cell, CellRefused, Value, read


@pytest.mark.parametrize(
    ("cell", "currency", "price"),
    [
        ("$24.990", "CLP", 24_990),
        ("24990", "CLP", 24_990),
        ("24,990.00", "CLP", 24_990),
        ("24.990,00", "CLP", 24_990),
        ("$ 24.990.-", "CLP", 24_990),
        ("24 990", "CLP", 24_990),
        ("CLP 24.990", "CLP", 24_990),
        ("24.990 pesos", "CLP", 24_990),
        ("$24.990 c/u", "CLP", 24_990),
        ("1.234.567", "CLP", 1_234_567),
        (24_990, "CLP", 24_990),
        (24_990.0, "CLP", 24_990),
        ("0", "CLP", 0),
        ("19,99", "USD", 1_999),
        ("19.99", "USD", 1_999),
        (19.99, "USD", 1_999),
        ("0.500", "USD", 50),
        ("US$ 1,019.90", "USD", 101_990),
        ("20", "MXN", 2_000),
        ("$1,250.50", "MXN", 125_050),
    ],
)
def test_a_price_is_read_in_the_currency_of_the_shop(cell: Cell, currency: str, price: int) -> None:
    assert read("price", cell, currency) == price


@pytest.mark.parametrize(
    ("cell", "stock"),
    [
        (12, 12), ("12", 12), ("12.0", 12), ("1.200", 1_200), ("12 unidades", 12), ("5 u", 5),
        ("agotado", 0), ("Sin stock", 0), ("no", 0), ("-", 0), (False, 0), ("sold out", 0),
        ("sí", SOME), ("Disponible", SOME), ("hay", SOME), (True, SOME),
        ("-3", SHORTFALL), (-3, SHORTFALL), ("", None), ("   ", None),
    ],
)  # fmt: skip
def test_stock_is_a_number_or_a_word(cell: Cell, stock: Value) -> None:
    assert read("stock", cell, "CLP") == stock


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ("sku", 123, "123"),
        ("sku", "  A-1 ", "A-1"),
        ("name", "Taza\n  azul\u200b", "Taza azul"),
        ("description", "Dos líneas:\nuna y otra", "Dos líneas:\nuna y otra"),
        ("keywords", "tazón| mug ,mug;", ["tazón", "mug"]),
        ("active", "Sí", True),
        ("active", 0, False),
        ("active", True, True),
        ("active", "descontinuado", False),
        ("photo", "https://example.com/a.jpg", "https://example.com/a.jpg"),
        ("photo", "/photos/a.svg", "/photos/a.svg"),
        ("category", "", None),
    ],
)
def test_words_are_cleaned(field: str, cell: Cell, value: Value) -> None:
    assert read(field, cell, "CLP") == value


@pytest.mark.parametrize(
    ("field", "cell", "told"),
    [
        ("price", "gratis", "no price in CLP"),
        ("price", "US$20", "no price in CLP"),
        ("price", "consultar", "no price"),
        ("price", "10.000 - 12.000", "no price"),
        ("price", "19,99", "finer than CLP"),
        ("price", -5, "below zero"),
        ("price", True, "no price"),
        ("price", "9" * 12 + "0" * 3, "no price"),
        ("price", 10**13, "more than any price"),
        ("stock", "muchos", "no number of pieces"),
        ("stock", "7804123456789", "more than 1,000,000"),
        ("stock", 1.5, "no number of pieces"),
        ("active", "quizás", "neither yes nor no"),
        ("photo", "foto.jpg", "no address"),
        ("photo", "javascript:alert(1)", "no address"),
        ("name", "x" * 201, "201 letters"),
        ("keywords", "|".join(map(str, range(31))), "31 keywords"),
    ],
)
def test_a_bad_cell_says_what_is_wrong_and_what_to_write(field: str, cell: Cell, told: str) -> None:
    with pytest.raises(CellRefused) as refused:
        read(field, cell, "CLP")

    assert told in str(refused.value)
    assert refused.value.hint
