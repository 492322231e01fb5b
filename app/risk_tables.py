"""`risk train --csv` and `risk predict --csv`: models of risk learned from any table."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as Drawn

from app.console import FAILED, USAGE, emit, refuse, result, talk
from app.guessing import unknown
from prediction import directions, pictures, reading, sheets
from prediction.card import card
from prediction.errors import SchemaMismatch
from prediction.measuring import Bounded
from prediction.model import Kind, LeftOut, Model, decoded, encoded, factors, probabilities
from prediction.notes import WHY_ENGLISH
from prediction.reading import Wish
from prediction.table import Feature, Table
from prediction.telling import told
from prediction.training import STEPS
from prediction.training import train as learn
from services.clock import now
from web import csv

FACTORS: Final = 5
AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True)
class How:
    kind: Kind | None
    seed: int
    out: str


def train(file: str, wish: Wish, how: How, *, as_json: bool) -> None:
    """Writes nothing without a folder; files of an earlier model there are replaced."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=talk, transient=True) as progress:
        task = progress.add_task("reading the table", total=STEPS + 1)
        given = reading.prepared(sheets.read(Path(file)), wish)
        progress.update(task, description="learning", advance=1)
        model = learn(
            given.table,
            given.features,
            seed=how.seed,
            at=now(),
            kind=how.kind,
            tell=lambda done, _: progress.update(task, completed=done + 1),
        )
    model = replace(
        model, subject=wish.target, left_out=given.left_out, notes=(*given.notes, *model.notes)
    )
    written = _written(Path(how.out), model) if how.out else {}
    if as_json:
        emit(summary(model) | {"files": written})
        return
    _show(model)
    for name in written.values():
        talk.print(f"wrote {name}", markup=False, soft_wrap=True)


def summary(model: Model) -> dict[str, Any]:
    """What JSON says of a model: everything but its body and its curves."""
    kept = ("kind", "subject", "period", "counts", "calibration", "trained_at", "seed", "schema")
    whole = encoded(model)
    return {name: whole[name] for name in kept} | {
        "features": whole["features"],
        "metrics": {name: one for name, one in whole["metrics"].items() if name != "roc"},
        "left_out": [{"column": one.column, "why": WHY_ENGLISH[one.why]} for one in model.left_out],
        "notes": [note.english for note in model.notes],
    }


def predict(file: str, of: str, out: str, limit: int, *, as_json: bool) -> None:
    model = read_model(Path(of))
    table = reading.asked(sheets.read(Path(file)), model.features)
    said = probabilities(model, table)
    order = sorted(range(len(table)), key=lambda place: -said[place])
    if out:
        head = csv.line(["row", "probability", *(f"reason_{n + 1}" for n in range(FACTORS))])
        rows = _predicted(model, table, range(len(table)))
        body = [csv.line([row["row"], row["probability"], *row["reasons"]]) for row in rows]
        _write(Path(out), "".join([csv.BOM, head, *body]))
    shown = list(_predicted(model, table, order[: limit or None]))
    if as_json:
        emit({"model": of, "cases": len(table), "predictions": shown, "file": out})
        return
    drawn = Drawn("line", "probability", "because", box=None)
    for row in shown:
        drawn.add_row(
            str(row["row"]), f"{row['probability']:.1%}", escape("; ".join(row["reasons"]))
        )
    result.print(drawn)
    talk.print(f"{len(table)} cases" + (f"; wrote {out}" if out else ""), markup=False)


def _predicted(model: Model, table: Table, places: Sequence[int]) -> Iterator[dict[str, Any]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=talk, transient=True) as progress:
        task = progress.add_task("finding reasons", total=len(places))
        for first in range(0, len(places), AT_ONCE):
            yield from explained(model, table, places[first : first + AT_ONCE])
            progress.advance(task, AT_ONCE)


