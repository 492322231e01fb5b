"""`risk train` and `risk predict` over any CSV: files, figures, reasons, and errors in words."""

import asyncio
import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.commands_risk import risk
from tests.app.terminal import Ended, typed
from tests.conftest import ROOT
from tests.prediction.cases import borrowers


@pytest.fixture
def table(tmp_path: Path) -> Path:
    cases = borrowers(600, days=90)
    assert cases.target is not None
    assert cases.dates is not None
    file = tmp_path / "loans.csv"
    with file.open("w", newline="") as out:
        lines = csv.writer(out, delimiter=";")
        lines.writerow(["rut", "edad", *cases.features, "fecha", "impago"])
        columns = [column.tolist() for column in cases.features.values()]
        days = cases.dates.astype(str).tolist()
        for place, told in enumerate(zip(*columns, days, cases.target.tolist(), strict=True)):
            shown = ["" if cell != cell else cell for cell in told]  # noqa: PLR0124  NaN is none
            lines.writerow([f"{place}-K", 20 + place % 60, *shown])
    return file


async def asked(*words: object) -> Ended:
    return await typed(risk, {}, *map(str, words))


def alone(*words: str) -> subprocess.CompletedProcess[bytes]:
    """In a process of its own: libraries in other languages write past Python's streams."""
    command = [sys.executable, "main.py", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=200)


async def trained(table: Path, *words: object) -> Ended:
    out = table.parent / "model"
    known = ("--csv", table, "--target", "impago", "--date", "fecha", "--out", out)
    return await asked("train", *known, *words)


async def test_a_table_becomes_a_model_with_its_card_and_its_curves(table: Path) -> None:
    done = await trained(table, "--json")
    assert done.code == 0, done.err
    told = done.json
    assert told["kind"] == "scorecard"
    assert told["metrics"]["auc"]["value"] > 0.7
    assert told["period"]["cut"]
    assert {one["column"] for one in told["left_out"]} == {"rut", "edad"}
    assert set(told["files"]) == {"model.json", "card.md", "roc.svg", "calibration.svg"}
    for name in told["files"].values():
        assert Path(name).read_text(encoding="utf-8")
    assert "impago" in Path(told["files"]["card.md"]).read_text(encoding="utf-8")


async def test_a_person_reads_figures_and_what_was_left_out(table: Path) -> None:
    done = await trained(table)
    assert done.code == 0, done.err
    assert "AUC" in done.said
    assert "left out: edad (protected" in done.said
    assert "impago = 1 counts as bad" in done.said


async def test_a_model_is_asked_and_gives_its_reasons_in_spanish(table: Path) -> None:
    words = table.parent / "words.toml"
    words.write_text('[late_months]\ndirection = "more"\nwords = "{value} meses de atraso"\n')
    await trained(table, "--directions", words)
    file = table.parent / "all.csv"
    model = table.parent / "model" / "model.json"
    done = await asked(
        "predict", "--csv", table, "--model", model, "--limit", 3, "--out", file, "--json"
    )
    assert done.code == 0, done.err
    told = done.json
    assert told["cases"] == 600
    likely = [one["probability"] for one in told["predictions"]]
    assert likely == sorted(likely, reverse=True)
    assert len(likely) == 3
    assert any("meses de atraso: sube" in one for one in told["predictions"][0]["reasons"])
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 600
    worst = max(rows, key=lambda row: float(row["probability"]))
    assert float(worst["probability"]) == likely[0]


async def test_a_person_reads_the_riskiest_first(table: Path) -> None:
    await trained(table)
    model = table.parent / "model" / "model.json"
    done = await asked("predict", "--csv", table, "--model", model, "--limit", 2)
    assert done.code == 0, done.err
    assert "sube" in done.said
    assert "600 cases" in done.said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--target", "impagado"), "there is impago"),
        (("--features", "edad"), "edad may not be learned from"),
        (("--date", "trade"), "holds no dates"),
        (("--csv", "none.csv"), "none.csv cannot be read"),
        (("--directions", "none.toml"), "none.toml cannot be read"),
        (("--without", "sueldo"), "no column sueldo"),
    ],
)
async def test_what_cannot_be_done_is_said_in_three_lines(
    table: Path, words: tuple[str, ...], told: str
) -> None:
    done = await trained(table, *words)
    assert done.code == 1
    assert told in done.said
    assert "next:" in done.said
    assert "Traceback" not in done.said


async def test_a_kind_that_does_not_exist_is_a_wrong_use(table: Path) -> None:
    done = await trained(table, "--kind", "oracle")
    assert done.code == 2
    assert "one of scorecard, boosting" in done.said


@pytest.mark.parametrize(
    ("words", "stray"),
    [
        ("train --date fecha", "date"),
        ("train --seed 3", "seed"),
        ("train --csv t.csv --target impago --activate", "activate"),
        ("train --csv t.csv --target impago --of instalments", "of"),
        ("predict --out all.csv", "out"),
        ("predict --limit 5", "limit"),
        ("predict --csv t.csv --model model.json --loan P-1002", "loan"),
    ],
)
async def test_an_option_that_would_be_passed_over_is_a_wrong_use(words: str, stray: str) -> None:
    done = await asked(*words.split())
    assert done.code == 2
    assert f"--{stray} would be passed over" in done.said
    assert "next:" in done.said


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"schema": 99}', "not json"])
async def test_a_file_that_is_no_model_is_refused(table: Path, body: str) -> None:
    file = table.parent / "model.json"
    file.write_text(body)
    done = await asked("predict", "--csv", table, "--model", file)
    assert done.code == 1
    assert "next:" in done.said
    missing = await asked("predict", "--csv", table, "--model", table.parent / "gone.json")
    assert missing.code == 1
    assert "cannot be read" in missing.said


async def test_damaged_trees_are_refused_and_print_nothing_else(table: Path) -> None:
    done = await trained(table, "--kind", "boosting")
    assert done.code == 0, done.err
    file = table.parent / "model" / "model.json"
    told = json.loads(file.read_text())
    file.write_text(json.dumps(told | {"body": told["body"] | {"trees": "tree\nfeature=x"}}))
    words = ("risk", "predict", "--csv", str(table), "--model", str(file), "--json")
    run = await asyncio.to_thread(alone, *words)
    assert run.returncode == 1
    assert run.stdout == b""
    assert b"damaged" in run.stderr


async def test_a_folder_that_cannot_be_written_is_told(table: Path) -> None:
    done = await trained(table, "--out", str(table / "below"))
    assert done.code == 1
    assert "cannot be written" in done.said


async def test_names_in_a_written_table_are_no_formulas(table: Path) -> None:
    await trained(table)
    model = table.parent / "model" / "model.json"
    told = json.loads(model.read_text())
    assert told["body"]["scales"]["trade"]["names"]
    hostile = table.parent / "hostile.csv"
    hostile.write_text("late_months;savings;debt;trade\n1;2;3;=1+1\n")
    out = table.parent / "said.csv"
    done = await asked("predict", "--csv", hostile, "--model", model, "--out", out)
    assert done.code == 0, done.err
    assert ",=" not in out.read_text()
