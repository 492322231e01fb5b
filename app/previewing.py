"""How the preview of an import looks: at the terminal, and as JSON."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from rich.markup import escape
from rich.table import Table

from app.console import result
from knowledge.importing.cells import Value
from knowledge.importing.changes import Change, Warned
from knowledge.importing.service import Proposal
from text.prices import written

SHOWN: Final = 40
LONG: Final = 50
_WORDS: Final = {
    "new": "new",
    "changed": "changed",
    "off": "off",
    "unchanged": "as before",
    "missing": "not in the file",
    "bad": "bad line(s)",
}


def brief(counts: Mapping[str, int]) -> str:
    told = [f"{counts[kind]} {word}" for kind, word in _WORDS.items() if counts.get(kind)]
    return ", ".join(told) or "nothing"


def told(proposal: Proposal) -> dict[str, Any]:
    seen, columns = proposal.seen, proposal.listing.columns
    return {
        "file": proposal.file,
        "sha256": proposal.sha256,
        "columns": dict(columns.names),
        "unread": list(columns.unread),
        "unsure": {field: list(names) for field, names in columns.unsure.items()},
        "skus_made_from_names": seen.made,
        "counts": seen.counts(),
        "changes": [asdict(change) for change in seen.changes],
        "missing": seen.missing,
        "problems": [asdict(problem) for problem in seen.problems],
        "warnings": [asdict(warned) for warned in seen.warnings],
    }


def show(proposal: Proposal) -> None:
    """What fits on a screen of it; --json has it all."""
    _columns(proposal)
    seen, currency = proposal.seen, proposal.listing.currency
    if seen.changes:
        table = Table("", "sku", "product", "before → after", box=None)
        for change in seen.changes[:SHOWN]:
            cells = (change.sku, change.name, _differences(change, currency))
            table.add_row(change.kind, *(escape(cell) for cell in cells))
        result.print(table)
    _more(len(seen.changes), "changes")
    for problem in seen.problems[:SHOWN]:
        where = f"line {problem.line}, {problem.column}"
        result.print(f"[red]bad[/]  {escape(f'{where}: {problem.what}; {problem.hint}')}")
    _more(len(seen.problems), "bad cells")
    for warned in seen.warnings[:SHOWN]:
        result.print(f"[yellow]look[/] {escape(looked_at(warned))}")
    _more(len(seen.warnings), "things to look at")
    result.print(brief(seen.counts()), markup=False)


def looked_at(warned: Warned) -> str:
    place = f"line {warned.line}, {warned.sku}: " if warned.line else ""
    return f"{place}{warned.what}"


def _columns(proposal: Proposal) -> None:
    columns = proposal.listing.columns
    pairs = ", ".join(f"{field} from «{name}»" for field, name in columns.names.items())
    result.print(f"{pairs} (headers in line {columns.header})", markup=False)
    if columns.unread:
        result.print(f"not read: {', '.join(columns.unread)}", markup=False)
    for field, names in columns.unsure.items():
        hint = f'--map {field}="{names[0]}"'
        result.print(f"{field} may be {' or '.join(names)}: choose by {hint}", markup=False)
    if proposal.seen.made:
        result.print(f"{proposal.seen.made} SKUs are made from the products' names")


def _differences(change: Change, currency: str) -> str:
    shown = ("price", "stock") if change.kind == "new" else tuple(change.after)
    told = []
    for name in shown:
        after = _cell(name, change.after[name], currency)
        before = f"{_cell(name, change.before[name], currency)} → " if change.before else ""
        told.append(f"{name} {before}{after}")
    return "; ".join(told)


def _cell(name: str, value: Value, currency: str) -> str:
    if name == "price" and isinstance(value, int):
        return written(value, currency)
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "|".join(value) if isinstance(value, list) else str(value if value is not None else "")
    return (text if len(text) <= LONG else f"{text[:LONG]}…") or "-"


def _more(count: int, what: str) -> None:
    if count > SHOWN:
        result.print(f"… {count - SHOWN} more {what}; --json lists all")
