"""Every command of the documentation exists, and what the README shows is what is printed."""

import doctest
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from app import console
from services.state import Endpoints
from tests.docs.pages import ROOT, Page, codes, page, pages, rows

INVOKED = re.compile(r"main\.py ((?:[a-z]+ ?)+)((?: *--[a-z-]+)*)")


@pytest.fixture(scope="module")
def commands() -> dict[str, set[str]]:
    """Every command by its words, with its options."""
    root = typer.main.get_command(runpy.run_path(str(ROOT / "main.py"))["cli"])
    return dict(leaves(root, ()))


def leaves(command: Any, words: tuple[str, ...]) -> list[tuple[str, set[str]]]:  # noqa: ANN401  of Typer's own click
    if isinstance(command, TyperGroup):
        inner = command.commands.items()
        return [leaf for name, one in inner for leaf in leaves(one, (*words, name))]
    options = {
        option for one in command.params for option in [*one.opts, *one.secondary_opts]
    }  # fmt: skip
    return [(" ".join(words), options)]


def test_the_readme_lists_every_command(commands: dict[str, set[str]]) -> None:
    listed = [codes(row[0])[0] for row in rows(page("README.md").section("Commands"))]
    assert sorted(listed) == sorted(f"main.py {words}" for words in commands)


def test_every_command_speaks_json_or_the_readme_says_why_not(
    commands: dict[str, set[str]],
) -> None:
    prose = page("README.md").section("Commands")
    excepted = set(codes(prose[prose.index("Results go to stdout") :]))
    without = {words for words, options in commands.items() if "--json" not in options}
    assert without == {words for words in commands if words in excepted}


@pytest.mark.parametrize("written", pages(), ids=lambda one: str(one.path.relative_to(ROOT)))
def test_no_page_speaks_of_a_command_that_does_not_exist(
    written: Page, commands: dict[str, set[str]]
) -> None:
    spoken = "\n".join([*codes(written.prose), *written.blocks("bash"), *written.blocks("console")])
    groups = {words.partition(" ")[0] for words in commands}
    for words, options in INVOKED.findall(spoken):
        known = longest(words.split(), commands)
        assert known or words.strip() in groups, f"main.py {words}"
        assert set(options.split()) <= {"--help", *commands.get(known, ())}, f"{words} {options}"


def longest(words: list[str], commands: dict[str, set[str]]) -> str:
    """The words that are a command; what follows them is an argument."""
    for end in range(len(words), 0, -1):
        if " ".join(words[:end]) in commands:
            return " ".join(words[:end])
    return ""


def test_every_verb_of_make_that_is_written_down_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    verbs = set(re.findall(r"^(\w+):", makefile, re.MULTILINE))
    for written in pages():
        for code in [*codes(written.prose), *written.blocks("bash")]:
            assert set(re.findall(r"^make (\w+)", code, re.MULTILINE)) <= verbs, written.path


def test_the_exit_codes_are_those_of_the_code() -> None:
    told = {int(code) for code, _ in rows(page("docs/operations.md").section("One machine"))}
    ours = {console.FAILED, console.USAGE, console.CONFIG, console.UNREACHABLE, console.INTERRUPTED}
    assert told == {0, *ours}


def shown() -> list[tuple[str, str]]:
    """Each command of the README's console blocks with the output printed under it."""
    text = "".join(page("README.md").blocks("console"))
    return re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE)


@pytest.mark.parametrize(("command", "expected"), shown())
def test_what_the_readme_shows_is_what_is_printed(
    command: str, expected: str, database_url: str, endpoints: Endpoints, prefix: str
) -> None:
    places = {
        "APRENDIZ_DATABASE_URL": database_url,
        "APRENDIZ_REDIS_URL": endpoints.redis_url,
        "APRENDIZ_REDIS__PREFIX": prefix,
        "APRENDIZ_MODELS__ORDER": '["offline"]',
    }
    assert ".venv/bin/python " in command
    done = subprocess.run(
        ["bash", "-c", command.replace(".venv/bin/python", sys.executable)],
        capture_output=True,
        timeout=200,
        check=True,
        cwd=ROOT,
        env={**os.environ, **places},
    )
    got = done.stdout.decode()
    assert doctest.OutputChecker().check_output(expected, got, doctest.ELLIPSIS), got


def test_the_folders_and_files_the_pages_name_exist() -> None:
    named = re.compile(r"^(?:[a-z]+/)+(?:[\w.-]+\.\w+)?$")
    for written in pages():
        if written.path.name == "CHANGELOG.md":
            continue
        for code in codes(written.prose):
            first = Path(code).parts[0] if named.match(code) else ""
            if (ROOT / first).is_dir() and first not in {"", "var"}:
                assert (ROOT / code).exists(), f"{written.path.name}: {code}"
