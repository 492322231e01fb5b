"""The benchmark runs to its end and keeps its promises; how fast it was is not asked here."""

import asyncio
import json
import sys
from typing import Any

import pytest

from benchmarks.risk import TAIWAN
from benchmarks.targets import TARGETS, judged
from benchmarks.texts import xquad
from tests.conftest import ROOT

pytestmark = pytest.mark.timeout(900)  # it starts a dozen processes, perhaps on a busy machine
KEYS = {
    "machine", "quick", "latency", "saturated", "cpu_us_per_message", "capture", "memory_and_log",
    "takeover_s", "help_s", "bursts", "breakdown", "targets", "finding", "reading", "curating",
    "rollouts", "predicting", "pages", "understanding", "risk",
}  # fmt: skip


@pytest.fixture(scope="module")
async def figures() -> dict[str, Any]:
    command = [sys.executable, "main.py", "bench", "--quick", "--json"]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    printed, talk = await process.communicate()
    assert process.returncode == 0, talk.decode()
    lines = printed.splitlines()
    assert len(lines) == 1
    found: dict[str, Any] = json.loads(lines[0])
    return found


async def test_one_json_holds_every_promised_figure(figures: dict[str, Any]) -> None:
    assert set(figures) == KEYS
    assert figures["quick"] is True
    assert set(figures["latency"]) == {"50", "200", "600"}
    assert {"per_message", "field_bytes"} <= set(figures["memory_and_log"]["entries"])
    for run in ("at_200", "saturated"):
        told = figures["breakdown"][run]
        assert {"scripts", "commands", "entries_added", "exchanges"} == set(told["redis"])
        assert {"samples", "folders", "functions"} == set(told["worker_us"])


async def test_every_figure_stands_beside_its_floor(figures: dict[str, Any]) -> None:
    for rate in figures["latency"].values():
        assert {"p50_ms", "p99_ms", "p50_ratio", "p99_ratio"} <= set(rate)
        assert {"p50_ms", "p99_ms"} <= set(rate["floor"])
    assert {"messages_per_s", "ratio"} <= set(figures["saturated"])
    assert figures["saturated"]["floor"]["messages_per_s"] > 0
    for usage in figures["cpu_us_per_message"].values():
        assert {"worker", "generator", "redis", "postgres", "all", "floor"} == set(usage)
    assert {"writing", "of_same_statements", "of_bare_unnest"} <= set(figures["capture"])
    for name in ("memory_and_log", "takeover_s", "help_s"):
        assert figures[name]["floor"]


async def test_nobody_is_left_without_an_answer(figures: dict[str, Any]) -> None:
    assert figures["saturated"]["unanswered"] == 0
    assert figures["saturated"]["messages"] > 0


async def test_every_burst_is_answered(figures: dict[str, Any]) -> None:
    told, mute = (figures["bursts"][name] for name in ("network_tells", "network_is_mute"))
    assert told["bursts"] + mute["bursts"] == 80
    assert told["unanswered"] == mute["unanswered"] == 0
    assert told["one_answer"] > mute["one_answer"], "who is writing is waited for"
    floor = figures["bursts"]["floor"]
    assert floor["fixed_1_s"]["one_answer"] < floor["fixed_8_s"]["one_answer"] < 1


async def test_every_target_is_told_with_its_figure(figures: dict[str, Any]) -> None:
    assert set(figures["targets"]) == {target.name for target in TARGETS}
    absent = {".xquad.": xquad() is None, "risk.": not TAIWAN.exists()}
    away = {
        one.name
        for one in TARGETS
        for part, is_away in absent.items()
        if is_away and part in one.at
    }
    untold = {name for name, one in figures["targets"].items() if one["met"] is None}
    assert untold == away, "only what is measured on data that are not here may be left open"


def test_a_figure_on_its_limit_meets_the_target() -> None:
    figures: dict[str, Any] = {}
    for target in TARGETS:
        *path, last = target.at.split(".")
        section = figures
        for name in path:
            section = section.setdefault(name, {})
        section[last] = target.limit
    assert all(one["met"] for one in judged(figures).values())
