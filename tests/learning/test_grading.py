"""What the shop's people say of answers decides what is learned from them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from capture.recorder import Recorder
from events.happened import caused_by
from learning.grading import (
    Grade,
    Grader,
    NoSuchRating,
    NothingSaid,
    ReplyUnknown,
    given,
    pending,
)
from store.app import Customer
from store.examples import Example
from store.ml import TrainingData
from store.session import Store
from tests.capture.talk import Talk, capture
from tests.fixtures.store import add_shop

NOW = datetime(2026, 5, 4, 18, tzinfo=UTC)


@pytest.fixture
def talk(shop: UUID) -> Talk:
    return Talk(shop)


async def replied(store: Store, talk: Talk, question: str = "¿hacen envíos a Arica?") -> UUID:
    said = [talk.says(question), talk.replies("Sí, a Arica enviamos los martes.")]
    await capture(Recorder(store), *said)
    assert talk.reply is not None
    return talk.reply.reply


async def row(store: Store, shop: UUID, reply: UUID) -> TrainingData:
    async with store.reading() as session:
        return await session.get_one(TrainingData, (shop, reply))


async def scored(store: Store, reply: UUID, score: int, **more: Any) -> None:  # noqa: ANN401  any column
    query = update(TrainingData).where(TrainingData.id == reply)
    async with store.transaction() as session:
        await session.execute(query.values(quality_score=score, **more))


async def example(store: Store) -> Sequence[Example]:
    async with store.reading() as session:
        return list(await session.scalars(select(Example)))


def at(store: Store, shop: UUID, by: str = "carla", later_s: float = 0) -> Grader:
    return Grader(store, shop, by, NOW + timedelta(seconds=later_s))


async def test_stars_stand_in_the_row_and_a_later_word_changes_them(
    store: Store, talk: Talk
) -> None:
    reply = await replied(store, talk)
    await at(store, talk.shop).give(reply, Grade(stars=2, comment="muy seca"))
    assert (await row(store, talk.shop, reply)).stars == 2
    await at(store, talk.shop, "beto", 1).give(reply, Grade(stars=5))
    assert (await row(store, talk.shop, reply)).stars == 5
    await at(store, talk.shop, "beto", 2).take_back(reply)
    assert (await row(store, talk.shop, reply)).stars == 2
    [one] = await given(store, talk.shop, reply, 10)
    assert (one["who"], one["stars"], one["comment"]) == ("carla", 2, "muy seca")


async def test_a_thumb_down_keeps_a_row_out_of_training_until_it_is_taken_back(
    store: Store, talk: Talk
) -> None:
    reply = await replied(store, talk)
    told = await at(store, talk.shop).give(reply, Grade(thumb=-1))
    assert told["rejected"]
    await at(store, talk.shop, later_s=1).give(reply, Grade(stars=4))
    assert (await row(store, talk.shop, reply)).rejected, "stars say nothing about the thumb"
    await at(store, talk.shop, later_s=2).give(reply, Grade(thumb=1))
    assert not (await row(store, talk.shop, reply)).rejected


async def test_saying_it_twice_changes_nothing(store: Store, talk: Talk) -> None:
    reply = await replied(store, talk)
    for _ in range(2):
        await at(store, talk.shop).give(reply, Grade(thumb=-1, comment="no"))
    assert len(await given(store, talk.shop, None, 10)) == 1


async def test_a_comment_is_kept_without_personal_data(store: Store, talk: Talk) -> None:
    reply = await replied(store, talk)
    await at(store, talk.shop).give(reply, Grade(comment="llamar a +56 9 8765 4321"))
    [one] = await given(store, talk.shop, reply, 1)
    assert "8765" not in one["comment"]
    assert "[TEL_1]" in one["comment"]


async def test_what_a_person_likes_is_an_example_and_what_they_reject_is_none(
    store: Store, talk: Talk
) -> None:
    reply = await replied(store, talk)
    await scored(store, reply, 2)
    await at(store, talk.shop).give(reply, Grade(stars=5))
    assert [one.training_id for one in await example(store)] == [reply]
    await at(store, talk.shop, later_s=1).give(reply, Grade(thumb=-1))
    assert await example(store) == []


@pytest.mark.parametrize(
    ("grade", "scores"),
    [(Grade(comment="qué bien"), [5]), (Grade(stars=5), [5]), (Grade(stars=4), [4]),
     (Grade(stars=3), []), (Grade(thumb=-1), [])],
)  # fmt: skip
async def test_what_a_person_answered_is_an_example_unless_another_thinks_little_of_it(
    store: Store, talk: Talk, grade: Grade, scores: list[int]
) -> None:
    asked = talk.says("¿hacen envíos a Arica?")
    answer = talk.says("Sí, a Arica enviamos los martes.", author="human")
    await capture(Recorder(store), asked, answer)
    assert [one.score for one in await example(store)] == [5]
    await at(store, talk.shop).give(answer.event.id, grade)
    assert [one.score for one in await example(store)] == scores


async def test_who_takes_no_part_has_no_example_of_what_a_person_answered_them(
    store: Store, talk: Talk
) -> None:
    await capture(Recorder(store), talk.says("hola"))
    async with store.transaction() as session:
        await session.execute(update(Customer).values(no_training=True))
    asked = talk.says("¿hacen envíos a Arica?")
    answer = talk.says("Sí, a Arica enviamos los martes.", author="human")
    await capture(Recorder(store), asked, answer)
    assert (await row(store, talk.shop, answer.event.id)).author == "human"
    assert await example(store) == []


@pytest.mark.parametrize(
    "grade", [Grade(), Grade(stars=0), Grade(stars=6), Grade(thumb=2), Grade(comment="  ")]
)
async def test_what_cannot_be_read_as_a_grade_is_refused(
    store: Store, talk: Talk, grade: Grade
) -> None:
    reply = await replied(store, talk)
    with pytest.raises(NothingSaid):
        await at(store, talk.shop).give(reply, grade)
    assert await given(store, talk.shop, None, 10) == []


async def test_an_answer_of_another_shop_is_unknown(store: Store, talk: Talk) -> None:
    reply = await replied(store, talk)
    other = await add_shop(store, "other")
    for refused in (
        at(store, other).give(reply, Grade(stars=1)),
        at(store, other).process(reply, improved=False),
        at(store, other).take_back(reply),
        at(store, talk.shop).give(uuid4(), Grade(stars=1)),
    ):
        with pytest.raises(ReplyUnknown):
            await refused
    assert (await row(store, talk.shop, reply)).stars is None
    assert await pending(store, other, "worst", 10) == []


async def test_nobody_takes_back_what_another_said(store: Store, talk: Talk) -> None:
    reply = await replied(store, talk)
    await at(store, talk.shop).give(reply, Grade(stars=1))
    with pytest.raises(NoSuchRating):
        await at(store, talk.shop, "beto").take_back(reply)


async def test_what_went_wrong_waits_in_the_order_that_is_wanted(store: Store, talk: Talk) -> None:
    scores = (3, 2, 1, None)
    replies = [await replied(store, talk) for _ in scores]
    for place, (reply, score) in enumerate(zip(replies, scores, strict=True)):
        cost = {"context": {"cost_micros": [0, 900, 10, 50][place]}}
        moment = {"created_at": NOW + timedelta(minutes=place)}
        async with store.transaction() as session:
            query = update(TrainingData).where(TrainingData.id == reply)
            await session.execute(query.values(quality_score=score, **cost, **moment))
    fine, poor, bad, disliked = replies
    await at(store, talk.shop).give(disliked, Grade(thumb=-1))
    await at(store, talk.shop).give(fine, Grade(stars=4))

    async def ids(order: Any) -> list[UUID]:  # noqa: ANN401  one of three words
        return [one["id"] for one in await pending(store, talk.shop, order, 10)]

    assert await ids("worst") == [disliked, bad, poor]
    assert await ids("newest") == [disliked, bad, poor]
    assert await ids("costly") == [poor, disliked, bad]
    assert len(await pending(store, talk.shop, "worst", 1)) == 1


async def test_what_was_dealt_with_waits_no_longer_until_somebody_complains_anew(
    store: Store, talk: Talk
) -> None:
    reply = await replied(store, talk)
    await scored(store, reply, 1)
    for _ in range(2):
        await at(store, talk.shop).process(reply, "falta el precio de envío", improved=False)
    assert await pending(store, talk.shop, "worst", 10) == []
    [one] = await given(store, talk.shop, reply, 10)
    assert (one["processed"], one["notes"]) == (True, "falta el precio de envío")
    assert (one["stars"], one["thumb"]) == (None, None)
    await at(store, talk.shop, "beto", 1).give(reply, Grade(thumb=-1))
    [again] = await pending(store, talk.shop, "worst", 10)
    assert (again["id"], again["down"]) == (reply, 1)
    await at(store, talk.shop, "carla", 2).process(reply, improved=True)
    assert await pending(store, talk.shop, "worst", 10) == []
    assert all(one["improved"] for one in await given(store, talk.shop, reply, 10))


async def test_the_thumb_of_a_customer_waits_too_and_rejects_nothing(
    store: Store, talk: Talk
) -> None:
    reply = await replied(store, talk)
    recorder = Recorder(store)
    await capture(recorder, talk.sent("r1"), talk.reacts("r1", "👎"))
    [one] = await pending(store, talk.shop, "worst", 10)
    assert (one["id"], one["worst"]) == (reply, 1)
    assert not (await row(store, talk.shop, reply)).rejected
    await at(store, talk.shop).process(reply, improved=False)
    assert await pending(store, talk.shop, "worst", 10) == []
    await capture(recorder, talk.reacts("r1", "👍"))
    await capture(recorder, talk.reacts("r1", "👎"))
    assert len(await pending(store, talk.shop, "worst", 10)) == 1, "they changed their mind again"
    [said] = await given(store, talk.shop, reply, 10)
    assert said["id"] == caused_by(reply, f"reaction:{talk.name}")
