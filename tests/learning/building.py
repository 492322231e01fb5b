"""Builds datasets of a test shop, and reads what was written."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from config.settings import CurationSettings
from learning.dataset import Built, build_dataset
from store import ml
from store.session import Store

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
