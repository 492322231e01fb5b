"""What customers answer when they are asked who they are, and that it stays out of what is kept."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest

from capture.masking import Mask
from config.packs import load_pack
from handlers.challenge import NOTE, Waiting, given, in_public
from handlers.record_wishes import Wish, wish_of
from knowledge.lookups import terms_of
from knowledge.prompt import own_recognisers
from nlu.parse import build_parser

TODAY: Final = date(2026, 11, 21)
BORN: Final = date(1985, 3, 12)
PACK: Final = load_pack("creditos")
ANSWERS: Final = (
    "5678 y 12/03/1985",
    "12.345.678-5, 12 de marzo de 1985",
    "12345678-5 12-3-85",
    "mi rut termina en 5678 y nací el 12 marzo 1985",
    "5678\n12.03.1985",
    "1985-03-12 / 5678",
    "5678-5 12031985",
    "nací el 12 de marzo del 1985, mis números son 5678",
)


@pytest.mark.parametrize("text", ANSWERS)
def test_an_answer_is_understood_however_it_is_written(text: str) -> None:
    said = given(text, TODAY)
    assert (said.id_tail, said.born_on) == ("5678", BORN)


@pytest.mark.parametrize(
    "text",
    [
        "5678 4321 12/03/1985",
        "5678 12/03/1985 13/03/1985",
        "5678",
        "12/03/1985",
        "5678 31/02/1985",
        "5678 12/03/2031",
        "5678 12/03/1850",
        "$5678 de 1985",
        "hola",
    ],
)
def test_half_an_answer_or_several_at_once_are_none(text: str) -> None:
    said = given(text, TODAY)
    assert said.id_tail is None or said.born_on is None


@pytest.mark.parametrize("text", [*ANSWERS, "5678", "user: 5678", "12/03/1985", "5678 4321"])
def test_an_answer_is_masked_before_anything_learns_from_it(text: str) -> None:
    masked = Mask((), own_recognisers(PACK))(text)
    assert "5678" not in masked
    assert "1985" not in masked
    assert "85" not in masked


@pytest.mark.parametrize(
    "text", ["en 12 cuotas", "vence el 05-12-2026", "quiero 5000 pesos", "3 meses", "son 5.678"]
)
def test_counts_and_due_dates_are_left_alone(text: str) -> None:
    assert Mask((), own_recognisers(PACK))(text) == text


def test_what_somebody_owes_is_masked_too() -> None:
    told = "De tu préstamo 1001 debes $819.203."
    masked = Mask((), own_recognisers(PACK))(told)
    assert masked == "De tu préstamo [NUMERO_1] debes [MONTO_1]."


def test_what_was_asked_before_is_remembered_for_a_quarter_of_an_hour() -> None:
    at = datetime(2026, 11, 21, 12, tzinfo=UTC)
    wish = Wish("fields", "1001", 3, 2, (("loan", "rate"),))
    notes = {NOTE: Waiting(wish, at + timedelta(minutes=15)).written()}
    found = Waiting.read(notes, at)
    assert found is not None
    assert found.wish == wish
    assert Waiting.read(notes, at + timedelta(minutes=15)) is None
    for nonsense in ("", "x", "{}", "[]", '{"wish": 1, "until": "x"}'):
        assert Waiting.read({NOTE: nonsense}, at) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("cuánto debo", "balance"),
        ("cuándo vence mi cuota", "next"),
        ("estoy atrasado?", "overdue"),
        ("qué pasa si me atraso", None),
        ("cobran multa por atraso?", None),
        ("cuál es la tasa de mi préstamo", "fields"),
        ("qué tasa cobran", None),
        ("hola", None),
        ("quiero pagar mi cuota", None),
        ("/cliente ana soto, mi saldo", None),
    ],
)
def test_only_questions_about_ones_own_records_ask_who_somebody_is(
    text: str, kind: str | None
) -> None:
    wish = wish_of(build_parser(PACK).parse(text), text, terms_of(PACK.glossary))
    assert (wish.kind if wish is not None else None) == kind


@pytest.mark.parametrize(
    ("account", "chat", "public"),
    [
        ("telegram:main", "-100123", True),
        ("telegram:main", "123", False),
        ("whatsapp:main", "123@g.us", True),
        ("whatsapp:main", "56961234501@s.whatsapp.net", False),
        ("whatsapp_cloud:main", "Y2FwaV9ncm91cA==", True),
        ("whatsapp_cloud:main", "+56961234501", False),
        ("whatsapp_cloud:main", "CL.1234567890", False),
        ("web:main", "visitor", False),
    ],
)
def test_in_a_group_others_read_along(account: str, chat: str, *, public: bool) -> None:
    assert in_public(account, chat, None) is public
