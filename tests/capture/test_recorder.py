import re
from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import delete, func, select

from capture.people import People
from capture.recorder import Recorder
from events.effects import Delivered, Retry
from events.vocabulary import FollowUpCaptured, Generation, MessageReceived, SourceUsed, caused_by
from store import app, ml
from store.base import StoreRefused
from store.session import Store, open_store
from store.shops import ProductRow, upsert_products
from tests.capture.talk import HOW, START, Talk, capture
from tests.fixtures.store import add_shop
from text.privacy import Recogniser


@pytest.fixture
def recorder(store: Store) -> Recorder:
    return Recorder(store)


@pytest.fixture
def talk(shop: UUID) -> Talk:
    return Talk(shop)


async def row_of(store: Store, talk: Talk) -> ml.TrainingData:
    """The training row of the reply that was given last."""
    assert talk.reply is not None
    async with store.reading() as session:
        return await session.get_one(ml.TrainingData, (talk.shop, talk.reply.reply))


async def count(store: Store, model: type[app.Message] | type[ml.TrainingData]) -> int:
    async with store.reading() as session:
        return await session.scalar(select(func.count()).select_from(model)) or 0


async def test_a_whole_turn_is_written_down(recorder: Recorder, store: Store, talk: Talk) -> None:
    how = msgspec.structs.replace(
        HOW,
        history=("customer: hola",),
        sources=(SourceUsed(kind="answer", id="envio", title="Envíos"),),
    )
    turn = [talk.says("¿precio?", raw="{}"), talk.replies("Son $9.990", how=how), talk.sent("77")]
    assert await capture(recorder, *turn) == []
    row = await row_of(store, talk)
    assert (row.user_message, row.bot_response, row.author) == ("¿precio?", "Son $9.990", "bot")
    assert (row.intent, row.slots, row.model, row.tokens_out) == (
        "consulta_precio", {"talla": "M"}, "offline", 9,
    )  # fmt: skip
    assert row.context == {
        "history": ["customer: hola"],
        "sources": [{"kind": "answer", "id": "envio", "title": "Envíos"}],
        "verdict": "ok",
    }
    assert (row.customer_id, row.position, row.asked_at) == (
        talk.customer, 2, START + timedelta(seconds=1),
    )  # fmt: skip
    async with store.reading() as session:
        said = await session.execute(
            select(app.Message.author, app.Message.text, app.Message.raw).order_by(
                app.Message.position
            )
        )
        assert [tuple(line) for line in said] == [
            ("customer", "¿precio?", "{}"), ("bot", "Son $9.990", None),
        ]  # fmt: skip
        delivery = (await session.scalars(select(app.Delivery))).one()
        assert (delivery.state, delivery.platform_ids) == ("sent", ["77"])
        log = (await session.scalars(select(app.EventLog))).one()
        assert (log.model, log.tokens_in, log.latency_ms, log.ok) == ("offline", 7, 12, True)
        conversation = (await session.scalars(select(app.Conversation))).one()
        assert conversation.last_at == START + timedelta(seconds=2)


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


