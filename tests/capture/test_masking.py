import re

import pytest

from capture.masking import LONGEST, SHORT, Mask
from text.privacy import Recogniser


def test_a_value_has_one_tag_in_all_texts_of_a_row() -> None:
    mask = Mask(())
    assert mask("mi correo es ana@example.com") == "mi correo es [MAIL_1]"
    assert mask("anoté ana@example.com y beto@example.com") == "anoté [MAIL_1] y [MAIL_2]"
    assert mask.tags.known == {"[MAIL_1]": "ana@example.com", "[MAIL_2]": "beto@example.com"}


def test_a_profile_name_is_masked_wherever_it_is_said() -> None:
    mask = Mask(("Ana Pérez", None))
    assert mask("¡Hola, Ana! ¿Te la reservo?") == "¡Hola, [NOMBRE_1]! ¿Te la reservo?"
    assert "[NOMBRE_" in mask("habla ana perez")
    assert mask("mañana te aviso") == "mañana te aviso"


def test_a_name_too_short_to_look_for_by_itself_is_found_in_full() -> None:
    assert "[NOMBRE_" in Mask(("Li Wu",))("soy la clienta li wu")
    assert Mask(("Li",))("¿y el polerón lila?") == "¿y el polerón lila?"


def test_tags_of_the_row_s_other_texts_are_used_again() -> None:
    mask = Mask((), known={"[MAIL_1]": "ana@example.com"})
    assert mask("era ana@example.com, no bea@example.com") == "era [MAIL_1], no [MAIL_2]"


def test_a_tag_that_a_customer_typed_is_not_given_to_a_value() -> None:
    mask = Mask(())
    assert mask("¿qué es [MAIL_1]?") == "¿qué es [MAIL_1]?"
    assert mask("ana@example.com") == "[MAIL_2]"


def test_a_pack_s_own_kinds_are_masked_and_not_mistaken_for_another_pack_s() -> None:
    folio = Recogniser("folio", re.compile(r"folio \w+"))
    assert Mask(())("es el folio x1") == "es el folio x1"
    assert Mask((), (folio,))("es el folio x1") == "es el [FOLIO_1]"
    assert Mask(())("es el folio x1") == "es el folio x1"


def test_every_text_inside_a_value_is_masked() -> None:
    slots = {"correo": "a@b.cl", "n": 3, "lista": ["a@b.cl", {"x": ("ok", None)}]}
    assert Mask(()).inside(slots) == {
        "correo": "[MAIL_1]",
        "n": 3,
        "lista": ["[MAIL_1]", {"x": ["ok", None]}],
    }


@pytest.mark.parametrize("length", [SHORT + 1, LONGEST + 1])
def test_a_long_text_is_masked_too_and_cut_where_training_stops_reading(length: int) -> None:
    text = Mask(())("ana@example.com " + "x" * length)
    assert text.startswith("[MAIL_1] ")
    assert len(text) <= LONGEST


def test_characters_that_cannot_be_stored_are_left_out() -> None:
    assert Mask(())("ho\0la \ud800") == "hola "
