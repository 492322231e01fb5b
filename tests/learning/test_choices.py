"""Which rows a shop's people let in, which become pairs, and what a second look finds."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from learning.curation import Kept
from learning.errors import PersonalDataLeft
from learning.finishing import Guard, finished
from learning.formats import Voice
from store import acceptance
from store.session import Store
from tests.builders import MONDAY, a_turn, add_customer, add_turns, turn_id, wording
from tests.fixtures.store import add_shop
from tests.learning.building import build, lines, rows_of
from tests.learning.examples import an_example
from text.privacy import Recogniser


def said(number: int) -> dict[str, str]:
    return {
        "user_message": f"Hola, necesito {wording(number)}",
        "bot_response": f"Claro, te ofrezco {wording(number + 5000)}",
    }


async def test_a_shop_may_demand_that_a_person_allows_each_row(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    ana = await add_customer(store, shop, "ana")
    better = {"correction": "Claro que sí, con mucho gusto te la enviamos mañana temprano"}
    person = {"author": "human", "quality_score": None, "model": "", "provider": ""}
    await add_turns(
        store,
        [
            a_turn(shop, "seen", ana, **said(1)),
            a_turn(shop, "unseen", ana, **said(2)),
            a_turn(shop, "refused", ana, **said(3)),
            a_turn(shop, "corrected", ana, **said(4), **better),
        ],
    )
    await add_turns(store, [a_turn(shop, "person", ana, **said(5), **person)])
    other = await add_shop(store, "other")
    async with store.transaction() as session:
        await acceptance.demand(session, shop, wanted=True, by="jefa")
        ids = [turn_id(shop, "seen"), uuid4()]
        known = await acceptance.accept(session, shop, ids, accepted=True, by="jefa")
        assert known == ids[:1]
        assert await acceptance.accept(session, other, ids, accepted=True, by="otra") == []
        refused = [turn_id(shop, "refused")]
        await acceptance.accept(session, shop, refused, accepted=True, by="jefa")
        await acceptance.accept(session, shop, refused, accepted=False, by="jefa")
    built = await build(store, shop, tmp_path)
    assert built.manifest["dropped"] == {"rejected": 1, "unaccepted": 1}
    assert built.manifest["acceptance"] is True
    assert {row["id"] for row in rows_of(built)} == {
        str(turn_id(shop, name)) for name in ("seen", "corrected", "person")
    }
    async with store.transaction() as session:
        await acceptance.demand(session, shop, wanted=False, by="jefa")
    assert (await build(store, shop, tmp_path, None)).rows == 4


async def test_what_a_person_answered_rests_on_their_answer(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    """Nobody may learn to answer from nothing."""
    ana = await add_customer(store, shop, "ana")
    turn = a_turn(shop, "t", ana, author="human", quality_score=None, **said(1))
    await add_turns(store, [turn])
    built = await build(store, shop, tmp_path)
    (line,) = lines(built)
    assert "- Respuesta de la tienda «{respuesta}»: {respuesta}" in line["messages"][0]["content"]
    assert built.manifest["counts"]["demonstrated"] == 1


async def turns_of(store: Store, shop: UUID, *scored: tuple[str, str, int | None]) -> None:
    """By customer, question and score; all answers differ."""
    turns: list[dict[str, Any]] = []
    for number, (who, question, score) in enumerate(scored):
        turns.append(
            a_turn(
                shop, f"t{number}", await add_customer(store, shop, who),
                user_message=question, bot_response=said(number)["bot_response"],
                quality_score=score, created_at=MONDAY + timedelta(hours=number),
            )
        )  # fmt: skip
    await add_turns(store, turns)


async def test_praised_and_blamed_answers_to_one_question_are_a_pair(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    asked, other = said(1)["user_message"], said(2)["user_message"]
    await turns_of(
        store, shop, ("ana", asked, 5), ("eva", f"{asked.upper()}!", 1), ("luis", asked, 3),
        ("rosa", other, 2), ("olga", asked, 2),
    )  # fmt: skip
    built = await build(store, shop, tmp_path)
    (pair,) = lines(built, ".pairs")
    answers = [pair[name][0]["content"] for name in ("preferred_output", "non_preferred_output")]
    worse = {said(1)["bot_response"], said(4)["bot_response"]}
    assert answers[0] == said(0)["bot_response"]
    assert answers[1] in worse
    (row,) = rows_of(built)
    assert row["worse"] in {str(turn_id(shop, "t1")), str(turn_id(shop, "t4"))}


async def test_nobody_s_blamed_answers_stand_on_two_sides_of_the_splits(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    asked = [said(number)["user_message"] for number in range(40)]
    good = [(f"good{number}", question, 5) for number, question in enumerate(asked)]
    bad = [(f"good{(number + 1) % 40}", question, 1) for number, question in enumerate(asked)]
    people = {name: await add_customer(store, shop, name) for name, _, _ in good}
    turns = [
        a_turn(
            shop, f"t{number}", people[name], user_message=question, quality_score=score,
            bot_response=said(number)["bot_response"], created_at=MONDAY + timedelta(hours=number),
        )
        for number, (name, question, score) in enumerate([*good, *bad])
    ]  # fmt: skip
    await add_turns(store, turns)
    built = await build(store, shop, tmp_path)
    customers = {str(turn["id"]): turn["customer_id"] for turn in turns}
    sides: dict[UUID, set[str]] = {}
    for split in ("train", "validation", "test"):
        text = (built.path / f"{split}.rows.jsonl").read_text("utf-8")
        for row in map(json.loads, text.splitlines()):
            for one in filter(None, (row["id"], row["worse"])):
                sides.setdefault(customers[one], set()).add(split)
    assert built.manifest["counts"]["pairs"] > 20
    assert all(len(found) == 1 for found in sides.values())


def test_what_a_second_look_finds_is_masked_and_counted() -> None:
    example = an_example(
        question="Hola, ¿la mandan a la calle de siempre?", names=("Berta Soto",),
        history=(("user", "soy Berta, escribe a berta@correo.cl"), ("assistant", "Hola, Berta")),
        sources=(("product", "Taza de ana@correo.cl", ""),), product_name="Gorro",
    )  # fmt: skip
    done, told, count = finished(Kept(example, "train", 1.0, 0), None, Voice("Hola"), Guard())
    text = done.line.decode()
    assert count == 4
    assert "Berta" not in text
    assert "@" not in text
    assert "[MAIL_1]" in text
    assert told.history[1] == ("assistant", "Hola, [NOMBRE_1]")


def test_what_masking_cannot_hide_is_refused() -> None:
    """A tag is longer than what it hides, and there is more to find in a longer text."""
    hidden, long = re.compile("x"), re.compile(r"\Aa(?=.{44,})")
    guard = Guard((Recogniser("hidden", hidden), Recogniser("long", long)))
    example = an_example(question="a" * 39 + "x")
    with pytest.raises(PersonalDataLeft, match=str(example.id)):
        finished(Kept(example, "train", 1.0, 0), None, Voice("Hola"), guard)
