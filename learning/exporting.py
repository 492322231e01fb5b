"""A dataset in other formats, made of its own files: what was built once is never built anew."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal, TypeAlias

from learning.files import appear, drafted, written
from learning.formats import alternating
from learning.parquet import Column, ParquetWriter, Value
from learning.splits import SPLITS
from learning.writing import BESIDE, LINES, PAIRS

Format: TypeAlias = Literal["openai", "openai-dpo", "ollama", "sharegpt", "csv", "parquet"]
Row: TypeAlias = tuple[dict[str, Any], dict[str, Any]]
"""A line, and what stands beside it."""
FORMATS: Final[tuple[Format, ...]] = (
    "openai", "openai-dpo", "ollama", "sharegpt", "csv", "parquet",
)  # fmt: skip
AT_ONCE: Final = 5_000
COLUMNS: Final[tuple[Column, ...]] = (
    ("id", "text"), ("split", "text"), ("category", "text"), ("intent", "text"),
    ("product_name", "text"), ("quality_score", "whole"), ("corrected", "truth"),
    ("demonstrated", "truth"), ("successful", "truth"), ("locale", "text"), ("tone", "text"),
    ("intensity", "real"), ("weight", "real"), ("system", "text"), ("history", "text"),
    ("user", "text"), ("assistant", "text"),
)  # fmt: skip
"""Of a table; what was said before is JSON."""
_SHARED: Final = {"system": "system", "user": "human", "assistant": "gpt"}


def export(dataset: Path, wanted: Format, folder: Path) -> Path:
    """The same dataset is always the same bytes. A table is one file, else there is one a split."""
    with drafted(folder.parent) as draft:
        match wanted:
            case "csv" | "parquet":
                with written(draft / f"dataset.{wanted}") as file:
                    _TABLES[wanted](_tabled(dataset), file)
            case _:
                _lines(dataset, wanted, draft)
        appear(draft, folder)
    return folder


def _lines(dataset: Path, wanted: Format, draft: Path) -> None:
    source = PAIRS if wanted == "openai-dpo" else LINES
    for split in SPLITS:
        with ExitStack() as files:
            lines = files.enter_context((dataset / source.format(split)).open("rb"))
            out = files.enter_context(written(draft / LINES.format(split)))
            if wanted in {"openai", "openai-dpo"}:
                out.writelines(lines)
            else:
                beside = files.enter_context((dataset / BESIDE.format(split)).open("rb"))
                rows = zip(map(json.loads, lines), map(json.loads, beside), strict=True)
                out.writelines(_json(_CHATS[wanted](*row)) for row in rows)


def _json(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _ollama(line: dict[str, Any], beside: dict[str, Any]) -> dict[str, Any]:
    system, *said = line["messages"]
    return {"messages": [system, *alternating(said)], "metadata": beside}


def _sharegpt(line: dict[str, Any], beside: dict[str, Any]) -> dict[str, Any]:
    said = [{"from": _SHARED[one["role"]], "value": one["content"]} for one in line["messages"]]
    return {"id": beside["id"], "conversations": said}


_CHATS: Final[Mapping[str, Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]]] = {
    "ollama": _ollama, "sharegpt": _sharegpt,
}  # fmt: skip


def _tabled(dataset: Path) -> Iterator[list[Value]]:
    for split in SPLITS:
        with (
            (dataset / LINES.format(split)).open("rb") as lines,
            (dataset / BESIDE.format(split)).open("rb") as beside,
        ):
            for line, known in zip(lines, beside, strict=True):
                yield _row(split, json.loads(line)["messages"], json.loads(known))


def _row(split: str, said: Sequence[dict[str, str]], known: dict[str, Any]) -> list[Value]:
    system, *history, user, assistant = said
    before = [[one["role"], one["content"]] for one in history]
    told = known | {
        "split": split,
        "system": system["content"],
        "history": json.dumps(before, ensure_ascii=False),
        "user": user["content"],
        "assistant": assistant["content"],
    }
    return [told[name] for name, _ in COLUMNS]


def _csv(rows: Iterable[Sequence[Value]], file: BinaryIO) -> None:
    """As RFC 4180 has it, every text quoted."""
    text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
    table = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    table.writerow([name for name, _ in COLUMNS])
    table.writerows(rows)
    text.detach()


def _parquet(rows: Iterable[Sequence[Value]], file: BinaryIO) -> None:
    table, rows = ParquetWriter(file, COLUMNS), iter(rows)
    while some := list(islice(rows, AT_ONCE)):
        table.write(some)
    table.close()


_TABLES: Final[Mapping[str, Callable[[Iterable[Sequence[Value]], BinaryIO], None]]] = {
    "csv": _csv, "parquet": _parquet,
}  # fmt: skip
