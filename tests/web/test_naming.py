"""Who has no name is still called something that people can say."""

import pytest

from web.naming import called, hinted
from web.translating import words


@pytest.mark.parametrize(
    ("name", "chat", "expected"),
    [
        ("Ana", "0341bcdbe29d59f3655bcb0cf996fd97", "Ana"),
        (None, "0341bcdbe29d59f3655bcb0cf996fd97", "Visita 0341"),
        ("", "0341bcdbe29d59f3655bcb0cf996fd97", "Visita 0341"),
        (None, "56912345678", "56912345678"),
        (None, "@ana_rojas", "@ana_rojas"),
    ],
)
def test_a_visitor_of_the_page_is_told_by_a_few_letters(
    name: str | None, chat: str, expected: str
) -> None:
    assert called(words("es"), name, chat) == expected


@pytest.mark.parametrize(
    ("name", "chat", "expected"),
    [
        ("Ana", "56912345678", "Ana"),
        (None, "0341bcdbe29d59f3655bcb0cf996fd97", "Visita 0341"),
        (None, "56912345678", "•••• 678"),
        (None, "12", "••••"),
        (None, "@ana_rojas", "••••"),
        (None, "", "Sin nombre"),
    ],
)
def test_where_numbers_stay_covered_a_visitor_is_called_the_same(
    name: str | None, chat: str, expected: str
) -> None:
    assert hinted(words("es"), name, chat) == expected


def test_in_english_too() -> None:
    assert called(words("en"), None, "0341bcdbe29d59f3655bcb0cf996fd97") == "Visitor 0341"
