"""The project's own Python files, read and parsed once."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = (
    "app", "bot", "capture", "config", "evaluation", "events", "handlers", "jobs", "knowledge",
    "learning", "llm", "nlu", "prediction", "services", "store", "text", "web",
)  # fmt: skip
BESIDE = ("tests", "examples", "benchmarks", "scripts")
OWN = {*PACKAGES, *BESIDE, "main"}


@dataclass(frozen=True)
class Source:
    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def folder(self) -> str:
        return self.name.partition("/")[0]

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def imports(self) -> frozenset[str]:
        """Every module it imports, with its dots; `from a import b` is `a` and `a.b`."""
        found: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        return frozenset(found)

    @property
    def libraries(self) -> set[str]:
        return {name.partition(".")[0] for name in self.imports}


@cache
def sources() -> tuple[Source, ...]:
    return tuple(_found())


def product() -> list[Source]:
    return [one for one in sources() if one.folder not in BESIDE]


def _found() -> Iterator[Source]:
    yield Source(ROOT / "main.py")
    for folder in (*PACKAGES, *BESIDE):
        yield from (Source(path) for path in sorted((ROOT / folder).rglob("*.py")))