async def test_personal_data_is_masked_in_ml_and_whole_in_app(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    talk.profile = "Ana Rojas"
    how = msgspec.structs.replace(
        HOW, history=("customer: ana@example.com",), slots={"m": "+56 9 8765 4321"}
    )
    await capture(
        recorder, talk.says("soy la de ana@example.com"),
        talk.replies("Listo Ana, anoté ana@example.com", how=how),
    )  # fmt: skip
    (captured,) = await capture(recorder, talk.says("no, es bea@example.com, no ana@example.com"))
    row = await row_of(store, talk)
    assert row.user_message == "soy la de [MAIL_1]"
    assert row.bot_response == "Listo [NOMBRE_1], anoté [MAIL_1]"
    assert row.context["history"] == ["customer: [MAIL_1]"]
    assert row.slots == {"m": "[TEL_1]"}
    assert row.user_feedback == captured.text == "no, es [MAIL_2], no [MAIL_1]"
    assert row.pii_scrubbed
    async with store.reading() as session:
        said = await session.scalars(select(app.Message.text).order_by(app.Message.position))
        assert list(said)[-1] == "no, es bea@example.com, no ana@example.com"
        masks = await session.scalar(
            select(app.Message.masks).where(app.Message.masks.is_not(None))
        )
        assert masks == {
            "[MAIL_1]": "ana@example.com", "[NOMBRE_1]": "Ana", "[TEL_1]": "+56 9 8765 4321",
        }  # fmt: skip


async def test_edits_and_deletions_reach_the_message_and_only_move_forward(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    said, gone = talk.says("holq"), talk.says("ups")
    first, second = talk.edits("p1", "hola"), talk.edits("p1", "hola!")
    deleted = talk.deletes("p2")
    await capture(recorder, said, gone, first, second, deleted)
    await capture(recorder, first)
    await capture(recorder, said, first, talk.deletes("p2"))
    async with store.reading() as session:
        message = await session.get_one(app.Message, (talk.shop, said.event.id))
        assert (message.text, message.edited_at) == ("hola!", second.event.at)
        removed = await session.get_one(app.Message, (talk.shop, gone.event.id))
        assert (removed.text, removed.deleted_at) == ("ups", deleted.event.at)


async def test_what_was_not_understood_is_kept_where_the_conversation_is_known(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    await capture(recorder, Talk(talk.shop, "stranger").baffles("poll"))
    await capture(recorder, talk.says("hola"), talk.baffles("poll"))
    async with store.reading() as session:
        kept = await session.scalars(select(app.Message).order_by(app.Message.position))
        assert [(one.content, one.raw) for one in kept] == [("text", None), ("unsupported", "{}")]


async def test_a_delivery_only_moves_forward(recorder: Recorder, store: Store, talk: Talk) -> None:
    async def state() -> tuple[str, str | None, list[str]]:
        async with store.reading() as session:
            one = (await session.scalars(select(app.Delivery))).one()
            return one.state, one.reason, one.platform_ids

    reply = talk.replies("hola")
    uncertain, sent, more = talk.uncertain("timeout"), talk.sent("1"), talk.sent("2")
    seen = []
    for step in (reply, uncertain, sent, more, sent, uncertain, reply):
        await capture(recorder, step)
        seen.append(await state())
    assert seen == [
        ("dispatched", None, []),
        ("uncertain", "timeout", []),
        ("sent", None, ["1"]),
        *[("sent", None, ["1", "2"])] * 4,
    ]


async def test_a_reply_that_a_person_sent_from_the_phone_has_nothing_to_confirm(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    await capture(recorder, talk.says("hola"), talk.sent("1"))
    async with store.reading() as session:
        assert await session.scalar(select(func.count()).select_from(app.Delivery)) == 0


async def test_what_cannot_be_stored_in_a_text_breaks_nothing(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    bad = "a\0b \ud83d"
    talk.profile, talk.name = f"An\0a {bad}", "chat\0"
    how = Generation(intent=bad, slots={bad: [bad]}, history=(bad,), model=bad, product_name=bad,
                     sources=(SourceUsed(kind="answer", id=bad, title=bad),))  # fmt: skip
    batch = [
        talk.says(bad, raw=f'{{"x": "{bad}"}}'), talk.replies(bad, how=how), talk.uncertain(bad),
        talk.sent(bad), talk.edits("p1", bad), talk.edits(bad, bad), talk.deletes(bad),
        talk.baffles(bad), talk.says(bad),
    ]  # fmt: skip
    (captured,) = await capture(recorder, *batch)
    assert captured.text == "ab "
    row = await row_of(store, talk)
    assert (row.bot_response, row.slots, row.intent) == ("ab ", {"ab ": ["ab "]}, "ab ")


async def test_a_product_that_is_gone_costs_the_link_and_not_the_row(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    here = ProductRow(
        id=uuid4(), sku="A", name="A", description="", category="", keywords=[], price=1, stock=1,
        photo=None, active=True,
    )  # fmt: skip
    async with store.transaction() as session:
        await upsert_products(session, talk.shop, [here])
    for product in (here["id"], uuid4()):
        how = msgspec.structs.replace(HOW, product_id=product, product_name="Polera")
        await capture(recorder, talk.says("¿hay?"), talk.replies("Sí", how=how))
    async with store.reading() as session:
        rows = await session.scalars(select(ml.TrainingData).order_by(ml.TrainingData.position))
        assert [(row.product_id, row.product_name) for row in rows] == [
            (here["id"], "Polera"), (None, "Polera"),
        ]  # fmt: skip


async def test_a_memory_that_is_wrong_is_noticed(store: Store, talk: Talk) -> None:
    """Somebody erased the customer since."""
    recorder = Recorder(store, people=People())
    await capture(recorder, talk.says("hola"))
    async with store.transaction() as session:
        for model in (app.Message, app.Conversation, app.CustomerAlias, app.Customer):
            await session.execute(delete(model))
    await capture(recorder, talk.says("¿sigues?"), talk.replies("Sí"))
    assert await count(store, app.Message) == 2


async def test_an_event_of_an_unknown_shop_is_refused_and_its_neighbours_are_not(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    """The consumer gives each event its own batch, and parks the one that fails again."""
    stray = Talk(uuid4(), "nobody").says("hola")
    with pytest.raises(StoreRefused):
        await recorder.on_batch([talk.says("hola"), stray])
    assert await count(store, app.Message) == 0
    await capture(recorder, talk.says("hola"))
    assert await count(store, app.Message) == 1


async def test_a_database_that_is_down_makes_everything_wait(talk: Talk) -> None:
    store = open_store("postgresql://nobody@127.0.0.1:1/none", role="pipeline")
    outcomes = await Recorder(store).on_batch([talk.says("hola"), talk.replies("¡hola!")])
    assert [type(outcome) for outcome in outcomes] == [Retry, Retry]
    assert all(isinstance(one, Retry) and one.after == 0.5 and one.reason for one in outcomes)
    await store.close()


async def test_events_that_capture_does_not_know_are_let_through(
    recorder: Recorder, talk: Talk
) -> None:
    asked, replied, answer = talk.says("hola"), talk.replies("¡hola!"), talk.says("gracias")
    (captured,) = await capture(recorder, asked, replied, answer)
    assert await capture(recorder, Delivered(captured, 9)) == []
    assert await capture(recorder) == []


async def test_a_late_batch_does_not_move_a_conversation_back(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    first, second = talk.says("hola"), talk.says("¿hay?")
    await capture(recorder, second)
    await capture(recorder, first)
    assert isinstance(second.event, MessageReceived)
    async with store.reading() as session:
        assert await session.scalar(select(app.Conversation.last_at)) == second.event.at
