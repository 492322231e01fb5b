import asyncio
import json
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from config.settings import CurationSettings
from learning.dataset import Built, build_dataset
from learning.errors import DatasetExists
from learning.previewing import previewed
from learning.rebuilding import rebuild_dataset
from learning.splits import SPLITS
from services.clock import now
from store import ml
from store.session import Store
from tests.builders import MONDAY, a_turn, add_customer, add_history, add_turns
from tests.learning.building import SETTINGS, WEEK, build, count, files, lines


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
    for split in ("train", "validation", "test"):
        for kind in ("", ".rows"):
            told = manifest["files"][f"{split}{kind}.jsonl"]
            assert told["rows"] == manifest["counts"]["split"][split]


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


async def test_what_came_at_the_end_of_a_period_waits_until_nobody_can_come_back_with_it(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    last = MONDAY + timedelta(days=3, hours=12)
    await add_history(store, shop, 10, first=last - timedelta(hours=5))
    person = await add_customer(store, shop, "answered")
    given = {"author": "human", "quality_score": None, "created_at": last + timedelta(days=2)}
    await add_turns(store, [a_turn(shop, "by hand", person, **given)])
    patient = CurationSettings(per_customer=1.0)
    built = await build_dataset(store, shop, period=WEEK, out=tmp_path, settings=patient)
    assert (built.rows, built.manifest["dropped"]) == (7, {"too_fresh": 4})
    assert built.manifest["settled"] == "2026-11-20T00:00:00+00:00"
    assert "4 too fresh to know how they went on" in built.explanation
    again = await rebuild_dataset(store, built, tmp_path / "again")
    assert files(again) == files(built.path)
    then = await build_dataset(store, shop, period="2026-W48", out=tmp_path, settings=patient)
    assert (then.rows, then.manifest["dropped"]) == (11, {})


async def test_what_came_within_the_last_hours_is_in_no_dataset_of_now(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    await add_history(store, shop, 5, first=now() - timedelta(hours=76))
    patient = CurationSettings(per_customer=1.0)
    built = await build_dataset(store, shop, out=tmp_path, settings=patient)
    seen = await previewed(store, shop, patient)
    assert 0 < built.rows == seen.kept < 5
    assert seen.dropped == built.manifest["dropped"] == {"too_fresh": 5 - built.rows}


async def test_a_shop_without_good_rows_gets_an_explained_empty_dataset(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    built = await build(store, shop, tmp_path)
    assert built.rows == 0
    assert built.explanation == "No conversation has been captured yet."
    names = {f"{split}{kind}.jsonl" for split in SPLITS for kind in ("", ".rows", ".pairs")}
    assert files(built.path).keys() == {"manifest.json", *names}
    assert await count(store, ml.Dataset) == 1