def explained(model: Model, table: Table, places: Sequence[int]) -> Iterator[dict[str, Any]]:
    """`row` is the line of the file, whose first names the columns."""
    features = {one.name: one for one in model.features}
    chosen = table.rows(list(places))
    found = zip(places, probabilities(model, chosen), factors(model, chosen, FACTORS), strict=True)
    for place, said, why in found:
        reasons = [told(features[one.feature], one) for one in why]
        yield {"row": place + 2, "probability": round(float(said), 6), "reasons": reasons}


def read_model(path: Path) -> Model:
    hint = "Give the model.json that `main.py risk train --out` wrote"
    try:
        text = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        refuse(f"{path} cannot be read", str(error.strerror), hint, code=FAILED)
    except ValueError as error:
        raise SchemaMismatch(f"{path} is no model", str(error), hint) from error
    if not isinstance(text, Mapping):
        raise SchemaMismatch(f"{path} is no model", "it holds something else", hint)
    return decoded(text)


def listed(names: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in names.split(",") if one.strip())


def directed(file: str) -> dict[str, Feature]:
    return directions.read(Path(file)) if file else {}


def is_given(
    file: str, other: str, its: object, more: Mapping[str, object], own: Mapping[str, object]
) -> bool:
    """Whether a table was given. Refuses one without the option that belongs to it, `more` options
    of a table without one, and the shop's `own` beside one: they would be passed over."""
    if bool(file) != bool(its):
        missing = other if file else "csv"
        refuse(f"--{missing} is missing", f"--csv and --{other} belong together", code=USAGE)
    stray = next((name for name, value in (own if file else more).items() if value), "")
    if stray:
        why = "it is about the shop's own loans" if file else "it is about a table"
        hint = f"leave --{stray} or --csv out" if file else f"add --csv, or leave --{stray} out"
        refuse(f"--{stray} would be passed over", why, hint, code=USAGE)
    return bool(file)


def known_kind(name: str) -> Kind | None:
    kinds: dict[str, Kind | None] = {"": None, "scorecard": "scorecard", "boosting": "boosting"}
    if name in kinds:
        return kinds[name]
    return unknown("kind", name, filter(None, kinds))


def _written(folder: Path, model: Model) -> dict[str, str]:
    bodies = {
        "model.json": json.dumps(encoded(model), ensure_ascii=False),
        "card.md": card(model),
        "roc.svg": pictures.roc(model.metrics),
        "calibration.svg": pictures.calibration(model.metrics),
    }
    for name, body in bodies.items():
        _write(folder / name, body)
    return {name: str(folder / name) for name in bodies}


def _write(path: Path, body: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, encoding="utf-8")
    except OSError as error:
        hint = "choose another place by --out"
        refuse(f"{path} cannot be written", str(error.strerror), hint, code=FAILED)


def _show(model: Model) -> None:
    counts, metrics = model.counts, model.metrics
    result.print(
        f"{model.kind} of {counts.trained} cases; measured on {counts.held_out} others"
        + (f", from {model.period.cut} on" if model.period.cut else ""),
        markup=False,
    )
    drawn = Drawn("figure", "value", "95 of 100", box=None)
    for name, one in (
        ("AUC", metrics.auc),
        ("average precision", metrics.average_precision),
        ("KS", metrics.ks),
        ("Brier", metrics.brier),
    ):
        drawn.add_row(name, f"{one.value:.3f}", _between(one))
    drawn.add_row("calibration error", f"{metrics.ece:.3f}", "")
    result.print(drawn)
    for note in model.notes:
        result.print(note.english, markup=False, soft_wrap=True)
    _left_out(model.left_out)


def _left_out(columns: Sequence[LeftOut]) -> None:
    for one in columns:
        if one.why != "unasked":
            line = f"left out: {one.column} ({WHY_ENGLISH[one.why]})"
            result.print(line, markup=False, soft_wrap=True)


def _between(one: Bounded) -> str:
    return f"{one.low:.3f} to {one.high:.3f}"
