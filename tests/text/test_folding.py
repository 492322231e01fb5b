"""Spellings that mean the same become the same; what hides in a text goes."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.folding import clean, fold, level, squeeze, tokenise

TRICKY = "a1#\u200d\ufe0f\ufe0e👍\U0001f3fd👨⬅↔©\u0301\u0316é\u202e\r\n\u2028\ud83d\ude00\U000e0041"
ANY_TEXT = st.one_of(st.text(st.characters(codec=None), max_size=200), st.text(TRICKY))
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


def test_case_accents_and_lookalikes_fold_away() -> None:
    assert fold("PÉSIMO Ñandú ｏｋ 𝐎𝐊") == "pesimo nandu ok ok"
    assert fold("pe\u0301simo") == "pesimo"


def test_levelling_keeps_every_place() -> None:
    text = "Ｅl RUT es 12.345.678‑5 (İ)"

    assert level(text) == "el rut es 12.345.678-5 (i)"


@given(st.text(st.characters(max_codepoint=255), min_size=1))
def test_letters_are_levelled_alike_beside_whatever_else_is_said(text: str) -> None:
    """Latin letters alone take a shorter way than with an emoji among them."""
    accented = f"é{text}"

    assert level(accented) == level(f"{accented}👍")[:-1]


@given(ANY_TEXT)
def test_levelling_never_changes_the_length(text: str) -> None:
    assert len(level(text)) == len(text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("graciasss", "gracias"), ("noooo", "no"), ("siiii", "si"), ("perfectoo", "perfecto")],
)
def test_stretched_letters_are_let_go(typed: str, meant: str) -> None:
    assert squeeze(typed) == meant


def test_letters_that_spanish_doubles_stay() -> None:
    assert squeeze("llego direccion perro leer cooperar") == "llego direccion perro leer cooperar"


def test_words_and_emoji_are_tokens() -> None:
    assert tokenise("¡Gracias! 👍🏽 ❤️ no sé") == ["gracias", "👍", "❤", "no", "se"]
    assert len(tokenise(FAMILY)) == 1


def test_characters_that_hide_text_are_removed() -> None:
    tagged = "ho" + "".join(chr(0xE0000 + ord(letter)) for letter in "secreto") + "la"

    assert clean(tagged) == "hola"
    assert clean("a\x00b\u202ec\u200bd\u2066e") == "abcde"
    assert clean("x\u200dy\ufe0f") == "xy"


def test_emoji_and_line_breaks_survive() -> None:
    assert clean(f"hola {FAMILY} ❤️ 👍🏽\nfin\r\n") == f"hola {FAMILY} ❤️ 👍🏽\nfin\n"


def test_lone_surrogates_go_and_pairs_become_one_character() -> None:
    assert clean("a\ud83d\ude00b\ud83dc") == "a😀bc"


def test_a_clipped_text_does_not_end_inside_an_emoji() -> None:
    assert clean("ab" + FAMILY, 4) == "ab"
    assert clean("a" * 5000) == "a" * 4000


def test_accents_are_composed() -> None:
    assert clean("cafe\u0301") == "café"


@given(ANY_TEXT, st.integers(0, 100))
def test_cleaned_text_is_storable_short_and_settled(text: str, limit: int) -> None:
    cleaned = clean(text, limit)

    assert len(cleaned) <= limit
    assert "\x00" not in cleaned
    assert cleaned.encode().decode() == cleaned
    assert clean(cleaned, limit) == cleaned


def test_piled_up_marks_are_read_in_linear_time() -> None:
    started = time.process_time()
    cleaned = clean("a" + "\u0301\u0316" * 20_000)

    assert time.process_time() - started < 0.2
    assert len(unicodedata.normalize("NFD", cleaned)) <= 5
