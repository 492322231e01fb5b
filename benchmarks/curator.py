"""Builds one dataset of everything a shop has, in a process of its own whose memory can be told."""

import json
import resource
import sys
import time
from pathlib import Path
from uuid import UUID

import uvloop

from benchmarks.place import Place
from config.settings import CurationSettings
from learning.dataset import Steps, build_dataset
from store.session import open_store

SETTINGS = CurationSettings(newest=0, per_customer=1.0)


def say(what: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


async def main(place: Place, shop: str, out: str) -> None:
    store = open_store(place.database_url, role="pipeline", pool=3)
    stages: dict[str, float] = {}
    begun = time.perf_counter()

    def progress(stage: str, _count: int) -> None:
        stages[stage] = round(time.perf_counter() - begun, 2)
        say({"stage": stage})

    say({"ready": True})
    try:
        built = await build_dataset(
            store, UUID(shop), out=Path(out), settings=SETTINGS, steps=Steps(progress=progress)
        )
    finally:
        await store.close()
    spent = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    say(
        {
            "seconds": round(time.perf_counter() - begun, 2),
            "cpu_s": round(spent.ru_utime + spent.ru_stime, 2),
            "cpu_of_children_s": round(children.ru_utime + children.ru_stime, 2),
            "peak_mb": round(spent.ru_maxrss / 1024, 1),
            "peak_of_children_mb": round(children.ru_maxrss / 1024, 1),
            "ended_at_s": stages,
            "rows": built.rows,
            "sha256": built.sha256,
            "read": built.manifest["read"],
            "dropped": built.manifest["dropped"],
            "bytes": sum(one["bytes"] for one in built.manifest["files"].values()),
        }
    )


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    uvloop.run(main(Place(**given["place"]), given["shop"], given["out"]))
