"""Latency at steady rates, and throughput at saturation, each beside its floor of the same run."""

from statistics import median
from typing import Any

from benchmarks.children import Child, at_work, result_of
from benchmarks.ground import Ground
from benchmarks.load import Load
from benchmarks.place import Place
from benchmarks.processor import resident_mb, servers

RATES = (50, 200, 600)
PAUSE_S = 2.0
CUSTOMERS = 256


async def latency(ground: Ground, place: Place, worker: Child, load: Load) -> dict[str, Any]:
    """By rate: through the pipeline, then the same messages through two bare hops."""
    main = await servers(ground.database_url, ground.redis_url)
    figures, hops = {}, ground.place("hops")
    async with at_work("hops", hops) as floor:
        for rate in RATES:
            load.told(f"{rate} messages a second")
            ours = await _paced(place, main | {"worker": worker.pid}, load, rate)
            load.told(f"two hops, {rate} messages a second")
            bare = await _paced(hops, main | {"worker": floor.pid}, load, rate, floor=True)
            ratios = {
                f"{name}_ratio": round(ours[f"{name}_ms"] / bare[f"{name}_ms"], 2)
                for name in ("p50", "p99")
            }
            figures[str(rate)] = ours | {"floor": bare} | ratios
    return figures


async def _paced(
    place: Place, processes: dict[str, int], load: Load, rate: int, *, floor: bool = False
) -> dict[str, Any]:
    return await result_of(
        "generator", place, mode="paced", floor=floor, rate=rate, warm_s=load.warm_s,
        seconds=load.seconds, pause_s=PAUSE_S, processes=processes,
    )  # fmt: skip


async def saturated(ground: Ground, place: Place, worker: Child, load: Load) -> dict[str, Any]:
    """The middle one of several runs, beside the middle one of as many floors."""
    main = await servers(ground.database_url, ground.redis_url)
    told = {"mode": "eager", "floor": False, "customers": CUSTOMERS, "seconds": load.seconds}
    ours, floors = [], []
    for number in range(1, load.runs + 1):
        load.told(f"as fast as possible, {number} of {load.runs}")
        processes = main | {"worker": worker.pid}
        ours.append(await result_of("generator", place, **told, processes=processes))
        load.told(f"bare streams and rows, {number} of {load.runs}")
        bare = ground.place("bare")
        floors.append(await result_of("bare", bare, messages=load.bare, processes=main))
    figures, floor = _middle(ours), _middle(floors)
    return figures | {
        "customers": CUSTOMERS,
        "runs_per_s": [one["messages_per_s"] for one in ours],
        "worker_rss_mb": resident_mb(worker.pid),
        "floor": floor,
        "ratio": round(figures["messages_per_s"] / floor["messages_per_s"], 3),
    }


def processor(latency: dict[str, Any], saturated: dict[str, Any]) -> dict[str, Any]:
    """Processor time of all processes, taken out of the runs above."""
    runs = {"saturated": saturated} | {f"at_{rate}": one for rate, one in latency.items()}
    return {
        name: {
            **run.pop("cpu_us"),
            "floor": run["floor"]["cpu_us"],
        }
        for name, run in runs.items()
    }


def _middle(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """The whole run whose rate is the median's, so that its figures belong together."""
    middle = median([one["messages_per_s"] for one in runs])
    return min(runs, key=lambda one: abs(float(one["messages_per_s"]) - middle))
