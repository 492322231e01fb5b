from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import delete, select

from capture.people import People
from capture.recorder import Recorder
from events.contents import Generation, SourceUsed
from events.effects import Delivered, Retry
from store import app, ml
from store.base import StoreRefused
from store.session import Store, open_store
from tests.capture.rows import count, row_of
from tests.capture.talk import HOW, START, Talk, capture


async def test_a_whole_turn_is_written_down(recorder: Recorder, store: Store, talk: Talk) -> None:
    how = msgspec.structs.replace(
        HOW,
        history=("customer: hola",),
        sources=(SourceUsed(kind="answer", id="envio", title="Envíos"),),
        named=(UUID(int=7),),
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
        "named": [str(UUID(int=7))],
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


async def test_a_customers_own_link_is_neither_shown_nor_learned(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    link = f"Mira: https://tienda.cl/mis-datos/{'0f' * 21}a"
    how = msgspec.structs.replace(HOW, history=(f"assistant: {link}",))
    await capture(recorder, talk.says("/misdatos"), talk.replies(link))
    assert await count(store, ml.TrainingData) == 0
    await capture(recorder, talk.says("gracias"), talk.replies("De nada", how=how))
    row = await row_of(store, talk)
    assert row.context["history"] == ["assistant: Mira: https://tienda.cl/mis-datos/…"]
    async with store.reading() as session:
        said = await session.scalars(select(app.Message.text).order_by(app.Message.position))
        assert list(said)[1] == "Mira: https://tienda.cl/mis-datos/…"


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
