"""What followed a reply beside words: each a judgement of its own, and repeated without effect."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, update

from evaluation.exemplars import learn
from evaluation.signals import Seen, Signs
from store import dealings, ml, signals
from store.session import Store
from tests.capture.talk import START, Talk
from tests.capture.test_statements import plan
from tests.evaluation.talks import MUCH_LATER, REPLY, Rows, heard, talked
from tests.fixtures.store import add_shop

NEXT_DAY = MUCH_LATER + timedelta(days=1)


@pytest.fixture
def rows(store: Store) -> Rows:
    return Rows(store)


async def walk(store: Store, shop: UUID, *, later: timedelta = timedelta()) -> Seen:
    return await Signs(store, shop, MUCH_LATER + later).walk()


async def reacted(store: Store, shop: UUID, emoji: str | None, *, said: str = "24") -> Talk:
    talk = Talk(shop)
    batch = [talk.says("¿tienen poleras?"), talk.replies(REPLY), talk.sent("m1")]
    await heard(store, [*batch, talk.says(said), talk.reacts("m1", emoji)])
    return talk


@pytest.mark.parametrize(
    ("emoji", "score"), [("👍", 4), ("❤️", 5), ("👎", 1), ("😂", None), (None, None)]
)
async def test_a_reaction_speaks_where_the_words_say_nothing(
    emoji: str | None, score: int | None, store: Store, shop: UUID, rows: Rows
) -> None:
    await reacted(store, shop, emoji)
    await walk(store, shop)
    assert (await rows.cached())["24"][0] == score


async def test_a_reaction_that_is_taken_back_is_gone(store: Store, shop: UUID, rows: Rows) -> None:
    talk = await reacted(store, shop, "👎")
    await walk(store, shop)
    assert await rows.said_by("reaction") == [(1, "reaction")]

    await heard(store, [talk.reacts("m1", None)])
    assert (await walk(store, shop)).changed == 1
    assert await rows.said_by("reaction") == [(None, "no_signal")]
    assert (await rows.cached())["24"][0] is None


async def test_a_thumb_down_tempers_thanks(store: Store, shop: UUID, rows: Rows) -> None:
    await reacted(store, shop, "👎", said="gracias")
    await walk(store, shop)
    assert (await rows.cached())["gracias"] == (3, "mixed")


async def test_a_reaction_of_somebody_else_is_no_customer_s(
    store: Store, shop: UUID, rows: Rows
) -> None:
    await reacted(store, shop, "👎")
    async with store.batch() as connection:
        await connection.execute("UPDATE app.reaction SET sender = 'the owner'")
    await walk(store, shop)
    assert await rows.said_by("reaction") == []


async def test_silence_is_no_score_and_waits_a_day(store: Store, shop: UUID, rows: Rows) -> None:
    talk = Talk(shop)
    await heard(store, [talk.says("¿tienen poleras?"), talk.replies(REPLY)])
    await Signs(store, shop, START + timedelta(hours=23)).walk()
    assert await rows.said_by("silence") == []
    await walk(store, shop)
    query = "SELECT quality_score, quality_label, evaluated_at FROM ml.training_data"
    assert await rows.all(query) == [(None, "silence", MUCH_LATER)]

    await heard(store, [talk.says("¡genial, lo quiero!")])
    assert (await rows.cached())["¡genial, lo quiero!"][0] == 5


async def test_who_comes_back_with_the_same_question_was_not_helped(
    store: Store, shop: UUID, rows: Rows
) -> None:
    talk, question = Talk(shop), "¿hacen envíos a regiones?"
    await heard(
        store,
        [talk.says(question), talk.replies(REPLY), talk.says("gracias"), talk.replies(REPLY),
         talk.says(question), talk.replies(REPLY)],
    )  # fmt: skip
    await walk(store, shop)

    assert await rows.said_by("recontact") == [(2, "recontact")]
    assert (await rows.cached())["gracias"] == (3, "mixed")


async def test_who_bought_may_ask_again(store: Store, shop: UUID, rows: Rows) -> None:
    talk, question = Talk(shop), "¿hacen envíos a regiones?"
    await heard(store, [talk.says(question), talk.replies(REPLY), talk.says(question)])
    await heard(store, [talk.replies(REPLY)])
    async with store.transaction() as session:
        await session.execute(
            insert(dealings.Order).values(
                shop_id=shop, id=uuid4(), customer_id=talk.customer, account=talk.account,
                conversation_id=talk.conversation, chat=talk.name, state="paid", currency="CLP",
                total=1, updated_at=START,
            )
        )  # fmt: skip
    async with store.batch() as connection:
        await connection.execute(
            "UPDATE ml.training_data SET order_id = (SELECT id FROM app.orders)"
        )
    await walk(store, shop)
    assert await rows.said_by("recontact") == []


@pytest.mark.parametrize(
    ("reason", "minutes", "found"),
    [("asked", 5, 1), ("complaint", 5, 1), ("doubt", 5, 0), ("asked", 90, 0)],
)
async def test_a_call_for_a_person_after_a_reply_is_held_against_it(
    reason: str, minutes: int, found: int, store: Store, shop: UUID, rows: Rows
) -> None:
    await talked(store, shop, "24")
    talk = Talk(shop)
    async with store.transaction() as session:
        await session.execute(
            insert(dealings.HandOver).values(
                shop_id=shop, id=uuid4(), conversation_id=talk.conversation, reason=reason,
                question="una persona", at=START + timedelta(minutes=minutes),
            )
        )  # fmt: skip
    await walk(store, shop)
    assert len(await rows.said_by("hand_over")) == found


async def test_what_a_person_corrects_or_rejects_is_no_longer_good_nor_an_example(
    store: Store, shop: UUID, rows: Rows
) -> None:
    (event,) = await talked(store, shop, "¡genial, lo quiero!")
    async with store.batch() as connection:
        await learn(connection, [(shop, event.training_id)])
    assert len(await rows.all("SELECT training_id FROM ml.example")) == 1

    await change(store, rejected=True)
    await walk(store, shop)
    assert (await rows.cached())["¡genial, lo quiero!"] == (1, "rejected")
    assert await rows.all("SELECT training_id FROM ml.example") == []

    await change(store, rejected=False, correction="Sí, quedan dos.")
    await walk(store, shop)
    assert (await rows.cached())["¡genial, lo quiero!"] == (2, "corrected")

    await change(store, correction=None)
    await walk(store, shop)
    assert (await rows.cached())["¡genial, lo quiero!"][0] == 5


async def change(store: Store, **values: object) -> None:
    async with store.transaction() as session:
        await session.execute(update(ml.TrainingData).values(**values))


async def test_a_walk_that_is_repeated_changes_nothing(
    store: Store, shop: UUID, rows: Rows
) -> None:
    await reacted(store, shop, "👍")
    talk = Talk(shop, "eva")
    await heard(store, [talk.says("hola"), talk.replies(REPLY)])
    query = "SELECT * FROM ml.score ORDER BY training_id, scorer"
    first = await walk(store, shop)
    before = await rows.all(query)
    again = await walk(store, shop, later=timedelta(hours=1))

    assert (first.looked_at, first.changed) == (2, 2)
    assert (again.looked_at, again.changed) == (2, 0)
    assert await rows.all(query) == before


async def test_what_nothing_can_happen_to_any_more_is_not_looked_at_again(
    store: Store, shop: UUID
) -> None:
    await reacted(store, shop, "👍")
    await walk(store, shop)
    assert (await walk(store, shop, later=timedelta(days=3))).looked_at == 1
    assert (await walk(store, shop, later=timedelta(days=6))).looked_at == 0


async def test_a_person_s_turn_is_not_judged(store: Store, shop: UUID, rows: Rows) -> None:
    talk = Talk(shop)
    said = [talk.says("¿tienen poleras?"), talk.replies(REPLY, author="human"), talk.sent("m1")]
    await heard(store, [*said, talk.reacts("m1", "👎")])
    await walk(store, shop)
    assert await rows.all("SELECT scorer FROM ml.score") == []


async def test_each_shop_is_walked_alone(store: Store, shop: UUID, rows: Rows) -> None:
    other = await add_shop(store, "other")
    for each in (shop, other):
        talk = Talk(each, f"ana of {each}")
        await heard(store, [talk.says("hola"), talk.replies(REPLY)])
    await walk(store, other)
    assert await rows.all("SELECT DISTINCT shop_id FROM ml.score") == [(other,)]


@pytest.mark.parametrize(
    "statement",
    [signals.REACTIONS, signals.THUMBS, signals.LATER, signals.CALLS, signals.KNOWN],
)
async def test_each_row_is_looked_up_by_itself_however_many_there_are(
    statement: str, store: Store, shop: UUID
) -> None:
    explained = await plan(store, statement)
    assert "Join Filter" not in explained, explained
    assert "Materialize" not in explained, explained
    assert "Seq Scan" not in explained, explained
