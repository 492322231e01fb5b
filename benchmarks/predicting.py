"""A lender's open instalments foretold in one go and one by one, beside LightGBM and COPY alone.

By itself: python -m benchmarks.predicting 14000
"""

import asyncio
import json
import resource
import sys
import time
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import numpy as np

from benchmarks.filling import shop_named
from benchmarks.ground import Ground, ground
from benchmarks.load import Load
from benchmarks.processor import machine
from prediction import books, boosting
from prediction.book import day_of
from prediction.foretelling import Chosen, Foretelling, asked
from prediction.learning import Asked, Learned, keep
from prediction.lender import Lender, lender
from prediction.lent import Records
from prediction.measuring import Metrics
from prediction.model import Model, encoded
from prediction.table import Table
from prediction.targets import TARGETS
from prediction.training import train
from store.portfolio import replace
from store.predicting import Of
from store.session import Store, WriteSession, open_store

ONES: Final = 300
ENDS: Final = (50, 95)
AT: Final = datetime(2026, 11, 21, 4, tzinfo=UTC)


async def predicting(here: Ground, load: Load) -> dict[str, Any]:
    made = lender(AT.date(), clients=load.clients)
    store = open_store(here.database_url, role="pipeline", pool=2)
    try:
        shop = await shop_named(store, "predicting")
        load.told("writing the lender")
        lent_s = await _lent(store, shop, made)
        load.told("learning")
        learned = {of: await _learned(store, shop, made, of) for of in TARGETS}
        load.told("foretelling")
        return {"lent_s": lent_s, "learned": learned, **await _told(store, shop)}
    finally:
        await store.close()


async def _lent(store: Store, shop: UUID, made: Lender) -> float:
    began = time.perf_counter()
    for chunk in Records(made).chunks():
        async with store.transaction() as session:
            await replace(session, shop, chunk)
    return round(time.perf_counter() - began, 1)


async def _learned(store: Store, shop: UUID, made: Lender, of: Of) -> dict[str, Any]:
    cases = TARGETS[of].cases(made.book, made.today)
    began = time.perf_counter()
    model = train(cases, TARGETS[of].features, seed=7, at=AT)
    took = round(time.perf_counter() - began, 1)
    async with store.transaction() as session:
        await keep(session, shop, Asked(of, AT.date(), AT, "benchmark"), Learned(encoded(model)))
    return {"train_s": took, **_quality(model)}


def _quality(model: Model) -> dict[str, Any]:
    found: Metrics = model.metrics
    told = {"auc": found.auc, "ks": found.ks, "brier": found.brier}
    return {
        "kind": model.kind, "cases": model.counts.cases, "held_out": model.counts.held_out,
        "from": model.period.cut, "bad": round(found.bad_share, 4), "ece": round(found.ece, 4),
        **{name: round(one.value, 4) for name, one in told.items()},
        "auc_95": [round(found.auc.low, 4), round(found.auc.high, 4)],
    }  # fmt: skip


async def _told(store: Store, shop: UUID) -> dict[str, Any]:
    asks = Foretelling(store, shop)
    chosen = await asks.chosen("instalment")
    if chosen is None:
        return {}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    count = await asks.all(chosen, AT.date(), AT, _unwatched)
    async with store.transaction() as session:
        await asks.finish(session, "instalment", AT.date())
    took = time.perf_counter() - began
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    bare, targets = await _bare(store, shop, chosen)
    return {
        "instalments": count,
        "seconds": round(took, 1),
        "seconds_of_100_000": round(took * 100_000 / count, 1),
        "grown_mb": round(grown / 1024),
        "floor": {"seconds": round(bare, 1)},
        "ratio": round(took / bare, 2),
        "one": await _one_by_one(asks, targets),
    }


async def _bare(store: Store, shop: UUID, chosen: Chosen) -> tuple[float, list[UUID]]:
    """The same probabilities and contributions of the same columns, and as many rows copied into a
    table without an index: read, worked out and put into words is nothing of it."""
    took, targets = 0.0, list[UUID]()
    booster = boosting.parsed(chosen.model.body["trees"])
    async for part in books.parts(store, shop):
        seen = asked(chosen, part, day_of(AT.date()))
        table = Table(seen.columns)
        numbers = [one.name for one in chosen.model.features if one.kind == "number"]
        matrix = np.column_stack(
            [table.column(one) for one in numbers]
            + [np.zeros(len(table))] * (len(chosen.model.features) - len(numbers))
        )
        mine = [part.instalments[place] for place in seen.places.tolist()]
        targets += mine
        began = time.perf_counter()
        booster.predict(matrix, num_threads=1)
        booster.predict(matrix, pred_contrib=True, num_threads=1)
        async with store.batch() as connection:
            await connection.execute("CREATE TEMP TABLE bare (id uuid, said float8) ON COMMIT DROP")
            await connection.copy_records_to_table("bare", records=[(one, 0.5) for one in mine])
        took += time.perf_counter() - began
    return took, targets


async def _one_by_one(asks: Foretelling, targets: list[UUID]) -> dict[str, float]:
    """Milliseconds from the id to the row: read, worked out, explained and written down."""
    took: list[float] = []
    for target in targets[:: max(1, len(targets) // ONES)]:
        began = time.perf_counter()
        await asks.instalment(target, AT.date(), AT)
        took.append(time.perf_counter() - began)
    found = np.percentile(took[1:], ENDS) * 1000
    return {f"p{end}_ms": round(float(one), 1) for end, one in zip(ENDS, found, strict=True)}


async def _unwatched(_session: WriteSession, _client: UUID, _count: int) -> None:
    """The job keeps its place here."""


async def main(clients: int) -> None:
    async with ground() as here:
        load = Load(lambda step: print(step, file=sys.stderr), clients=clients)
        print(json.dumps({"machine": machine(), "predicting": await predicting(here, load)}))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
