"""What happens to a dataset after it was built."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from learning.dataset import Built
from learning.errors import DatasetChanged, DatasetStale, DatasetUnfit, DatasetUnknown
from learning.readiness import Altered, find, fresh, ready, verify
from learning.rebuilding import rebuild_dataset
from store import app, ml
from store.session import Store
from tests.builders import add_history, turn_id
from tests.fixtures.store import add_shop
from tests.learning.building import WEEK, build, rows_of


async def a_dataset(store: Store, shop: UUID, out: Path, rows: int = 30) -> Built:
    await add_history(store, shop, rows, customers=15)
    return await build(store, shop, out)


async def change(store: Store, shop: UUID, name: str, **values: Any) -> None:  # noqa: ANN401  columns
    async with store.transaction() as session:
        row = update(ml.TrainingData).where(ml.TrainingData.id == turn_id(shop, name))
        await session.execute(row.values(**values))


async def test_a_dataset_is_found_by_its_week_or_the_beginning_of_its_id(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    built = await a_dataset(store, shop, tmp_path)
    assert await find(store, shop, WEEK) == await find(store, shop, str(built.id)[:8]) == built
    other = await add_shop(store, "other")
    for whose, which in ((other, WEEK), (shop, "2026-W01"), (shop, "")):
        with pytest.raises(DatasetUnknown, match=r"There is no dataset|datasets begin like"):
            await find(store, whose, which)


async def test_what_was_not_touched_is_as_it_was(store: Store, shop: UUID, tmp_path: Path) -> None:
    built = await a_dataset(store, shop, tmp_path)
    verdict = await verify(store, built)
    assert verdict.ok
    assert verdict.changes.rows == 30
    assert (await ready(store, shop, WEEK, "openai")).id == built.id


async def test_a_new_score_changes_no_line(store: Store, shop: UUID, tmp_path: Path) -> None:
    built = await a_dataset(store, shop, tmp_path / "datasets")
    await change(store, shop, "t3", quality_score=1, is_successful=False)
    assert (await verify(store, built)).ok
    await rebuild_dataset(store, built, tmp_path / "again")


async def test_a_changed_byte_is_found_with_its_line_and_row(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    built = await a_dataset(store, shop, tmp_path)
    path = built.path / "train.jsonl"
    text = path.read_text("utf-8").splitlines(keepends=True)
    text[4] = text[4].replace("Claro", "Caro")
    path.write_text("".join(text), "utf-8")
    row = UUID(rows_of(built)[4]["id"])
    assert (await verify(store, built)).altered == [Altered("train.jsonl", 5, row)]
    with pytest.raises(DatasetChanged, match="was changed on disk: train"):
        await ready(store, shop, WEEK, "openai")
    path.unlink()
    (built.path / "manifest.json").write_text("{}")
    names = [one.file for one in (await verify(store, built)).altered]
    assert names == ["train.jsonl", "manifest.json"]


async def test_a_changed_row_is_named(store: Store, shop: UUID, tmp_path: Path) -> None:
    built = await a_dataset(store, shop, tmp_path / "datasets")
    await change(store, shop, "t3", correction="Claro que sí, con gusto te la mandamos mañana")
    verdict = await verify(store, built)
    assert (verdict.changes.changed, verdict.altered) == ([turn_id(shop, "t3")], [])
    with pytest.raises(DatasetChanged, match=str(turn_id(shop, "t3"))):
        await rebuild_dataset(store, built, tmp_path / "again")
    assert not (tmp_path / "again").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["datasets"]


async def test_who_wants_to_teach_no_more_makes_a_dataset_stale(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    built = await a_dataset(store, shop, tmp_path)
    assert fresh(built) is built
    async with store.transaction() as session:
        await session.execute(update(app.Customer).values(no_training=True))
    for _ in range(2):
        stale = await find(store, shop, WEEK)
        assert stale.stale == "customers of its rows no longer take part"
    with pytest.raises(DatasetStale, match="no longer take part"):
        await ready(store, shop, WEEK, "openai")
    assert (await build(store, shop, tmp_path, None)).rows == 0


async def test_who_was_erased_makes_a_dataset_stale_and_is_counted(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    built = await a_dataset(store, shop, tmp_path)
    async with store.transaction() as session:
        for model, column in (
            (ml.DatasetRow, ml.DatasetRow.training_id), (ml.TrainingData, ml.TrainingData.id),
        ):  # fmt: skip
            await session.execute(delete(model).where(column == turn_id(shop, "t2")))
    assert (await find(store, shop, WEEK)).stale == "customers of its rows left or were erased"
    assert (await verify(store, built)).changes.erased == 1


async def test_what_a_provider_would_refuse_is_not_started(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    await a_dataset(store, shop, tmp_path, rows=5)
    with pytest.raises(DatasetUnfit, match="there are 5 lines, openai takes no fewer than 10"):
        await ready(store, shop, WEEK, "openai")
    assert (await ready(store, shop, WEEK, "ollama")).rows == 5
