"""`config show`: each value with where it came from; secrets are never printed."""

import os
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr
from rich.markup import escape
from rich.table import Table

from app.console import emit, result
from config.settings import FILE, USUAL_NAMES, Settings


def show(settings: Settings, *, as_json: bool) -> None:
    rows = [
        {"name": f"{section}.{field}", "value": _plain(value), "source": _source(section, field)}
        for section, part in settings
        if isinstance(part, BaseModel)
        for field, value in part
    ]
    if as_json:
        emit(rows)
        return
    table = Table("setting", "value", "from")
    for row in rows:
        table.add_row(row["name"], escape(str(row["value"])), row["source"])
    result.print(table)


def _plain(value: Any) -> Any:  # noqa: ANN401  settings hold anything
    if isinstance(value, SecretStr):
        return "********"
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, Path) else value


def _source(section: str, field: str) -> str:
    own = f"APRENDIZ_{section}__{field}".upper()
    for name in os.environ:
        if name.upper() == own:
            return f"environment {name}"
    for name, place in reversed(USUAL_NAMES.items()):
        if place == (section, field) and os.environ.get(name):
            return f"environment {name}"
    path = Path(FILE)
    if path.exists() and field in tomllib.loads(path.read_text()).get(section, {}):
        return FILE
    return "default"
