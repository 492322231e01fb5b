"""What a person takes in, leaves out and writes decides what is learned, until it is undone."""

from uuid import UUID

import pytest
from sqlalchemy import select

from config.settings import CurationSettings
from learning.curation import Terms, refusal
from learning.lessons import Lesson, NoSuchTurn
from learning.reading import these
from store.examples import Example
from store.ml import TrainingData
from store.session import Store
from tests.fixtures.store import add_shop
from tests.learning.teachers import desk, teacher
from tests.web.rows import PRAISED, add_conversation, add_row

ASKED = Lesson(
    "¿Hacen envíos a Punta Arenas?", "Sí, llegamos a Punta Arenas en cinco días hábiles."
)


@pytest.fixture
async def shop(store: Store) -> UUID:
    found = await add_shop(store)
    await add_conversation(store, found)
    return found


async def row(store: Store, shop: UUID, turn: UUID) -> TrainingData | None:
    async with store.reading() as session:
        return await session.get(TrainingData, (shop, turn))


async def examples(store: Store, shop: UUID) -> set[UUID]:
    async with store.reading() as session:
        query = select(Example.training_id).where(Example.shop_id == shop)
        return set(await session.scalars(query))


async def refused(store: Store, shop: UUID, turn: UUID) -> str | None:
    found = await these(store, shop, [turn])
    return refusal(found[turn], Terms(CurationSettings()))


async def test_what_is_left_out_teaches_nobody(store: Store, shop: UUID) -> None:
    said = "una pregunta de más de seis palabras, con sentido"
    turn = await add_row(store, shop, "a", user_message=said, bot_response=said, **PRAISED)
    await teacher(store, shop).allow([turn], accepted=True)
    assert await examples(store, shop) == {turn}
    assert await refused(store, shop, turn) is None

    done = await teacher(store, shop).allow([turn], accepted=False)

    assert await examples(store, shop) == set()
    assert await refused(store, shop, turn) == "rejected"
    await desk(store, shop).undo(done.act)
    assert await examples(store, shop) == {turn}
    assert await refused(store, shop, turn) is None


async def test_many_are_left_out_and_taken_back_at_once(store: Store, shop: UUID) -> None:
    turns = [await add_row(store, shop, str(number)) for number in range(30)]
    await teacher(store, shop).allow(turns[:10], accepted=True)

    done = await teacher(store, shop).allow(turns, accepted=False)
    await desk(store, shop).undo(done.act)

    found = [await row(store, shop, turn) for turn in turns]
    assert [one.allowed for one in found if one] == [True] * 10 + [None] * 20


async def test_nothing_of_another_shop_is_touched(store: Store, shop: UUID) -> None:
    turn = await add_row(store, shop, "a")
    other = await add_shop(store, "otra")

    with pytest.raises(NoSuchTurn):
        await teacher(store, other).allow([turn], accepted=False)

    found = await row(store, shop, turn)
    assert found is not None
    assert found.allowed is None


async def test_an_example_of_ones_own_serves_at_once(store: Store, shop: UUID) -> None:
    done = await teacher(store, shop).add([ASKED], origin="hand", accepted=True)

    assert await examples(store, shop) == set(done.rows)
    assert await refused(store, shop, done.rows[0]) is None


async def test_what_is_imported_waits_for_a_persons_word(store: Store, shop: UUID) -> None:
    done = await teacher(store, shop).add([ASKED], origin="whatsapp", accepted=False)
    assert await examples(store, shop) == set()
    assert await refused(store, shop, done.rows[0]) == "unaccepted"

    await teacher(store, shop).allow(done.rows, accepted=True)

    assert await examples(store, shop) == set(done.rows)
    assert await refused(store, shop, done.rows[0]) is None


async def test_the_same_file_twice_is_the_same_examples(store: Store, shop: UUID) -> None:
    first = await teacher(store, shop).add([ASKED, ASKED], origin="file", accepted=False)
    second = await teacher(store, shop).add([ASKED], origin="file", accepted=False)

    assert (len(first.rows), second.rows) == (1, ())


async def test_an_import_is_undone_whole(store: Store, shop: UUID) -> None:
    done = await teacher(store, shop).add([ASKED], origin="file", accepted=True)

    await desk(store, shop).undo(done.act)

    assert await row(store, shop, done.rows[0]) is None
    assert await examples(store, shop) == set()


async def test_personal_data_is_masked_the_same_in_both_texts(store: Store, shop: UUID) -> None:
    lesson = Lesson("mi correo es ana@example.com", "Anotado: ana@example.com")

    done = await teacher(store, shop).add([lesson], origin="file", accepted=False)

    found = await row(store, shop, done.rows[0])
    assert found is not None
    assert (found.user_message, found.bot_response) == (
        "mi correo es [MAIL_1]",
        "Anotado: [MAIL_1]",
    )


async def test_what_the_shop_wrote_is_no_share_of_one_customers(store: Store, shop: UUID) -> None:
    more = [Lesson(f"¿tienen el modelo {number}?", "Sí, lo tenemos.") for number in range(3)]
    done = await teacher(store, shop).add(more, origin="hand", accepted=True)

    found = await these(store, shop, done.rows)

    assert {one.customer for one in found.values()} == set(done.rows)
