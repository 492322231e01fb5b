"""How models of risk, and what they say, are shown in a terminal."""

from collections.abc import Mapping
from typing import Any, Final

from rich.markdown import Markdown
from rich.table import Table
from sqlalchemy import RowMapping

from app.console import emit, result
from prediction.card import card
from prediction.drift import ENGLISH, shift
from prediction.learning import proven
from prediction.model import Model
from store.predicting import RiskModel
from store.risk_models import SCORE

SHOWN: Final = ("id", "kind", "probability", "version", "as_of", "client_number", "loan_number")


def model_told(row: RiskModel, model: Model) -> dict[str, Any]:
    metrics = row.metrics
    names = ("auc", "ks", "brier", "average_precision")
    return {
        "kind": row.kind, "version": row.version, "active": row.active, "model": model.kind,
        "trained_at": row.trained_at, "trained_by": row.trained_by,
        "proven": proven(metrics), "cases": metrics["cases"], "bad": metrics["bad"],
        "ece": metrics["ece"], **{name: metrics[name] for name in names}, "card": card(model),
    }  # fmt: skip


def draw_model(told: Mapping[str, Any]) -> None:
    result.print(Markdown(told["card"]))
    state = "in use" if told["active"] else "not in use"
    if not told["proven"]:
        state += "; so few cases cannot tell it from chance"
    elif not told["active"] and "above" not in told:
        state += ": the one in use ranks at least as well on the same cases"
    result.print(f"{told['kind']} version {told['version']}: {state}", markup=False)
    if "above" in told:
        line = f"{told['above']} at {told['threshold']:.0%} or more today"
        result.print(line, markup=False)


def draw_prediction(row: RowMapping, *, as_json: bool) -> None:
    told = {name: row[name] for name in SHOWN} | {"factors": row["factors"]}
    if as_json:
        emit(told)
        return
    result.print(f"loan {row['loan_number']}: {row['probability']:.1%}", markup=False)
    for one in row["factors"]:
        result.print(f"  {one['words']}", markup=False, soft_wrap=True)


def drift_told(found: Mapping[str, float]) -> dict[str, Any]:
    """The probability itself, then the features, the furthest first."""
    ordered = sorted(found.items(), key=lambda pair: (pair[0] != SCORE, -pair[1]))
    return {
        "moved": [
            {"feature": name, "psi": round(value, 4), "shift": shift(value)}
            for name, value in ordered
        ]
    }


def draw_drift(told: Mapping[str, Any]) -> None:
    if not told["moved"]:
        result.print("there is nobody to ask about today", markup=False)
        return
    drawn = Table("feature", "PSI", "which means", box=None)
    for one in told["moved"]:
        drawn.add_row(one["feature"], f"{one['psi']:.3f}", ENGLISH[one["shift"]])
    result.print(drawn)
    anew = told["moved"][0]["shift"] == "changed"
    said = "says something else than it did: train again" if anew else "still says what it did"
    result.print(f"version {told['version']} {said}", markup=False)
