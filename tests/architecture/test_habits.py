"""How the code is written, where a linter has no rule for it."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.sources import BESIDE, PACKAGES, ROOT, Source, product, sources

LONGEST_FILE, LONGEST_FUNCTION = 250, 45
CATCH_ALL = "events/handling.py"
MOCKS = re.compile(r"\bunittest\.mock\b|\bMagicMock\b|\bmocker\b|monkeypatch\.setattr\b")
PROMISES = re.compile(r"\b(?:TODO|FIXME|XXX|NotImplementedError)\b|mark\.(?:xfail|skip)\b")
REGISTRIES = re.compile(
    r"pypi\.|pythonhosted|\bnpmjs\b|unpkg|jsdelivr|\bcdnjs\b|proxy\.golang|--(?:extra-)?index-url"
)
TEXTS = {".cfg", ".css", ".in", ".ini", ".js", ".lua", ".md", ".py", ".toml", ".txt", ".yaml", ""}
SCRIPTS = sorted(ROOT.glob("*/lua/*.lua"))
THIS_FILE = "tests/architecture/test_habits.py"


def test_every_file_can_be_read_in_one_sitting() -> None:
    long = {one.name: len(one.text.splitlines()) for one in sources()}
    assert {name: lines for name, lines in long.items() if lines > LONGEST_FILE} == {}


def test_every_function_can_be_seen_at_once() -> None:
    """A migration that spells out a wide table is a list, not a function."""
    code = [one for one in sources() if not one.name.startswith("store/migrations/versions/")]
    long = {f"{one.name}:{name}": lines for one in code for name, lines in _functions(one)}
    assert {name: lines for name, lines in long.items() if lines > LONGEST_FUNCTION} == {}


def _functions(source: Source) -> list[tuple[str, int]]:
    return [
        (node.name, (node.end_lineno or node.lineno) - node.lineno + 1)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_every_module_says_in_one_line_what_it_is_for() -> None:
    """Those of tests say it in their names."""
    told = {one.name: ast.get_docstring(one.tree) for one in product() if one.text.strip()}
    silent = [name for name, said in told.items() if not (said or "").splitlines()[:1]]
    assert silent == []


def test_nothing_is_mocked() -> None:
    others = [one for one in sources() if one.name != THIS_FILE]
    assert [one.name for one in others if MOCKS.search(one.text)] == []


def test_nothing_is_promised_and_nothing_is_skipped() -> None:
    others = [one for one in sources() if one.name != THIS_FILE]
    assert [one.name for one in others if PROMISES.search(one.text)] == []


def test_every_exception_is_caught_in_one_place() -> None:
    caught = [
        source.name
        for source in product()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ExceptHandler) and _everything(node.type) and not _raised_on(node)
    ]
    assert caught == [CATCH_ALL]


def _raised_on(handler: ast.ExceptHandler) -> bool:
    """Cleaning up and raising again hides nothing."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _everything(caught: ast.expr | None) -> bool:
    kinds = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(
        kind is None or ast.unparse(kind) in {"Exception", "BaseException"} for kind in kinds
    )


def test_only_the_store_commits() -> None:
    commits = re.compile(
        r"\.commit\(|(?:session|connection|engine|driver)\.(?:begin|transaction)\("
    )
    allowed = {"store/session.py", "store/migrations/__init__.py", "store/migrations/env.py"}
    assert {one.name for one in product() if commits.search(one.text)} <= allowed


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_script_lists_the_keys_it_uses_and_is_used(script: Path) -> None:
    """More than one listed key may stand for many (`forget…`); none may be missing."""
    body = script.read_text()
    head = " ".join(re.findall(r"^-- ?(.*)$", body.partition("\n\n")[0], re.MULTILINE))
    listed = re.search(r"KEYS (.*?)(?=ARGV|→|$)", head)
    assert listed is not None, "say which KEYS it takes"
    keys = [key for key in re.split(r"[,·:]", listed[1]) if key.strip()]
    used = max(map(int, re.findall(r"KEYS\[(\d+)\]", body)), default=0)
    assert len(keys) >= used
    package = script.parent.parent.name
    call = re.compile(rf'"{package}",? ?.*"{script.stem}"|"{script.stem}"')
    assert any(call.search(one.text) for one in product() if one.folder == package)


def test_no_file_names_a_package_registry() -> None:
    for path in _committed():
        if path.relative_to(ROOT).as_posix() != THIS_FILE:
            assert not REGISTRIES.search(path.read_text(encoding="utf-8")), path


def _committed() -> list[Path]:
    top = [path for path in ROOT.iterdir() if path.is_file() and not path.name.startswith(".cov")]
    deep = [
        path for name in (*PACKAGES, *BESIDE, "docs", ".ci") for path in (ROOT / name).rglob("*")
    ]
    here = [path for path in [*top, *deep] if path.is_file() and path.suffix in TEXTS]
    return [path for path in here if "__pycache__" not in path.parts and "vendor" not in path.parts]
