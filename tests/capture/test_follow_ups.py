import re
from uuid import UUID

from sqlalchemy import func, select

from capture.recorder import Recorder
from events.happened import caused_by
from events.vocabulary import FollowUpCaptured
from store import app, ml
from store.session import Store
from tests.capture.rows import count, row_of
from tests.capture.talk import Talk, capture
from tests.fixtures.store import add_shop
from text.privacy import Recogniser


async def test_the_customer_s_next_message_answers_the_reply(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    await capture(recorder, talk.says("¿precio?"), talk.replies("Son $9.990"))
    answer = talk.says("¡genial, lo quiero!")
    (captured,) = await capture(recorder, answer, talk.says("¿sigues ahí?"))
    row = await row_of(store, talk)
    assert captured == FollowUpCaptured(
        id=caused_by(answer.event.id, "follow-up"), shop=talk.shop, account=talk.account,
        conversation=talk.conversation, request_id=answer.event.request_id,
        turn=row.turn_id, at=answer.event.at, received_at=answer.event.received_at,
        training_id=row.id, follow_up=answer.event.id, question="¿precio?",
        reply_text="Son $9.990", text="¡genial, lo quiero!",
    )  # fmt: skip
    assert (row.follow_up_id, row.user_feedback) == (answer.event.id, "¡genial, lo quiero!")
    assert row.follow_up_at == answer.event.at


async def test_an_instant_answer_in_the_same_batch_is_paired(
    recorder: Recorder, talk: Talk
) -> None:
    """It overtakes ReplySent, which is why pairing begins where the reply was dispatched."""
    batch = [talk.says("hola"), talk.replies("¿en qué ayudo?"), talk.says("ok"), talk.sent("1")]
    (captured,) = await capture(recorder, *batch)
    assert captured.text == "ok"


async def test_each_answer_belongs_to_the_reply_before_it(recorder: Recorder, talk: Talk) -> None:
    batch = [
        talk.says("uno"), talk.replies("a"), talk.says("dos"), talk.replies("b"),
        talk.says("tres"), talk.says("cuatro"), talk.replies("c"),
    ]  # fmt: skip
    found = await capture(recorder, *batch)
    assert [(one.reply_text, one.text) for one in found] == [("a", "dos"), ("b", "tres")]


async def test_a_message_older_than_the_question_came_late_and_answers_nothing(
    recorder: Recorder, talk: Talk
) -> None:
    batch = [
        talk.says("¿precio?"), talk.replies("Son $9.990"), talk.says("hola", late=60),
        talk.says("gracias"),
    ]  # fmt: skip
    (captured,) = await capture(recorder, *batch)
    assert captured.text == "gracias"


async def test_service_messages_and_what_was_not_understood_answer_nothing(
    recorder: Recorder, talk: Talk
) -> None:
    batch = [
        talk.says("hola"), talk.replies("¡hola!"), talk.says("", content="service"),
        talk.says("", content="unsupported"), talk.says("", content="sticker"),
    ]  # fmt: skip
    (captured,) = await capture(recorder, *batch)
    assert captured.content == "sticker"


async def test_where_a_person_spoke_in_between_nobody_answers_the_bot(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    batch = [
        talk.says("hola"), talk.replies("no entiendo"), talk.says("yo te ayudo", author="human"),
        talk.says("¡excelente, gracias!"),
    ]  # fmt: skip
    assert await capture(recorder, *batch) == []
    assert (await row_of(store, talk)).follow_up_id is None


async def test_a_person_s_reply_is_paired_but_not_offered_for_a_score(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    batch = [talk.says("hola"), talk.replies("Soy Eva", author="human"), talk.says("gracias")]
    assert await capture(recorder, *batch) == []
    row = await row_of(store, talk)
    assert (row.author, row.user_feedback, row.quality_score) == ("human", "gracias", None)
    async with store.reading() as session:
        assert await session.scalar(select(func.count()).select_from(app.EventLog)) == 0


async def test_conversations_and_shops_are_never_mixed(
    recorder: Recorder, store: Store, shop: UUID
) -> None:
    other = Talk(await add_shop(store, "other"), account="telegram:other")
    talks = [Talk(shop, "ana"), Talk(shop, "bea"), other]
    asked = [one for talk in talks for one in (talk.says("hola"), talk.replies(f"a {talk.name}"))]
    found = await capture(recorder, *asked, *(talk.says("gracias") for talk in talks))
    assert [(one.shop, one.conversation) for one in found] == [
        (talk.shop, talk.conversation) for talk in talks
    ]


async def test_a_replay_says_the_same_again_and_changes_nothing(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    history = [
        talk.says("¿precio?"), talk.replies("Son $9.990"), talk.says("caro"), talk.sent("1"),
        talk.replies("¿otro?"), talk.says("sí"),
    ]  # fmt: skip
    first = await capture(recorder, *history)
    row = await row_of(store, talk)
    assert await capture(Recorder(store), *history) == first
    assert await capture(recorder, history[2]) == first[:1]
    again = await row_of(store, talk)
    assert (again.created_at, again.follow_up_id) == (row.created_at, row.follow_up_id)
    assert await count(store, app.Message) == 5
    assert await count(store, ml.TrainingData) == 2


async def test_a_replay_under_new_rules_still_says_what_was_said_first(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    history = [talk.says("hola"), talk.replies("¿tu folio?"), talk.says("es el folio x1")]
    (first,) = await capture(recorder, *history)
    stricter = Recorder(store, (Recogniser("folio", re.compile(r"folio x1")),))
    assert await capture(stricter, *history) == [first]
    (told,) = await capture(stricter, talk.replies("¿cuál?"), talk.says("el folio x1"))
    assert told.text == "el [FOLIO_1]"


async def test_the_same_event_twice_in_one_batch_is_one(recorder: Recorder, talk: Talk) -> None:
    asked, replied, answer = talk.says("hola"), talk.replies("¡hola!"), talk.says("gracias")
    first, second = await capture(recorder, asked, asked, replied, replied, answer, answer)
    assert first == second
