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

Format: TypeAlias = Literal[
    "openai", "openai-dpo", "ollama", "sharegpt", "csv", "parquet", "nlu", "nlu-csv", "nlu-parquet"
]
Row: TypeAlias = tuple[dict[str, Any], dict[str, Any]]
"""A line, and what stands beside it."""
FORMATS: Final[tuple[Format, ...]] = (
    "openai", "openai-dpo", "ollama", "sharegpt", "csv", "parquet", "nlu", "nlu-csv", "nlu-parquet",
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
MEANT: Final[tuple[Column, ...]] = (
    ("id", "text"), ("split", "text"), ("text", "text"), ("intent", "text"),
)  # fmt: skip
"""Of a table of what messages mean: each with its intent."""
_SHARED: Final = {"system": "system", "user": "human", "assistant": "gpt"}


def export(dataset: Path, wanted: Format, folder: Path) -> Path:
    """The same dataset is always the same bytes. A table is one file, else there is one a split."""
    with drafted(folder.parent) as draft:
        match wanted:
            case "csv" | "parquet" | "nlu-csv" | "nlu-parquet":
                columns = _COLUMNS.get(wanted, COLUMNS)
                with written(draft / table_of(wanted)) as file:
                    _TABLES[_kind(wanted)](_tabled(dataset, columns), columns, file)
            case _:
                _lines(dataset, wanted, draft)
        appear(draft, folder)
    return folder


def table_of(wanted: Format) -> str:
    """The name of its one file; empty where there is one a split."""
    return f"dataset.{_kind(wanted)}" if _kind(wanted) in _TABLES else ""


def _kind(wanted: Format) -> str:
    return wanted.removeprefix("nlu-")


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


def _meant(line: dict[str, Any], beside: dict[str, Any]) -> dict[str, Any]:
    return {"text": line["messages"][-2]["content"], "intent": beside["intent"]}


_CHATS: Final[Mapping[str, Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]]] = {
    "ollama": _ollama, "sharegpt": _sharegpt, "nlu": _meant,
}  # fmt: skip


def _tabled(dataset: Path, columns: Sequence[Column]) -> Iterator[list[Value]]:
    for split in SPLITS:
        with (
            (dataset / LINES.format(split)).open("rb") as lines,
            (dataset / BESIDE.format(split)).open("rb") as beside,
        ):
            for line, known in zip(lines, beside, strict=True):
                row = _row(split, json.loads(line)["messages"], json.loads(known))
                yield [row[name] for name, _ in columns]


def _row(split: str, said: Sequence[dict[str, str]], known: dict[str, Any]) -> dict[str, Value]:
    system, *history, user, assistant = said
    before = [[one["role"], one["content"]] for one in history]
    return known | {
        "split": split,
        "system": system["content"],
        "history": json.dumps(before, ensure_ascii=False),
        "user": user["content"],
        "text": user["content"],
        "assistant": assistant["content"],
    }


def _csv(rows: Iterable[Sequence[Value]], columns: Sequence[Column], file: BinaryIO) -> None:
    """As RFC 4180 has it, every text quoted."""
    text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
    table = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    table.writerow([name for name, _ in columns])
    table.writerows(rows)
    text.detach()


def _parquet(rows: Iterable[Sequence[Value]], columns: Sequence[Column], file: BinaryIO) -> None:
    table, rows = ParquetWriter(file, columns), iter(rows)
    while some := list(islice(rows, AT_ONCE)):
        table.write(some)
    table.close()


_COLUMNS: Final[Mapping[str, Sequence[Column]]] = {"nlu-csv": MEANT, "nlu-parquet": MEANT}
_TABLES: Final[
    Mapping[str, Callable[[Iterable[Sequence[Value]], Sequence[Column], BinaryIO], None]]
] = {"csv": _csv, "parquet": _parquet}
