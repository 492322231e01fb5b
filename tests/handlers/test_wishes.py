"""What somebody wants written down, and what they correct of it."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.packs import load_pack
from handlers.bookkeeping import (
    NOTE,
    Entries,
    Limit,
    Pending,
    Target,
    Wish,
    lacking,
    pending_in,
    together,
)
from handlers.takeover import INTERRUPTED
from handlers.wishes import Words, amended, verdict, wished

PACK = load_pack("finanzas")
TODAY = date(2026, 11, 20)
HERE = datetime(2026, 11, 20, 15, tzinfo=UTC)


def words(text: str) -> Words:
    return Words(text, PACK, TODAY)


def wish(text: str) -> Wish | None:
    return wished(words(text), words(text).parsed())


def pending(text: str) -> Pending:
    found = wish(text)
    assert found is not None
    return Pending(UUID(int=1), UUID(int=2), HERE, found)


def items(text: str) -> list[tuple[str, int | None, str, str]]:
    found = wish(text)
    assert isinstance(found, Entries)
    return [(one.kind, one.amount, one.category, one.on.isoformat()) for one in found.items]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("almuerzo 5 lucas, micro 2 lucas", [(5000, "comida"), (2000, "transporte")]),
        ("5 lucas en almuerzo y 2 en micro", [(5000, "comida"), (2000, "transporte")]),
        ("pan 2 lucas uber 3 lucas", [(2000, "comida"), (3000, "transporte")]),
        ("2 lucas pan 3 lucas uber", [(2000, "comida"), (3000, "transporte")]),
        ("luca y media en pan y 3 gambas en micro", [(1500, "comida"), (300, "transporte")]),
        (
            "5 lucas en pan, queso y bebida y 2 lucas en micro",
            [(5000, "comida"), (2000, "transporte")],
        ),
        (
            "pagué la luz 20 mil, el arriendo 400 lucas y el uber 3.500",
            [(20_000, "cuentas"), (400_000, "vivienda"), (3500, "transporte")],
        ),
        ("gasté 5 lucas", [(5000, "")]),
        ("gasté en pan", [(None, "comida")]),
        ("gasté un millón doscientos mil en ropa", [(1_200_000, "ropa")]),
        ("gasté entre 10 y 15 lucas en bencina", [(None, "transporte")]),
        ("gasté entre diez mil y quince mil pesos en pan", [(None, "comida")]),
        ("gasté 20 lucas entre pan y leche", [(20_000, "comida")]),
        ("gasté 0.500 uf en luz", [(5000, "cuentas")]),
    ],
)
def test_each_amount_is_an_entry_with_what_it_was_for(
    text: str, expected: list[tuple[int | None, str]]
) -> None:
    assert [(amount, category) for _, amount, category, _ in items(text)] == expected


def test_income_and_expense_in_one_breath_are_told_apart() -> None:
    found = items("me pagaron 800 lucas y gasté 5 lucas en pan ayer")

    assert found == [
        ("income", 800_000, "", "2026-11-19"),
        ("expense", 5000, "comida", "2026-11-19"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("presupuesto de 200 lucas para comida", (200_000, "comida", "month")),
        ("máximo 15 lucas a la semana en delivery", (15_000, "comida", "week")),
        ("hazme un presupuesto", (None, "", "month")),
    ],
)
def test_a_budget_has_amount_category_and_period(
    text: str, expected: tuple[int | None, str, str]
) -> None:
    found = wish(text)

    assert isinstance(found, Limit)
    assert (found.amount, found.category, found.period) == expected


def test_a_goal_has_a_name_and_a_day() -> None:
    found = wish("quiero juntar 500 lucas para el viaje al sur antes de marzo")

    assert isinstance(found, Target)
    assert (found.name, found.amount, found.by) == ("viaje al sur", 500_000, date(2027, 2, 28))


@pytest.mark.parametrize(
    ("text", "amount", "category", "day"),
    [
        ("no, eran 6 lucas", 6000, "comida", "2026-11-20"),
        ("no, eran 6", 6000, "comida", "2026-11-20"),
        ("fueron 13", 13_000, "comida", "2026-11-20"),
        ("6 lucas", 6000, "comida", "2026-11-20"),
        ("no, fue en micro", 5000, "transporte", "2026-11-20"),
        ("fue ayer", 5000, "comida", "2026-11-19"),
        ("en realidad gasté 7.500 en uber el lunes", 7500, "transporte", "2026-11-16"),
    ],
)
def test_a_correction_takes_the_place_of_what_was_wrong(
    text: str, amount: int, category: str, day: str
) -> None:
    found = amended(pending("gasté 5 lucas en almuerzo"), words(text), words(text).parsed())

    assert isinstance(found, Entries)
    (item,) = found.items
    assert (item.amount, item.category, item.on.isoformat()) == (amount, category, day)


def test_of_several_the_one_that_is_named_is_corrected() -> None:
    two, said = pending("5 lucas en almuerzo y 2 en micro"), words("no, el almuerzo fueron 6 lucas")

    found = amended(two, said, said.parsed())

    assert isinstance(found, Entries)
    assert [item.amount for item in found.items] == [6000, 2000]


@pytest.mark.parametrize(
    "text", ["gasté 3 lucas en pan", "cuánto llevo gastado en comida", "hola", "cómo voy con ropa"]
)
def test_something_new_is_no_correction(text: str) -> None:
    assert amended(pending("gasté 5 lucas"), words(text), words(text).parsed()) is None


def test_what_waits_and_what_is_new_are_asked_for_together() -> None:
    first, second = pending("gasté 5 lucas en pan"), wish("gasté 3 lucas en micro")
    assert second is not None

    both = together(first, second)

    assert isinstance(both, Entries)
    assert [item.amount for item in both.items] == [5000, 3000]
    budget = wish("presupuesto de 20 lucas para ropa")
    assert budget is not None
    assert together(first, budget) == budget


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("gasté en pan", "amount"),
        ("gasté 5 lucas", ""),
        ("hazme un presupuesto", "amount"),
        ("presupuesto de 20 lucas", "category"),
        ("crear meta", "amount"),
        ("gasté 999999 palos en pan", "amount"),
    ],
)
def test_the_first_thing_that_is_missing_is_known(text: str, missing: str) -> None:
    assert lacking(pending(text).wish) == missing


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *[(text, True) for text in ("sí", "dale", "ok gracias", "perfecto, muchas gracias", "👍")],
        *[(text, True) for text in ("está bien gracias", "ya po", "si porfa", "SIII", "yes")],
        *[
            (text, False)
            for text in ("no", "no gracias", "mejor no", "👎", "ya no", "no lo anotes")
        ],
        *[(text, None) for text in ("sí, eran 6 lucas", "no, eran 6", "saldo", "gracias", "¿sí?")],
        *[(text, None) for text in ("cuanta plata he juntado ya", "quién eres", "bla bla si bla")],
    ],
)
def test_a_yes_with_more_than_a_yes_is_none(text: str, *, expected: bool | None) -> None:
    assert verdict(words(text), words(text).parsed()) is expected


@given(st.text(max_size=80))
def test_any_text_is_a_wish_or_none(text: str) -> None:
    found = wish(text)

    assert found is None or lacking(found) in {"", "amount", "category"}


@pytest.mark.parametrize(
    "open_wish", ["gasté 5 lucas en pan", "hazme un presupuesto", "crear meta"]
)
@given(st.text(max_size=80))
def test_any_text_corrects_something_or_nothing(open_wish: str, text: str) -> None:
    waiting, said = pending(open_wish), words(text)

    found = amended(waiting, said, said.parsed())

    assert found is None or type(found) is type(waiting.wish)


@pytest.mark.parametrize(("spoken_s", "waits"), [(-1, True), (1, False)])
def test_what_was_proposed_before_a_person_spoke_waits_for_no_yes(
    spoken_s: int, *, waits: bool
) -> None:
    proposed = pending("5 lucas en almuerzo")
    spoken = (HERE + timedelta(seconds=spoken_s)).isoformat()
    notes = {NOTE: proposed.written(), INTERRUPTED: spoken}
    assert pending_in(notes, HERE + timedelta(seconds=2)) == (proposed if waits else None)
