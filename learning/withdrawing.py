"""Takes what a customer taught out of datasets, and says of models that they still hold it.

Rows leave the tables with their customer. What was written to files of a dataset goes with the
whole folder: a line cannot be cut out of what is known by its hash. Whoever wants the dataset
builds it again.
"""

import asyncio
import shutil
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from store.datasets import LEFT
from store.privacy.persons import Person
from store.session import BatchConnection

_HOLDING: Final = """
SELECT DISTINCT d.id, d.path FROM ml.dataset d
JOIN ml.dataset_row r ON r.shop_id = d.shop_id AND r.dataset_id = d.id
JOIN ml.training_data t ON t.shop_id = r.shop_id AND t.id = r.training_id
WHERE t.shop_id = $1 AND t.conversation_id = ANY($2::uuid[])
"""
_STALE: Final = """
UPDATE ml.dataset SET stale_at = coalesce(stale_at, now()), stale_reason = $3
WHERE shop_id = $1 AND id = ANY($2::uuid[])
"""
_CANCEL: Final = """
UPDATE ml.training_job SET cancel_asked = true
WHERE shop_id = $1 AND dataset_id = ANY($2::uuid[]) AND state IN ('pending', 'running', 'paused')
"""
_FLAG: Final = """
UPDATE ml.model_version SET retrain_by = least(retrain_by, $3)
WHERE shop_id = $1 AND state <> 'withdrawn' AND (dataset_id = ANY($2::uuid[]) OR job_id IN (
    SELECT id FROM ml.training_job WHERE shop_id = $1 AND dataset_id = ANY($2::uuid[])))
"""


async def withdraw(
    connection: BatchConnection, who: Person, retrain_by: datetime
) -> tuple[Counter[str], list[Path]]:
    """While their rows are still linked. The folders are to be `discard`ed before this is kept."""
    found = await connection.fetch(_HOLDING, who.shop, who.conversations)
    held: Sequence[UUID] = [row["id"] for row in found]
    if not held:
        return Counter(), []
    await connection.execute(_STALE, who.shop, held, LEFT)
    gone = Counter({"datasets": len(held)})
    gone["trainings"] = _touched(await connection.execute(_CANCEL, who.shop, held))
    gone["model versions"] = _touched(await connection.execute(_FLAG, who.shop, held, retrain_by))
    return +gone, [Path(row["path"]) for row in found]


async def discard(folders: Sequence[Path]) -> None:
    for folder in folders:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _touched(done: str) -> int:
    return int(done.rpartition(" ")[2])
