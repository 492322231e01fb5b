"""The command line: JSON alone on stdout, errors in words, exit codes that mean something."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from services.state import Endpoints
from store import work
from store.session import Store

ROOT = Path(__file__).resolve().parents[2]


def run(
    *words: str, given: bytes = b"", env: dict[str, str] | None = None, cwd: Path = ROOT
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, ROOT / "main.py", *words],
        input=given,
        capture_output=True,
        timeout=200,
        check=False,
        cwd=cwd,
        env={**os.environ, **(env or {})},
    )


@pytest.fixture
def servers(database_url: str, endpoints: Endpoints, prefix: str) -> dict[str, str]:
    return {
        "APRENDIZ_DATABASE_URL": database_url,
        "APRENDIZ_REDIS_URL": endpoints.redis_url,
        "APRENDIZ_REDIS__PREFIX": prefix,
    }


def lines(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_help_lists_every_command_and_imports_nothing_heavy() -> None:
    done = run("--help")
    assert done.returncode == 0
    for command in (
        "channels",
        "demo",
        "run",
        "migrate",
        "simulate",
        "dataset",
        "dead",
        "doctor",
        "try",
    ):
        assert command.encode() in done.stdout
    probe = (
        "import main, sys;"
        "heavy = {'torch', 'fastapi', 'sqlalchemy', 'aiogram', 'openai'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


def test_an_unknown_command_is_answered_with_the_nearest_one() -> None:
    done = run("simulat")
    assert done.returncode == 2
    assert b"simulate" in done.stderr


def test_try_score_answers_one_json_a_line() -> None:
    done = run("try", "score", given=b"perfecto, lo quiero\nno me gusta\n\nasdf\n")
    good, bad, empty, nothing = lines(done)
    assert done.returncode == 0
    assert set(good) == {"score", "label", "confidence", "successful", "evidence"}
    assert (good["score"], good["successful"]) == (5, True)
    assert bad["score"] == 1
    assert empty["score"] is None
    assert nothing["score"] is None


def test_try_scrub_names_what_it_masked() -> None:
    (found,) = lines(run("try", "scrub", given=b"mi rut es 12.345.678-5\n"))
    assert found == {"text": "mi rut es [RUT_1]", "found": [{"kind": "rut", "span": [10, 22]}]}


def test_try_normalise_reads_a_list_lines_and_rubbish() -> None:
    update = {
        "update_id": 7,
        "message": {
            "message_id": 1,
            "date": 1_760_000_000,
            "chat": {"id": 5, "type": "private"},
            "from": {"id": 5, "is_bot": False, "first_name": "Ana"},
            "text": "hola",
        },
    }
    one = json.dumps(update).encode()
    (listed,) = lines(run("try", "normalise", "--channel", "telegram", given=b"[" + one + b"]"))
    lined, broken = lines(run("try", "normalise", given=one + b"\n{not json\n"))
    assert listed["kind"] == lined["kind"] == "MessageReceived"
    assert listed["id"] == lined["id"]
    assert listed["text"] == "hola"
    assert broken["kind"] == "UpdateUnsupported"


def test_bytes_that_are_no_text_do_not_stop_the_others() -> None:
    done = run("try", "score", given=b"\xff\xfe\x00\ngracias\n")
    assert done.returncode == 0
    assert lines(done)[-1]["score"] == 5


def test_simulate_prints_the_promised_figures(servers: dict[str, str], tmp_path: Path) -> None:
    scripts = tmp_path / "some.jsonl"
    scripts.write_text('{"messages": ["hola", "¿precio de la mochila?", "gracias"]}\n')
    done = run("simulate", "--conversations", "8", "--file", str(scripts), "--json", env=servers)
    assert done.returncode == 0, done.stderr.decode()
    (report,) = lines(done)
    wanted = "messages_in replies_out lost duplicated out_of_order training_rows scored no_signal"
    wanted += " successful dead_letters seconds p50_ms p99_ms"
    assert list(report) == wanted.split()
    assert report["messages_in"] == report["replies_out"] == report["training_rows"] == 24
    assert [report[name] for name in ("lost", "duplicated", "out_of_order")] == [0, 0, 0]


@pytest.mark.parametrize(
    ("content", "words"), [("", "no conversation"), ("{}\n", "messages"), ("nope\n", ":1 ")]
)
def test_simulate_says_what_is_wrong_with_a_file(
    servers: dict[str, str], tmp_path: Path, content: str, words: str
) -> None:
    scripts = tmp_path / "bad.jsonl"
    scripts.write_text(content)
    done = run("simulate", "--file", str(scripts), env=servers)
    assert done.returncode == 2
    assert words in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_try_ask_answers_with_its_sources(servers: dict[str, str]) -> None:
    done = run("try", "ask", "¿cuánto cuesta la mochila urbana azul?", "--json", env=servers)
    (answer,) = lines(done)
    assert "24.990" in str(answer["reply"])
    assert answer["sources"]


def test_dataset_build_of_an_empty_shop_explains_itself(
    servers: dict[str, str], tmp_path: Path
) -> None:
    assert run("try", "ask", "hola", env=servers).returncode == 0
    out = tmp_path / "datasets"
    done = run("dataset", "build", "--shop", "demo", "--out", str(out), "--json", env=servers)
    assert done.returncode == 0, done.stderr.decode()
    (built,) = lines(done)
    assert built["rows"] == 0
    assert built["sha256"]
    assert Path(str(built["manifest"])).is_file()


def test_dataset_build_of_an_unknown_shop_is_refused_in_words(
    servers: dict[str, str], tmp_path: Path
) -> None:
    done = run("dataset", "build", "--shop", "nadie", "--out", str(tmp_path), env=servers)
    assert done.returncode == 3
    assert b"nadie" in done.stderr or b"shop" in done.stderr
    assert b"Traceback" not in done.stderr


def test_doctor_finds_everything_in_place(servers: dict[str, str]) -> None:
    done = run("doctor", "--json", env=servers)
    (found,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, found
    assert {"redis", "migrations", "role", "pgvector"} <= {one["name"] for one in found}


async def test_doctor_tells_of_a_job_that_failed_for_good(
    servers: dict[str, str], store: Store, shop: UUID
) -> None:
    failed = work.JobRun(
        shop_id=shop, name="dataset", period="2026-W40", state="failed", attempts=3, error="roto"
    )
    async with store.transaction() as session:
        session.add(failed)
    done = await asyncio.to_thread(run, "doctor", env=servers)
    assert "dataset 2026-W40 of demo: roto" in done.stdout.decode().replace("\n", " ")


def test_config_show_masks_secrets_and_names_their_source() -> None:
    secret = {"TELEGRAM_BOT_TOKEN": "123:geheim", "APRENDIZ_SECRET_KEY": "geheim" * 6}
    done = run("config", "show", "--json", env=secret)
    assert b"geheim" not in done.stdout + done.stderr
    (rows,) = [json.loads(line) for line in done.stdout.splitlines()]
    token = next(row for row in rows if row["name"] == "telegram.token")
    assert token["value"] == "********"
    assert token["source"] == "environment TELEGRAM_BOT_TOKEN"
    key = next(row for row in rows if row["name"] == "app.secret_key")
    assert (key["value"], key["source"]) == ("********", "environment APRENDIZ_SECRET_KEY")


def test_a_wrong_setting_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "aprendiz.toml").write_text("[turns]\nwait = 3\n")
    done = run("config", "show", cwd=tmp_path)
    assert done.returncode == 3
    assert b"turns.wait" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_database_that_is_not_there_is_exit_4() -> None:
    nowhere = {"APRENDIZ_DATABASE_URL": "postgresql://a:b@127.0.0.1:9/x"}
    done = run("dead", "list", env={**nowhere, "APRENDIZ_REDIS_URL": "redis://127.0.0.1:9"})
    assert done.returncode == 4
    assert b"Postgres" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_wrong_telegram_token_ends_a_bot_that_has_nothing_else_to_run(
    servers: dict[str, str],
) -> None:
    env = {**servers, "TELEGRAM_BOT_TOKEN": "not a token"}
    done = run("run", "--no-web", "--no-jobs", env=env)
    assert done.returncode == 3
    assert done.stderr.count(b"channel.refused") == 1
    assert b"not a token" not in done.stderr


def test_a_bot_without_pages_and_without_a_channel_says_how_to_add_one(
    servers: dict[str, str],
) -> None:
    done = run("run", "--no-web", "--no-jobs", env=servers)
    assert done.returncode == 3
    assert b"main.py channels add telegram" in done.stderr


def test_a_piped_conversation_is_answered_and_ends(servers: dict[str, str]) -> None:
    given = "hola\n¿cuánto cuesta la mochila urbana azul?\n".encode()
    done = run("run", "--no-web", "--no-jobs", "--console", given=given, env=servers)
    assert done.returncode == 0, done.stderr.decode()
    assert "24.990" in done.stdout.decode()
