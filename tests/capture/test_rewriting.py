"""What a person of the shop edits or takes back changes in what it taught, too."""

import pytest
from sqlalchemy import select

from capture.recorder import Recorder
from events.effects import Delivered
from store import app
from store.examples import Example
from store.session import Store
from tests.capture.talk import Talk, capture
from tests.capture.test_humans import taught


def answered(talk: Talk) -> list[Delivered]:
    """p1 the customer, p2 and p3 a person."""
    said = ["hola, cuesta 9.990", "y el envío es gratis"]
    return [talk.says("¿precio?"), *(talk.says(text, author="human") for text in said)]


@pytest.mark.parametrize("batched", [True, False], ids=["at once", "one by one"])
@pytest.mark.parametrize("message", ["p2", "p3"])
async def test_an_edit_of_any_part_is_learned_and_a_replay_changes_nothing(
    recorder: Recorder, store: Store, talk: Talk, message: str, *, batched: bool
) -> None:
    said = [*answered(talk), talk.edits(message, "perdón: 8.990")]
    for batch in [said] if batched else [[one] for one in said]:
        await capture(recorder, *batch)
    expected = {
        "p2": "perdón: 8.990\ny el envío es gratis",
        "p3": "hola, cuesta 9.990\nperdón: 8.990",
    }
    [row] = await taught(store, talk)
    assert row.bot_response == expected[message]
    await capture(recorder, *said)
    await capture(recorder, *said[:-1])
    [row] = await taught(store, talk)
    assert (row.user_message, row.bot_response) == ("¿precio?", expected[message])


async def test_what_is_taken_back_is_forgotten_and_what_stays_is_not(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    said = answered(talk)
    await capture(recorder, *said)
    await capture(recorder, talk.deletes("p2"))
    [row] = await taught(store, talk)
    assert row.bot_response == "y el envío es gratis"
    await capture(recorder, talk.deletes("p3"))
    [row] = await taught(store, talk)
    assert row.bot_response == "", "an empty answer is left out of every dataset"
    await capture(recorder, *said)
    [row] = await taught(store, talk)
    assert row.bot_response == ""


async def test_an_answer_goes_on_after_it_was_edited(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    await capture(recorder, *answered(talk))
    await capture(recorder, talk.edits("p2", "hola, cuesta 8.990"))
    await capture(recorder, talk.says("¿te lo aparto?", author="human"))
    [row] = await taught(store, talk)
    assert row.bot_response == "hola, cuesta 8.990\ny el envío es gratis\n¿te lo aparto?"


async def test_personal_data_in_an_edit_has_the_tags_of_its_conversation(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    await capture(recorder, talk.says("mi rut es 12.345.678-5"))
    await capture(recorder, talk.says("anotado 12.345.678-5", author="human"))
    await capture(recorder, talk.edits("p2", "anotado 12.345.678-5, el mío es 11.111.111-1"))
    [row] = await taught(store, talk)
    assert row.user_message == "mi rut es [RUT_1]"
    assert row.bot_response == "anotado [RUT_1], el mío es [RUT_2]"
    async with store.reading() as session:
        message = await session.get_one(app.Message, (talk.shop, row.id))
    assert message.masks == {"[RUT_1]": "12.345.678-5", "[RUT_2]": "11.111.111-1"}


async def test_an_edit_by_the_customer_or_of_another_answer_changes_no_row(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    await capture(recorder, *answered(talk), talk.says("¿y en rojo?"))
    await capture(recorder, talk.says("también", author="human"))
    await capture(recorder, talk.edits("p4", "¿y en verde?"))
    await capture(recorder, talk.edits("p5", "no quedan"))
    rows = await taught(store, talk)
    assert [row.bot_response for row in rows] == [
        "hola, cuesta 9.990\ny el envío es gratis",
        "no quedan",
    ]
    assert rows[1].user_message == "¿y en rojo?"


async def test_what_people_answer_is_an_example_as_it_stands_now(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    said = [talk.says("¿cuánto cuesta el gorro?"), talk.says("cuesta poco", author="human")]
    await capture(recorder, *said)
    assert await shown(store) == [("cuesta poco", 5)]
    await capture(recorder, talk.says("y hay azules", author="human"))
    assert await shown(store) == [("cuesta poco\ny hay azules", 5)]
    await capture(recorder, talk.edits("p2", "cuesta muy poco"))
    assert await shown(store) == [("cuesta muy poco\ny hay azules", 5)]
    await capture(recorder, talk.deletes("p2"), talk.deletes("p3"))
    assert await shown(store) == []
    await capture(recorder, *said)
    assert await shown(store) == []


async def shown(store: Store) -> list[tuple[str, int]]:
    async with store.reading() as session:
        found = await session.execute(select(Example.answer, Example.score))
        return [(answer, score) for answer, score in found]
