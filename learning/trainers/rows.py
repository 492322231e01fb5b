"""The rows of a dataset, as a training reads them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from learning.trainers.base import Method, OrderRefused


def read_rows(path: Path, method: Method) -> list[dict[str, Any]]:
    """Supervised: `messages`. DPO: `prompt`, and what is `chosen` and `rejected` to answer it."""
    shaped = _chat if method == "supervised" else _preference
    rows = []
    for number, line in _lines(path):
        try:
            rows.append(shaped(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise OrderRefused(
                f"Line {number} of {path} is no row of a {method} dataset",
                str(error) or type(error).__name__,
                "Build the dataset again",
            ) from error
    return rows


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8") as file:
            yield from ((number, line) for number, line in enumerate(file, 1) if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise OrderRefused(f"{path} cannot be read", str(error), "Build the dataset") from error


def _chat(row: dict[str, Any]) -> dict[str, Any]:
    messages = [_message(one) for one in row["messages"]]
    if not messages or messages[-1]["role"] != "assistant":
        raise ValueError("the last message is not the assistant's")
    return {"messages": messages}


def _preference(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "prompt": [_message(one) for one in row["input"]["messages"]],
        "chosen": [_message(one) for one in row["preferred_output"]],
        "rejected": [_message(one) for one in row["non_preferred_output"]],
    }


def _message(message: dict[str, Any]) -> dict[str, str]:
    role = "system" if message["role"] == "developer" else str(message["role"])
    if role not in {"system", "user", "assistant"}:
        raise ValueError(f"nobody here is called {role!r}")
    return {"role": role, "content": str(message["content"])}
