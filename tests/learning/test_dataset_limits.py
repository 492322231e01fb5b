"""What stays out of a dataset, and what cannot be built."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, update

from learning.dataset import Built, Steps, build_dataset
from learning.errors import PeriodInvalid, PersonaMissing, ShopUnknown
from store import app, ml
from store.session import Store, WriteSession
from tests.builders import MONDAY, a_turn, add_customer, add_history, add_turns, turn_id
from tests.fixtures.store import add_shop
from tests.learning.building import SETTINGS, WEEK, build, count, lines, rows_of


async def test_two_shops_never_share_a_row(store: Store, shop: UUID, tmp_path: Path) -> None:
    other = await add_shop(store, "other")
    await add_history(store, shop, 12)
    await add_history(store, other, 8)
    here, there = await build(store, shop, tmp_path), await build(store, other, tmp_path)
    ids = [{row["id"] for row in rows_of(built)} for built in (here, there)]
    assert [len(found) for found in ids] == [12, 8]
    assert not ids[0] & ids[1]
    assert here.path.parent != there.path.parent


@pytest.mark.parametrize("key", ["../../etc", "/tmp", "..", "a/b", "Ñandú", "x" * 200])  # noqa: S108
async def test_a_shop_s_key_cannot_lead_out_of_the_folder(
    store: Store, tmp_path: Path, key: str
) -> None:
    built = await build(store, await add_shop(store, key), tmp_path)
    assert built.path.parent.parent == tmp_path


async def test_what_happens_with_the_registration_happens_with_it_or_not_at_all(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    async def refuse(_session: WriteSession, _built: Built) -> None:
        raise RuntimeError("the attempt was lost")

    await add_history(store, shop, 3)
    with pytest.raises(RuntimeError, match="the attempt was lost"):
        await build_dataset(
            store, shop, period=WEEK, out=tmp_path, settings=SETTINGS, steps=Steps(settle=refuse)
        )
    assert await count(store, ml.Dataset) == await count(store, ml.DatasetRow) == 0
    assert (await build(store, shop, tmp_path)).rows == 3


async def test_who_does_not_take_part_and_what_nobody_received_stays_out(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    await add_history(store, shop, 6, customers=3)
    async with store.transaction() as session:
        await session.execute(
            update(app.Customer)
            .where(app.Customer.id == (await add_history_customer(session, shop)))
            .values(no_training=True)
        )
        await session.execute(
            insert(app.Message).values(
                shop_id=shop, id=turn_id(shop, "t1"), position=1, author="bot", content="text",
                conversation_id=select(ml.TrainingData.conversation_id)
                .where(ml.TrainingData.id == turn_id(shop, "t1")).scalar_subquery(),
                text="x", request_id=uuid4(), at=MONDAY, received_at=MONDAY,
            )
        )  # fmt: skip
        await session.execute(
            insert(app.Delivery).values(
                shop_id=shop, message_id=turn_id(shop, "t1"), state="failed", updated_at=MONDAY
            )
        )
        await session.execute(
            update(ml.TrainingData)
            .where(ml.TrainingData.id == turn_id(shop, "t2"))
            .values(context={"verdict": "replaced:price"})
        )
    built = await build(store, shop, tmp_path)
    assert built.manifest["dropped"] == {"error": 2, "no_training": 2}
    assert built.rows == 2


async def add_history_customer(session: WriteSession, shop: UUID) -> UUID:
    """The customer of the first turn."""
    found = await session.scalar(
        select(ml.TrainingData.customer_id).where(ml.TrainingData.id == turn_id(shop, "t0"))
    )
    assert found is not None
    return found


async def test_a_correction_is_taught_instead_of_the_answer(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    customer = await add_customer(store, shop, "ana")
    better = "Con gusto: la polera negra talla M cuesta $9.990 con despacho incluido."
    turn = a_turn(shop, "t", customer, quality_score=1, correction=better, is_successful=False)
    await add_turns(store, [turn])
    built = await build(store, shop, tmp_path)
    assert [line["messages"][2]["content"] for line in lines(built)] == [
        better.replace("$9.990", "{precio}")
    ]
    assert rows_of(built)[0]["corrected"]


async def test_personal_data_that_slipped_in_stay_out_of_the_files(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    customer = await add_customer(store, shop, "ana", name="Anastasia Pizarro")
    texts = [
        "Hola, mi correo es ana@correo.cl para que me envíen la boleta",
        "Hola, soy Anastasia Pizarro y quisiera saber el precio de la polera",
        "Hola, quisiera la boleta a nombre de [NOMBRE_1], mi correo es [MAIL_1]",
    ]
    await add_turns(
        store,
        [a_turn(shop, text, customer, user_message=text) for text in texts],
    )
    built = await build(store, shop, tmp_path)
    assert [line["messages"][1]["content"] for line in lines(built)] == texts[2:]
    assert built.manifest["dropped"] == {"personal_data": 2}


async def test_what_cannot_be_built_is_said(store: Store, shop: UUID, tmp_path: Path) -> None:
    with pytest.raises(ShopUnknown, match="There is no shop"):
        await build(store, uuid4(), tmp_path)
    with pytest.raises(PeriodInvalid, match="There is no week"):
        await build(store, shop, tmp_path, "2026-W99")
    odd = await add_shop(store, "odd", pack="nowhere")
    with pytest.raises(PersonaMissing, match="The pack of shop odd cannot be read: nowhere"):
        await build(store, odd, tmp_path)
    assert list(tmp_path.iterdir()) == []


async def test_more_rows_than_a_page_are_read(store: Store, shop: UUID, tmp_path: Path) -> None:
    customer = await add_customer(store, shop, "ana")
    turns = [a_turn(shop, f"t{number}", customer, quality_score=None) for number in range(4500)]
    await add_turns(store, turns)
    seen: list[tuple[str, int]] = []
    steps = Steps(progress=lambda stage, number: seen.append((stage, number)))
    built = await build_dataset(
        store, shop, period=None, out=tmp_path, settings=SETTINGS, steps=steps
    )
    assert built.manifest["dropped"] == {"unscored": 4500}
    assert seen == [("read", 2000), ("read", 4000), ("read", 4500), ("comparing", 4500)]
