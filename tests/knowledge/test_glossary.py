"""Words that stand for each other, and which of them the bot knows."""

import pytest

from config.shapes import Term
from knowledge.glossary import NO_TERMS, build_glossary
from tests.llm.talking import INDEX, PARSER
from text.stemming import stems

TERMS = (
    Term(word="estuche", definition="Para lápices.", synonyms=("cartuchera", "canopla")),
    Term(word="luca", definition="Mil pesos.", synonyms=("lucas",)),
    Term(word="mochila", definition="Para la espalda.", synonyms=("petaca", "maleta escolar")),
    Term(word="despacho", definition="Envío a domicilio.", synonyms=("acarreo",)),
)  # fmt: skip
GLOSSARY = build_glossary(TERMS)


def known(words: tuple[str, ...]) -> bool:
    return PARSER.knows(words) or INDEX.sells(words)


def test_synonyms_are_found_both_ways() -> None:
    assert set(stems("estuche canopla")) == set(GLOSSARY.expand(stems("una cartuchera")))
    assert set(stems("cartuchera canopla")) == set(GLOSSARY.expand(stems("ESTUCHES")))


def test_what_stands_there_already_is_not_added_again() -> None:
    assert GLOSSARY.expand(stems("estuche o cartuchera o canopla")) == ()
    assert GLOSSARY.expand(stems("hola")) == ()
    assert NO_TERMS.expand(stems("estuche")) == ()


def test_a_phrase_is_a_synonym_as_a_whole() -> None:
    assert "mochil" in GLOSSARY.expand(stems("una maleta escolar"))
    assert GLOSSARY.expand(stems("maleta de viaje")) == ()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("¿Tienen petacas azules?", "¿Tienen mochila azules?"),
        ("quiero una MALETA ESCOLAR, porfa", "quiero una mochila, porfa"),
        ("¿hacen acarreos a Arica?", "¿hacen despacho a Arica?"),
        ("una cartuchera", "una cartuchera"),
        ("la mochila azul", "la mochila azul"),
        ("hola", "hola"),
        ("", ""),
    ],
)
def test_a_text_is_put_in_words_the_bot_knows(text: str, meant: str) -> None:
    """`estuche` is known to nobody in the sample shop, so nothing is gained by it."""
    assert GLOSSARY.meant(text, known) == meant


def test_what_the_bot_knows_is_never_rewritten() -> None:
    terms = build_glossary([Term(word="termo", definition="Guarda calor.", synonyms=("polera",))])

    assert terms.meant("quiero la polera negra", known) == "quiero la polera negra"


def test_the_word_itself_is_rewritten_where_only_its_synonym_is_sold() -> None:
    terms = build_glossary([Term(word="morralito", definition="Bolso.", synonyms=("mochila",))])

    assert terms.meant("¿tienen morralitos?", known) == "¿tienen mochila?"


def test_definitions_are_found_by_word_and_synonym_in_their_order() -> None:
    found = GLOSSARY.terms_in("¿cuántas lucas sale una cartuchera? ¿y el estuche?")

    assert [term.word for term in found] == ["luca", "estuche"]


def test_each_part_of_a_phrase_is_looked_for_by_what_the_phrase_means() -> None:
    """Else the words of the phrase that no document holds would count as not found."""
    prepaid = Term(word="prepago", definition="Pagar antes.", synonyms=("pago anticipado",))

    also = build_glossary([prepaid]).also("¿qué es el pago anticipado?")

    assert set(also) == {"pag", "anticip"}
    assert all(set(others) == {"prepag"} for others in also.values())


def test_what_is_never_said_is_found_in_any_number_but_within_a_name() -> None:
    luca = Term(word="luca", definition="Mil pesos.", never=("ganga", "lo más barato"))
    glossary = build_glossary([luca, *TERMS])

    assert glossary.forbidden("¡GANGAS! Es lo mas barato.") == ("ganga", "lo más barato")
    assert glossary.forbidden("Lo más lindo y barato") == ()
    assert glossary.forbidden("La Mochila Ganga cuesta poco", ["Mochila Ganga"]) == ()
    assert glossary.forbidden("La Mochila Ganga es una ganga", ["Mochila Ganga"]) == ("ganga",)
    assert NO_TERMS.forbidden("ganga") == ()
