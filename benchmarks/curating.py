"""How fast and in how much memory rows become a dataset, beside copying them out of Postgres.

By itself: python -m benchmarks.curating 1000000
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any, Final

from benchmarks.children import LONGEST_S, start
from benchmarks.filling import shop_named
from benchmarks.ground import Ground, ground
from benchmarks.load import Load
from benchmarks.turns import COLUMNS, fill
from store.session import open_connection, open_store

_OUT: Final = ", ".join(COLUMNS["ml.training_data"])


async def curating(ground: Ground, load: Load) -> dict[str, Any]:
    load.told("writing rows")
    store = open_store(ground.database_url, role="pipeline", pool=2)
    try:
        shop = await shop_named(store, "curating")
    finally:
        await store.close()
    await fill(ground.database_url, shop, load.rows)
    load.told("curating")
    told = await _built(ground, str(shop))
    load.told("copying rows")
    bare_s = await _copied(ground)
    rate = told["read"] / told["seconds"]
    return told | {
        "rows_per_s": round(rate, 1),
        "floor": {"rows_per_s": round(load.rows / bare_s, 1)},
        "ratio": round(rate / (load.rows / bare_s), 4),
    }


async def _built(ground: Ground, shop: str) -> dict[str, Any]:
    """As long as it says something it is at work."""
    child = await start("curator", ground.place("curating"), shop=shop, out=str(ground.folder))
    told: dict[str, Any] = {}
    while "seconds" not in told:
        told = await child.says()
    await asyncio.wait_for(child.process.wait(), LONGEST_S)
    return told


async def _copied(ground: Ground) -> float:
    """The same rows as text, into a file: no less can be done with them."""
    target = Path(ground.folder) / "rows.copy"
    connection = await open_connection(ground.database_url, limit_s=None)
    try:
        begun = time.perf_counter()
        query = f"SELECT {_OUT} FROM ml.training_data"  # noqa: S608  of the columns above
        await connection.copy_from_query(query, output=target)
        return time.perf_counter() - begun
    finally:
        await connection.close()
        target.unlink(missing_ok=True)


async def main(rows: int) -> None:
    async with ground() as here:
        told = await curating(here, Load(lambda step: print(step, file=sys.stderr), rows=rows))
    print(json.dumps(told))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
