"""Thumbs, stars and grades are read from what people really type."""

from uuid import UUID

import pytest

from text.verdicts import stars, tapped_stars, tapped_thumb, thumb

REPLY = UUID("6d0f5f8e-0f5c-5b0e-9d8e-0a1b2c3d4e5f")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5", (5, "")),
        ("5.", (5, "")),
        (" 4/5 ", (4, "")),
        ("4 de 5", (4, "")),
        ("cinco", (5, "")),
        ("Un 3", (3, "")),
        ("le doy un 2", (2, "")),
        ("5 estrellas", (5, "")),
        ("⭐⭐⭐⭐", (4, "")),
        ("⭐⭐ Mal", (2, "Mal")),
        ("5️⃣", (5, "")),
        ("5 👍", (5, "")),
        ("5 muchas gracias", (5, "")),
        ("1 pésimo", (1, "")),
        ("2, tardaron mucho", (2, "tardaron mucho")),
        ("2\nNo me contestaron", (2, "No me contestaron")),
        ("4 porque tardó un poco", (4, "porque tardó un poco")),
        ("I give 5 stars!", (5, "")),
    ],
)
def test_a_grade_is_read_with_what_is_said_besides(text: str, found: tuple[int, str]) -> None:
    assert stars(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "", "hola", "0", "6", "10", "55", "3 tazas", "2 tazas por favor", "1.5", "2-3 días", "5%",
        "5000", "una mochila", "quiero 5", "⭐⭐⭐⭐⭐⭐", "1/2 kilo", "tres colores",
        "5 mochilas azules",
    ],
)  # fmt: skip
def test_a_number_that_counts_something_is_no_grade(text: str) -> None:
    assert stars(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("👍", 1),
        (" 👍🏽", 1),
        ("👍👍👍", 1),
        ("👎🏿", -1),
        ("👍👎", None),
        ("ok 👍", None),
        ("", None),
    ],
)
def test_a_thumb_stands_alone(text: str, found: int | None) -> None:
    assert thumb(text) == found


def test_a_tap_says_what_it_is_about() -> None:
    assert tapped_thumb(f"rate:up:{REPLY}") == (1, REPLY)
    assert tapped_thumb(f"rate:down:{REPLY}") == (-1, REPLY)
    assert tapped_stars(f"csat:4:{REPLY}") == (4, REPLY)


@pytest.mark.parametrize(
    "action",
    [None, "", "rate", "rate:up", "rate:up:x", f"rate:both:{REPLY}", f"csat:6:{REPLY}",
     f"csat:0:{REPLY}", f"confirm:{REPLY}", f"rate:4:{REPLY}"],
)  # fmt: skip
def test_any_other_tap_grades_nothing(action: str | None) -> None:
    assert tapped_thumb(action) is None
    assert tapped_stars(action) is None
