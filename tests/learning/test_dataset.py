import json
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select

from config.settings import CurationSettings
from learning.dataset import build_dataset
from store import ml
from store.session import Store
from tests.builders import add_history

SETTINGS = CurationSettings(per_customer=1.0)


async def test_a_dataset_is_written_whole_and_registered(
    store: Store, shop: UUID, tmp_path: Path
) -> None:
    await add_history(store, shop, 40)
    built = await build_dataset(store, shop, period="2026-W47", out=tmp_path, settings=SETTINGS)
    lines = [
        json.loads(line)
        for split in ("train", "validation", "test")
        for line in (built.path / f"{split}.jsonl").read_text("utf-8").splitlines()
    ]
    assert built.rows == len(lines) == 40
    assert {tuple(m["role"] for m in line["messages"]) for line in lines} == {
        ("system", "user", "assistant")
    }
    assert all("{precio}" in line["messages"][2]["content"] for line in lines)
    assert json.loads(built.manifest_path.read_text("utf-8"))["sha256"] == built.sha256
    async with store.reading() as session:
        assert await session.scalar(select(func.count()).select_from(ml.DatasetRow)) == 40
        assert await session.scalar(select(ml.Dataset.sha256)) == built.sha256
