"""Learning intents from a few labels: honest measures, one side of the fence per message."""

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from config.packs import load_pack
from learning.fitting import folds
from learning.intents import HeldOut, cross_validated, train
from learning.labels import (
    HINTS,
    LEAST,
    Label,
    LabelsError,
    TooFewLabels,
    groups_of,
    hints,
    joined,
    refuse_too_few,
    shipped,
)
from nlu.classifier import unpacked

PACK = load_pack("ventas")
THINGS = (
    "el termo", "la mochila", "una polera", "dos tazas", "el bolso gris", "esa lámpara", "un cable",
    "mi gorro", "los plumones", "la manta", "el reloj", "un mate",
)  # fmt: skip
SAID = {"reserva": "congélame {}", "anulacion": "échale pie atrás a {}", "contacto": "{} tu arroba"}
LABELS = [Label(said.format(thing), name) for name, said in SAID.items() for thing in THINGS]
BESIDE = [Label(f"qué lindo día número {word} hace", "general") for word in THINGS]


def test_what_was_taught_is_understood_in_words_that_were_not() -> None:
    data, held = train(LABELS, BESIDE, PACK)
    learned = unpacked(data)

    assert learned.header.pack == "ventas"
    assert learned.header.count == len(LABELS) + len(BESIDE)
    assert set(learned.header.intents) == {*SAID, "general"}
    for text, name in (
        ("congélame la chaqueta", "reserva"),
        ("échale pie atrás a lo del collar", "anulacion"),
    ):
        likely = learned.predict(text)
        assert max(likely, key=lambda one: likely[one]) == name
    assert held.likely.sum(axis=1) == pytest.approx(1)


def test_the_same_labels_give_the_same_bytes() -> None:
    assert train(LABELS, BESIDE, PACK)[0] == train(LABELS, BESIDE, PACK)[0]


def test_labels_by_chance_are_measured_as_chance() -> None:
    names = [one.intent for one in LABELS]
    Random(7).shuffle(names)  # noqa: S311  a draw that is the same every time
    drawn = [Label(one.text, name) for one, name in zip(LABELS, names, strict=True)]

    assert right(cross_validated(LABELS, BESIDE, PACK)) > 0.9
    assert right(cross_validated(drawn, BESIDE, PACK)) < 0.6


def right(held: HeldOut) -> float:
    business = [one for one in held.guesses() if one.wanted != "general"]
    return sum(one.wanted == one.found for one in business) / len(business)


def test_near_copies_never_stand_on_both_sides() -> None:
    pairs = [
        Label(f"{said}{end}", "reserva")
        for said in (f"me guardas {thing} hasta el próximo viernes" for thing in THINGS)
        for end in ("", "!!", " porfa")
    ]
    groups = groups_of(pairs)

    assert len(set(groups)) < len(pairs) / 2
    for inside, outside in folds(["reserva"] * len(pairs), groups, 5):
        assert not {groups[place] for place in inside} & {groups[place] for place in outside}


def test_too_few_labels_are_refused_with_how_many_are_missing() -> None:
    few = [*LABELS, *(Label(f"un {word}", "garantia") for word in THINGS[:4])]

    with pytest.raises(
        TooFewLabels, match=f"not enough labels: {LEAST - 4} more of intent garantia"
    ):
        train(few, BESIDE, PACK)


def test_no_labels_at_all_are_refused_too() -> None:
    with pytest.raises(TooFewLabels, match="10 more of intent consulta_envio"):
        refuse_too_few([], PACK)


def test_what_a_person_of_the_shop_says_wins_masked_or_not() -> None:
    labels = joined(
        [Label("Mi correo es ana@ejemplo.com", "datos"), Label("hola?", "contacto")],
        [Label("mi correo es [MAIL_1]", "contacto")],
    )

    assert [one.intent for one in labels] == ["contacto", "contacto"]
    assert len(labels) == 2


def test_words_of_rules_teach_only_what_is_labelled_at_all() -> None:
    found = hints(PACK, {"reserva", "general"})

    assert {one.intent for one in found} == {"reserva", "general"}
    assert Label("hola", "general") in found


def test_however_many_words_the_rules_have_each_intent_has_its_part_of_the_hints() -> None:
    named = {rule.name for rule in PACK.intents}
    counted = Counter(one.intent for one in hints(PACK, named | {"general"}))

    assert sum(len(rule.words) for rule in PACK.intents) > HINTS == counted.total()
    assert min(counted.values()) >= 10


def test_a_pack_that_extends_another_learns_from_its_labels() -> None:
    own = load_pack("examples/mi_tienda")

    assert own.identity.extends == "ventas"
    assert shipped(own, "dev") == shipped(PACK, "dev")


def test_a_line_that_is_no_label_is_named(tmp_path: Path) -> None:
    (tmp_path / "dev.jsonl").write_text('{"text": "a", "intent": "reserva"}\n{"text": 1}\n')

    with pytest.raises(LabelsError, match="line 2"):
        shipped(PACK.model_copy(update={"folder": tmp_path}), "dev")
