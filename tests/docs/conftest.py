"""The modules that the extending pages show, loaded as their pages say."""

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from uuid import uuid4

import pytest

from app.backing import Backing
from app.plugins import App, load
from services.state import Endpoints
from tests.docs.pages import page

Written = Callable[[str], tuple[App, ModuleType]]


@pytest.fixture
def backing(database_url: str, endpoints: Endpoints) -> Backing:
    return Backing(database_url, endpoints.redis_url, embedded=True)


@pytest.fixture
def loaded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[[str], ModuleType]]:
    """The `my_bot.py` of a page, loaded by its name from the folder we are in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    made: list[str] = []

    def write(name: str) -> ModuleType:
        module = f"my_bot_{uuid4().hex[:8]}"
        body = page(f"docs/extending/{name}").block_named("my_bot.py")
        (tmp_path / f"{module}.py").write_text(body)
        made.append(module)
        return importlib.import_module(module)

    yield write
    for module in made:
        del sys.modules[module]


@pytest.fixture
def written(loaded: Callable[[str], ModuleType]) -> Written:
    """And registered, as a plugin is."""

    def write(name: str) -> tuple[App, ModuleType]:
        module = loaded(name)
        return load([module.__name__]), module

    return write
