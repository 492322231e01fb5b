"""Training a model of risk on thirty thousand card holders, and asking it; beside LightGBM alone.

By itself: python -m benchmarks.risk
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import lightgbm
import numpy as np

from benchmarks.load import Load
from benchmarks.processor import machine
from config.settings import ROOT
from prediction import boosting, directions, reading, sheets
from prediction.model import Model, decoded, encoded, factors, probabilities
from prediction.reading import Prepared, Wish
from prediction.table import Numbers, Table
from prediction.training import train
from services.clock import now

TAIWAN: Final = ROOT.parent / "shared" / "data" / "credit-taiwan" / "UCI_Credit_Card.csv"
DIRECTIONS: Final = ROOT / "examples" / "risk" / "credit-taiwan.toml"
ENDS = (50, 95)


def risk(load: Load, path: Path = TAIWAN) -> dict[str, Any] | None:
    """None without the data, which lie beside the checkout."""
    load.told("learning from card holders")
    if not path.exists():
        return None
    began = time.perf_counter()
    wish = Wish("default.payment.next.month", directions=directions.read(DIRECTIONS))
    whole = reading.prepared(sheets.read(path), wish)
    given = replace(whole, table=whole.table.rows(np.arange(min(load.cards, len(whole.table)))))
    read_s = time.perf_counter() - began
    found = [_trained(given, seed) for seed in range(load.seeds)]
    model, seconds = found[0]
    alone = _alone(given, model)
    return {
        "cases": len(given.table),
        "read_s": round(read_s, 2),
        "train_s": round(seconds, 2),
        "floor": {"train_s": round(alone, 2)},
        "train_ratio": round(seconds / alone, 1),
        "quality": [_quality(one) for one, _ in found],
        "one": _one_by_one(model, given.table, load.asked),
    }


def _trained(given: Prepared, seed: int) -> tuple[Model, float]:
    began = time.perf_counter()
    model = train(given.table, given.features, seed=seed, at=now())
    return model, time.perf_counter() - began


def _quality(model: Model) -> dict[str, float]:
    metrics = model.metrics
    told = {"auc": metrics.auc, "ks": metrics.ks, "brier": metrics.brier}
    return {name: round(one.value, 4) for name, one in told.items()} | {
        "ece": round(metrics.ece, 4)
    }


def _alone(given: Prepared, model: Model) -> float:
    """One fit of as many trees on as many cases: no folds, no calibration, no measuring."""
    matrix = np.column_stack([given.table.column(one.name) for one in given.features])
    bad = np.asarray(given.table.target)
    learned = slice(model.counts.trained)
    trees = model.body["trees"].count("Tree=")
    shape = {"objective": "binary", "num_leaves": 15, "num_threads": 1, "verbosity": -1}
    began = time.perf_counter()
    data = lightgbm.Dataset(matrix[learned], bad[learned])
    lightgbm.train(shape, data, trees)
    return time.perf_counter() - began


def _one_by_one(model: Model, table: Table, asked: int) -> dict[str, Any]:
    """Milliseconds of a probability with its reasons, of a model that was read from its JSON."""
    again = decoded(json.loads(json.dumps(encoded(model))))
    cases = [table.rows([place]) for place in range(asked)]
    columns = [np.column_stack([one.column(f.name) for f in again.features]) for one in cases]
    booster = boosting.parsed(again.body["trees"])
    ours = _percentiles(lambda place: _asked(again, cases[place]), asked)
    bare = _percentiles(lambda place: booster.predict(columns[place], num_threads=1), asked)
    return ours | {"floor": bare, "p50_ratio": round(ours["p50_ms"] / bare["p50_ms"], 1)}


def _asked(model: Model, case: Table) -> None:
    probabilities(model, case)
    factors(model, case)


def _percentiles(ask: Callable[[int], object], count: int) -> dict[str, float]:
    ask(0)
    took: list[float] = []
    for place in range(count):
        began = time.perf_counter()
        ask(place)
        took.append(time.perf_counter() - began)
    found: Numbers = np.percentile(took, ENDS) * 1000
    return {f"p{end}_ms": round(float(one), 3) for end, one in zip(ENDS, found, strict=True)}


if __name__ == "__main__":
    load = Load(lambda step: print(step, file=sys.stderr))
    print(json.dumps({"machine": machine(), "risk": risk(load)}))
