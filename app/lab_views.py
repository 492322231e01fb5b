"""How an hour in the laboratory looks on a terminal."""

from collections.abc import Mapping
from typing import Any

from rich.markup import escape
from rich.table import Table

from app.console import result, talk


def show_lab(told: Mapping[str, Any]) -> None:
    table = Table("customer", "points", "right", "what they do", box=None)
    for one in told["personas"]:
        colour = "red" if one["forbidden"] else "yellow" if one["faults"] else "green"
        score = f"[{colour}]{one['score']:g}[/]"
        table.add_row(one["persona"], score, f"{one['right']}/{one['due']}", escape(one["title"]))
    result.print(table)
    for one in told["personas"]:
        for fault in one["faults"][:2]:
            talk.print(f"{one['persona']}: {fault}", markup=False, soft_wrap=True)
    parts = told["parts"]
    result.print(
        f"{told['score']:g} of 100: {parts['goal']:g} of 60 for what they came for, "
        f"{parts['kept']:g} of 25 for what must not be said, {parts['manners']:g} of 15 for manners"
    )
    change = told["change"]
    if change is not None:
        result.print(
            f"{change['value']:+g} since the last time of who answers now "
            f"({change['low']:+g} … {change['high']:+g})"
        )
    result.print(f"[dim]{told['seconds']} s, {told['dead_letters']} dead letters[/]")
