"""How gates and figures look on a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.table import Table

from app.console import result
from evaluation.gates import Gate
from evaluation.report import NAMES, SAID, repeated, seen, told, wanted

COLOURS: Final = {"passed": "green", "failed": "red", "not_enough": "yellow"}


def show_gates(head: Mapping[str, Any], found: Sequence[Gate], figures: Mapping[str, Any]) -> None:
    """Spanish first, for the owner; the same in English below, for whoever maintains it."""
    who = head["version"] or ", ".join(head["models"])
    result.print(f"{head['pack']} · {head['set']} · {who}", markup=False)
    for locale in ("es", "en"):
        verdict, *_ = told(head["verdict"], found, locale)
        result.print(f"[{COLOURS[head['verdict']]}]{verdict}[/]")
        result.print(repeated(head["attempt"], head["confidence"], locale), soft_wrap=True)
        table = Table(box=None, show_header=False)
        for gate in found:
            table.add_row(
                f"[{COLOURS[gate.verdict]}]{SAID[locale][gate.verdict]}[/]",
                NAMES[locale][gate.name], wanted(gate, locale), seen(gate, locale),
            )  # fmt: skip
        result.print(table)
    cost = figures["cost_micros"] / 1e6
    result.print(
        f"[dim]run {head['run']} · {figures['answers']} answers, {figures['cases']} golden cases · "
        f"{cost:.4f} USD · faults {figures['faults']}[/]",
        soft_wrap=True,
    )
    result.print(f"[dim]what was wrong: main.py eval show {head['run'][:8]}[/]")
