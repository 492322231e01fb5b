"""Finding products the way customers write."""

from dataclasses import replace
from uuid import UUID

import pytest

from benchmarks.understanding import large
from config.packs import load_pack
from knowledge.products import Vocabulary, build_index
from knowledge.spelling import Spelling, distance
from tests.llm.talking import INDEX, PRODUCTS, names


@pytest.mark.parametrize(
    ("text", "skus"),
    [
        ("la mochila azul", ["MOC-001"]),
        ("moxila negra", ["MOC-002"]),
        ("mochla azul", ["MOC-001"]),
        ("precio audifonos", ["AUD-001", "AUD-002"]),
        ("haudifonos bluetoth", ["AUD-001"]),
        ("cuanto sale el termo", ["TER-001", "TER-002"]),
        ("termo de 1 litro", ["TER-002"]),
        ("quiero 1 termo", ["TER-001", "TER-002"]),
        ("el termo de 500", ["TER-001"]),
        ("termo 500ml", ["TER-001"]),
        ("zapatiyas blancas", ["ZAP-002"]),
        ("tenis", ["ZAP-001", "ZAP-002"]),
        ("curso de excel", ["CUR-001"]),
        ("cursos", ["CUR-001", "CUR-002", "CUR-003"]),
        ("power bank", ["BAT-001"]),
        ("powerbank", ["BAT-001"]),
        ("cable", ["CAB-001"]),
        ("café", ["CAF-001"]),
        ("mate", ["MAT-001"]),
        ("casaca impermeable", ["CHA-001"]),
        ("algo para mi perro", ["COL-001", "CAM-001"]),
        ("backpack", ["MOC-001", "MOC-002", "MOC-003"]),
        ("el termo vale $500 o 1 peso?", ["TER-001", "TER-002"]),
        ("resistente al agua", ["BOT-001", "MOC-001", "MOC-002", "REL-001"]),
        ("hola buenas tardes", []),
        ("venden paraguas?", []),
        ("", []),
        ("¿?", []),
        ("🛒", []),
    ],
)
def test_a_text_finds_what_it_names(text: str, skus: list[str]) -> None:
    assert sorted(match.product.sku for match in INDEX.find(text)) == sorted(skus)


def test_naming_is_more_than_describing() -> None:
    assert [match.strong for match in INDEX.find("mochila")] == [True] * 3
    assert not any(match.strong for match in INDEX.find("con bolsillos laterales"))
    assert not any(match.strong for match in INDEX.find("y en azul?"))


def test_whole_names_are_read_in_their_order() -> None:
    text = "Tengo:\n• Termo Acero 1 Litro: $1\n• Termo Acero 500 ml: $2 y un mate"

    assert [product.sku for product in INDEX.named(text)] == ["TER-002", "TER-001"]


def test_products_of_one_name_are_told_together() -> None:
    bag = PRODUCTS["MOC-001"]
    twin = replace(bag, id=UUID(int=1), sku="MOC-1B")
    index = build_index([bag, twin, PRODUCTS["TER-002"]], Vocabulary())

    assert index.namesakes(f"Un {bag.name.lower()}") == ((bag, twin),)
    assert index.named(bag.name) == (bag,)


def test_narrowing_keeps_what_a_text_describes() -> None:
    shirts = [PRODUCTS["POL-001"], PRODUCTS["POL-002"]]

    assert INDEX.narrow("la negra", shirts) == (PRODUCTS["POL-001"],)
    assert INDEX.narrow("cuánto cuestan", shirts) == ()


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [
        ("mochil", "mochil", 0),
        ("mochl", "mochil", 1),
        ("mohcil", "mochil", 1),
        ("termo", "termas", 2),
    ],
)
def test_a_swap_is_one_mistake(one: str, other: str, steps: int) -> None:
    assert distance(one, other) == steps


def test_short_words_are_not_guessed() -> None:
    spelling = Spelling.of(["bola", "mochil", "zapatiy"])

    assert spelling.guesses("hola") == []
    assert spelling.guesses("mochl") == [("mochil", 0.8)]
    assert spelling.guesses("cochil") == [], "the first letter is rarely wrong"


@pytest.mark.parametrize(
    ("said", "question", "skus"),
    [
        ([], "el mate y la mochila azul", ["MAT-001", "MOC-001"]),
        ([], "polera para el gimnasio en negro", ["POL-001"]),
        ([], "mochilas hasta 30 lucas", ["MOC-001", "MOC-002"]),
        ([], "una mochila por menos de 10 mil", ["MOC-001", "MOC-002", "MOC-003"]),
        (["tienen mochilas?"], "la azul", ["MOC-001"]),
        (["tienen mochilas?"], "el tercero", ["MOC-003"]),
        (["tienen mochilas?"], "la última", ["MOC-003"]),
        (["tienen mochilas?"], "la quinta", ["MOC-001", "MOC-002", "MOC-003"]),
        (["tienen mochilas?"], "hacen envíos?", []),
        (["tienen mochilas?", "hacen envíos?"], "¿cuánto cuesta la negra?", ["MOC-002"]),
        (["tienen mochilas?", "y el mate?"], "lo quiero", ["MAT-001"]),
        (["tienen mochilas?"], "cuánto cuesta el televisor?", []),
    ],
)
def test_a_turn_is_about_what_it_names_or_points_at(
    said: list[str], question: str, skus: list[str]
) -> None:
    assert sorted(names(question, *said)) == sorted(skus)


def test_a_large_catalogue_is_searched_as_well_as_a_small_one() -> None:
    index = large(load_pack("ventas"), 5_000)
    common = index.products[0].category

    assert [match.product.sku for match in index.find("la mochila azul")] == ["MOC-001"]
    assert len(index.find(common, limit=5)) == 5


def test_an_empty_catalogue_finds_nothing() -> None:
    index = build_index([], Vocabulary())

    assert index.find("mochila") == ()
    assert index.named("mochila") == ()
    assert index.categories == ()
