from uuid import uuid4

import msgspec
from sqlalchemy import func, select

from capture.recorder import Recorder
from events.vocabulary import MessageReceived
from store import app, ml
from store.session import Store
from store.shops import ProductRow, upsert_products
from tests.capture.talk import HOW, Talk, capture


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
        assert (removed.text, removed.deleted_at) == ("", deleted.event.at)


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


async def test_a_late_batch_does_not_move_a_conversation_back(
    recorder: Recorder, store: Store, talk: Talk
) -> None:
    first, second = talk.says("hola"), talk.says("¿hay?")
    await capture(recorder, second)
    await capture(recorder, first)
    assert isinstance(second.event, MessageReceived)
    async with store.reading() as session:
        assert await session.scalar(select(app.Conversation.last_at)) == second.event.at


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
