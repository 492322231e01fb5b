from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from config.settings import CurationSettings
from learning.dataset import build_dataset, find_dataset
from learning.errors import DatasetChanged
from learning.rebuilding import rebuild_dataset
from store import ml
from store.session import Store
from tests.builders import add_history, turn_id

WEEK = "2026-W47"


async def a_dataset(store: Store, shop: UUID, out: Path) -> Path:
    await add_history(store, shop, 30)
    settings = CurationSettings(per_customer=1.0)
    return (await build_dataset(store, shop, period=WEEK, out=out, settings=settings)).path


async def test_a_registered_dataset_is_written_again_byte_for_byte(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    path = await a_dataset(store, shop, tmp_path / "datasets")
    found = await find_dataset(store, shop, WEEK)
    assert found is not None
    again = await rebuild_dataset(store, found, tmp_path / "again")
    first, second = (
        {file.name: file.read_bytes() for file in folder.iterdir()} for folder in (path, again)
    )
    assert first == second


async def test_a_dataset_whose_rows_have_changed_or_gone_is_not_built_again(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    await a_dataset(store, shop, tmp_path / "datasets")
    found = await find_dataset(store, shop, WEEK)
    assert found is not None
    async with store.transaction() as session:
        await session.execute(
            update(ml.TrainingData)
            .where(ml.TrainingData.id == turn_id(shop, "t1"))
            .values(correction="Claro que sí, con mucho gusto te la enviamos mañana")
        )
    with pytest.raises(DatasetChanged, match="0 of its rows are gone, 1 were changed"):
        await rebuild_dataset(store, found, tmp_path / "again")
    async with store.transaction() as session:
        for model, column in (
            (ml.DatasetRow, ml.DatasetRow.training_id),
            (ml.TrainingData, ml.TrainingData.id),
        ):
            await session.execute(delete(model).where(column == turn_id(shop, "t2")))
    with pytest.raises(DatasetChanged, match="1 of its rows are gone"):
        await rebuild_dataset(store, found, tmp_path / "again")
    assert not (tmp_path / "again").exists()
