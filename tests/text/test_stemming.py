"""Words that mean one thing to a shop share a stem; others do not."""

import pytest

from text.phrases import dictionary
from text.prices import written
from text.stemming import stem, stems


def test_a_preposition_is_no_verb() -> None:
    assert stem("entre") != stem("entro")


@pytest.mark.parametrize(
    "same",
    [
        "mochila mochilas Mochila moxila MOCHILAAA",
        "audífonos audifono haudifonos",
        "azul azules asul",
        "rojo roja rojos rojas",
        "negro negra negros",
        "gris grises",
        "cuánto cuanta kuanto",
        "precio precios presio",
        "envío envios embio hemvio",
        "botella botellas boteya voteya",
        "zapatilla sapatillas zapatiya",
        "pagar pagarlo pagarla",
        "devolver devolverlo devolvérselo",
        "quiero kiero",
        "lámpara lamparas",
    ],
)
def test_spellings_of_one_word_share_a_stem(same: str) -> None:
    assert len(set(stems(same))) == 1, stems(same)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mate", "mat"),
        ("taza", "tazón"),
        ("polera", "pollera"),
        ("collar", "color"),
        ("casa", "cosa"),
    ],
)
def test_other_words_do_not(one: str, other: str) -> None:
    assert stems(one) != stems(other)


def test_numbers_and_emoji_are_left_alone() -> None:
    assert stem("500ml") == "500ml"
    assert stems("2 🛒 A5") == ["2", "a5"]


def test_the_longest_phrase_wins_at_its_place() -> None:
    phrases = dictionary([("cuánto", "a"), ("cuanto sale", "b"), ("sale", "c"), ("cuanto", "d")])

    assert phrases.found(stems("hola cuánto sale y cuanto")) == [
        (1, 3, ("b",)),
        (4, 5, ("a", "d")),
    ]
    assert phrases.found([]) == []


def test_a_phrase_without_words_is_none() -> None:
    assert dictionary([("¿?", "x")]).entries == {}


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [(24990, "CLP", "$24.990"), (0, "CLP", "$0"), (123456, "USD", "USD 1,234.56")],
)
def test_a_price_is_written_as_its_country_writes_it(value: int, currency: str, text: str) -> None:
    assert written(value, currency) == text
