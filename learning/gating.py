"""What the offline gates said of a version, as a rollout that begins is told."""

from typing import Final

from learning.controller import Gate
from store import gated
from store.session import Store
from store.versions import ModelVersion

WHY: Final = {
    "failed": "its golden set failed",
    "not_enough": "its golden set had too few cases",
    "none": "it was never evaluated",
}


async def gate_of(store: Store, version: ModelVersion) -> Gate:
    async with store.lookup() as connection:
        found = await gated.last_verdict(connection, version.shop_id, version.id)
    run, verdict = found if found is not None else ("", "none")
    return Gate(verdict == "passed", WHY.get(verdict, verdict), str(run))
