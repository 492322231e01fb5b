"""The written pages, taken apart: blocks of code, rows of tables, headings and links."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Page:
    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def prose(self) -> str:
        """Without its blocks of code, whose comments look like headings."""
        return re.sub(r"^```.*?^```$", "", self.text, flags=re.MULTILINE | re.DOTALL)

    def blocks(self, language: str) -> list[str]:
        return [body for kind, body in FENCE.findall(self.text) if kind == language]

    def block_named(self, name: str) -> str:
        """The block whose first line is `# name`, without that line."""
        bodies = [body for _, body in FENCE.findall(self.text) if body.startswith(f"# {name}\n")]
        assert len(bodies) == 1, f"{self.path} has {len(bodies)} blocks named {name}"
        return str(bodies[0]).partition("\n")[2]

    def section(self, title: str) -> str:
        """What stands under a heading, up to the next one of its level."""
        found = re.search(
            rf"^(#+) {re.escape(title)}\n(.*?)(?=^\1 |\Z)", self.prose, re.MULTILINE | re.DOTALL
        )
        assert found is not None, f"{self.path} has no section {title!r}"
        return found[2]

    def anchors(self) -> set[str]:
        return {_anchor(title) for _, title in HEADING.findall(self.prose)}

    def links(self) -> list[str]:
        return LINK.findall(self.prose)


def rows(section: str) -> list[list[str]]:
    """The cells of the tables in a section, without the head and its underline."""
    found: list[list[str]] = []
    for table in re.findall(r"(?:^\|.*\|\n)+", section, re.MULTILINE):
        lines = [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()]
        found += lines[2:]
    return found


def codes(cell: str) -> list[str]:
    return CODE.findall(cell)


def pages() -> list[Page]:
    top = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    return [Page(path) for path in [*top, *sorted((ROOT / "docs").rglob("*.md"))]]


def page(name: str) -> Page:
    return Page(ROOT / name)


def _anchor(title: str) -> str:
    """As repositories on the web make it from a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower().replace("`", "")).replace(" ", "-")
