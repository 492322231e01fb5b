"""Lines of datasets, as a training reads them."""

import json
from pathlib import Path
from typing import Any

import pytest

from learning.trainers.base import Method, OrderRefused
from learning.trainers.chats import CHATML, LLAMA3, WRITINGS, writing_of
from learning.trainers.rows import read_rows
from tests.learning.trainers.making import NEW, OLD, RATE, asked, chat, preference, written


def test_a_conversation_keeps_who_said_what(tmp_path: Path) -> None:
    row = chat(RATE, NEW)
    row["messages"][0]["role"] = "developer"
    row["messages"][2]["weight"] = 1
    path = written(tmp_path / "rows.jsonl", [row])
    path.write_text(path.read_text() + "\n")
    assert read_rows(path, "supervised") == [chat(RATE, NEW)]


def test_a_preference_is_a_prompt_and_two_answers(tmp_path: Path) -> None:
    path = written(tmp_path / "rows.jsonl", [preference(RATE, NEW, OLD)])
    assert read_rows(path, "dpo") == [
        {
            "prompt": asked(RATE),
            "chosen": [{"role": "assistant", "content": NEW}],
            "rejected": [{"role": "assistant", "content": OLD}],
        }
    ]


@pytest.mark.parametrize(
    ("method", "row"),
    [
        ("supervised", {"messages": []}),
        ("supervised", {"messages": asked(RATE)}),
        ("supervised", {"messages": [{"role": "tool", "content": "x"}]}),
        ("supervised", {"messages": [{"role": "user"}]}),
        ("supervised", ["hola"]),
        ("supervised", preference(RATE, NEW, OLD)),
        ("dpo", chat(RATE, NEW)),
    ],
)
def test_what_is_no_row_is_named_by_its_line(tmp_path: Path, method: Method, row: Any) -> None:  # noqa: ANN401  any JSON
    good = chat(RATE, NEW) if method == "supervised" else preference(RATE, NEW, OLD)
    path = written(tmp_path / "rows.jsonl", [good, row])
    with pytest.raises(OrderRefused, match=f"Line 2 of .* is no row of a {method} dataset"):
        read_rows(path, method)


def test_a_file_that_is_gone_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(OrderRefused, match="cannot be read"):
        read_rows(tmp_path / "gone", "supervised")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(OrderRefused, match="cannot be read"):
        read_rows(tmp_path / "bytes", "supervised")


def test_a_base_model_is_known_by_how_it_writes() -> None:
    assert writing_of("{{ '<|im_start|>' + role }}") is CHATML
    assert writing_of("<|start_header_id|>") is LLAMA3
    assert writing_of("[INST] {{ prompt }} [/INST]") is None
    for one in WRITINGS:
        assert "generation %}" in one.jinja
        assert "generation %}" not in one.served
        assert json.dumps(one.stop).strip('"') in one.go
