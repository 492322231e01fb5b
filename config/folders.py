"""Reads the folder of a pack into plain data, laid over the pack it extends."""

import csv
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

DOMAINS: Final = Path(__file__).resolve().parent / "domains"
LISTS: Final = {
    "intents.toml": "intent",
    "privacy.toml": "recogniser",
    "policies.toml": "policy",
    "glossary.toml": "term",
    "examples.toml": "example",
}
"""Files that hold one list of tables, under this name."""
KEYS: Final = {"intents.toml": "name", "policies.toml": "name", "glossary.toml": "word"}
"""Lists that are joined with those of the pack above, by this field."""


class PackError(Exception):
    """A pack cannot be used; the message names the file, the field and what is wrong."""


def find(name_or_path: str | Path) -> Path:
    for folder in (DOMAINS / name_or_path, Path(name_or_path)):
        if (folder / "pack.toml").is_file():
            return folder.resolve()
    ours = ", ".join(sorted(path.parent.name for path in DOMAINS.glob("*/pack.toml")))
    raise PackError(f"{name_or_path}: no folder with a pack.toml; packs that come along: {ours}")


def read(folder: Path, seen: tuple[Path, ...] = ()) -> dict[str, Any]:
    """Every file as plain data, laid over that of the pack it extends."""
    if folder in seen:
        raise PackError(f"{folder / 'pack.toml'}: extends: the packs extend each other in a circle")
    found = {path.name: _read(path) for path in sorted(folder.iterdir()) if _ours(path)}
    found["documents"] = {path.name: path for path in sorted(folder.glob("documents/*.*"))}
    parent = found["pack.toml"].get("extends")
    if parent is None:
        return found
    beside = folder.parent / parent
    above = read(beside if beside.is_dir() else find(parent), (*seen, folder))
    return above | {file: _joined(above.get(file), part, file) for file, part in found.items()}


def table(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _ours(path: Path) -> bool:
    return path.suffix in {".toml", ".csv", ".md", ".svg"}


def _read(path: Path) -> Any:  # noqa: ANN401  a file is a table, a list or a text
    try:
        if path.suffix == ".csv":
            with path.open(encoding="utf-8-sig", newline="") as lines:
                return [_article(row) for row in csv.DictReader(lines)]
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".toml":
            return text
        table = tomllib.loads(text)
        return table.get(LISTS[path.name], []) if path.name in LISTS else table
    except (OSError, ValueError, csv.Error) as error:
        raise PackError(f"{path}: {error}") from error


def _article(row: Mapping[str | None, Any]) -> dict[str, Any]:
    cells = {name: value for name, value in row.items() if name and value not in {None, ""}}
    return cells | {"keywords": [word for word in cells.get("keywords", "").split("|") if word]}


def _joined(above: Any, own: Any, file: str = "") -> Any:  # noqa: ANN401  plain data of any shape
    """Tables are joined, lists of named tables too; anything else is replaced."""
    if isinstance(above, dict) and isinstance(own, dict):
        return above | {key: _joined(above.get(key), value) for key, value in own.items()}
    key = KEYS.get(file)
    if key and _keyed(above, key) and _keyed(own, key):
        return list({row[key]: row for row in (*above, *own)}.values())
    return own


def _keyed(rows: Any, key: str) -> bool:  # noqa: ANN401  what a file holds may be anything
    return isinstance(rows, list) and all(isinstance(row, dict) and key in row for row in rows)
