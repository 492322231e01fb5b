"""Builds datasets of a test shop, and reads what was written."""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from config.settings import CurationSettings
from learning.dataset import Built, Steps, build_dataset
from learning.splits import SPLITS
from store import ml
from store.session import Store, open_store

SETTINGS = CurationSettings(per_customer=1.0, settle_h=0)
WEEK = "2026-W47"


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def lines(built: Built, kind: str = "") -> list[dict[str, Any]]:
    """Of all splits; of the `kind` ".rows" or ".pairs" what stands beside them."""
    texts = [(built.path / f"{split}{kind}.jsonl").read_text("utf-8") for split in SPLITS]
    return [json.loads(line) for text in texts for line in text.split("\n") if line]


def rows_of(built: Built) -> list[dict[str, Any]]:
    return lines(built, ".rows")


async def build(store: Store, shop: UUID, out: Path, period: str | None = WEEK) -> Built:
    return await build_dataset(store, shop, period=period, out=out, settings=SETTINGS)


async def count(store: Store, table: type[ml.Dataset | ml.DatasetRow]) -> int:
    async with store.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def halting(url: str, shop: str, out: str, stage: str) -> None:
    """A build that stops in the middle and says so, to be killed there."""

    def halt(reached: str, _count: int) -> None:
        if reached == stage:
            sys.stdout.write("here\n")
            sys.stdout.flush()
            time.sleep(60)

    store = open_store(url, role="pipeline", pool=2)
    steps = Steps(progress=halt)
    await build_dataset(
        store, UUID(shop), period=WEEK, out=Path(out), settings=SETTINGS, steps=steps
    )


if __name__ == "__main__":
    asyncio.run(halting(*sys.argv[1:]))
