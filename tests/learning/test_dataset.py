import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, insert, select, update

from config.settings import CurationSettings
from learning.dataset import Built, Steps, build_dataset
from learning.errors import DatasetExists, PeriodInvalid, PersonaMissing, ShopUnknown
from store import app, ml
from store.session import Store, WriteSession
from tests.builders import MONDAY, a_turn, add_customer, add_history, add_turns, turn_id
from tests.fixtures.store import add_shop

SETTINGS = CurationSettings(per_customer=1.0)
WEEK = "2026-W47"


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def lines(built: Built) -> list[dict[str, Any]]:
    splits = ("train", "validation", "test")
    texts = [(built.path / f"{split}.jsonl").read_text("utf-8") for split in splits]
    return [json.loads(line) for text in texts for line in text.split("\n") if line]


async def build(store: Store, shop: UUID, out: Path, period: str | None = WEEK) -> Built:
    return await build_dataset(store, shop, period=period, out=out, settings=SETTINGS)


async def count(store: Store, table: type[ml.Dataset | ml.DatasetRow]) -> int:
    async with store.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_a_dataset_is_written_whole_and_registered(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    await add_history(store, shop, 40)
    built = await build(store, shop, tmp_path)
    assert built.rows == len(lines(built)) == 40
    for line in lines(built):
        assert line.keys() == {"messages"}
        assert [said["role"] for said in line["messages"]] == ["system", "user", "assistant"]
        assert "{precio}" in line["messages"][2]["content"]
    assert json.loads(built.manifest_path.read_text("utf-8")) == built.manifest
    async with store.reading() as session:
        row = await session.scalar(select(ml.Dataset))
    assert row is not None
    assert (row.id, row.path, row.sha256, row.manifest) == (
        built.id, str(built.path), built.sha256, built.manifest,
    )  # fmt: skip
    assert await count(store, ml.DatasetRow) == 40


async def test_the_manifest_says_what_was_used_and_what_was_left_out(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    await add_history(store, shop, 30)
    customer = await add_customer(store, shop, "critic")
    await add_turns(
        store,
        [
            a_turn(shop, "bad", customer, quality_score=1),
            a_turn(shop, "silent", customer, quality_score=None),
            a_turn(shop, "slow", customer, latency_ms=9000),
        ],
    )
    built = await build(store, shop, tmp_path)
    manifest = built.manifest
    assert manifest["counts"]["rows"] == 30
    assert manifest["counts"]["category"] == {"consulta_precio": 30}
    assert manifest["counts"]["score"] == {"5": 30}
    assert sum(manifest["counts"]["split"].values()) == 30
    assert manifest["dropped"] == {"low_score": 1, "slow": 1, "unscored": 1}
    assert manifest["settings"] == SETTINGS.model_dump(mode="json")
    assert built.explanation == (
        "30 of 33 captured turns are used; left out: 1 scored too low, 1 answered too slowly,"
        " 1 without a score."
    )
    splits = [row["split"] for row in manifest["rows"]]
    for split in ("train", "validation", "test"):
        assert manifest["files"][f"{split}.jsonl"]["rows"] == splits.count(split)


async def test_the_same_rows_give_the_same_bytes_and_one_dataset(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    await add_history(store, shop, 40)
    first = await build(store, shop, tmp_path / "a", None)
    second = await build(store, shop, tmp_path / "b", None)
    assert files(first.path) == files(second.path)
    assert (first.id, first.sha256) == (second.id, second.sha256)
    assert first.path != second.path
    assert await count(store, ml.Dataset) == 1


async def test_a_period_s_dataset_is_never_built_twice(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    await add_history(store, shop, 10)
    first = await build(store, shop, tmp_path)
    before = files(first.path)
    customer = await add_customer(store, shop, "late")
    await add_turns(store, [a_turn(shop, "late", customer)])
    assert await build(store, shop, tmp_path) == first
    assert files(first.path) == before
    assert [path.name for path in first.path.parent.iterdir()] == [first.path.name]


async def test_of_two_different_builds_of_a_period_one_is_refused(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    await add_history(store, shop, 30)
    strict = CurationSettings(per_customer=1.0, newest=5)
    results = await asyncio.gather(
        build(store, shop, tmp_path),
        build_dataset(store, shop, period=WEEK, out=tmp_path, settings=strict),
        return_exceptions=True,
    )
    assert [type(result) for result in results if not isinstance(result, Built)] == [DatasetExists]
    assert await count(store, ml.Dataset) == 1


async def test_rows_captured_after_the_period_wait_for_the_next(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    await add_history(store, shop, 10, first=MONDAY + timedelta(days=6, hours=5))
    assert (await build(store, shop, tmp_path)).rows == 7
    assert (await build(store, shop, tmp_path, "2026-W48")).rows == 10


async def test_a_shop_without_good_rows_gets_an_explained_empty_dataset(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    built = await build(store, shop, tmp_path)
    assert built.rows == 0
    assert built.explanation == "No conversation has been captured yet."
    assert files(built.path).keys() == {
        "manifest.json", "test.jsonl", "train.jsonl", "validation.jsonl",
    }  # fmt: skip
    assert await count(store, ml.Dataset) == 1


async def test_two_shops_never_share_a_row(store: Store, shop: UUID, tmp_path: Path) -> None:
    other = await add_shop(store, "other")
    await add_history(store, shop, 12)
    await add_history(store, other, 8)
    here, there = await build(store, shop, tmp_path), await build(store, other, tmp_path)
    ids = [{row["id"] for row in built.manifest["rows"]} for built in (here, there)]
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
    assert built.manifest["rows"][0]["corrected"]


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
    assert seen == [("read", 2000), ("read", 4000), ("read", 4500), ("written", 0)]
