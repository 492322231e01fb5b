"""Any table of people: what can teach is taken, what cannot is left out by its name."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from prediction.errors import (
    BadDates,
    ColumnMissing,
    DirectionsUnclear,
    LeakyColumn,
    OneClass,
    ProtectedAttribute,
    RiskError,
    TargetMissing,
    TargetUnclear,
)
from prediction.reading import Prepared, Wish, asked, prepared
from prediction.sheets import parsed
from prediction.table import Feature

WISH = Wish("impago", date="fecha")
HEAD = "id;nombre;edad;rubro;deuda;atraso;país;nacido_en;fecha;impago"


def row(number: int, *, bad: bool) -> str:
    trade = ("feria", "taller", "")[number % 3]
    day = date(2026, 1, 1 + number % 28)
    return (
        f"{1000 + number};Persona {number};{20 + number % 50};{trade};1.{number % 900:03},50;"
        f"{number % 7};Chile;01/02/1990;{day:%d/%m/%Y};{'Sí' if bad else 'No'}"
    )


def table(count: int = 120) -> str:
    return "\n".join([HEAD, *(row(one, bad=one % 4 == 0) for one in range(count))])


def read(text: str, wish: Wish = WISH) -> Prepared:
    return prepared(parsed(text.encode()), wish)


def test_what_can_teach_is_taken_in_its_kind() -> None:
    found = read(table())
    assert [(one.name, one.kind) for one in found.features] == [
        ("rubro", "category"),
        ("deuda", "number"),
        ("atraso", "number"),
    ]
    assert found.table.features["deuda"][3] == 1003.5
    assert found.table.features["rubro"][:3].tolist() == ["feria", "taller", None]
    assert found.table.target is not None
    assert found.table.target.tolist()[:5] == [1, 0, 0, 0, 1]
    assert found.table.dates is not None
    assert str(found.table.dates[4]) == "2026-01-05"


def test_what_cannot_teach_is_left_out_and_says_why() -> None:
    assert {one.column: one.why for one in read(table()).left_out} == {
        "id": "identifies",
        "nombre": "identifies",
        "edad": "protected",
        "país": "constant",
        "nacido_en": "constant",
    }


def test_a_column_of_days_that_nobody_named_is_left_out() -> None:
    found = read(table(), Wish("impago"))
    assert ("fecha", "date") in [(one.column, one.why) for one in found.left_out]
    assert found.table.dates is None


def test_the_reader_is_told_which_value_is_bad_and_who_was_left_out() -> None:
    lines = table().splitlines()
    lines[5] = lines[5].removesuffix("Sí").removesuffix("No")
    lines[7] = lines[7].replace("07/01/2026", "")
    found = read("\n".join(lines))
    assert [(one.about, one.of) for one in found.notes] == [
        ("target", ("impago", "si", "no")),
        ("unlabelled", ("1",)),
        ("undated", ("1",)),
    ]
    assert len(found.table) == 118
    assert "si counts as bad" in found.notes[0].english
    assert "si cuenta como malo" in found.notes[0].spanish


def test_only_what_was_asked_for_is_learned_from() -> None:
    found = read(table(), replace(WISH, asked=("deuda",)))
    assert [one.name for one in found.features] == ["deuda"]
    assert ("atraso", "unasked") in [(one.column, one.why) for one in found.left_out]
    without = read(table(), replace(WISH, without=("deuda",)))
    assert [one.name for one in without.features] == ["rubro", "atraso"]


def test_what_was_declared_of_a_column_is_kept() -> None:
    late = Feature("atraso", direction=1, words="{value} meses")
    found = read(table(), replace(WISH, directions={"atraso": late}))
    assert found.features[-1] == late


def test_a_few_cells_that_are_no_numbers_are_not_known_and_told() -> None:
    lines = table().splitlines()
    lines[1] = lines[1].replace("1.000,50", "pendiente")
    found = read("\n".join(lines))
    assert np.isnan(found.table.features["deuda"][0])
    assert ("unread", ("1", "deuda")) in [(one.about, one.of) for one in found.notes]


def wide(columns: int) -> str:
    """Too many to name them all."""
    return "\n".join(";".join(f"{one}{n}" for n in range(columns)) for one in "c0")


def leaky(text: str) -> str:
    lines = text.splitlines()
    told = ["castigado_el", *("9" if line.endswith("Sí") else "" for line in lines[1:])]
    return "\n".join(f"{one};{line}" for one, line in zip(told, lines, strict=True))


def kindly(text: str) -> str:
    """Whether a yes is good news is for a person to say."""
    return text.replace("impago", "pagado", 1)


@pytest.mark.parametrize(
    ("text", "wish", "error", "words"),
    [
        (table(), Wish("impagos"), TargetMissing, "there is impago"),
        (table(), Wish("rubro_"), TargetMissing, "there is rubro"),
        (table(), Wish("atraso"), TargetUnclear, "it has 7: 0, 1, 2, 3, 4…"),
        (table(), Wish("país"), OneClass, "it is chile throughout"),
        (table(), replace(WISH, bad="quizás"), TargetUnclear, "has no value quizás"),
        (kindly(table()), Wish("pagado"), TargetUnclear, "--bad no or --bad si"),
        (table(), replace(WISH, date="rubro"), BadDates, "'feria' is none"),
        (table(), replace(WISH, asked=("edad",)), ProtectedAttribute, "edad may not be"),
        (wide(25), Wish("impagado"), TargetMissing, "c18, c19 and 5 more"),
        (table(), replace(WISH, asked=("deudas",)), ColumnMissing, "there are deuda"),
        (
            table(),
            replace(WISH, directions={"rubro": Feature("rubro")}),
            DirectionsUnclear,
            "none of its cells is one",
        ),
        (leaky(table()), WISH, LeakyColumn, "castigado_el knows the answer"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(
    text: str, wish: Wish, error: type[RiskError], words: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        read(text, wish)
    assert caught.value.hint


def test_a_leak_can_be_left_out() -> None:
    found = read(leaky(table()), replace(WISH, without=("castigado_el",)))
    assert "castigado_el" not in found.table.features


def test_a_model_asks_for_its_columns_and_takes_them_as_it_knows_them() -> None:
    found = read(table())
    other = parsed(b"deuda,atraso,rubro\n1003.5,many,circo\n")
    again = asked(other, found.features)
    assert again.features["deuda"].tolist() == [1003.5]
    assert np.isnan(again.features["atraso"][0])
    assert again.features["rubro"].tolist() == ["circo"]
    with pytest.raises(ColumnMissing, match="no column rubro"):
        asked(parsed(b"deuda,atraso\n1,2\n"), found.features)
