import pytest

from text.lexemes import LONGEST, content_words, lexeme, lexemes, trigrams

PAIRS = """préstamo préstamos · interés intereses · mes meses · vez veces · día días · año años
devolución devoluciones · cuota cuotas · reclamo reclamos · máximo máximos · país países
antigüedad antigüedades · garantía garantías · límite límites · propiedad propiedades · aval avales
joven jóvenes · régimen regímenes · orden órdenes · lápiz lápices · mínimo mínimos · ley leyes
pagaré pagarés · envío envíos · sucursal sucursales · cantidad cantidades · color colores"""


@pytest.mark.parametrize(
    "pair", [pair for line in PAIRS.splitlines() for pair in line.split(" · ")]
)
def test_singular_and_plural_are_one_word(pair: str) -> None:
    one, many = lexemes(pair)
    assert one == many


@pytest.mark.parametrize("text", ["Préstamos", "PRESTAMOS", "préstamos", "pre\u0301stamos"])
def test_accents_and_capitals_make_no_other_word(text: str) -> None:
    assert lexemes(text) == [lexeme("prestamo")]


def test_we_and_our_customers_mean_the_same_verb() -> None:
    assert lexemes("despachamos") == lexemes("despacho") == lexemes("despachar")


def test_function_words_say_nothing_and_figures_are_one_word() -> None:
    assert content_words("¿Cuánto es lo de la mochila a $24.990, con 1,5 %?") == [
        "mochila", "24990", "15",
    ]  # fmt: skip


def test_a_word_without_end_is_cut() -> None:
    assert [len(word) for word in content_words("x" * 500)] == [LONGEST]


def test_a_misspelled_word_shares_letters_with_the_one_that_was_meant() -> None:
    assert len(trigrams("boleta") & trigrams("boletta")) >= 4
    assert trigrams("boleta").isdisjoint(trigrams("grúa"))
