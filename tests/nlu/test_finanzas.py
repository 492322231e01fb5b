"""The personal finances pack on messages as they are typed: those it was made on, and others."""

import json
from collections import Counter
from datetime import date
from typing import Any

import pytest

from config.folders import DOMAINS
from config.packs import load_pack
from nlu.parse import Parsed, parse

PACK = load_pack("finanzas")
MANNERS = {"saludo", "gracias", "afirmacion", "negacion", "despedida", "ayuda", "persona"}
TODAY = date(2026, 11, 20)


def labelled(name: str) -> list[dict[str, Any]]:
    lines = (DOMAINS / "finanzas" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def read(row: dict[str, Any]) -> Parsed:
    return parse(row["text"], PACK, date.fromisoformat(row.get("today", TODAY.isoformat())))


def macro_f1(rows: list[dict[str, Any]]) -> float:
    """Of every intent that is labelled, each counting the same."""
    pairs = [(row["intent"], read(row).intent) for row in rows]
    wanted, found = Counter(one for one, _ in pairs), Counter(one for _, one in pairs)
    right = Counter(one for one, other in pairs if one == other)
    scores: list[float] = [2 * right[name] / (wanted[name] + found[name]) for name in wanted]
    return sum(scores) / len(scores)


def exact(rows: list[dict[str, Any]]) -> float:
    """The share of messages whose slots are all found, and no others."""
    right = [row for row in rows if read(row).slots == row.get("slots", {})]
    return len(right) / len(rows)


@pytest.mark.parametrize(
    ("name", "least_f1", "least_slots"), [("dev", 0.97, 0.96), ("test", 0.92, 0.94)]
)
def test_what_people_type_is_understood(name: str, least_f1: float, least_slots: float) -> None:
    rows = labelled(name)

    assert macro_f1(rows) >= least_f1
    assert exact(rows) >= least_slots


@pytest.mark.parametrize(("name", "least"), [("dev", 30), ("test", 10)])
def test_every_intent_of_the_business_has_its_messages(name: str, least: int) -> None:
    counted = Counter(row["intent"] for row in labelled(name))

    assert set(counted) == {rule.name for rule in PACK.intents} - MANNERS
    assert min(counted.values()) >= least


def test_no_message_is_in_both_sets() -> None:
    dev, test = ({row["text"].lower() for row in labelled(name)} for name in ("dev", "test"))

    assert dev & test == set()


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("luca y media", 1500, "CLP"),
        ("medio palo", 500_000, "CLP"),
        ("veinte lucas", 20_000, "CLP"),
        ("quinientas lucas", 500_000, "CLP"),
        ("una quina", 500, "CLP"),
        ("3 gambas", 300, "CLP"),
        ("5k", 5000, "CLP"),
        ("20 mil", 20_000, "CLP"),
        ("un palo 200", 1_200_000, "CLP"),
        ("5 lucas 500", 5500, "CLP"),
        ("1,5 UF", 1.5, "UF"),
        ("media uf", 0.5, "UF"),
        ("$12.990", 12_990, "CLP"),
        ("us$ 20", 20, "USD"),
    ],
)
def test_slang_is_money(text: str, amount: float, currency: str) -> None:
    slots = parse(f"gasté {text} en algo", PACK).slots

    assert (slots["amount"], slots["currency"]) == (amount, currency)


@pytest.mark.parametrize(
    "text",
    ["en 2026", "el 12/03/2026", "el 50 por ciento", "mi rut 12.345.678-5", "a las 14:30", "son 3"],
)
def test_years_dates_and_shares_are_no_money(text: str) -> None:
    assert "amount" not in parse(text, PACK).slots


@pytest.mark.parametrize(
    "text", ["sí", "dale", "sí, anótalo", "ya po", "👍", "ok gracias", "si porfa"]
)
def test_a_yes_is_a_yes(text: str) -> None:
    assert "agree" in parse(text, PACK).acts


@pytest.mark.parametrize("text", ["no", "nopo", "mejor no", "no lo anotes", "👎"])
def test_a_no_is_a_no(text: str) -> None:
    assert "decline" in parse(text, PACK).acts


def test_an_amount_alone_is_an_expense_and_without_today_no_day_is_known() -> None:
    found = parse("hola, ayer sushi 7 lucas", PACK)

    assert (found.intent, found.answers) == ("registrar_gasto", ("registrar_gasto",))
    assert found.slots == {"category": "comida", "amount": 7000, "currency": "CLP"}


def test_the_rules_of_a_pack_are_prepared_once() -> None:
    assert load_pack("finanzas") == PACK
    assert parse("saldo", load_pack("finanzas")) == parse("saldo", PACK)


@pytest.mark.parametrize(
    "text",
    [
        "qué hora es",
        "te quiero mucho",
        "cuéntame un chiste",
        "hace frío hoy",
        "tengo hambre",
        "y eso?",
    ],
)
def test_small_talk_is_no_business(text: str) -> None:
    assert parse(text, PACK, TODAY).intent == "general"
