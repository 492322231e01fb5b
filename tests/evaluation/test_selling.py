"""Whether a turn sold is what a person says, before anything else."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from capture.recorder import Recorder
from config.packs import load_pack
from evaluation.combining import HUMAN, LEXICON, ORDER, SALE, combined
from evaluation.scoring import Judgement
from evaluation.selling import Desk, judgement
from learning.grading import ReplyUnknown
from learning.lessons import NoSuchTurn, NothingToUndo, Teacher
from nlu.parse import parser_of
from store.acts import Said
from store.base import StoreRefused
from store.inbox import ConversationState
from store.lessons import Outcome
from store.ml import Score, TrainingData
from store.session import Store
from tests.capture.talk import Talk, capture
from tests.fixtures.store import add_shop

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def desk(store: Store, shop: UUID, by: str = "ana", minutes: int = 0) -> Desk:
    parser = parser_of(load_pack("ventas"))
    return Desk(Teacher(store, shop, by, NOW + timedelta(minutes=minutes), parser), "CLP")


async def replied(store: Store, shop: UUID) -> UUID:
    talk = Talk(shop)
    said = [talk.says("¿tienen la mochila azul?"), talk.replies("Sí, nos quedan cuatro.")]
    await capture(Recorder(store), *said)
    assert talk.reply is not None
    return talk.reply.reply


async def row(store: Store, shop: UUID, turn: UUID) -> TrainingData:
    async with store.reading() as session:
        return await session.get_one(TrainingData, (shop, turn))


def of(score: int | None, label: str = "said", *, sold: bool = False) -> Judgement:
    return Judgement(score, label, 0.9, sold, ())


@pytest.mark.parametrize(
    ("voices", "converted", "score", "sold"),
    [
        ({LEXICON: of(2)}, True, 5, True),
        ({HUMAN: of(2), LEXICON: of(5, sold=True)}, True, 2, True),
        ({LEXICON: of(5, sold=True)}, False, 5, False),
        ({ORDER: of(5, sold=True), LEXICON: of(2)}, False, 2, False),
        ({ORDER: of(5, sold=True)}, False, None, False),
        ({}, True, 5, True),
    ],
)
def test_a_persons_word_about_a_sale_goes_before_all_others(
    voices: dict[str, Judgement],
    converted: bool,  # noqa: FBT001  what a person says
    score: int | None,
    sold: bool,  # noqa: FBT001  what counts
) -> None:
    said = judgement(Said(converted, None, "CLP", "ana", NOW))

    found = combined({**voices, SALE: said}).judgement

    assert (found.score, found.successful) == (score, sold)


async def test_a_sale_says_who_when_and_how_much(store: Store, shop: UUID) -> None:
    turn = await replied(store, shop)

    await desk(store, shop).sell(turn, converted=True, amount=24_990)

    async with store.reading() as session:
        said = await session.get_one(Outcome, (shop, turn))
    assert (said.converted, said.amount, said.currency, said.by) == (True, 24_990, "CLP", "ana")
    assert said.at == NOW
    found = await row(store, shop, turn)
    assert (found.is_successful, found.quality_score, found.quality_label) == (True, 5, "sold")


async def test_undoing_goes_back_to_what_was_said_before(store: Store, shop: UUID) -> None:
    turn = await replied(store, shop)
    await desk(store, shop).sell(turn, converted=True, amount=1_000)
    second = await desk(store, shop, minutes=1).sell(turn, converted=False)
    assert not (await row(store, shop, turn)).is_successful

    await desk(store, shop, minutes=2).undo(second.act)

    assert (await row(store, shop, turn)).is_successful
    async with store.reading() as session:
        assert (await session.get_one(Outcome, (shop, turn))).amount == 1_000


async def test_undoing_the_first_word_leaves_no_trace(store: Store, shop: UUID) -> None:
    turn = await replied(store, shop)
    done = await desk(store, shop).sell(turn, converted=True)

    await desk(store, shop).undo(done.act)

    found = await row(store, shop, turn)
    assert (found.is_successful, found.quality_score) == (False, None)
    async with store.reading() as session:
        assert list(await session.scalars(select(Score))) == []
        assert list(await session.scalars(select(Outcome))) == []


async def test_an_act_is_undone_once_and_by_who_did_it(store: Store, shop: UUID) -> None:
    turn = await replied(store, shop)
    done = await desk(store, shop).sell(turn, converted=True)
    with pytest.raises(NothingToUndo):
        await desk(store, shop, "berta").undo(done.act)

    await desk(store, shop).undo(done.act)

    with pytest.raises(NothingToUndo):
        await desk(store, shop).undo(done.act)


async def test_a_conversation_is_concluded_at_the_answer_that_led_there(
    store: Store, shop: UUID
) -> None:
    talk = Talk(shop)
    first = [talk.says("hola"), talk.replies("¡Hola!")]
    await capture(Recorder(store), *first)
    assert talk.reply is not None
    greeting = talk.reply
    more = [talk.says("¿tienen mochilas?"), talk.replies("Sí, cuatro.")]
    await capture(Recorder(store), *more)
    sold = talk.reply
    async with store.transaction() as session:
        one = update(TrainingData).where(TrainingData.id == greeting.reply)
        await session.execute(one.values(is_successful=True))

    done = await desk(store, shop).conclude(greeting.conversation, converted=True)

    assert done.rows == (greeting.reply,)
    assert sold.reply != greeting.reply
    with pytest.raises(NoSuchTurn):
        await desk(store, shop).conclude(uuid4(), converted=True)


async def marked(store: Store, shop: UUID, talk: UUID) -> bool | None:
    async with store.reading() as session:
        found = await session.get(ConversationState, (shop, talk))
    return found.converted if found else None


async def twice_answered(store: Store, shop: UUID) -> tuple[UUID, UUID, UUID]:
    """A conversation, its first answer, and the last one, which is the one that led there."""
    talk = Talk(shop)
    await capture(Recorder(store), talk.says("hola"), talk.replies("¡Hola!"))
    assert talk.reply is not None
    first = talk.reply
    await capture(Recorder(store), talk.says("¿tienen mochilas?"), talk.replies("Sí, cuatro."))
    return first.conversation, first.reply, talk.reply.reply


async def outcomes(store: Store, shop: UUID) -> dict[UUID, bool]:
    async with store.reading() as session:
        found = await session.execute(
            select(Outcome.training_id, Outcome.converted).where(Outcome.shop_id == shop)
        )
        return {row: said for row, said in found}  # noqa: C416  rows, no pairs


async def test_a_conversation_and_its_answers_never_say_different_things(
    store: Store, shop: UUID
) -> None:
    talk, first, last = await twice_answered(store, shop)
    own = desk(store, shop)

    await own.sell(first, converted=True)
    assert await marked(store, shop, talk) is True
    await own.mark(talk, converted=False)
    assert (await marked(store, shop, talk), await outcomes(store, shop)) == (False, {last: False})
    await own.mark(talk, converted=True)
    assert (await marked(store, shop, talk), await outcomes(store, shop)) == (True, {last: True})
    await own.mark(talk, converted=None)
    assert (await marked(store, shop, talk), await outcomes(store, shop)) == (None, {})


async def test_that_one_answer_sold_nothing_denies_no_sale_of_the_conversation(
    store: Store, shop: UUID
) -> None:
    talk, first, last = await twice_answered(store, shop)
    own = desk(store, shop)

    await own.sell(first, converted=False)
    assert await marked(store, shop, talk) is None
    denied = await own.sell(last, converted=False)
    assert await marked(store, shop, talk) is False
    await own.undo(denied.act)
    assert await marked(store, shop, talk) is None


async def test_what_cannot_be_said_of_the_answer_is_not_said_of_the_conversation(
    store: Store, shop: UUID
) -> None:
    talk, _, _ = await twice_answered(store, shop)

    with pytest.raises(StoreRefused):
        await desk(store, shop).conclude(talk, converted=True, amount=-1)

    assert (await marked(store, shop, talk), await outcomes(store, shop)) == (None, {})


async def test_another_shops_turn_is_nobodys(store: Store, shop: UUID) -> None:
    turn = await replied(store, shop)
    other = await add_shop(store, "otra")

    with pytest.raises(ReplyUnknown):
        await desk(store, other).sell(turn, converted=True)

    assert not (await row(store, shop, turn)).is_successful
