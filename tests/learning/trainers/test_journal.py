"""What a folder says about its training, at whatever point its process was killed."""

from pathlib import Path
from typing import BinaryIO

from learning.trainers.base import Trained
from learning.trainers.journal import BEGAN, Ending, Journal, Line, fruitless, told_since

AT = "2026-01-05T03:00:00+00:00"


def line(number: int, stage: str = "training", percent: int = 0) -> Line:
    return Line(number, AT, stage, percent, f"line {number}", {"loss": 0.5})


def test_a_line_that_was_half_written_is_not_read_and_then_cut_off(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    assert journal.lines() == []
    journal.tell(line(1))
    with (tmp_path / "progress.jsonl").open("a") as file:
        file.write('{"number": 2, "at": "20')
    assert journal.lines() == [line(1)]
    journal.mend()
    journal.tell(line(2))
    assert journal.lines() == [line(1), line(2)]


def test_only_what_is_new_is_told() -> None:
    lines = [line(1, percent=10), line(2, percent=20), line(3, percent=30)]
    seen = told_since(lines, None, 1, alive=True)
    assert [one.number for one in seen.told] == [2, 3]
    assert (seen.state, seen.percent, seen.stage) == ("running", 30, "training")
    assert seen.told[0].metrics == {"loss": 0.5}


def test_how_it_ended_counts_more_than_whether_it_runs() -> None:
    trained = {"provider": "ollama", "model": "andes", "parameters": {"top_k": 40}}
    seen = told_since([line(1, percent=95)], Ending("succeeded", None, trained), 0, alive=True)
    assert (seen.state, seen.percent) == ("succeeded", 100)
    assert seen.trained == Trained("ollama", "andes", {"top_k": 40})
    failed = told_since([line(1, percent=40)], Ending("failed", "no memory"), 0, alive=False)
    assert (failed.state, failed.percent, failed.error) == ("failed", 40, "no memory")


def test_what_nobody_works_at_rests() -> None:
    assert told_since([], None, 0, alive=False).state == "paused"
    assert told_since([], None, 0, alive=True).stage == BEGAN


def test_beginnings_count_until_a_step_was_made() -> None:
    begun = [line(1, BEGAN), line(2, "loading"), line(3, BEGAN)]
    assert fruitless(begun) == 2
    assert fruitless([*begun, line(4)]) == 0
    assert fruitless([*begun, line(4), line(5, BEGAN)]) == 1


def test_one_holds_the_lock_and_the_others_see_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    assert not journal.alive
    assert journal.holder is None
    with open_lock(journal):
        journal.holds(42)
        assert journal.alive
        assert journal.lock() is None
        assert journal.holder == 42
    assert not journal.alive


def open_lock(journal: Journal) -> BinaryIO:
    descriptor = journal.lock()
    assert descriptor is not None
    return open(descriptor, "rb")  # noqa: PTH123  of a descriptor


def test_the_first_order_and_the_last_result_stay(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.take({"job": "one"})
    journal.take({"job": "two"})
    assert journal.order() == {"job": "one"}
    assert journal.ending() is None
    journal.end(Ending("cancelled"))
    assert journal.ending() == Ending("cancelled")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["order.json", "result.json"]
